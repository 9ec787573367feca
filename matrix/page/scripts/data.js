// What the page was given: every cell, with its numbers and its seconds.

/** @import { Cell } from "../matrix.d.ts" */

/** @type {Cell[]} */
const cells = JSON.parse(document.getElementById("data")?.textContent ?? "");

/**
 * Return a cell, if it was measured.
 * @param {string | undefined} fault
 * @param {string | undefined} gateway
 */
export function cellOf(fault, gateway) {
  return cells.find((cell) => cell.fault === fault && cell.gateway === gateway);
}

/**
 * Return the element with an id, which the page has.
 * @param {string} id
 */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
