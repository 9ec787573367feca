// Answers for settings that were not tried, from the nearest points that were, and only where those are near and agree.
//
// To agree is not enough: points may agree because they all share the one setting in which these settings differ. The
// limits come from a search of 768 points (20 calls/s), each left out in turn. With them, 97 to 100 % of the answers
// about times, refusals and calls were right to a factor of 1.5, and 92 % of those about false alarms. With 0.1 instead
// of 0.05, and without the other points of the same row of the design, a third of the times to recover was right.
// "None" is true of a wide region: 97 % of these answers were right.

/** @import { Answer, Does, MeasureName, PageData, Tried } from "../page.d.ts" */

const NEAREST = 5;
const NEAR = 0.05; // from these settings to the last of them, where 1 is the whole range of every setting that matters
const NEAR_FOR_NONE = 0.15;
const ALIKE = 1.5; // times the least that the most of the nearest may be; they agree
/**
 * Differences that nobody minds, however small the values are.
 * @type {Record<MeasureName, number>}
 */
const NEGLIGIBLE = {
  protect_s: 0.1,
  false_alarms_per_day: 0,
  recover_s: 0.1,
  good_refused_share: 0.001,
  sick_calls_per_s: 0.1,
};

/**
 * Tell for each setting whether the policy of these settings looks at it.
 * @param {PageData} data
 * @param {number[]} at
 */
export function areUsed(data, at) {
  const unused = data.unused[String(data.settings[0].values[at[0]])];
  return data.settings.map(({ name }) => !unused.includes(name));
}

/**
 * Return what is said of these very settings, if they were simulated.
 * @param {PageData} data
 * @param {number[]} at
 */
export function simulated(data, at) {
  const used = areUsed(data, at);
  const isSame = (/** @type {{ at: number[] }} */ one) => one.at.every((index, i) => !used[i] || index === at[i]);
  return [...data.points, ...data.tried].find(isSame)?.said;
}

/**
 * Return the answer for a measure.
 * @param {PageData} data
 * @param {MeasureName} measure
 * @param {number[]} at
 * @returns {Answer}
 */
export function answerFor(data, measure, at) {
  const near = nearest(data, measure, at);
  const does = near.map(({ one }) => one.does);
  const values = does.map((one) => one[measure]);
  const known = values.filter((value) => value !== null);
  const [from, to] = known.length ? [Math.min(...known), Math.max(...known)] : [null, null];
  const distances = near.map(({ distance }) => distance);
  const away = near.length < NEAREST ? Infinity : Math.max(...distances);
  if (measure === "false_alarms_per_day" && to === 0 && away <= NEAR_FOR_NONE) return none(does);
  const again = /** @type {const} */ ({ kind: "again", from, to: known.length < values.length ? null : to });
  if (away > NEAR) return again;
  if (from === null || to === null) return { kind: "never" };
  if (again.to === null || to > from * ALIKE && to - from > NEGLIGIBLE[measure]) return again;
  if (measure === "false_alarms_per_day" && does.some((one) => one.false_alarms < data.few)) return again;
  return { kind: "about", value: weightedMean(known, distances), from, to };
}

/**
 * @param {Does[]} does
 * @returns {Answer}
 */
function none(does) {
  const most = Math.max(...does.map((one) => one.false_alarms_per_day_most));
  return { kind: "none", well_s: Math.min(...does.map((one) => one.well_s)), most };
}

/**
 * Return the tried points of the same policy that are nearest. The more a setting matters for the measure, the more a
 * difference in it counts.
 * @param {PageData} data
 * @param {MeasureName} measure
 * @param {number[]} at
 */
function nearest(data, measure, at) {
  const used = areUsed(data, at);
  const weights = data.weights[measure].map((weight, i) => used[i] && i > 0 ? weight : 0);
  return data.tried
    .filter((one) => one.at[0] === at[0])
    .map((one) => ({ one, distance: distanceOf(data, weights, at, one) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, NEAREST);
}

/**
 * @param {PageData} data
 * @param {number[]} weights
 * @param {number[]} at
 * @param {Tried} one
 */
function distanceOf(data, weights, at, one) {
  let [sum, most] = [0, 0];
  weights.forEach((weight, i) => {
    const { places } = data.settings[i];
    sum += weight * (places[at[i]] - places[one.at[i]]) ** 2;
    most += weight;
  });
  return most ? Math.sqrt(sum / most) : 0;
}

/**
 * Return the mean, in which what is nearer counts more.
 * @param {number[]} values
 * @param {number[]} distances
 */
function weightedMean(values, distances) {
  const shares = distances.map((distance) => 1 / (distance + 1e-6));
  const sum = shares.reduce((all, share) => all + share, 0);
  return values.reduce((all, value, i) => all + (value * shares[i]) / sum, 0);
}
