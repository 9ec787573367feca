// Settings and answers in words.

/** @import { Answer, MeasureName, Setting } from "../page.d.ts" */

import { percent, whole } from "../../../report/page/scripts/quantities.js";

/**
 * Return a value of a setting with its unit.
 * @param {Setting} setting
 * @param {number} index
 */
export function valueText({ unit, values }, index) {
  const value = values[index];
  if (unit === "share") return percent(Number(value));
  return unit ? `${value} ${unit}` : String(value);
}

/** @type {Record<MeasureName, (value: number) => string>} */
const TEXTS = {
  protect_s: (value) => value ? `${value.toFixed(2)} s` : "open already",
  false_alarms_per_day: (value) => value ? `${rounded(value)} a day` : "none seen",
  recover_s: (value) => `${value.toFixed(2)} s`,
  good_refused_share: percent,
  sick_calls_per_s: rounded,
};

/**
 * Return an answer in words; they never say more than the points do.
 * @param {MeasureName} measure
 * @param {Answer} answer
 */
export function answerText(measure, answer) {
  const text = TEXTS[measure];
  switch (answer.kind) {
    case "never":
      return "not always";
    case "none":
      return `none in ${rounded(answer.well_s / 60)} min at each of the nearest points ` +
        `(at most ${whole(Math.ceil(answer.most))} a day)`;
    case "about":
      if (text(answer.from) === text(answer.to)) return `about ${text(answer.value)}`;
      return `about ${text(answer.value)} (nearest points: ${text(answer.from)} to ${text(answer.to)})`;
    case "again":
      return `run explore again: the nearest points have ${rangeText(text, answer)}`;
  }
}

/**
 * @param {(value: number) => string} text
 * @param {{ from: number | null, to: number | null }} range
 */
function rangeText(text, { from, to }) {
  const [first, last] = [from, to].map((value) => value === null ? "never" : text(value));
  return first === last ? first : `${first} to ${last}`;
}

/**
 * Return a number with two digits that matter, and all of its whole ones from 100 on.
 * @param {number} value
 */
export function rounded(value) {
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(2)));
}
