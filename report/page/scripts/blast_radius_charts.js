// The blast radius: what became of each kind of page, and the threads that explain it.

/** @import { Look, MakeOption, OutcomeName, RouteField, RouteResult } from "../page.d.ts" */

import { FOCUS, GATEWAYS, report, shortName } from "./data.js";
import { axisLook, baseOption, isNarrow, legendLook, lineItem, shareAxis, title } from "./look.js";
import { percent, scaleTo } from "./quantities.js";
import { goodLine } from "./requests_chart.js";
import { faultShade, secondLine, timeGrids } from "./time_axis.js";

const LABEL_PX = 80; // a bar this wide, in a chart of this width, has room for its number

/**
 * What became of pages: the pages that it became of, and the colour of their bar.
 * @typedef {{ name: string, colour: OutcomeName, late?: boolean, of: (route: RouteResult) => number }} Fate
 */
/** @type {Fate[]} */
const FATES = [
  { name: "in time", colour: "full", of: ({ good }) => good },
  { name: "late", colour: "full", late: true, of: ({ good, accounts }) => accounts.full + accounts.degraded - good },
  { name: "failed", colour: "failed", of: ({ accounts }) => accounts.failed },
  { name: "unanswered", colour: "unanswered", of: ({ accounts }) => accounts.unanswered },
  { name: "unsent", colour: "unsent", of: ({ accounts }) => accounts.unsent },
];
/** @type {{ field: RouteField, name: string }[]} */
const KINDS = [{ field: "product_details", name: "product pages" }, { field: "catalogue", name: "catalogue" }];

/**
 * @typedef {{ name: string, route: RouteResult }} Bar
 */

/** @type {MakeOption} */
export function blastRadiusOption(look, width) {
  const bars = GATEWAYS.flatMap(barsOf);
  const fates = FATES.filter((fate) => fate.colour !== "unsent" || bars.some(({ route }) => fate.of(route)));
  return {
    ...baseOption(look, { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: percent }),
    legend: legendLook(look, { itemWidth: 22 }),
    grid: { left: isNarrow(width) ? 108 : 130, right: 24, top: isNarrow(width) ? 56 : 36, bottom: 26 },
    xAxis: shareAxis(look, { min: 0, max: 1 }),
    yAxis: barAxis(look, bars),
    series: fates.map((fate) => fateBars(look, width, fate, bars)),
  };
}

/**
 * @param {string} gateway
 * @returns {Bar[]}
 */
function barsOf(gateway) {
  const phase = FOCUS && report.gateways[gateway].phases[FOCUS];
  if (!phase) return [];
  return KINDS.map(({ field, name }) => ({ name: `${shortName(gateway)} ${name}`, route: phase[field] }));
}

/**
 * @param {Look} look
 * @param {Bar[]} bars
 */
function barAxis(look, bars) {
  const axis = axisLook(look);
  return {
    ...axis,
    type: "category",
    inverse: true,
    data: bars.map(({ name }) => name),
    axisLabel: { ...axis.axisLabel, color: look.ink, fontSize: look.text },
    axisTick: { show: false },
  };
}

/**
 * @param {Look} look
 * @param {number} width
 * @param {Fate} fate
 * @param {Bar[]} bars
 */
function fateBars(look, width, fate, bars) {
  const style = { color: look[fate.colour], borderColor: look.panel, borderWidth: 1 };
  return {
    name: fate.name,
    type: "bar",
    stack: "fate",
    barWidth: "62%",
    itemStyle: fate.late ? lateStyle(look) : style,
    label: {
      show: true,
      color: fate.late ? look.ink : look.panel,
      fontFamily: look.font,
      fontWeight: 600,
      formatter: (/** @type {{ value: number }} */ { value }) => (value * width > LABEL_PX ? percent(value) : ""),
    },
    data: bars.map(({ route }) => (route.accounts.scheduled ? fate.of(route) / route.accounts.scheduled : 0)),
  };
}

/** @param {Look} look */
function lateStyle(look) {
  return {
    color: look.panel,
    borderColor: look.full,
    borderWidth: 1.5,
    decal: { symbol: "rect", color: look.line, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  };
}

/** @type {MakeOption} */
export function threadsOption(look, width, height) {
  const most = Math.max(...Object.values(report.experiment.threads));
  const parts = [{ height: height - 82, gap: 54, yAxis: scaleTo(most * 1.1, 4) }];
  return {
    ...baseOption(look, { trigger: "axis" }),
    ...timeGrids(look, width, parts),
    title: title(look, "threads that serve a request", 28),
    legend: legendLook(look, { data: GATEWAYS.map((gateway) => lineItem(gateway)) }),
    series: [
      { ...faultShade(look, 0), markLine: threadsLine(look, most) },
      ...GATEWAYS.map((gateway) => secondLine(look, gateway, 0, report.series[gateway].busy_threads)),
    ],
  };
}

/**
 * Return the line at the number of threads that there are.
 * @param {Look} look
 * @param {number} most
 */
function threadsLine(look, most) {
  const line = goodLine(look);
  const label = { ...line.label, formatter: `all ${most} threads`, position: "insideEndTop" };
  return { ...line, data: [{ yAxis: most }], label };
}
