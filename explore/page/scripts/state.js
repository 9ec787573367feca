// The state of the page in the fragment of its address. A fragment that says anything unknown is as good as none.

/** @import { PageData, State } from "../page.d.ts" */

const KEYS = ["point", "across", "up", "rate"];

/**
 * Return the state of a page that nobody has touched.
 * @param {PageData} data
 * @returns {State}
 */
export function firstState(data) {
  const { at, rates } = data.points[data.suggested];
  const rate = rates.findIndex(({ factor }) => factor === 1);
  return { point: data.suggested, across: data.across, up: data.up, rate, at };
}

/**
 * Return a state as a fragment; of the sliders, only those that are not where the point is.
 * @param {PageData} data
 * @param {State} state
 */
export function fragmentOf(data, state) {
  const { at, rates } = data.points[state.point];
  const said = new URLSearchParams({
    point: String(state.point),
    across: state.across,
    up: state.up,
    rate: String(rates[state.rate].factor),
  });
  data.settings.forEach(({ name, values }, i) => {
    if (state.at[i] !== at[i]) said.set(name, String(values[state.at[i]]));
  });
  return `#${said}`;
}

/**
 * Return the state that a fragment holds, if it holds one.
 * @param {PageData} data
 * @param {string} fragment
 * @returns {State | null}
 */
export function stateOf(data, fragment) {
  const said = new URLSearchParams(fragment.slice(1));
  const known = new Set([...KEYS, ...data.settings.map(({ name }) => name)]);
  if ([...said.keys()].some((key) => !known.has(key))) return null;
  const point = data.points.findIndex((_, i) => String(i) === said.get("point"));
  const [across, up] = ["across", "up"].map((key) => data.axes.find(({ name }) => name === said.get(key))?.name);
  if (point < 0 || !across || !up) return null;
  const rate = data.points[point].rates.findIndex(({ factor }) => String(factor) === said.get("rate"));
  const at = data.settings.map(({ name, values }, i) =>
    said.has(name) ? values.findIndex((value) => String(value) === said.get(name)) : data.points[point].at[i]
  );
  return rate < 0 || at.includes(-1) ? null : { point, across, up, rate, at };
}
