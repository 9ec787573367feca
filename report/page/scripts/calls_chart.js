// Calls that reached recommendations in each second, and their useless work: v1 above v2 on one scale.
// Where calls had to wait for a slot, their queue below.

/** @import { Look, MakeOption } from "../page.d.ts" */

import { FOCUS, GATEWAYS, IN_PHASE, report, shortName } from "./data.js";
import { baseOption, gatewayColour, title } from "./look.js";
import { scaleTo, whole } from "./quantities.js";
import { faultShade, secondBars, timeGrids } from "./time_axis.js";

const HAS_QUEUE = report.queue.some((waiting) => waiting);

/** @type {MakeOption} */
export function callsOption(look, width, height) {
  const panels = GATEWAYS.length + Number(HAS_QUEUE);
  const panel = (height - 18 - 36 * panels) / panels;
  const yAxis = scaleTo(most(GATEWAYS.flatMap((gateway) => report.series[gateway].calls_to_recommendations)), 3);
  const grids = GATEWAYS.map((_, n) => ({ height: panel, gap: n ? 36 : 27, yAxis }));
  if (HAS_QUEUE) grids.push({ height: panel, gap: 36, yAxis: scaleTo(most(report.queue), 3) });
  const titles = [...GATEWAYS.map(callsTitle), "calls waiting for recommendations"];
  return {
    ...baseOption(look, { trigger: "axis" }),
    ...timeGrids(look, width, grids),
    title: grids.map((_, n) => title(look, titles[n], n * (panel + 36) + 2)),
    series: [
      ...grids.map((_, n) => faultShade(look, n)),
      ...GATEWAYS.flatMap((gateway, n) => callBars(look, gateway, n)),
      ...(HAS_QUEUE ? [queueBars(look, GATEWAYS.length)] : []),
    ],
  };
}

/** @param {(number | null)[]} counts */
function most(counts) {
  return Math.max(1, ...counts.map((count) => count ?? 0));
}

/** @param {string} gateway */
function callsTitle(gateway) {
  const phase = FOCUS && report.gateways[gateway].phases[FOCUS];
  if (!FOCUS || !phase || phase.calls_to_recommendations === null) return `${shortName(gateway)}: calls not known`;
  const calls = `${shortName(gateway)}: ${whole(phase.calls_to_recommendations)} calls ${IN_PHASE[FOCUS]}`;
  return phase.useless_work ? `${calls}; useless work: ${whole(phase.useless_work)}` : calls;
}

/**
 * @param {Look} look
 * @param {string} gateway
 * @param {number} grid
 */
function callBars(look, gateway, grid) {
  const { calls_to_recommendations, useless_work } = report.series[gateway];
  const calls = { name: `${shortName(gateway)}: calls`, itemStyle: { color: gatewayColour(look, gateway) } };
  const useless = { name: `${shortName(gateway)}: useless work`, itemStyle: { color: look.failed } };
  return [
    secondBars(grid, calls_to_recommendations, calls),
    secondBars(grid, useless_work, { ...useless, barWidth: "45%", barGap: "-75%" }),
  ];
}

/**
 * @param {Look} look
 * @param {number} grid
 */
function queueBars(look, grid) {
  return secondBars(grid, report.queue, { name: "calls waiting", itemStyle: { color: look.soft } });
}
