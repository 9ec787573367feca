// Numbers and links in words.

export const UNKNOWN = "–";

const shown = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * Return a count with its thousands apart.
 * @param {number | null} count
 * @returns {string}
 */
export function whole(count) {
  return count === null ? UNKNOWN : shown.format(count);
}

/**
 * Return a rate in as many digits as can be read while it changes.
 * @param {number | null} perSecond
 * @returns {string}
 */
export function rate(perSecond) {
  if (perSecond === null) return UNKNOWN;
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/**
 * Return a latency in milliseconds or, from 1,000 on, in seconds.
 * @param {number | null} ms
 * @returns {string}
 */
export function latency(ms) {
  if (ms === null) return UNKNOWN;
  if (ms >= 10000) return `${(ms / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

/**
 * Return how long ago something was last heard.
 * @param {number | null} seconds
 * @returns {string}
 */
export function ago(seconds) {
  return seconds === null ? "never heard" : `last heard ${Math.round(seconds)} s ago`;
}

/**
 * Return the local time of day, to the second, of a moment in seconds since the epoch.
 * @param {number} epoch
 * @returns {string}
 */
export function clock(epoch) {
  return new Date(epoch * 1000).toTimeString().slice(0, 8);
}
