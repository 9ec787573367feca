// The circuit of v2: three states, the current one lit. HALF-OPEN may last milliseconds, so it glows on for a while.

import { attr, byId, put, svg } from "./dom.js";
import { ago, clock } from "./words.js";

const GLOW_S = 3; // how long a state that was passed through is shown to have been
const DOTS = 5; // failures that are drawn; a higher threshold is written
const BAR = 98; // the length of the cooldown's bar

export class Circuit {
  constructor() {
    this.root = byId("circuit");
    this.states = [...this.root.querySelectorAll(".state")];
    this.edges = [...this.root.querySelectorAll(".edge")];
    this.dots = Array.from({ length: DOTS }, () => svg("circle", { class: "dot", cy: 82, r: 5.5 }, byId("failures")));
    this.slots = [];
  }

  draw(picture) {
    const circuit = picture.circuit;
    if (!circuit) return;
    const heard = circuit.link === "answering";
    put(byId("circuit-link"), heard ? "" : `(as it was: ${ago(circuit.heard_s_ago)})`);
    attr(this.root, "data-heard", heard);
    this.drawStates(circuit, picture.now);
    this.drawOpen(circuit);
    this.drawFailures(circuit);
    this.drawSlots(circuit);
    this.drawTransitions(circuit.transitions);
  }

  drawStates(circuit, now) {
    for (const state of this.states) attr(state, "data-lit", state.dataset.state === circuit.state);
    const last = circuit.transitions.at(-1);
    const fresh = last && now - last.at < GLOW_S ? `${last.from} ${last.to}` : "";
    for (const edge of this.edges) attr(edge, "data-taken", edge.dataset.edge === fresh);
    const passed = passedThrough(circuit, now);
    attr(this.states[2], "data-passed", passed !== null);
    put(byId("half-small"), passed === null ? (circuit.state === "HALF-OPEN" ? "probe under way" : "one call may try") : `passed in ${passed} ms`);
    attr(this.root, "aria-label", `The circuit is ${circuit.state}, ${circuit.control}`);
  }

  drawOpen({ state, retry_in_s: left, reset_timeout_s: cooldown, control }) {
    const counts = state === "OPEN" && left !== null;
    put(byId("countdown"), counts ? `${left.toFixed(1)} s` : "");
    put(byId("open-small"), counts ? "next probe in" : control === "forced open" ? "forced by hand" : "calls are refused");
    attr(byId("cooldown"), "width", counts ? (BAR * Math.min(1, left / cooldown)).toFixed(1) : 0);
  }

  drawFailures({ failure_count: count, fail_max: max, failure_rate: byRate }) {
    const drawn = byRate === null && max <= DOTS ? max : 0;
    this.dots.forEach((dot, i) => {
      attr(dot, "visibility", i < drawn ? "visible" : "hidden");
      attr(dot, "cx", 71 + (i - (drawn - 1) / 2) * 17);
      attr(dot, "data-on", i < count);
    });
    put(byId("failure-count"), count);
    put(byId("failure-says"), byRate === null ? `failures in a row; ${max} trip` : `failures in the window; ${byRate * 100} % trip`);
  }

  drawSlots({ in_flight: used, slots, refused_by_bulkhead: refused, calls }) {
    const root = byId("slots"), drawn = Math.min(slots, 64);
    if (this.slots.length !== drawn) {
      this.slots = Array.from({ length: drawn }, () => document.createElement("i"));
      root.replaceChildren(...this.slots);
    }
    this.slots.forEach((slot, i) => attr(slot, "data-on", i < used));
    attr(root, "aria-label", `bulkhead: ${used} of ${slots} slots taken`);
    put(byId("slots-says"), `bulkhead: ${used} of ${slots} slots`);
    put(byId("refused"), `refused: ${calls.short_circuited} by the circuit, ${refused} by the bulkhead`);
  }

  drawTransitions(transitions) {
    if (!transitions.length) return;
    const lines = transitions.slice(-3).reverse();
    const key = lines.map((t) => t.at).join();
    const list = byId("transitions");
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...lines.map(item));
  }
}

export function passedThrough({ state, transitions }, now) {
  const into = transitions.at(-2), out = transitions.at(-1);
  if (state === "HALF-OPEN" || !into || into.to !== "HALF-OPEN" || now - out.at > GLOW_S) return null;
  return Math.round((out.at - into.at) * 1000);
}

function item({ at, to, why }) {
  const line = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: clock(at) });
  const state = Object.assign(document.createElement("b"), { textContent: to });
  state.dataset.state = to;
  line.append(time, " ", state, ` ${why}`);
  return line;
}
