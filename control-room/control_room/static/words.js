// Numbers and links in words.

export const UNKNOWN = "–";

const shown = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const whole = (count) => (count === null || count === undefined ? UNKNOWN : shown.format(count));

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) return UNKNOWN;
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

export function latency(ms) {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms >= 10000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

export const ago = (seconds) => (seconds === null ? "never heard" : `last heard ${Math.round(seconds)} s ago`);

export function clock(epoch) {
  return new Date(epoch * 1000).toTimeString().slice(0, 8);
}
