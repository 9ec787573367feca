// Sorts the picture: rows by the gateway that was chosen, columns by the fault, the worst first.

import { byId, cellOf } from "./data.js";

const table = /** @type {HTMLTableElement} */ (document.querySelector("table.heat"));
const rows = [...table.tBodies[0].rows];
const columns = [...document.querySelectorAll("th[data-gateway]")].map((head) =>
  /** @type {HTMLElement} */ (head).dataset.gateway ?? ""
);
/** The cells of each row, as they were. */
const cellsOf = new Map([...table.rows].map((row) => [row, [...row.cells].slice(1)]));
const faults = rows.map((row) => row.dataset.fault ?? "");

/**
 * @param {string} fault
 * @param {string} gateway
 */
function goodShare(fault, gateway) {
  return cellOf(fault, gateway)?.good_share ?? 2; // what was not measured comes last
}

/** @param {string[]} order */
function orderRows(order) {
  table.tBodies[0].append(...order.map((fault) => rows[faults.indexOf(fault)]));
}

/** @param {string[]} order */
function orderColumns(order) {
  for (const row of [table.tHead?.rows[0], ...rows]) {
    if (!row) continue;
    const cells = cellsOf.get(row) ?? [];
    row.append(...order.map((gateway) => cells[columns.indexOf(gateway)]));
  }
}

/** @param {HTMLElement | null} sorted the head of the column by which rows are sorted */
function mark(sorted) {
  for (const head of table.querySelectorAll("[aria-sort]")) head.removeAttribute("aria-sort");
  sorted?.setAttribute("aria-sort", "ascending");
}

for (const gateway of columns) {
  const head = /** @type {HTMLElement} */ (table.querySelector(`th[data-gateway="${gateway}"]`));
  head.querySelector("button")?.addEventListener("click", () => {
    orderRows(faults.toSorted((a, b) => goodShare(a, gateway) - goodShare(b, gateway)));
    mark(head);
    byId("unsort").hidden = false;
  });
}
for (const row of rows) {
  const fault = row.dataset.fault ?? "";
  row.querySelector("th button")?.addEventListener("click", () => {
    orderColumns(columns.toSorted((a, b) => goodShare(fault, a) - goodShare(fault, b)));
    byId("unsort").hidden = false;
  });
}
byId("unsort").addEventListener("click", () => {
  orderRows(faults);
  orderColumns(columns);
  mark(null);
  byId("unsort").hidden = true;
});
