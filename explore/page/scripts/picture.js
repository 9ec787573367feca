// The picture: the page has it with its first axes; here its dots move to other axes, and can be chosen.

/** @import { Choose, MeasureName, State } from "../page.d.ts" */

import { byId, DATA } from "./data.js";

const REACH_PX = 32; // from a finger or a mouse to a dot
const picture = byId("picture");
const dots = /** @type {SVGElement[]} */ ([...picture.querySelectorAll("[data-point]")]);
const axesForm = /** @type {HTMLFormElement} */ (byId("axes"));

/** @param {Choose} choose */
export function connectPicture(choose) {
  picture.addEventListener("click", (event) => {
    const point = nearestDot(event);
    if (point !== undefined) choose({ point });
  });
  axesForm.addEventListener("change", () => {
    const [across, up] = /** @type {MeasureName[]} */ ([...new FormData(axesForm).values()]);
    choose({ across, up });
  });
}

/** @param {State} state */
export function showPicture(state) {
  for (const direction of /** @type {const} */ (["across", "up"])) {
    const select = /** @type {HTMLSelectElement} */ (axesForm.elements.namedItem(direction));
    select.value = state[direction];
    for (const scale of picture.querySelectorAll(`[data-${direction}]`)) {
      const isShown = scale.getAttribute(`data-${direction}`) === state[direction];
      scale.setAttribute("display", isShown ? "inline" : "none");
    }
  }
  for (const dot of dots) move(dot, Number(dot.dataset.point), state);
  move(byId("ring"), state.point, state);
  byId("ring").setAttribute("display", "inline");
}

/**
 * @param {Element} mark
 * @param {number} point
 * @param {State} state
 */
function move(mark, point, state) {
  const place = (/** @type {MeasureName} */ name) => DATA.axes.find((axis) => axis.name === name)?.places[point] ?? 0;
  mark.setAttribute("x", `${100 * place(state.across)}%`);
  mark.setAttribute("y", `${100 * (1 - place(state.up))}%`);
}

/** @param {MouseEvent} event */
function nearestDot(event) {
  const reached = dots.map((dot) => {
    const box = /** @type {Element} */ (dot.lastElementChild).getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return { point: Number(dot.dataset.point), away: Math.hypot(x - event.clientX, y - event.clientY) };
  });
  return reached.filter(({ away }) => away <= REACH_PX).toSorted((a, b) => a.away - b.away)[0]?.point;
}
