// The picture: the latency of every request over time, v1 above v2, the circuit below.
const LOWEST_MS = 1;
const HIGHEST_MS = 1e5;
const HEADROOM = 10; // above the highest decade there is room for flags, and for requests that were never sent
const ROOM_FOR_WORDS_PX = 1000;
const LARGE = 2000; // points; from here on they are drawn in one go,
const VERY_LARGE = 10000; // and from here on as dots of under 4 pixels, which is ten times as fast

const DRAWN = ["full", "degraded", "failed", "unanswered", "unsent"].filter((name) => OUTCOMES.includes(name)); // the rare ones on top

const latencyRange = () => {
  let [low, high] = [LOWEST_MS, HIGHEST_MS];
  for (const { latency_ms } of Object.values(REQUESTS)) {
    for (const value of latency_ms) {
      if (value > 0 && value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
};
const [LATENCY_MIN_MS, LATENCY_MAX_MS] = latencyRange();
const TOP_MS = LATENCY_MAX_MS * HEADROOM;
const UNSENT_MS = LATENCY_MAX_MS * 2.2; // a strip above all that has a latency
const ANY_UNSENT = Object.values(report.gateways).some((result) => result.whole_run.all_routes.accounts.unsent);

// The points of one outcome: x and y one after the other, and the index of the request that each belongs to.
function pointsOf(gateway, outcome) {
  const requests = REQUESTS[gateway];
  const code = OUTCOMES.indexOf(outcome);
  const indexes = [];
  for (let i = 0; i < requests.outcome.length; i++) if (requests.outcome[i] === code) indexes.push(i);
  const xy = new Float32Array(indexes.length * 2);
  indexes.forEach((index, n) => {
    xy[2 * n] = requests.intended_s[index];
    xy[2 * n + 1] = heightOf(requests, index, outcome);
  });
  return { indexes, xy };
}

function heightOf(requests, index, outcome) {
  if (outcome === "unsent") return UNSENT_MS;
  const waited_ms = outcome === "unanswered" ? (END_S - requests.intended_s[index]) * 1000 : requests.latency_ms[index];
  return Math.max(waited_ms, LATENCY_MIN_MS);
}

const POINTS = Object.fromEntries(
  GATEWAYS.map((
    gateway,
  ) => [gateway, Object.fromEntries(DRAWN.map((outcome) => [outcome, pointsOf(gateway, outcome)]))]),
);

function requestsOption(look, width, height) {
  const panel = Math.max(110, (height - 160) / 2);
  const hidden = { type: "value", min: 0, max: 1, show: false };
  const parts = [
    { height: 20, gap: 22, yAxis: hidden },
    { height: panel, gap: 4, yAxis: latencyAxis(look) },
    { height: panel, gap: 30, yAxis: latencyAxis(look) },
    { height: 22, gap: 6, yAxis: hidden },
  ];
  const axes = timeGrids(look, width, parts);
  const below = isNarrow(width) ? "" : ": latency of each request, at the time it was to start";
  return {
    ...baseOption(look),
    ...axes,
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

const latencyAxis = (look) => ({
  type: "log",
  min: LATENCY_MIN_MS,
  max: TOP_MS,
  axisLabel: {
    ...axisLook(look).axisLabel,
    formatter: (value) => (value <= LATENCY_MAX_MS ? milliseconds(value) : ANY_UNSENT ? "unsent" : ""),
  },
});

function gatewaySeries(look, width, gateway, grid) {
  return [
    { ...faultShade(look, grid), markLine: goodLine(look, grid === 1 || !isNarrow(width)) },
    ...DRAWN.map((outcome) => scatter(look, width, gateway, outcome, grid)),
    flags(look, grid, momentsOf(gateway, width < ROOM_FOR_WORDS_PX)),
  ];
}

const goodLine = (look, named = true) => ({
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
});

function scatter(look, width, gateway, outcome, grid) {
  const { xy, indexes } = POINTS[gateway][outcome];
  const crowd = crowdOf(gateway, outcome);
  const many = crowd > LARGE;
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
    large: many && outcome !== "unanswered", // hollow ones are few: at most the users, or the requests in flight
    largeThreshold: LARGE,
    progressive: 0,
    z: 3 + DRAWN.indexOf(outcome),
    tooltip: { formatter: ({ dataIndex }) => requestText(gateway, outcome, indexes[dataIndex]) },
  };
}

// How many points there are of this kind: full and degraded ones lie in one crowd, and must look alike in it.
function crowdOf(gateway, outcome) {
  const { full, degraded, [outcome]: own } = POINTS[gateway];
  return outcome === "full" || outcome === "degraded"
    ? full.indexes.length + degraded.indexes.length
    : own.indexes.length;
}

function sizeOf(outcome, count, width) {
  if (outcome === "unsent") return [2, 10];
  const size = count > VERY_LARGE ? 2.8 : count > LARGE ? 4.5 : 7;
  return isNarrow(width) ? size + 1 : outcome === "unanswered" ? size + 2 : size;
}

function requestText(gateway, outcome, index) {
  const requests = REQUESTS[gateway];
  const latency = requests.latency_ms[index];
  const waited = Number.isNaN(latency) ? "no answer" : milliseconds(latency);
  const id = requests.request_id ? `<br><small>${echarts.format.encodeHTML(requests.request_id[index])}</small>` : "";
  return `<b>${outcome}</b>, ${waited}<br>${ROUTES[requests.route[index]]}<br>at ${
    secondsText(requests.intended_s[index])
  }${id}`;
}

// What is flagged in a gateway's panel: the fault in v1's, the circuit in v2's.
function momentsOf(gateway, brief) {
  const { fault_s, healed_s } = report.timeline;
  const { fault_to_open_s: opened, heal_to_closed_s: closed, heal_to_normal_s: normal } =
    report.gateways[gateway].reaction;
  const after = (start, delay) => (start === null || delay === null ? null : start + delay);
  const moments = isFirst(gateway)
    ? [
      { at_s: fault_s, text: brief ? "fault" : "fault put in" },
      { at_s: healed_s, text: "healed" },
      {
        at_s: after(healed_s, normal),
        text: brief ? "normal" : `all normal, ${secondsText(normal ?? 0)} later`,
        row: 1,
      },
    ]
    : [
      {
        at_s: after(fault_s, opened),
        text: brief
          ? `OPEN +${secondsText(opened ?? 0)}`
          : `trip: circuit OPEN ${secondsText(opened ?? 0)} after the fault`,
      },
      {
        at_s: after(healed_s, closed),
        text: brief ? "CLOSED" : `recovered: CLOSED ${secondsText(closed ?? 0)} after healing`,
      },
    ];
  return moments.filter(({ at_s }) => at_s !== null);
}
