// Bands along the time axis (phases, states of the circuit), and flags at moments.
const FAULT_WORDS = { hang: "recommendations hang", slow: "recommendations are slow", error: "recommendations fail" };
const STATE_STYLES = { CLOSED: "full", OPEN: "failed", "HALF-OPEN": "halfOpen" };

function phaseBand(look, gridIndex) {
  const sick = `fault: ${FAULT_WORDS[report.experiment.fault.kind] ?? "recommendations are sick"}`;
  const spans = report.timeline.phases.map((span) => ({
    ...span,
    texts: span.phase === "fault" ? [sick, "fault"] : [span.phase],
    colour: span.phase === "fault" ? look.failed : look.soft,
    solid: span.phase === "fault",
  }));
  return band(look, gridIndex, spans);
}

function circuitBand(look, gridIndex) {
  const spans = report.timeline.circuit.map((span) => ({
    ...span,
    texts: span.state === "HALF-OPEN" ? ["HALF-OPEN", "½"] : [`circuit ${span.state}`, span.state],
    colour: look[STATE_STYLES[span.state]],
    solid: span.state !== "CLOSED",
  }));
  return band(look, gridIndex, spans);
}

function band(look, gridIndex, spans) {
  return {
    type: "custom",
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    encode: { x: [0, 1] },
    data: spans.map((span) => [span.from_s, span.to_s]),
    tooltip: { formatter: ({ dataIndex }) => spanText(spans[dataIndex]) },
    renderItem: (params, api) => {
      const span = spans[params.dataIndex];
      const area = params.coordSys;
      const from = Math.max(api.coord([span.from_s, 0])[0], area.x);
      const to = Math.min(api.coord([span.to_s, 0])[0], area.x + area.width);
      if (to <= from) return undefined;
      const shape = { x: from, y: area.y, width: Math.max(to - from - 1, 1.5), height: area.height, r: 2 };
      return {
        type: "rect",
        shape,
        style: bandStyle(look, span),
        textContent: bandText(look, span, shape),
        textConfig: { position: "inside" },
      };
    },
  };
}

const bold = (look) => `600 ${look.text - 1}px ${look.font}`;
const bandStyle = (look, { colour, solid }) => ({ fill: solid ? colour : look.panel, stroke: colour, lineWidth: 1.5 });

function bandText(look, { texts, colour, solid }, { width }) {
  const text = texts.find((words) => words.length * look.text * 0.55 + 6 < width) ?? "";
  return { type: "text", silent: true, style: { text, fill: solid ? look.panel : colour, font: bold(look) } };
}

const spanText = ({ texts, from_s, to_s, why }) =>
  [`<b>${texts[0]}</b>`, `${secondsText(from_s)} to ${secondsText(to_s)}`, why && echarts.format.encodeHTML(why)]
    .filter(Boolean).join("<br>");

// Flags: a line through a grid at a moment, and words beside it; each {at_s, text, row}.
function flags(look, gridIndex, moments) {
  return {
    type: "custom",
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    silent: true,
    z: 10, // above all points
    encode: { x: 0 },
    data: moments.map(({ at_s }) => [at_s, 0]),
    renderItem: (params, api) => {
      const { x, y, width, height } = params.coordSys;
      const at = api.coord([moments[params.dataIndex].at_s, 1])[0];
      if (at < x - 0.5 || at > x + width + 0.5) return undefined;
      const { text, row = 0 } = moments[params.dataIndex];
      return {
        type: "group",
        children: [flagLine(look, at, y, height), flagText(look, text, at, x + width, y + row * 17)],
      };
    },
  };
}

const flagLine = (look, at, y, height) => ({
  type: "line",
  shape: { x1: at, y1: y, x2: at, y2: y + height },
  style: { stroke: look.ink, lineWidth: 1.5, lineDash: [5, 3] },
});

function flagText(look, text, at, right, y) {
  const turned = at + text.length * look.text * 0.58 > right;
  return {
    type: "text",
    style: {
      text,
      x: turned ? at - 4 : at + 4,
      y: y + 2,
      align: turned ? "right" : "left",
      fill: look.ink,
      font: bold(look),
      backgroundColor: look.panel,
      padding: [1, 3],
    },
  };
}
