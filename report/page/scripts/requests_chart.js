// The picture: the latency of every request over time, v1 above v2, the circuit below.

/** @import { Look, MakeOption, OutcomeName, Requests } from "../page.d.ts" */
/** @import { Moment } from "./bands.js" */

import { circuitBand, flags, phaseBand } from "./bands.js";
import { END_S, GATEWAYS, GOOD_MS, OUTCOMES, report, REQUESTS, ROUTES } from "./data.js";
import { axisLook, baseOption, isFirst, isNarrow, SHAPES, title } from "./look.js";
import { milliseconds, secondsText } from "./quantities.js";
import { faultShade, timeGrids, zoomSlider } from "./time_axis.js";

const LOWEST_MS = 1;
const HIGHEST_MS = 1e5;
const HEADROOM = 10; // above the highest decade there is room for flags, and for requests that were never sent
const ROOM_FOR_WORDS_PX = 1000;
const LARGE = 2000; // points; from here on they are drawn in one go,
const VERY_LARGE = 10000; // and from here on as dots of under 4 pixels, which is ten times as fast

/** @type {OutcomeName[]} */
const RARE_ONES_LAST = ["full", "degraded", "failed", "unanswered", "unsent"]; // which puts them on top
export const DRAWN = RARE_ONES_LAST.filter((name) => OUTCOMES.includes(name));

export const [LATENCY_MIN_MS, LATENCY_MAX_MS] = latencyRange();
const TOP_MS = LATENCY_MAX_MS * HEADROOM;
const UNSENT_MS = LATENCY_MAX_MS * 2.2; // a strip above all that has a latency
const ANY_UNSENT = Object.values(report.gateways).some((result) => result.whole_run.all_routes.accounts.unsent);

/**
 * The points of one outcome: x and y one after the other, and the index of the request that each belongs to.
 * @typedef {{ indexes: number[], xy: Float32Array }} Points
 */
export const POINTS = Object.fromEntries(GATEWAYS.map((gateway) => [gateway, pointsByOutcome(gateway)]));

/** Return the whole decades that hold all latencies. */
function latencyRange() {
  let low = LOWEST_MS;
  let high = HIGHEST_MS;
  for (const { latency_ms } of Object.values(REQUESTS)) {
    for (const value of latency_ms) {
      if (value > 0 && value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
}

/** @param {string} gateway */
function pointsByOutcome(gateway) {
  const points = DRAWN.map((outcome) => [outcome, pointsOf(REQUESTS[gateway], outcome)]);
  return /** @type {Record<OutcomeName, Points>} */ (Object.fromEntries(points));
}

/**
 * @param {Requests} requests
 * @param {OutcomeName} outcome
 * @returns {Points}
 */
function pointsOf(requests, outcome) {
  const code = OUTCOMES.indexOf(outcome);
  /** @type {number[]} */
  const indexes = [];
  requests.outcome.forEach((found, index) => {
    if (found === code) indexes.push(index);
  });
  const xy = new Float32Array(indexes.length * 2);
  indexes.forEach((index, n) => {
    xy[2 * n] = requests.intended_s[index];
    xy[2 * n + 1] = heightOf(requests, index, outcome);
  });
  return { indexes, xy };
}

/**
 * @param {Requests} requests
 * @param {number} index
 * @param {OutcomeName} outcome
 */
function heightOf(requests, index, outcome) {
  if (outcome === "unsent") return UNSENT_MS;
  const waited_ms = outcome === "unanswered" ? (END_S - requests.intended_s[index]) * 1000 : requests.latency_ms[index];
  return Math.max(waited_ms, LATENCY_MIN_MS);
}

/** @type {MakeOption} */
export function requestsOption(look, width, height) {
  const panel = Math.max(110, (height - 160) / 2);
  const hidden = { type: "value", min: 0, max: 1, show: false };
  const parts = [
    { height: 20, gap: 22, yAxis: hidden },
    { height: panel, gap: 4, yAxis: latencyAxis(look) },
    { height: panel, gap: 30, yAxis: latencyAxis(look) },
    { height: 22, gap: 6, yAxis: hidden },
  ];
  const below = isNarrow(width) ? "" : ": latency of each request, at the time it was to start";
  return {
    ...baseOption(look),
    ...timeGrids(look, width, parts),
    title: [title(look, `v1, naive${below}`, 2), title(look, "v2, protected", 52 + panel)],
    legend: { show: false },
    dataZoom: [zoomSlider(look, parts.length)],
    series: [
      phaseBand(look, 0),
      ...GATEWAYS.flatMap((gateway, n) => gatewaySeries(look, width, gateway, n + 1)),
      circuitBand(look, 3),
    ],
  };
}

/** @param {Look} look */
function latencyAxis(look) {
  const formatter = (/** @type {number} */ ms) => {
    if (ms <= LATENCY_MAX_MS) return milliseconds(ms);
    return ANY_UNSENT ? "unsent" : "";
  };
  return { type: "log", min: LATENCY_MIN_MS, max: TOP_MS, axisLabel: { ...axisLook(look).axisLabel, formatter } };
}

/**
 * @param {Look} look
 * @param {number} width
 * @param {string} gateway
 * @param {number} grid
 */
function gatewaySeries(look, width, gateway, grid) {
  return [
    { ...faultShade(look, grid), markLine: goodLine(look, grid === 1 || !isNarrow(width)) },
    ...DRAWN.map((outcome) => scatter(look, width, gateway, outcome, grid)),
    flags(look, grid, momentsOf(gateway, width < ROOM_FOR_WORDS_PX)),
  ];
}

/**
 * Return the line at the time within which an answer is good.
 * @param {Look} look
 * @param {boolean} named whether it says so
 */
export function goodLine(look, named = true) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: look.soft, type: "dotted", width: 1.5 },
    label: {
      show: named,
      formatter: `in time: within ${milliseconds(GOOD_MS)}`,
      position: "insideEndBottom",
      color: look.soft,
      fontFamily: look.font,
      fontSize: look.text - 1,
    },
    data: [{ yAxis: GOOD_MS }],
  };
}

/**
 * @param {Look} look
 * @param {number} width
 * @param {string} gateway
 * @param {OutcomeName} outcome
 * @param {number} grid
 */
function scatter(look, width, gateway, outcome, grid) {
  const { xy, indexes } = POINTS[gateway][outcome];
  const crowd = crowdOf(gateway, outcome);
  return {
    name: outcome,
    type: "scatter",
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: xy,
    dimensions: ["at", "latency"],
    symbol: SHAPES[outcome],
    symbolSize: sizeOf(outcome, crowd, width),
    itemStyle: outcome === "unanswered"
      ? { color: "transparent", borderColor: look[outcome], borderWidth: 2 }
      : { color: look[outcome], opacity: 0.85 },
    large: crowd > LARGE && outcome !== "unanswered", // hollow ones are few: the users, or the requests in flight
    largeThreshold: LARGE,
    progressive: 0,
    z: 3 + DRAWN.indexOf(outcome),
    tooltip: {
      formatter: (/** @type {{ dataIndex: number }} */ { dataIndex }) =>
        requestText(gateway, outcome, indexes[dataIndex]),
    },
  };
}

/**
 * Return how many points there are of this kind: full and degraded ones lie in one crowd, and must look alike in it.
 * @param {string} gateway
 * @param {OutcomeName} outcome
 */
function crowdOf(gateway, outcome) {
  const { full, degraded, [outcome]: own } = POINTS[gateway];
  return outcome === "full" || outcome === "degraded"
    ? full.indexes.length + degraded.indexes.length
    : own.indexes.length;
}

/**
 * @param {OutcomeName} outcome
 * @param {number} count
 * @param {number} width
 */
function sizeOf(outcome, count, width) {
  if (outcome === "unsent") return [2, 10];
  const size = count > VERY_LARGE ? 2.8 : count > LARGE ? 4.5 : 7;
  if (isNarrow(width)) return size + 1;
  return outcome === "unanswered" ? size + 2 : size;
}

/**
 * @param {string} gateway
 * @param {OutcomeName} outcome
 * @param {number} index
 */
function requestText(gateway, outcome, index) {
  const { latency_ms, request_id, route, intended_s } = REQUESTS[gateway];
  const waited = Number.isNaN(latency_ms[index]) ? "no answer" : milliseconds(latency_ms[index]);
  const lines = [`<b>${outcome}</b>, ${waited}`, ROUTES[route[index]], `at ${secondsText(intended_s[index])}`];
  if (request_id) lines.push(`<code>python3 run_demo.py trace ${echarts.format.encodeHTML(request_id[index])}</code>`);
  return lines.join("<br>");
}

/**
 * Return what is flagged in a gateway's panel: the fault in v1's, the circuit in v2's.
 * @param {string} gateway
 * @param {boolean} brief
 */
function momentsOf(gateway, brief) {
  return isFirst(gateway) ? faultMoments(gateway, brief) : circuitMoments(gateway, brief);
}

/**
 * @param {string} gateway
 * @param {boolean} brief
 */
function faultMoments(gateway, brief) {
  const { fault_s, healed_s } = report.timeline;
  const { heal_to_normal_s: normal_s } = report.gateways[gateway].reaction;
  return [
    ...moment(fault_s, 0, brief ? "fault" : "fault put in"),
    ...moment(healed_s, 0, "healed"),
    ...moment(healed_s, normal_s, brief ? "normal" : `all normal, ${secondsText(normal_s ?? 0)} later`, 1),
  ];
}

/**
 * @param {string} gateway
 * @param {boolean} brief
 */
function circuitMoments(gateway, brief) {
  const { fault_s, healed_s } = report.timeline;
  const { fault_to_open_s: opened_s, heal_to_closed_s: closed_s } = report.gateways[gateway].reaction;
  const opened = secondsText(opened_s ?? 0);
  const closed = secondsText(closed_s ?? 0);
  return [
    ...moment(fault_s, opened_s, brief ? `OPEN +${opened}` : `trip: circuit OPEN ${opened} after the fault`),
    ...moment(healed_s, closed_s, brief ? "CLOSED" : `recovered: CLOSED ${closed} after healing`),
  ];
}

/**
 * Return the moment, or nothing where it never came.
 * @param {number | null} start_s
 * @param {number | null} delay_s
 * @param {string} text
 * @param {number} row
 * @returns {Moment[]}
 */
function moment(start_s, delay_s, text, row = 0) {
  return start_s === null || delay_s === null ? [] : [{ at_s: start_s + delay_s, text, row }];
}
