// Calls that reached recommendations in each second, v1 above v2 on one scale.

/** @import { Look, MakeOption } from "../page.d.ts" */

import { FOCUS, GATEWAYS, IN_PHASE, report, shortName } from "./data.js";
import { baseOption, gatewayColour, title } from "./look.js";
import { scaleTo, whole } from "./quantities.js";
import { faultShade, secondBars, timeGrids } from "./time_axis.js";

/** @type {MakeOption} */
export function callsOption(look, width, height) {
  const panel = (height - 90) / 2;
  const yAxis = scaleTo(mostCalls(), 3);
  return {
    ...baseOption(look, { trigger: "axis" }),
    ...timeGrids(look, width, [{ height: panel, gap: 27, yAxis }, { height: panel, gap: 36, yAxis }]),
    title: GATEWAYS.map((gateway, n) => title(look, callsTitle(gateway), n * (panel + 36) + 2)),
    series: GATEWAYS.flatMap((gateway, n) => [faultShade(look, n), callBars(look, gateway, n)]),
  };
}

function mostCalls() {
  const calls = GATEWAYS.flatMap((gateway) => report.series[gateway].calls_to_recommendations);
  return Math.max(1, ...calls.map((count) => count ?? 0));
}

/** @param {string} gateway */
function callsTitle(gateway) {
  const calls = FOCUS && report.gateways[gateway].phases[FOCUS]?.calls_to_recommendations;
  const text = typeof calls === "number" && FOCUS ? `${whole(calls)} calls ${IN_PHASE[FOCUS]}` : "calls not known";
  return `${shortName(gateway)}: ${text}`;
}

/**
 * @param {Look} look
 * @param {string} gateway
 * @param {number} grid
 */
function callBars(look, gateway, grid) {
  const bars = { name: shortName(gateway), itemStyle: { color: gatewayColour(look, gateway) } };
  return secondBars(grid, report.series[gateway].calls_to_recommendations, bars);
}
