// Quantities as people read them.

// milliseconds() and percent() agree with report/quantities.py (a test compares them).

/**
 * Return a number with the digits that matter: none after the point from 100 on.
 * @param {number} value
 */
function digitsThatMatter(value) {
  if (value >= 100 || Number.isInteger(value)) return whole(value);
  return value >= 1 ? value.toFixed(1).replace(/\.0$/, "") : `${Number(value.toPrecision(2))}`;
}

/**
 * Return a time in milliseconds or, from 1,000 on, in seconds.
 * @param {number} value
 */
export function milliseconds(value) {
  return value >= 1000 ? `${digitsThatMatter(value / 1000)} s` : `${digitsThatMatter(value)} ms`;
}

/**
 * Return a moment of the run in seconds.
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
  const value = share * 100;
  for (const digits of [0, 1, 2]) {
    const shown = Number(value.toFixed(digits));
    const isExact = Math.abs(shown - value) < 1e-9;
    const isEnough = digits > 0 || (shown > 1 && shown < 99);
    if (isExact || (shown > 0 && shown < 100 && isEnough)) return `${shown.toFixed(digits)} %`;
  }
  return value < 1 ? "under 0.01 %" : "over 99.99 %";
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
