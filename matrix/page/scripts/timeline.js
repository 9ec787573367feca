// The timeline of a cell: what became of the pages asked for in each second, as shares.

/** @import { Cell, Fate } from "../matrix.d.ts" */

import { byId } from "./data.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 150;
const BELOW = 18; // for the seconds
const LABEL_EVERY_S = 5;
/** @type {[Fate, string][]} */
const FATES = [["with_recommendations", "whole"], ["without", "without"], ["late", "late"]];

/**
 * Draw the timeline.
 * @param {Cell} cell
 */
export function drawTimeline(cell) {
  const svg = byId("timeline");
  const seconds = cell.series.asked.length;
  const wide = WIDTH / seconds;
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT + BELOW}`);
  svg.replaceChildren();
  for (let second = 0; second < seconds; second++) drawSecond(svg, cell, second, wide);
  const [from, to] = [cell.fault_from_s * wide, cell.fault_to_s * wide];
  add(svg, "rect", { class: "sick", x: from, y: 1, width: to - from, height: HEIGHT - 2 });
  for (let second = 0; second < seconds; second += LABEL_EVERY_S) {
    add(svg, "text", { x: second * wide, y: HEIGHT + BELOW - 4 }).textContent = `${second} s`;
  }
}

/**
 * @param {Element} svg
 * @param {Cell} cell
 * @param {number} second
 * @param {number} wide
 */
function drawSecond(svg, cell, second, wide) {
  const asked = cell.series.asked[second];
  if (!asked) return;
  let y = HEIGHT;
  const bar = (/** @type {string} */ name, /** @type {number} */ count) => {
    const height = (count / asked) * HEIGHT;
    y -= height;
    if (height > 0) add(svg, "rect", { class: name, x: second * wide, y, width: wide - 1, height });
  };
  let rest = asked;
  for (const [fate, name] of FATES) {
    bar(name, cell.series[fate][second]);
    rest -= cell.series[fate][second];
  }
  bar("lost", rest);
}

/**
 * @param {Element} svg
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function add(svg, name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  svg.append(element);
  return element;
}
