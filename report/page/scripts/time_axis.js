// The time axis that charts share: grids one below the other that zoom together, phases shaded behind them.

/** @import { Look, Part } from "../page.d.ts" */

import { END_S, report, shortName } from "./data.js";
import { axisLook, gatewayColour, isFirst, isNarrow, textStyle } from "./look.js";
import { secondsText } from "./quantities.js";

/**
 * Return a grid and its axes for each part, from top to bottom. Its height and the gap above it are in pixels.
 * @param {Look} look
 * @param {number} width
 * @param {{ height: number, gap: number, yAxis: Part }[]} parts
 */
export function timeGrids(look, width, parts) {
  const left = isNarrow(width) ? 48 : 58;
  const right = isNarrow(width) ? 8 : 16;
  let top = 0;
  const grids = parts.map(({ height, gap }) => {
    const grid = { left, right, top: top + gap, height };
    top += gap + height;
    return grid;
  });
  return {
    grid: grids,
    xAxis: parts.map((_, index) => timeAxis(look, index, width, index === parts.length - 1)),
    yAxis: parts.map(({ yAxis }, index) => ({ gridIndex: index, ...axisLook(look), ...yAxis })),
  };
}

/**
 * @param {Look} look
 * @param {number} gridIndex
 * @param {number} width
 * @param {boolean} last the only one with labels
 */
function timeAxis(look, gridIndex, width, last) {
  const axis = axisLook(look);
  return {
    ...axis,
    gridIndex,
    type: "value",
    containShape: false, // bars must not push the axis apart from those of other grids
    min: 0,
    max: Math.max(END_S, 1),
    splitNumber: isNarrow(width) ? 4 : 8,
    axisLine: { ...axis.axisLine, show: last, onZero: false },
    axisTick: { ...axis.axisTick, show: last },
    axisLabel: { ...axis.axisLabel, show: last, formatter: secondsText },
    splitLine: { show: false },
  };
}

/**
 * Return a slider below the chart that zooms all its grids.
 * @param {Look} look
 * @param {number} count the number of grids
 */
export function zoomSlider(look, count) {
  return {
    type: "slider",
    xAxisIndex: [...Array(count).keys()],
    filterMode: "none",
    bottom: 2,
    height: 16,
    showDataShadow: false,
    brushSelect: false,
    borderColor: look.line,
    fillerColor: look.sick,
    handleStyle: { color: look.panel, borderColor: look.soft },
    moveHandleSize: 4,
    moveHandleStyle: { color: look.soft },
    textStyle: textStyle(look, { fontSize: 11 }),
    labelFormatter: secondsText,
  };
}

/**
 * Return bars, one for each second.
 * @param {number} gridIndex
 * @param {(number | null)[]} values
 * @param {Part} more
 */
export function secondBars(gridIndex, values, more) {
  return {
    type: "bar",
    barWidth: "103%", // no gaps
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    data: values.map((value, second) => [second + 0.5, value]),
    ...more,
  };
}

/**
 * Return a gateway's line that keeps each second's value until the next.
 * @param {Look} look
 * @param {string} gateway
 * @param {number} gridIndex
 * @param {(number | null)[]} values
 * @param {string} name
 */
export function secondLine(look, gateway, gridIndex, values, name = shortName(gateway)) {
  return {
    name,
    type: "line",
    symbol: "none",
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    itemStyle: { color: gatewayColour(look, gateway) },
    lineStyle: { width: 2.5, type: isFirst(gateway) ? [6, 3] : "solid" },
    data: values.flatMap((value, second) => [[second, value], [second + 1, value]]),
  };
}

/**
 * Return a series without data that carries what stands behind the data of a grid: the fault, shaded.
 * @param {Look} look
 * @param {number} gridIndex
 */
export function faultShade(look, gridIndex) {
  const spans = report.timeline.phases.filter((span) => span.phase === "fault");
  return {
    type: "line",
    data: [],
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    silent: true,
    markArea: {
      silent: true,
      itemStyle: { color: look.sick },
      data: spans.map((span) => [{ xAxis: span.from_s }, { xAxis: span.to_s }]),
    },
  };
}
