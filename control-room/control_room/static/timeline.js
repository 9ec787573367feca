// The last minute: answers each second, by outcome, and their latency below; what happened is marked on both.
// One path for each kind, whose shape changes: nothing is added or removed, so nothing flickers or grows.

import { attr, put, svg } from "./dom.js";

const SECONDS = 60;
const LEFT = 42, MARGIN = 4, HEIGHT = 172;
const TOP = 44, BASE = 112, LATENCY_TOP = 122, LATENCY_BASE = 164;
const OUTCOMES = ["full", "degraded", "failed"];
const LANES = [11, 24, 37];
const MARKS = 20;
const LETTER = 7.2; // the width of a letter of a label, about
const STEPS = [10, 20, 50, 100, 200, 500, 1000];
const FASTEST_MS = 1, SLOWEST_MS = 60000;
const SIGNS = { fault: "✕", heal: "✓", load: "▲", link: "!", back: "✓" };
const CIRCUIT_SIGNS = { OPEN: "○ OPEN", "HALF-OPEN": "◐", CLOSED: "● CLOSED" };

const round = (value) => Math.round(value * 10) / 10;

export class Timeline {
  constructor(root, name) {
    this.root = root;
    this.name = name;
    this.unknown = svg("path", { class: "unknown" }, root);
    this.rules = [];
    for (const y of [BASE, LATENCY_BASE]) this.rule("axis", y);
    this.top = svg("text", { class: "tick", x: LEFT - 4, y: TOP + 6 }, root);
    svg("text", { class: "tick", x: LEFT - 4, y: TOP + 18 }, root).textContent = "per s";
    for (const [ms, label] of [[1, "1 ms"], [1000, "1 s"]]) {
      svg("text", { class: "tick", x: LEFT - 4, y: latencyY(ms) + 3 }, root).textContent = label;
      this.rule("grid", round(latencyY(ms)));
    }
    this.bars = OUTCOMES.map((outcome) => svg("path", { class: `bars ${outcome}` }, root));
    this.lines = ["p50", "p99"].map((which) => svg("path", { class: `line ${which}` }, root));
    this.marks = Array.from({ length: MARKS }, () => {
      const group = svg("g", { class: "mark", visibility: "hidden" }, root);
      return { group, line: svg("path", {}, group), label: svg("text", {}, group) };
    });
    new ResizeObserver(() => this.fit()).observe(root);
    this.fit();
  }

  rule(kind, y) {
    this.rules.push({ line: svg("path", { class: kind }, this.root), y });
  }

  // One unit is one pixel, so that its text is as large on a phone.
  fit() {
    const width = this.root.clientWidth || 600;
    this.right = width - MARGIN;
    attr(this.root, "viewBox", `0 0 ${width} ${HEIGHT}`);
    for (const { line, y } of this.rules) attr(line, "d", `M${LEFT} ${y}H${this.right}`);
  }

  draw(picture, scale) {
    const { series } = picture.gateways[this.name];
    const end = Math.floor(picture.now);
    const second = (this.right - LEFT) / SECONDS;
    const x = (at) => Math.max(LEFT, Math.min(this.right, round(this.right - (picture.now - at) * second)));
    const known = series.map((second, i) => ({ second, at: end - SECONDS + i })).filter(({ second }) => second);
    put(this.top, scale);
    this.drawBars(known, x, scale, second - 1.5);
    this.drawLines(series, end, x);
    this.drawUnknown(series, end, x);
    this.drawMarks(picture.marks.filter((mark) => mark.gateways.includes(this.name)), x);
    const count = known.reduce((sum, { second }) => sum + second[0] + second[1] + second[2], 0);
    attr(this.root, "aria-label", `${this.name}, answers of the last minute: ${Math.round(count / 10) * 10}`);
  }

  drawBars(known, x, scale, width) {
    const paths = OUTCOMES.map(() => "");
    for (const { second, at } of known) {
      let base = BASE;
      OUTCOMES.forEach((_, i) => {
        const height = Math.min((second[i] / scale) * (BASE - TOP), base - TOP);
        if (height > 0.2) paths[i] += `M${x(at)} ${round(base)}v${round(-height)}h${round(width)}v${round(height)}z`;
        base -= height;
      });
    }
    paths.forEach((d, i) => attr(this.bars[i], "d", d || "M0 0"));
  }

  drawLines(series, end, x) {
    [3, 4].forEach((column, i) => {
      let d = "", pen = "M";
      series.forEach((second, n) => {
        const ms = second && second[column];
        if (ms === null || ms === undefined) { pen = "M"; return; }
        d += `${pen}${x(end - SECONDS + n + 0.5)} ${round(latencyY(ms))}`;
        pen = "L";
      });
      attr(this.lines[i], "d", d || "M0 0");
    });
  }

  drawUnknown(series, end, x) {
    const first = series.findIndex((second) => second);
    const blind = series.map((second, n) => (second ? second[5] : first >= 0 && n > first && series.length - n > 2));
    if (!blind.includes(true)) return attr(this.unknown, "d", "M0 0");
    const last = series.findLastIndex((second) => second);
    if (last < SECONDS - 3) blind.fill(true, last + 1);
    const d = blind.map((is, n) => (is ? `M${x(end - SECONDS + n)} ${TOP}H${x(end - SECONDS + n + (n === SECONDS - 1 ? 2 : 1))}V${LATENCY_BASE}H${x(end - SECONDS + n)}z` : ""));
    return attr(this.unknown, "d", d.join("") || "M0 0");
  }

  drawMarks(marks, x) {
    const free = LANES.map(() => -Infinity);
    const last = marks.slice(-MARKS);
    this.marks.forEach((slot, i) => {
      const mark = last[i];
      attr(slot.group, "visibility", mark ? "visible" : "hidden");
      if (!mark) return;
      const at = x(mark.at);
      const text = labelOf(mark);
      const width = text.length * LETTER;
      const start = Math.min(at + 2, this.right - width);
      const lane = free.findIndex((end) => end < start);
      if (lane >= 0) free[lane] = start + width + 3;
      attr(slot.group, "class", `mark ${mark.kind}`);
      attr(slot.line, "d", `M${at} ${lane >= 0 ? LANES[lane] - 9 : TOP}V${LATENCY_BASE}`);
      attr(slot.label, "x", round(start));
      attr(slot.label, "y", lane >= 0 ? LANES[lane] : TOP);
      put(slot.label, lane >= 0 ? text : "");
    });
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

function latencyY(ms) {
  const share = Math.log(Math.max(ms, FASTEST_MS) / FASTEST_MS) / Math.log(SLOWEST_MS / FASTEST_MS);
  return LATENCY_BASE - Math.min(share, 1) * (LATENCY_BASE - LATENCY_TOP);
}

// A change of the circuit is marked with the new state; its reason is in the list of changes.
const labelOf = ({ kind, text }) => (kind === "circuit" ? CIRCUIT_SIGNS[text.split(":")[0]] : `${SIGNS[kind]} ${text}`);
