// A cell, opened: its timeline and its numbers.

import { byId, cellOf } from "./data.js";
import { drawTimeline } from "./timeline.js";

const dialog = /** @type {HTMLDialogElement} */ (byId("cell"));

/**
 * Open a cell, if it was measured.
 * @param {string | undefined} fault
 * @param {string | undefined} gateway
 */
function openCell(fault, gateway) {
  const cell = cellOf(fault, gateway);
  if (!cell) return;
  byId("cell-title").textContent = `${cell.fault}, ${cell.gateway}`;
  byId("cell-numbers").replaceChildren(...cell.numbers.map(([name, value]) => entry(name, value)));
  drawTimeline(cell);
  dialog.showModal();
}

/**
 * @param {string} name
 * @param {string} value
 */
function entry(name, value) {
  const [pair, term, description] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = name;
  description.textContent = value;
  pair.append(term, description);
  return pair;
}

for (const button of document.querySelectorAll("button[data-fault]")) {
  const { fault, gateway } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => openCell(fault, gateway));
}
byId("close-cell").addEventListener("click", () => dialog.close());
