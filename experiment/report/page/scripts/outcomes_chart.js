// Outcomes over time: what arrived in each second, stacked; and how many requests were waiting.
const ARRIVING = ["full", "degraded", "failed"];

function outcomesOption(look, width, height) {
  const legendHeight = isNarrow(width) ? 44 : 24;
  const panel = (height - 126 - legendHeight) / 3;
  const perSecond = scaleTo(mostArriving(), 3);
  const parts = [
    { height: panel, gap: 28 + legendHeight, yAxis: perSecond },
    { height: panel, gap: 34, yAxis: perSecond },
    {
      height: panel,
      gap: 34,
      yAxis: scaleTo(Math.max(...GATEWAYS.flatMap((gateway) => report.series[gateway].waiting), 0), 3),
    },
  ];
  const titles = ["v1: answers per second", "v2: answers per second", "requests that wait for an answer"];
  return {
    ...baseOption(look),
    tooltip: { ...baseOption(look).tooltip, trigger: "axis" },
    ...timeGrids(look, width, parts),
    title: titles.map((text, n) => title(look, text, legendHeight + 3 + n * (panel + 34))),
    legend: legendLook(look, {
      data: [...ARRIVING.map(areaItem), ...GATEWAYS.map((gateway) => lineItem(gateway, waitingName(gateway)))],
    }),
    series: [
      ...GATEWAYS.flatMap((
        gateway,
        n,
      ) => [faultShade(look, n), ...ARRIVING.map((outcome) => arrivals(look, gateway, outcome, n))]),
      faultShade(look, 2),
      ...GATEWAYS.map((gateway) => secondLine(look, gateway, 2, report.series[gateway].waiting, waitingName(gateway))),
    ],
  };
}

const waitingName = (gateway) => `${shortName(gateway)} waiting`;

function mostArriving() {
  const sums = Object.values(report.series).flatMap(({ full, degraded, failed }) =>
    full.map((value, i) => value + degraded[i] + failed[i])
  );
  return Math.max(0, ...sums);
}

const arrivals = (look, gateway, outcome, grid) =>
  secondBars(grid, report.series[gateway][outcome], {
    name: outcome,
    stack: gateway,
    itemStyle: { color: look[outcome] },
  });
