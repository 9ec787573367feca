// Quantities as people read them.
function milliseconds(value) {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))} s` : `${Number(value.toPrecision(3))} ms`;
}
const secondsText = (value) => `${Number(value.toFixed(value < 10 ? 2 : 1))} s`;
// A share: 0 % only of none, and 100 % only of all.
function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  if (share > 0.999 && share < 1 - 1e-9) return "over 99.9 %";
  return `${Math.round(share * 1000) / 10} %`;
}
// A scale from 0 to at least `most` in `parts` round steps.
function scaleTo(most, parts) {
  const raw = Math.max(most, 1) / parts;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const interval = Math.max(1, [1, 2, 2.5, 5, 10].find((step) => step * unit >= raw) * unit);
  return { type: "value", min: 0, max: interval * Math.ceil(most / interval) || interval, interval };
}
const whole = (value) => Math.round(value).toLocaleString("en");
