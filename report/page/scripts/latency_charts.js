// How long users waited: latencies of one phase by outcome, and the share served within a time.

/** @import { Look, MakeOption, OutcomeName, PhaseName } from "../page.d.ts" */

import { FOCUS, GATEWAYS, GOOD_MS, IN_PHASE, OUTCOMES, pagesIn, REQUESTS, shortName } from "./data.js";
import { areaItem, axisLook, baseOption, gatewayColour } from "./look.js";
import { isFirst, legendLook, lineItem, shareAxis, title } from "./look.js";
import { milliseconds, percent, whole } from "./quantities.js";
import { DRAWN, goodLine, LATENCY_MAX_MS, LATENCY_MIN_MS, POINTS } from "./requests_chart.js";

const BINS_PER_DECADE = 8;
const BINS = Math.round(Math.log10(LATENCY_MAX_MS / LATENCY_MIN_MS) * BINS_PER_DECADE);
const NO_ANSWER = BINS + 1; // after an empty one
const CURVE_STEPS = 500; // more can't be seen

let chosenPhase = FOCUS;

/**
 * Choose the phase that these charts show when they are drawn next.
 * @param {PhaseName} phase
 */
export function choosePhase(phase) {
  chosenPhase = phase;
}

/** @type {MakeOption} */
export function latencyOption(look, _width, height) {
  const panel = (height - 136) / 2;
  const tops = [52, 52 + panel + 36];
  const drawn = DRAWN.filter((outcome) => GATEWAYS.some((gateway) => POINTS[gateway][outcome].indexes.length));
  return {
    ...baseOption(look, { trigger: "axis", valueFormatter: percent }),
    legend: legendLook(look, { data: drawn.map(areaItem) }),
    title: GATEWAYS.map((gateway, n) => title(look, histogramTitle(gateway), tops[n] - 25)),
    grid: tops.map((top) => ({ left: 48, right: 12, top, height: panel })),
    xAxis: tops.map((_, n) => binAxis(look, n)),
    yAxis: tops.map((_, n) => shareAxis(look, { gridIndex: n, splitNumber: 2 })),
    series: GATEWAYS.flatMap((gateway, n) => histogram(look, gateway, n)),
  };
}

/** @param {string} gateway */
function histogramTitle(gateway) {
  const pages = chosenPages(gateway).length;
  return `${shortName(gateway)}: ${whole(pages)} product pages ${chosenPhase ? IN_PHASE[chosenPhase] : ""}`;
}

/** @param {string} gateway */
function chosenPages(gateway) {
  return chosenPhase ? pagesIn(gateway, chosenPhase) : [];
}

/** @param {number} latency_ms NaN for a request without an answer */
function binOf(latency_ms) {
  if (Number.isNaN(latency_ms)) return NO_ANSWER;
  const bin = Math.floor(Math.log10(latency_ms / LATENCY_MIN_MS) * BINS_PER_DECADE);
  return Math.min(BINS - 1, Math.max(0, bin));
}

/** @param {number} bin */
function edgeOf(bin) {
  return LATENCY_MIN_MS * 10 ** (bin / BINS_PER_DECADE);
}

/** @param {number} bin */
function binName(bin) {
  if (bin === NO_ANSWER) return "no answer";
  return bin >= BINS ? "" : `${milliseconds(edgeOf(bin))} to ${milliseconds(edgeOf(bin + 1))}`;
}

/**
 * @param {Look} look
 * @param {number} gridIndex
 */
function binAxis(look, gridIndex) {
  const isDecade = (/** @type {number} */ bin) => bin % BINS_PER_DECADE === 0;
  return {
    ...axisLook(look),
    gridIndex,
    type: "category",
    data: Array.from({ length: NO_ANSWER + 1 }, (_, bin) => binName(bin)),
    axisTick: { alignWithLabel: false, interval: isDecade },
    axisLabel: {
      ...axisLook(look).axisLabel,
      show: gridIndex === 1,
      lineHeight: 14,
      hideOverlap: false,
      interval: (/** @type {number} */ bin) => (isDecade(bin) && bin < BINS) || bin === NO_ANSWER,
      formatter: (/** @type {string} */ _name, /** @type {number} */ bin) =>
        bin === NO_ANSWER ? "no\nanswer" : milliseconds(edgeOf(bin)),
    },
  };
}

/**
 * @param {Look} look
 * @param {string} gateway
 * @param {number} grid
 */
function histogram(look, gateway, grid) {
  const shares = sharesByOutcome(gateway);
  return DRAWN.map((name) => ({
    name,
    type: "bar",
    stack: gateway,
    barCategoryGap: "8%",
    xAxisIndex: grid,
    yAxisIndex: grid,
    itemStyle: { color: look[name] },
    data: shares[name],
  }));
}

/**
 * Return, for each outcome, the share of the product pages in each bin.
 * @param {string} gateway
 */
function sharesByOutcome(gateway) {
  const empty = DRAWN.map((outcome) => [outcome, new Array(NO_ANSWER + 1).fill(0)]);
  const shares = /** @type {Record<OutcomeName, number[]>} */ (Object.fromEntries(empty));
  const { latency_ms, outcome } = REQUESTS[gateway];
  const pages = chosenPages(gateway);
  for (const index of pages) shares[OUTCOMES[outcome[index]]][binOf(latency_ms[index])] += 1 / pages.length;
  return shares;
}

/** @type {MakeOption} */
export function servedOption(look) {
  const axis = axisLook(look);
  return {
    ...baseOption(look),
    tooltip: { show: false },
    legend: legendLook(look, { data: GATEWAYS.map((gateway) => lineItem(gateway, curveName(gateway))) }),
    grid: { left: 48, right: 20, top: 34, bottom: 26 },
    xAxis: {
      ...axis,
      type: "log",
      min: LATENCY_MIN_MS,
      max: LATENCY_MAX_MS,
      axisLabel: { ...axis.axisLabel, formatter: milliseconds },
    },
    yAxis: shareAxis(look, { min: 0, max: 1 }),
    series: chosenPhase ? GATEWAYS.map((gateway) => servedCurve(look, gateway)) : [],
  };
}

/** @param {string} gateway */
function curveName(gateway) {
  return `${shortName(gateway)} ${chosenPhase ? IN_PHASE[chosenPhase] : ""}`;
}

/**
 * @param {Look} look
 * @param {string} gateway
 */
function servedCurve(look, gateway) {
  const pages = chosenPages(gateway);
  const { latency_ms, outcome } = REQUESTS[gateway];
  const served = pages.filter((index) => isServed(outcome[index])).map((index) => latency_ms[index]);
  return {
    name: curveName(gateway),
    type: "line",
    symbol: "none",
    clip: false,
    itemStyle: { color: gatewayColour(look, gateway) },
    lineStyle: { width: 4, type: isFirst(gateway) ? [8, 4] : "solid" },
    data: stairs(served.sort((a, b) => a - b), pages.length),
    markLine: isFirst(gateway) ? inTimeLine(look) : undefined,
  };
}

/** @param {number} code */
function isServed(code) {
  return OUTCOMES[code] === "full" || OUTCOMES[code] === "degraded";
}

/** @param {Look} look */
function inTimeLine(look) {
  const line = goodLine(look);
  return { ...line, data: [{ xAxis: GOOD_MS }], label: { ...line.label, position: "insideEndTop" } };
}

/**
 * Return a cumulative curve, in no more steps than can be seen.
 * @param {number[]} sorted
 * @param {number} of
 */
function stairs(sorted, of) {
  const every = Math.max(1, Math.floor(sorted.length / CURVE_STEPS));
  const curve = [[LATENCY_MIN_MS, 0]];
  for (let rank = every; rank <= sorted.length; rank += every) {
    const latency = Math.max(sorted[rank - 1], LATENCY_MIN_MS);
    curve.push([latency, (rank - every) / of], [latency, rank / of]);
  }
  return [...curve, [LATENCY_MAX_MS, of ? sorted.length / of : 0]];
}
