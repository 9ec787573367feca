// The table of the best points: a point can be chosen in it, and it can be sorted.

/** @import { Axis, Choose, State } from "../page.d.ts" */

import { byId, DATA, made } from "./data.js";

const bestTable = /** @type {HTMLTableElement} */ (byId("best"));
const pointRows = [...bestTable.tBodies[0].rows];
const pointChoices = pointRows.map(choiceIn);

/** @param {Choose} choose */
export function connectPoints(choose) {
  pointRows.forEach((row, point) => {
    pointChoices[point].addEventListener("change", () => choose({ point }));
    row.addEventListener("click", () => {
      if (!pointChoices[point].checked) pointChoices[point].click();
    });
  });
  for (const axis of DATA.axes) {
    const head = /** @type {HTMLElement} */ (bestTable.querySelector(`th[data-measure="${axis.name}"]`));
    const button = made("button", ...head.childNodes);
    button.className = "sort";
    button.setAttribute("type", "button");
    button.addEventListener("click", () => sortBy(axis, head));
    head.append(button);
  }
}

/** @param {State} state */
export function showPoints({ point }) {
  pointChoices[point].checked = true;
}

/**
 * Return the radio button of a row.
 * @param {HTMLTableRowElement} row
 */
function choiceIn(row) {
  const head = row.cells[0];
  const choice = document.createElement("input");
  Object.assign(choice, { type: "radio", name: "point", value: row.dataset.point });
  head.replaceChildren(made("label", choice, ` ${head.textContent}`));
  return choice;
}

/**
 * Sort the rows: the best in this measure first.
 * @param {Axis} axis
 * @param {HTMLElement} head
 */
function sortBy(axis, head) {
  const order = pointRows.map((_, point) => point).toSorted((a, b) => axis.places[a] - axis.places[b]);
  bestTable.tBodies[0].append(...order.map((point) => pointRows[point]));
  for (const sorted of bestTable.querySelectorAll("[aria-sort]")) sorted.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", "ascending");
}
