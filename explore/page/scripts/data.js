// What the page was given, and its elements.

/** @import { PageData } from "../page.d.ts" */

/** @type {PageData} */
export const DATA = JSON.parse(document.getElementById("data")?.textContent ?? "");

/**
 * Return the element with an id, which the page has.
 * @param {string} id
 */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Return a new element with these children.
 * @param {string} tag
 * @param {(string | Node)[]} children
 */
export function made(tag, ...children) {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}

/**
 * Return a row of a table, with a name and figures.
 * @param {string | Node} name
 * @param {string[]} figures
 */
export function tableRow(name, ...figures) {
  const head = made("th", name);
  head.setAttribute("scope", "row");
  return made("tr", head, ...figures.map((figure) => made("td", figure)));
}
