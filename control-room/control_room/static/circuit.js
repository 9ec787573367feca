// The circuit of v2: three states, the current one lit. HALF-OPEN may last milliseconds, so it glows on for a while.

/** @import { CircuitView, Picture, Transition } from "../../picture.d.ts" */

import { attr, byId, find, put, svg } from "./dom.js";
import { ago, clock } from "./words.js";

const GLOW_S = 3; // how long a state that was passed through is shown to have been
const DOTS = 5; // failures that are drawn; a higher threshold is written
const DOT_STEP = 17; // units of the drawing, as all lengths below
const DOTS_CENTRE_X = 71;
const COOLDOWN_BAR = 98;
const SLOTS_DRAWN = 64;
const TRANSITIONS_LISTED = 3;

/** Draws the circuit, the failures, the bulkhead's slots and the last transitions. */
export class Circuit {
  constructor() {
    this.root = byId("circuit", SVGElement);
    this.states = [...this.root.querySelectorAll(".state")];
    this.edges = [...this.root.querySelectorAll(".edge")];
    this.halfOpen = find(this.root, '[data-state="HALF-OPEN"]', SVGElement);
    const failures = byId("failures", SVGElement);
    this.dots = Array.from({ length: DOTS }, () => svg("circle", { class: "dot", cy: 75, r: 5.5 }, failures));
    /** @type {HTMLElement[]} */
    this.slots = [];
  }

  /**
   * Draw the circuit of a picture; leave the page as it is before the first answer of v2.
   * @param {Picture} picture
   */
  draw(picture) {
    const circuit = picture.circuit;
    if (!circuit) return;
    const heard = circuit.link === "answering";
    put(byId("circuit-link"), heard ? "" : `(as it was: ${ago(circuit.heard_s_ago)})`);
    attr(this.root, "data-heard", heard);
    attr(this.root, "aria-label", `The circuit is ${circuit.state}, ${circuit.control}`);
    this.drawStates(circuit);
    this.drawEdges(circuit, picture.now);
    this.drawHalfOpen(circuit, picture.now);
    this.drawOpen(circuit);
    this.drawFailures(circuit);
    this.drawSlots(circuit);
    this.drawTransitions(circuit.transitions);
    drawProduct(circuit);
    drawFleet(circuit);
  }

  /** @param {CircuitView} circuit */
  drawStates(circuit) {
    for (const state of this.states) attr(state, "data-lit", state.getAttribute("data-state") === circuit.state);
  }

  /**
   * @param {CircuitView} circuit
   * @param {number} now
   */
  drawEdges({ transitions }, now) {
    const last = transitions.at(-1);
    const taken = last && now - last.at < GLOW_S ? `${last.from} ${last.to}` : "";
    for (const edge of this.edges) attr(edge, "data-taken", edge.getAttribute("data-edge") === taken);
  }

  /**
   * @param {CircuitView} circuit
   * @param {number} now
   */
  drawHalfOpen(circuit, now) {
    const passedMs = passedThrough(circuit, now);
    attr(this.halfOpen, "data-passed", passedMs !== null);
    put(byId("half-small", SVGElement), halfOpenText(circuit, passedMs));
  }

  /** @param {CircuitView} circuit */
  drawOpen({ state, retry_in_s, reset_timeout_s, control }) {
    const left_s = state === "OPEN" ? retry_in_s : null;
    const idle = control === "forced open" ? "forced by hand" : "calls are refused";
    put(byId("countdown", SVGElement), left_s === null ? "" : `${left_s.toFixed(1)} s`);
    put(byId("open-small", SVGElement), left_s === null ? idle : "next probe in");
    const width = left_s === null ? 0 : COOLDOWN_BAR * Math.min(1, left_s / reset_timeout_s);
    attr(byId("cooldown", SVGElement), "width", width.toFixed(1));
  }

  /** @param {CircuitView} circuit */
  drawFailures({ failure_count, fail_max, failure_rate }) {
    const drawn = failure_rate === null && fail_max <= DOTS ? fail_max : 0;
    this.dots.forEach((dot, i) => {
      attr(dot, "visibility", i < drawn ? "visible" : "hidden");
      attr(dot, "cx", DOTS_CENTRE_X + (i - (drawn - 1) / 2) * DOT_STEP);
      attr(dot, "data-on", i < failure_count);
    });
    put(byId("failure-count"), failure_count);
    const inARow = `failures in a row; ${fail_max} trip`;
    put(
      byId("failure-says"),
      failure_rate === null ? inARow : `failures in the window; ${failure_rate * 100} % trip`,
    );
  }

  /** @param {CircuitView} circuit */
  drawSlots({ taken, counts_overdue, slots, refused_by_bulkhead, calls }) {
    const root = byId("slots");
    const drawn = Math.min(slots, SLOTS_DRAWN);
    if (this.slots.length !== drawn) {
      this.slots = Array.from({ length: drawn }, () => document.createElement("i"));
      root.replaceChildren(...this.slots);
    }
    this.slots.forEach((slot, i) => attr(slot, "data-on", i < taken));
    const says = `bulkhead: ${taken} ${counts_overdue ? "overdue" : "taken"}, limit ${slots}`;
    attr(root, "aria-label", says);
    put(byId("slots-says"), says);
    put(
      byId("refused"),
      `refused: ${calls.short_circuited} by the circuit, ${refused_by_bulkhead} by the bulkhead`,
    );
  }

  /** @param {Transition[]} transitions */
  drawTransitions(transitions) {
    if (!transitions.length) return;
    const newestFirst = transitions.slice(-TRANSITIONS_LISTED).reverse();
    const key = newestFirst.map(({ at }) => at).join();
    const list = byId("transitions");
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...newestFirst.map(item));
  }
}

/**
 * Return for how many milliseconds the circuit was HALF-OPEN just now; null where it was not, or still is.
 * @param {CircuitView} circuit
 * @param {number} now
 * @returns {number | null}
 */
export function passedThrough({ state, transitions }, now) {
  const into = transitions.at(-2);
  const out = transitions.at(-1);
  if (state === "HALF-OPEN" || !out || into?.to !== "HALF-OPEN" || now - out.at > GLOW_S) return null;
  return Math.round((out.at - into.at) * 1000);
}

/**
 * @param {CircuitView} circuit
 * @param {number | null} passedMs
 */
function halfOpenText({ state }, passedMs) {
  if (passedMs !== null) return `passed in ${passedMs} ms`;
  return state === "HALF-OPEN" ? "probe under way" : "one call may try";
}

/**
 * Say how it stands with the product service's circuit.
 * @param {CircuitView} circuit
 */
function drawProduct({ product: { state, retry_in_s } }) {
  const pill = byId("product-circuit");
  put(pill, retry_in_s === null ? state : `${state}, next probe in ${retry_in_s.toFixed(1)} s`);
  attr(pill, "data-state", state);
}

/**
 * Say what the other replicas see, where v2 has any.
 * @param {CircuitView} circuit
 */
function drawFleet({ fleet }) {
  const line = byId("fleet");
  line.hidden = !fleet;
  if (!fleet) return;
  const { alone_because, others, open } = fleet;
  const replicas = others === 1 ? "1 other replica" : `${others} other replicas`;
  put(line, alone_because ? `Shares nothing: ${alone_because}` : `Shares with ${replicas}, ${open} of them OPEN`);
}

/** @param {Transition} transition */
function item({ at, to, why }) {
  const line = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: clock(at) });
  const state = Object.assign(document.createElement("b"), { textContent: to });
  state.dataset.state = to;
  line.append(time, " ", state, ` ${why}`);
  return line;
}
