// Calls that reached recommendations in each second, v1 above v2 on one scale.
function callsOption(look, width, height) {
  const panel = (height - 90) / 2;
  const most = Math.max(
    1,
    ...GATEWAYS.flatMap((gateway) => report.series[gateway].calls_to_recommendations.map((value) => value ?? 0)),
  );
  const yAxis = scaleTo(most, 3);
  return {
    ...baseOption(look),
    tooltip: { ...baseOption(look).tooltip, trigger: "axis" },
    ...timeGrids(look, width, [{ height: panel, gap: 27, yAxis }, { height: panel, gap: 36, yAxis }]),
    title: GATEWAYS.map((gateway, n) => title(look, callsTitle(gateway), n * (panel + 36) + 2)),
    series: GATEWAYS.flatMap((gateway, n) => [faultShade(look, n), callBars(look, gateway, n)]),
  };
}

function callsTitle(gateway) {
  const calls = FOCUS && report.gateways[gateway].phases[FOCUS]?.calls_to_recommendations;
  return `${shortName(gateway)}: ${
    calls === null || calls === undefined ? "calls not known" : `${whole(calls)} calls ${IN_PHASE[FOCUS]}`
  }`;
}

const callBars = (look, gateway, grid) =>
  secondBars(grid, report.series[gateway].calls_to_recommendations, {
    name: shortName(gateway),
    itemStyle: { color: gatewayColour(look, gateway) },
  });
