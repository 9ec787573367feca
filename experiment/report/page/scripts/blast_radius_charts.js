// The blast radius: what became of each kind of page, and the threads that explain it.
const FATES = [
  { name: "in time", colour: "full", of: ({ good }) => good },
  { name: "late", colour: "full", late: true, of: ({ good, accounts }) => accounts.full + accounts.degraded - good },
  { name: "failed", colour: "failed", of: ({ accounts }) => accounts.failed },
  { name: "unanswered", colour: "unanswered", of: ({ accounts }) => accounts.unanswered },
  { name: "unsent", colour: "unsent", of: ({ accounts }) => accounts.unsent },
];
const KINDS = [["product_details", "product pages"], ["catalogue", "catalogue"]];

function blastRadiusOption(look, width) {
  const bars = FOCUS
    ? GATEWAYS.filter((gateway) => FOCUS in report.gateways[gateway].phases).flatMap((gateway) =>
      KINDS.map(([field, name]) => ({
        name: `${shortName(gateway)} ${name}`,
        route: report.gateways[gateway].phases[FOCUS][field],
      }))
    )
    : [];
  const axis = axisLook(look);
  return {
    ...baseOption(look),
    tooltip: { ...baseOption(look).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: percent },
    legend: legendLook(look, { itemWidth: 22 }),
    grid: { left: isNarrow(width) ? 108 : 130, right: 24, top: isNarrow(width) ? 56 : 36, bottom: 26 },
    xAxis: {
      ...axis,
      type: "value",
      min: 0,
      max: 1,
      axisLabel: { ...axis.axisLabel, formatter: (value) => percent(value) },
    },
    yAxis: {
      ...axis,
      type: "category",
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLabel: { ...axis.axisLabel, color: look.ink, fontSize: look.text },
      axisTick: { show: false },
    },
    series: FATES.filter((fate) => fate.colour !== "unsent" || bars.some(({ route }) => fate.of(route))).map((fate) =>
      fateBars(look, width, fate, bars)
    ),
  };
}

const LABEL_PX = 80; // a bar this wide, in a chart of this width, has room for its number

const fateBars = (look, width, fate, bars) => ({
  name: fate.name,
  type: "bar",
  stack: "fate",
  barWidth: "62%",
  itemStyle: {
    color: look[fate.colour],
    borderColor: look.panel,
    borderWidth: 1,
    ...(fate.late ? lateStyle(look) : {}),
  },
  label: {
    show: true,
    color: fate.late ? look.ink : look.panel,
    fontFamily: look.font,
    fontWeight: 600,
    formatter: ({ value }) => (value * width > LABEL_PX ? percent(value) : ""),
  },
  data: bars.map(({ route }) => (route.accounts.scheduled ? fate.of(route) / route.accounts.scheduled : 0)),
});

const lateStyle = (look) => ({
  color: look.panel,
  borderColor: look.full,
  borderWidth: 1.5,
  decal: { symbol: "rect", color: look.line, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
});

function threadsOption(look, width, height) {
  const most = Math.max(...Object.values(report.experiment.threads));
  const parts = [{ height: height - 82, gap: 54, yAxis: scaleTo(most * 1.1, 4) }];
  return {
    ...baseOption(look),
    tooltip: { ...baseOption(look).tooltip, trigger: "axis" },
    ...timeGrids(look, width, parts),
    title: title(look, "threads that serve a request", 28),
    legend: legendLook(look, { data: GATEWAYS.map((gateway) => lineItem(gateway)) }),
    series: [
      { ...faultShade(look, 0), markLine: threadsLine(look, most) },
      ...GATEWAYS.map((gateway) => secondLine(look, gateway, 0, report.series[gateway].busy_threads)),
    ],
  };
}

const threadsLine = (look, most) => ({
  ...goodLine(look),
  data: [{ yAxis: most }],
  label: { ...goodLine(look).label, formatter: `all ${most} threads`, position: "insideEndTop" },
});
