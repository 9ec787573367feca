// Quantities as people read them.

/**
 * Return a time in milliseconds or, from 1,000 on, in seconds, with three digits.
 * @param {number} value
 */
export function milliseconds(value) {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))} s` : `${Number(value.toPrecision(3))} ms`;
}

/**
 * Return a time in seconds.
 * @param {number} value
 */
export function secondsText(value) {
  return `${Number(value.toFixed(value < 10 ? 2 : 1))} s`;
}

/**
 * Return a share in per cent: 0 % only of none, and 100 % only of all.
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  if (share > 0.999 && share < 1 - 1e-9) return "over 99.9 %";
  return `${Math.round(share * 1000) / 10} %`;
}

/**
 * Return a whole number with its thousands apart.
 * @param {number} value
 */
export function whole(value) {
  return Math.round(value).toLocaleString("en");
}

/**
 * Return an axis from 0 to at least `most` in `parts` round steps.
 * @param {number} most
 * @param {number} parts
 */
export function scaleTo(most, parts) {
  const raw = Math.max(most, 1) / parts;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5].find((factor) => factor * unit >= raw) ?? 10;
  const interval = Math.max(1, step * unit);
  return { type: "value", min: 0, max: interval * Math.ceil(most / interval) || interval, interval };
}
