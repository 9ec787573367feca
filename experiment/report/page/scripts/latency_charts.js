// How long users waited: latencies of one phase by outcome, and the share served within a time.
const BINS_PER_DECADE = 8;
const BINS = Math.round(Math.log10(LATENCY_MAX_MS / LATENCY_MIN_MS) * BINS_PER_DECADE);
const NO_ANSWER = BINS + 1; // after an empty one
let chosenPhase = FOCUS;

const binOf = (
  latency,
) => (Number.isNaN(latency)
  ? NO_ANSWER
  : Math.min(BINS - 1, Math.max(0, Math.floor(Math.log10(latency / LATENCY_MIN_MS) * BINS_PER_DECADE))));
const edgeOf = (bin) => LATENCY_MIN_MS * 10 ** (bin / BINS_PER_DECADE);

function latencyOption(look, width, height) {
  const panel = (height - 136) / 2;
  const tops = [52, 52 + panel + 36];
  return {
    ...baseOption(look),
    tooltip: { ...baseOption(look).tooltip, trigger: "axis", valueFormatter: percent },
    legend: legendLook(look, {
      data: DRAWN.filter((outcome) => GATEWAYS.some((gateway) => POINTS[gateway][outcome].indexes.length)).map(
        areaItem,
      ),
    }),
    title: GATEWAYS.map((gateway, n) => title(look, histogramTitle(gateway), tops[n] - 25)),
    grid: tops.map((top) => ({ left: 48, right: 12, top, height: panel })),
    xAxis: tops.map((_, n) => binAxis(look, n)),
    yAxis: tops.map((_, n) => ({
      ...axisLook(look),
      gridIndex: n,
      type: "value",
      splitNumber: 2,
      axisLabel: { ...axisLook(look).axisLabel, formatter: (value) => percent(value) },
    })),
    series: GATEWAYS.flatMap((gateway, n) => histogram(look, gateway, n)),
  };
}

const histogramTitle = (gateway) =>
  `${shortName(gateway)}: ${chosenPhase ? whole(pagesIn(gateway, chosenPhase).length) : 0} product pages ${
    IN_PHASE[chosenPhase] ?? ""
  }`;

function binAxis(look, gridIndex) {
  const names = Array.from(
    { length: NO_ANSWER + 1 },
    (
      _,
      bin,
    ) => (bin === NO_ANSWER
      ? "no answer"
      : bin >= BINS
      ? ""
      : `${milliseconds(edgeOf(bin))} to ${milliseconds(edgeOf(bin + 1))}`),
  );
  return {
    ...axisLook(look),
    gridIndex,
    type: "category",
    data: names,
    axisTick: { alignWithLabel: false, interval: (bin) => bin % BINS_PER_DECADE === 0 },
    axisLabel: {
      ...axisLook(look).axisLabel,
      show: gridIndex === 1,
      lineHeight: 14,
      hideOverlap: false,
      interval: (bin) => (bin % BINS_PER_DECADE === 0 && bin < BINS) || bin === NO_ANSWER,
      formatter: (name, bin) => (bin === NO_ANSWER ? "no\nanswer" : milliseconds(edgeOf(bin))),
    },
  };
}

function histogram(look, gateway, grid) {
  const shares = Object.fromEntries(DRAWN.map((outcome) => [outcome, new Array(NO_ANSWER + 1).fill(0)]));
  const pages = chosenPhase ? pagesIn(gateway, chosenPhase) : [];
  const { latency_ms, outcome } = REQUESTS[gateway];
  for (const index of pages) shares[OUTCOMES[outcome[index]]][binOf(latency_ms[index])] += 1 / pages.length;
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

function servedOption(look, width) {
  const latencyAxisLabel = { ...axisLook(look).axisLabel, formatter: milliseconds };
  return {
    ...baseOption(look),
    tooltip: { show: false },
    legend: legendLook(look, { data: GATEWAYS.map((gateway) => lineItem(gateway, curveName(gateway))) }),
    grid: { left: 48, right: 20, top: 34, bottom: 26 },
    xAxis: { ...axisLook(look), type: "log", min: LATENCY_MIN_MS, max: LATENCY_MAX_MS, axisLabel: latencyAxisLabel },
    yAxis: {
      ...axisLook(look),
      type: "value",
      min: 0,
      max: 1,
      axisLabel: { ...axisLook(look).axisLabel, formatter: (value) => percent(value) },
    },
    series: chosenPhase ? GATEWAYS.map((gateway) => servedCurve(look, gateway)) : [],
  };
}

const curveName = (gateway) => `${shortName(gateway)} ${IN_PHASE[chosenPhase] ?? ""}`;

function servedCurve(look, gateway) {
  const pages = pagesIn(gateway, chosenPhase);
  const { latency_ms, outcome } = REQUESTS[gateway];
  const served = pages.filter((index) => isServed(outcome[index])).map((index) => latency_ms[index]).sort((a, b) =>
    a - b
  );
  return {
    name: curveName(gateway),
    type: "line",
    symbol: "none",
    clip: false,
    itemStyle: { color: gatewayColour(look, gateway) },
    lineStyle: { width: 4, type: isFirst(gateway) ? [8, 4] : "solid" },
    data: stairs(served, pages.length),
    markLine: isFirst(gateway) ? inTimeLine(look) : undefined,
  };
}

const isServed = (code) => OUTCOMES[code] === "full" || OUTCOMES[code] === "degraded";
const inTimeLine = (look) => ({
  ...goodLine(look),
  data: [{ xAxis: GOOD_MS }],
  label: { ...goodLine(look).label, position: "insideEndTop" },
});

// A cumulative curve, in no more steps than can be seen.
function stairs(sorted, of) {
  const every = Math.max(1, Math.floor(sorted.length / 500));
  const curve = [[LATENCY_MIN_MS, 0]];
  for (let rank = every; rank <= sorted.length; rank += every) {
    const latency = Math.max(sorted[rank - 1], LATENCY_MIN_MS);
    curve.push([latency, (rank - every) / of], [latency, rank / of]);
  }
  return [...curve, [LATENCY_MAX_MS, of ? sorted.length / of : 0]];
}
