// The last minute: answers each second, by outcome, and their latency below; what happened is marked on both.
// One path for each kind, whose shape changes: nothing is added or removed, so nothing flickers or grows.

/** @import { GatewayName, Mark, Picture, Second } from "../../picture.d.ts" */

import { attr, put, svg } from "./dom.js";

const SECONDS = 60;
const UNITS_PER_REM = 16; // so that the drawing is as large as the text around it
const LEFT = 44;
const MARGIN = 4;
const TOP = 45;
const GAP = 8;
const FOOT = 5;
const LATENCY_SHARE = 0.35; // of the height below TOP
const OUTCOMES = ["full", "degraded", "failed"]; // the first columns of a second
const P50 = 3;
const P99 = 4;
const BLIND = 5;
const LANES = [11, 25, 39]; // where the labels of the marks stand
const MARKS = 20;
const LETTER = 8.6; // the width of a letter of a label, about
const SCALES = [10, 20, 50, 100, 200, 500, 1000]; // answers a second
const FASTEST_MS = 1;
const SLOWEST_MS = 60000;
const LATEST_S = 3; // a second this young may not have been heard of yet
const SIGNS = { fault: "✕", heal: "✓", load: "▲", link: "!", back: "✓" };
/** @type {Record<string, string>} */
const CIRCUIT_SIGNS = { OPEN: "○ OPEN", "HALF-OPEN": "◐", CLOSED: "● CLOSED" };
const NOTHING = "M0 0";

/**
 * Return the x of a second of the series, or of a moment.
 * @typedef {(at: number) => number} X
 */
/**
 * The places that the labels of a lane take, each from and to an x.
 * @typedef {[number, number][]} Lane
 */
/**
 * @typedef {{ group: SVGGElement, line: SVGPathElement, label: SVGTextElement }} Slot
 */

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;

/** The time axis of one gateway. */
export class Timeline {
  /**
   * @param {SVGSVGElement} root
   * @param {GatewayName} name
   */
  constructor(root, name) {
    this.root = root;
    this.name = name;
    this.unknown = svg("path", { class: "unknown" }, root);
    this.axes = svg("path", { class: "axis" }, root);
    this.grid = svg("path", { class: "grid" }, root);
    this.top = this.tick("");
    this.unit = this.tick("per s");
    this.latencyTicks = [{ ms: 1, tick: this.tick("1 ms") }, { ms: 1000, tick: this.tick("1 s") }];
    this.bars = OUTCOMES.map((outcome) => svg("path", { class: `bars ${outcome}` }, root));
    this.p50 = svg("path", { class: "line p50" }, root);
    this.p99 = svg("path", { class: "line p99" }, root);
    this.slots = Array.from({ length: MARKS }, () => this.slot());
    this.right =
      this.foot =
      this.latencyTop =
      this.base =
        0;
    new ResizeObserver(() => this.fit()).observe(root);
    this.fit();
  }

  /** @param {string} text */
  tick(text) {
    const tick = svg("text", { class: "tick", x: LEFT - 4 }, this.root);
    put(tick, text);
    return tick;
  }

  /** @returns {Slot} */
  slot() {
    const group = svg("g", { class: "mark", visibility: "hidden" }, this.root);
    return { group, line: svg("path", {}, group), label: svg("text", {}, group) };
  }

  /** Fit the axes into the room that there is. */
  fit() {
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / UNITS_PER_REM;
    const width = this.root.clientWidth / unit || 600;
    const height = this.root.clientHeight / unit || 172;
    this.right = width - MARGIN;
    this.foot = height - FOOT;
    this.latencyTop = this.foot - (height - TOP) * LATENCY_SHARE;
    this.base = this.latencyTop - GAP;
    attr(this.root, "viewBox", `0 0 ${width} ${height}`);
    attr(this.axes, "d", `M${LEFT} ${this.base}H${this.right}M${LEFT} ${this.foot}H${this.right}`);
    attr(this.grid, "d", `M${LEFT} ${this.latencyY(1000)}H${this.right}`);
    attr(this.top, "y", TOP + 6);
    attr(this.unit, "y", TOP + 19);
    for (const { ms, tick } of this.latencyTicks) attr(tick, "y", this.latencyY(ms) + 3);
  }

  /**
   * Draw the last minute of a picture.
   * @param {Picture} picture
   * @param {number} scale the answers a second at the top
   */
  draw({ now, gateways, marks }, scale) {
    const { series, last_60_s } = gateways[this.name];
    const start = Math.floor(now) - SECONDS;
    const second = (this.right - LEFT) / SECONDS;
    /** @type {X} */
    const xAt = (at) => Math.max(LEFT, Math.min(this.right, round(this.right - (now - at) * second)));
    /** @type {X} */
    const xOf = (n) => xAt(start + n);
    put(this.top, scale);
    this.drawBars(series, xOf, scale, second - 1.5);
    this.drawLine(this.p50, P50, series, xOf);
    this.drawLine(this.p99, P99, series, xOf);
    this.drawUnknown(series, xOf);
    this.drawMarks(marks.filter((mark) => mark.gateways.includes(this.name)), xAt);
    const answers = last_60_s.full + last_60_s.degraded + last_60_s.failed;
    attr(this.root, "aria-label", `${this.name}, answers of the last minute: ${answers}`);
  }

  /**
   * @param {(Second | null)[]} series
   * @param {X} xOf
   * @param {number} scale
   * @param {number} width
   */
  drawBars(series, xOf, scale, width) {
    const paths = OUTCOMES.map(() => "");
    series.forEach((second, n) => {
      let base = this.base;
      OUTCOMES.forEach((_, i) => {
        const height = second ? Math.min((Number(second[i]) / scale) * (this.base - TOP), base - TOP) : 0;
        if (height > 0.2) paths[i] += `M${xOf(n)} ${round(base)}v${round(-height)}h${round(width)}v${round(height)}z`;
        base -= height;
      });
    });
    paths.forEach((d, i) => attr(this.bars[i], "d", d || NOTHING));
  }

  /**
   * @param {SVGPathElement} line
   * @param {typeof P50 | typeof P99} column
   * @param {(Second | null)[]} series
   * @param {X} xOf
   */
  drawLine(line, column, series, xOf) {
    let d = "";
    let pen = "M";
    series.forEach((second, n) => {
      const ms = second && !second[BLIND] ? second[column] : null;
      if (ms !== null) d += `${pen}${xOf(n + 0.5)} ${this.latencyY(ms)}`;
      pen = ms === null ? "M" : "L";
    });
    attr(line, "d", d || NOTHING);
  }

  /**
   * Shade where the gateway was not heard for long: what it did in a single second of that is not known.
   * @param {(Second | null)[]} series
   * @param {X} xOf
   */
  drawUnknown(series, xOf) {
    const first = series.findIndex((second) => second);
    const last = series.findLastIndex((second) => second);
    const isSilent = (/** @type {Second | null} */ second, /** @type {number} */ n) =>
      second ? second[BLIND] : n > first && (n < last || last < SECONDS - LATEST_S);
    const d = series.map((second, n) => {
      const right = n === SECONDS - 1 ? this.right : xOf(n + 1);
      return first >= 0 && isSilent(second, n) ? `M${xOf(n)} ${TOP}H${right}V${this.foot}H${xOf(n)}z` : "";
    });
    attr(this.unknown, "d", d.join("") || NOTHING);
  }

  /**
   * @param {Mark[]} marks
   * @param {X} xAt
   */
  drawMarks(marks, xAt) {
    /** @type {Lane[]} */
    const lanes = LANES.map(() => []);
    const byWeight = marks.slice(-MARKS).reverse().sort((a, b) => weight(b) - weight(a)); // who chooses a lane first
    this.slots.forEach((slot, i) => {
      const mark = byWeight[i];
      attr(slot.group, "visibility", mark ? "visible" : "hidden");
      if (mark) this.drawMark(slot, mark, xAt(mark.at), lanes);
    });
  }

  /**
   * Draw a mark; without its label where every lane is taken.
   * @param {Slot} slot
   * @param {Mark} mark
   * @param {number} x
   * @param {Lane[]} lanes
   */
  drawMark({ group, line, label }, mark, x, lanes) {
    const text = labelOf(mark);
    const width = text.length * LETTER;
    const start = Math.min(x + 2, this.right - width);
    const end = start + width + 3;
    const lane = lanes.findIndex((labels) => labels.every(([from, to]) => end < from || start > to));
    lanes[lane]?.push([start, end]);
    attr(group, "class", `mark ${mark.kind}`);
    attr(line, "d", `M${x} ${lane >= 0 ? LANES[lane] - 11 : TOP}V${this.foot}`);
    attr(label, "x", round(start));
    attr(label, "y", LANES[lane] ?? TOP);
    put(label, lane >= 0 ? text : "");
  }

  /**
   * Return the y of a latency, on a logarithmic axis.
   * @param {number} ms
   */
  latencyY(ms) {
    const share = Math.log(Math.max(ms, FASTEST_MS) / FASTEST_MS) / Math.log(SLOWEST_MS / FASTEST_MS);
    return round(this.foot - Math.min(share, 1) * (this.foot - this.latencyTop));
  }
}

/**
 * Return the answers a second at the top of both time axes: with a scale each, their bars could not be compared.
 * @param {Picture} picture
 * @returns {number}
 */
export function scaleOf({ gateways }) {
  const seconds = Object.values(gateways).flatMap(({ series }) => series);
  const most = Math.max(...seconds.map((second) => (second ? second[0] + second[1] + second[2] : 0)), 0);
  return SCALES.find((scale) => scale >= most) ?? Math.ceil(most / 1000) * 1000;
}

/**
 * Return the weight of a mark: what was done to the shop is labelled before what came of it.
 * @param {Mark} mark
 */
function weight({ kind }) {
  return kind === "fault" || kind === "heal" ? 1 : 0;
}

/**
 * Return the label of a mark. A change of the circuit has the new state; its reason is in the list of changes.
 * @param {Mark} mark
 */
function labelOf({ kind, text }) {
  return kind === "circuit" ? CIRCUIT_SIGNS[text.split(":")[0]] : `${SIGNS[kind]} ${text}`;
}
