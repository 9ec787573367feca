// Outcomes over time: what arrived in each second, stacked; and how many requests were waiting.

/** @import { Look, MakeOption } from "../page.d.ts" */

import { GATEWAYS, report, shortName } from "./data.js";
import { areaItem, baseOption, isNarrow, legendLook, lineItem, title } from "./look.js";
import { scaleTo } from "./quantities.js";
import { faultShade, secondBars, secondLine, timeGrids } from "./time_axis.js";

/** @type {["full", "degraded", "failed"]} */
const ARRIVING = ["full", "degraded", "failed"];
const WAITING_GRID = 2; // below those of the gateways

/** @type {MakeOption} */
export function outcomesOption(look, width, height) {
  const legendHeight = isNarrow(width) ? 44 : 24;
  const panel = (height - 126 - legendHeight) / 3;
  const perSecond = scaleTo(mostArriving(), 3);
  const parts = [
    { height: panel, gap: 28 + legendHeight, yAxis: perSecond },
    { height: panel, gap: 34, yAxis: perSecond },
    { height: panel, gap: 34, yAxis: scaleTo(mostWaiting(), 3) },
  ];
  const titles = ["v1: answers per second", "v2: answers per second", "requests that wait for an answer"];
  return {
    ...baseOption(look, { trigger: "axis" }),
    ...timeGrids(look, width, parts),
    title: titles.map((text, n) => title(look, text, legendHeight + 3 + n * (panel + 34))),
    legend: legendLook(look, { data: [...ARRIVING.map(areaItem), ...GATEWAYS.map(waitingItem)] }),
    series: [
      ...GATEWAYS.flatMap((gateway, n) => [faultShade(look, n), ...arrivals(look, gateway, n)]),
      faultShade(look, WAITING_GRID),
      ...GATEWAYS.map((gateway) => waitingLine(look, gateway)),
    ],
  };
}

function mostArriving() {
  const sums = Object.values(report.series).flatMap(({ full, degraded, failed }) =>
    full.map((value, i) => value + degraded[i] + failed[i])
  );
  return Math.max(0, ...sums);
}

function mostWaiting() {
  return Math.max(0, ...GATEWAYS.flatMap((gateway) => report.series[gateway].waiting));
}

/**
 * @param {Look} look
 * @param {string} gateway
 * @param {number} grid
 */
function arrivals(look, gateway, grid) {
  return ARRIVING.map((outcome) => {
    const bars = { name: outcome, stack: gateway, itemStyle: { color: look[outcome] } };
    return secondBars(grid, report.series[gateway][outcome], bars);
  });
}

/** @param {string} gateway */
function waitingName(gateway) {
  return `${shortName(gateway)} waiting`;
}

/** @param {string} gateway */
function waitingItem(gateway) {
  return lineItem(gateway, waitingName(gateway));
}

/**
 * @param {Look} look
 * @param {string} gateway
 */
function waitingLine(look, gateway) {
  return secondLine(look, gateway, WAITING_GRID, report.series[gateway].waiting, waitingName(gateway));
}
