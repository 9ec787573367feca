// The time axis that charts share: grids one below the other that zoom together, phases shaded behind them.
const TOP_GAP = 4;

// Return grids and axes for parts (top to bottom), each {height, gap, yAxis}; `gap` is the room above it.
function timeGrids(look, width, parts) {
  const left = isNarrow(width) ? 48 : 58;
  let top = 0;
  const grids = parts.map(({ height, gap }) => {
    top += gap;
    const grid = { left, right: isNarrow(width) ? 8 : 16, top, height };
    top += height;
    return grid;
  });
  return {
    grid: grids,
    xAxis: parts.map((part, index) => timeAxis(look, index, width, index === parts.length - 1)),
    yAxis: parts.map((part, index) => ({ gridIndex: index, ...axisLook(look), ...part.yAxis })),
  };
}

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
    axisLabel: { ...axis.axisLabel, show: last, formatter: (value) => secondsText(value) },
    splitLine: { show: false },
  };
}

// A slider below the chart that zooms all its grids.
const zoomSlider = (look, count) => ({
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
  labelFormatter: (value) => secondsText(value),
});

// Bars, one for each second.
const secondBars = (gridIndex, values, more) => ({
  type: "bar",
  barWidth: "103%", // no gaps
  xAxisIndex: gridIndex,
  yAxisIndex: gridIndex,
  data: values.map((value, second) => [second + 0.5, value]),
  ...more,
});

// A line that keeps each second's value until the next.
const secondLine = (look, gateway, gridIndex, values, name = shortName(gateway)) => ({
  name,
  type: "line",
  symbol: "none",
  xAxisIndex: gridIndex,
  yAxisIndex: gridIndex,
  itemStyle: { color: gatewayColour(look, gateway) },
  lineStyle: { width: 2.5, type: isFirst(gateway) ? [6, 3] : "solid" },
  data: values.flatMap((value, second) => [[second, value], [second + 1, value]]),
});

// A series without data that carries what stands behind the data of a grid: the fault, shaded.
function faultShade(look, gridIndex) {
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
