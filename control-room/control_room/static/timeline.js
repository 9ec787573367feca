// The last minute: answers each second, by outcome, and their latency below; what happened is marked on both.
// One path for each kind, whose shape changes: nothing is added or removed, so nothing flickers or grows.

import { attr, put, svg } from "./dom.js";

const SECONDS = 60;
const LEFT = 42, MARGIN = 4, TOP = 44, GAP = 10, FOOT = 8; // pixels: one unit of the drawing is one pixel
const LATENCY_SHARE = 0.35; // of the height below TOP
const OUTCOMES = ["full", "degraded", "failed"];
const P50 = 3, P99 = 4, BLIND = 5; // columns of a second, after the outcomes
const LANES = [11, 24, 37]; // where the labels of the marks stand
const MARKS = 20;
const LETTER = 7.9; // the width of a letter of a label, about
const STEPS = [10, 20, 50, 100, 200, 500, 1000];
const FASTEST_MS = 1, SLOWEST_MS = 60000;
const SIGNS = { fault: "✕", heal: "✓", load: "▲", link: "!", back: "✓" };
const CIRCUIT_SIGNS = { OPEN: "○ OPEN", "HALF-OPEN": "◐", CLOSED: "● CLOSED" };
const NOTHING = "M0 0";

const round = (value) => Math.round(value * 10) / 10;

export class Timeline {
  constructor(root, name) {
    this.root = root;
    this.name = name;
    this.unknown = svg("path", { class: "unknown" }, root);
    this.axes = svg("path", { class: "axis" }, root);
    this.grid = svg("path", { class: "grid" }, root);
    this.top = this.tick("");
    this.unit = this.tick("per s");
    this.latencyTicks = [[1, this.tick("1 ms")], [1000, this.tick("1 s")]];
    this.bars = OUTCOMES.map((outcome) => svg("path", { class: `bars ${outcome}` }, root));
    this.lines = [[P50, svg("path", { class: "line p50" }, root)], [P99, svg("path", { class: "line p99" }, root)]];
    this.marks = Array.from({ length: MARKS }, () => {
      const group = svg("g", { class: "mark", visibility: "hidden" }, root);
      return { group, line: svg("path", {}, group), label: svg("text", {}, group) };
    });
    new ResizeObserver(() => this.fit()).observe(root);
    this.fit();
  }

  tick(text) {
    const tick = svg("text", { class: "tick", x: LEFT - 4 }, this.root);
    put(tick, text);
    return tick;
  }

  fit() {
    const width = this.root.clientWidth || 600, height = this.root.clientHeight || 172;
    this.right = width - MARGIN;
    this.foot = height - FOOT;
    this.latencyTop = this.foot - (height - TOP) * LATENCY_SHARE;
    this.base = this.latencyTop - GAP;
    attr(this.root, "viewBox", `0 0 ${width} ${height}`);
    attr(this.axes, "d", `M${LEFT} ${this.base}H${this.right}M${LEFT} ${this.foot}H${this.right}`);
    attr(this.grid, "d", `M${LEFT} ${this.latencyY(1000)}H${this.right}`);
    attr(this.top, "y", TOP + 6);
    attr(this.unit, "y", TOP + 18);
    for (const [ms, tick] of this.latencyTicks) attr(tick, "y", this.latencyY(ms) + 3);
  }

  draw(picture, scale) {
    const { series } = picture.gateways[this.name];
    const start = Math.floor(picture.now) - SECONDS;
    const second = (this.right - LEFT) / SECONDS;
    const x = (at) => Math.max(LEFT, Math.min(this.right, round(this.right - (picture.now - at) * second)));
    put(this.top, scale);
    this.drawBars(series, (n) => x(start + n), scale, second - 1.5);
    this.drawLines(series, (n) => x(start + n));
    this.drawUnknown(series, (n) => x(start + n));
    this.drawMarks(picture.marks.filter((mark) => mark.gateways.includes(this.name)), x);
    const { full, degraded, failed } = picture.gateways[this.name].last_60_s;
    attr(this.root, "aria-label", `${this.name}, answers of the last minute: ${full + degraded + failed}`);
  }

  drawBars(series, x, scale, width) {
    const paths = OUTCOMES.map(() => "");
    series.forEach((second, n) => {
      let base = this.base;
      OUTCOMES.forEach((_, i) => {
        const height = second ? Math.min((second[i] / scale) * (this.base - TOP), base - TOP) : 0;
        if (height > 0.2) paths[i] += `M${x(n)} ${round(base)}v${round(-height)}h${round(width)}v${round(height)}z`;
        base -= height;
      });
    });
    paths.forEach((d, i) => attr(this.bars[i], "d", d || NOTHING));
  }

  drawLines(series, x) {
    for (const [column, line] of this.lines) {
      let d = "", pen = "M";
      series.forEach((second, n) => {
        const known = second && second[column] !== null && !second[BLIND];
        if (known) d += `${pen}${x(n + 0.5)} ${round(this.latencyY(second[column]))}`;
        pen = known ? "L" : "M";
      });
      attr(line, "d", d || NOTHING);
    }
  }

  // Where the gateway was not heard for long: what it did in a single second of that is not known.
  drawUnknown(series, x) {
    const first = series.findIndex((second) => second), last = series.findLastIndex((second) => second);
    const silent = (second, n) => (second ? second[BLIND] : n > first && (n < last || last < SECONDS - 3));
    const d = series.map((second, n) => {
      const right = n === SECONDS - 1 ? this.right : x(n + 1);
      return first >= 0 && silent(second, n) ? `M${x(n)} ${TOP}H${right}V${this.foot}H${x(n)}z` : "";
    });
    attr(this.unknown, "d", d.join("") || NOTHING);
  }

  drawMarks(marks, x) {
    const taken = LANES.map(() => []);
    const last = marks.slice(-MARKS).reverse().sort((a, b) => weight(b) - weight(a)); // who chooses a lane first
    this.marks.forEach((slot, i) => {
      attr(slot.group, "visibility", last[i] ? "visible" : "hidden");
      if (last[i]) this.drawMark(slot, last[i], x(last[i].at), taken);
    });
  }

  drawMark({ group, line, label }, mark, at, taken) {
    const text = labelOf(mark), width = text.length * LETTER;
    const start = Math.min(at + 2, this.right - width), end = start + width + 3;
    const lane = taken.findIndex((labels) => labels.every(([from, to]) => end < from || start > to));
    if (lane >= 0) taken[lane].push([start, end]);
    attr(group, "class", `mark ${mark.kind}`);
    attr(line, "d", `M${at} ${lane >= 0 ? LANES[lane] - 9 : TOP}V${this.foot}`);
    attr(label, "x", round(start));
    attr(label, "y", LANES[lane] ?? TOP);
    put(label, lane >= 0 ? text : "");
  }

  latencyY(ms) {
    const share = Math.log(Math.max(ms, FASTEST_MS) / FASTEST_MS) / Math.log(SLOWEST_MS / FASTEST_MS);
    return round(this.foot - Math.min(share, 1) * (this.foot - this.latencyTop));
  }
}

// One scale for both gateways, or their bars could not be compared.
export function scaleOf(picture) {
  let most = 0;
  for (const gateway of Object.values(picture.gateways)) {
    for (const second of gateway.series) if (second) most = Math.max(most, second[0] + second[1] + second[2]);
  }
  return STEPS.find((step) => step >= most) ?? Math.ceil(most / 1000) * 1000;
}

// What was done to the shop is labelled before what came of it; of the rest, the newest first.
const weight = ({ kind }) => (kind === "fault" || kind === "heal" ? 1 : 0);

// A change of the circuit is marked with the new state; its reason is in the list of changes.
const labelOf = ({ kind, text }) => (kind === "circuit" ? CIRCUIT_SIGNS[text.split(":")[0]] : `${SIGNS[kind]} ${text}`);
