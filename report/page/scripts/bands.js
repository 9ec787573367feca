// Bands along the time axis (phases, states of the circuit), and flags at moments.

/** @import { CircuitSpan, CircuitState, Colour, Look, Rectangle, RenderItem } from "../page.d.ts" */

import { report, shortName } from "./data.js";
import { secondsText } from "./quantities.js";

/** @type {Record<string, string>} */
/** @type {Record<CircuitState, Colour>} */
const STATE_COLOURS = { CLOSED: "full", OPEN: "failed", "HALF-OPEN": "halfOpen" };
const FLAG_ROW_PX = 17;

/**
 * A stretch of a band; of its texts, the first that fits is drawn.
 * @typedef {{ from_s: number, to_s: number, why?: string, texts: string[], colour: string, solid: boolean }} Span
 */
/**
 * What is flagged at a moment; rows count from the top of the grid.
 * @typedef {{ at_s: number, text: string, row?: number }} Moment
 */

/**
 * Return the band of the phases.
 * @param {Look} look
 * @param {number} gridIndex
 */
export function phaseBand(look, gridIndex) {
  const sick = `fault: ${report.experiment.faults.map(({ spec }) => spec).join(", ")}`;
  const spans = report.timeline.phases.map((span) => ({
    ...span,
    texts: span.phase === "fault" ? [sick, "fault"] : [span.phase],
    colour: span.phase === "fault" ? look.failed : look.soft,
    solid: span.phase === "fault",
  }));
  return band(look, gridIndex, spans);
}

/**
 * The circuit of v2, or that of each replica, by what its band calls it.
 * @type {[string, CircuitSpan[]][]}
 */
export const CIRCUITS = Object.entries(report.replicas).map(([name, { circuit }]) => [shortName(name), circuit]);
if (CIRCUITS.length === 0) CIRCUITS.push(["circuit", report.timeline.circuit]);

/**
 * Return the band of a circuit's states.
 * @param {Look} look
 * @param {number} gridIndex
 * @param {string} name
 * @param {CircuitSpan[]} circuit
 */
export function circuitBand(look, gridIndex, name, circuit) {
  const spans = circuit.map((span) => ({
    ...span,
    texts: span.state === "HALF-OPEN" ? ["HALF-OPEN", "½"] : [`${name} ${span.state}`, span.state],
    colour: look[STATE_COLOURS[span.state]],
    solid: span.state !== "CLOSED",
  }));
  return band(look, gridIndex, spans);
}

/**
 * @param {Look} look
 * @param {number} gridIndex
 * @param {Span[]} spans
 */
function band(look, gridIndex, spans) {
  /** @type {RenderItem} */
  const renderItem = ({ dataIndex, coordSys }, { coord }) => {
    const span = spans[dataIndex];
    const from = Math.max(coord([span.from_s, 0])[0], coordSys.x);
    const to = Math.min(coord([span.to_s, 0])[0], coordSys.x + coordSys.width);
    return to <= from ? undefined : bandItem(look, span, { ...coordSys, x: from, width: Math.max(to - from - 1, 1.5) });
  };
  return {
    type: "custom",
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    encode: { x: [0, 1] },
    data: spans.map((span) => [span.from_s, span.to_s]),
    tooltip: { formatter: (/** @type {{ dataIndex: number }} */ { dataIndex }) => spanText(spans[dataIndex]) },
    renderItem,
  };
}

/**
 * @param {Look} look
 * @param {Span} span
 * @param {Rectangle} place
 */
function bandItem(look, { texts, colour, solid }, { x, y, width, height }) {
  const text = texts.find((words) => words.length * look.text * 0.55 + 6 < width) ?? "";
  return {
    type: "rect",
    shape: { x, y, width, height, r: 2 },
    style: { fill: solid ? colour : look.panel, stroke: colour, lineWidth: 1.5 },
    textContent: { type: "text", silent: true, style: { text, fill: solid ? look.panel : colour, font: bold(look) } },
    textConfig: { position: "inside" },
  };
}

/** @param {Look} look */
function bold(look) {
  return `600 ${look.text - 1}px ${look.font}`;
}

/** @param {Span} span */
function spanText({ texts, from_s, to_s, why }) {
  const lines = [`<b>${texts[0]}</b>`, `${secondsText(from_s)} to ${secondsText(to_s)}`];
  if (why) lines.push(echarts.format.encodeHTML(why));
  return lines.join("<br>");
}

/**
 * Return flags: at each moment a line through a grid, and words beside it.
 * @param {Look} look
 * @param {number} gridIndex
 * @param {Moment[]} moments
 */
export function flags(look, gridIndex, moments) {
  /** @type {RenderItem} */
  const renderItem = ({ dataIndex, coordSys }, { coord }) => {
    const { at_s, text, row = 0 } = moments[dataIndex];
    const { x, y, width, height } = coordSys;
    const at = coord([at_s, 1])[0];
    if (at < x - 0.5 || at > x + width + 0.5) return undefined;
    const words = flagText(look, text, at, x + width, y + row * FLAG_ROW_PX);
    return { type: "group", children: [flagLine(look, at, y, height), words] };
  };
  return {
    type: "custom",
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    silent: true,
    z: 10, // above all points
    encode: { x: 0 },
    data: moments.map(({ at_s }) => [at_s, 0]),
    renderItem,
  };
}

/**
 * @param {Look} look
 * @param {number} at
 * @param {number} y
 * @param {number} height
 */
function flagLine(look, at, y, height) {
  return {
    type: "line",
    shape: { x1: at, y1: y, x2: at, y2: y + height },
    style: { stroke: look.ink, lineWidth: 1.5, lineDash: [5, 3] },
  };
}

/**
 * Return the words of a flag: right of its line, or left of it where they would stick out.
 * @param {Look} look
 * @param {string} text
 * @param {number} at
 * @param {number} right
 * @param {number} y
 */
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
