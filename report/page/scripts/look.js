// How charts look: colours come from the style sheet, so that they follow the theme; sizes from the width there is.

/** @import { Colour, Look, OutcomeName, Part } from "../page.d.ts" */

import { GATEWAYS, OUTCOMES, shortName } from "./data.js";
import { percent } from "./quantities.js";

const NARROW_PX = 700;
/** @type {Record<OutcomeName, string>} */
export const SHAPES = { full: "circle", degraded: "diamond", failed: "rect", unanswered: "triangle", unsent: "rect" };
/** @type {Colour[]} */
const COLOURS = ["page", "panel", "ink", "soft", "line", "sick", "v1", "v2", ...OUTCOMES];
const ICONS = { dashed: "path://M0 4h9v4H0zM14 4h9v4h-9z", solid: "path://M0 4h23v4H0z" };

/**
 * Return the look of the current theme and medium.
 * @returns {Look}
 */
export function lookNow() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = /** @type {Record<Colour, string>} */ ({});
  for (const name of COLOURS) colours[name] = colour(name);
  return {
    ...colours,
    degraded: colour("degraded-mark"), // bright enough for a mark; words need the darker one
    halfOpen: colour("degraded"),
    font: style.fontFamily,
    text: Math.round(parseFloat(style.fontSize) * 0.8),
  };
}

/**
 * Return the colour of a gateway.
 * @param {Look} look
 * @param {string} gateway
 */
export function gatewayColour(look, gateway) {
  return look[shortName(gateway)];
}

/**
 * Tell whether a chart of this width is on a phone, or as narrow.
 * @param {number} width
 */
export function isNarrow(width) {
  return width < NARROW_PX;
}

/**
 * Return the style of a text.
 * @param {Look} look
 * @param {Part} more
 */
export function textStyle(look, more = {}) {
  return { color: look.ink, fontFamily: look.font, fontSize: look.text, ...more };
}

/**
 * Return a title of a chart, or of one of its grids.
 * @param {Look} look
 * @param {string} text
 * @param {number} top
 */
export function title(look, text, top) {
  const style = { fontSize: look.text + 1, fontWeight: 600, lineHeight: 18 };
  return { text, top, left: 0, padding: 0, textStyle: textStyle(look, style) };
}

/**
 * Return what all axes have in common.
 * @param {Look} look
 */
export function axisLook(look) {
  return {
    axisLine: { show: true, lineStyle: { color: look.soft } },
    axisTick: { lineStyle: { color: look.soft } },
    axisLabel: { color: look.soft, fontFamily: look.font, fontSize: look.text - 1, hideOverlap: true },
    splitLine: { lineStyle: { color: look.line } },
  };
}

/**
 * Return an axis of shares, from 0 to 100 %.
 * @param {Look} look
 * @param {Part} more
 */
export function shareAxis(look, more = {}) {
  const axis = axisLook(look);
  return { ...axis, type: "value", axisLabel: { ...axis.axisLabel, formatter: percent }, ...more };
}

/**
 * Return what all charts have in common; `tooltip` adds to how tooltips behave.
 * @param {Look} look
 * @param {Part} tooltip
 */
export function baseOption(look, tooltip = {}) {
  const tooltipLook = {
    confine: true,
    backgroundColor: look.panel,
    borderColor: look.line,
    textStyle: textStyle(look),
  };
  return { animation: false, textStyle: textStyle(look), tooltip: { ...tooltipLook, ...tooltip } };
}

/**
 * Return a legend in the upper left corner.
 * @param {Look} look
 * @param {Part} more
 */
export function legendLook(look, more = {}) {
  return {
    textStyle: textStyle(look),
    inactiveColor: look.line,
    itemGap: 14,
    itemHeight: 12,
    top: 0,
    left: 0,
    padding: [3, 0],
    ...more,
  };
}

/**
 * Tell whether a gateway is v1, which is drawn dashed, and v2 solid, so that no one needs the colour.
 * @param {string} gateway
 */
export function isFirst(gateway) {
  return gateway === GATEWAYS[0];
}

/**
 * Return the item of a legend for a gateway's line.
 * @param {string} gateway
 * @param {string} name
 */
export function lineItem(gateway, name = shortName(gateway)) {
  return { name, icon: isFirst(gateway) ? ICONS.dashed : ICONS.solid };
}

/**
 * Return the item of a legend for an area or a bar.
 * @param {string} name
 */
export function areaItem(name) {
  return { name, icon: "roundRect" };
}
