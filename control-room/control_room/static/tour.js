// The guided tour: each step says what to look at, has the lever that makes it happen, and checks that it did.

/** @import { GatewayView, LoadView, Order, Picture, Transition } from "../../picture.d.ts" */
/** @import { Levers } from "./levers.js" */

import { attr, byId, put, show } from "./dom.js";
import { HANG } from "./levers.js";

const USERS = 100; // more than v1 has threads
const STUCK = 0.9; // share of v1's threads
const NEARLY_ALL = 0.95; // share of the answers
const ENOUGH_ANSWERS = 20; // in the last seconds, to judge a gateway by

/**
 * @typedef {"healthy" | "break-it" | "watch-v1" | "watch-v2" | "heal" | "watch-probe"} StepName
 */
/**
 * A step of the tour. Its check gets the picture, and the changes of the circuit since the step `changesSince` began:
 * what a step waits for may come before the teacher has clicked on to it. Without that name, since this step began.
 * @typedef {{
 *   name: StepName,
 *   title: string,
 *   look: string,
 *   lever?: { text: string, orders: Order[] },
 *   changesSince?: StepName,
 *   check: (picture: Picture, changes: Transition[]) => boolean,
 *   wanted: string,
 *   happened: string,
 * }} Step
 */

/** @type {Step[]} */
const STEPS = [
  {
    name: "healthy",
    title: "Healthy",
    look: "Two gateways in front of the same shop, under the same load. Both circles are green, both answer within " +
      "milliseconds, hardly a thread is busy. The circuit of v2 is CLOSED: its calls pass.",
    lever: {
      text: "Start 100 users for each",
      orders: [{ action: "heal", body: {} }, { action: "load", body: { gateway: "both", users: USERS } }],
    },
    check: ({ circuit, recommendations, gateways, loads }) =>
      circuit?.state === "CLOSED" && !recommendations.fault &&
      servesInFull(gateways.v1, loads.v1) && servesInFull(gateways.v2, loads.v2),
    wanted: "both answer, in full",
    happened: "Both gateways answer every request in full.",
  },
  {
    name: "break-it",
    title: "Break it",
    look: "Recommendations hang: a call to them gets nothing for 30 seconds. Nobody needs them to sell a product. " +
      "Watch the red mark on both time axes, and then the threads of v1.",
    lever: {
      text: "Let recommendations hang",
      orders: [HANG],
    },
    check: ({ recommendations }) => recommendations.fault?.kind === "hang",
    wanted: "recommendations hang",
    happened: "Recommendations hang.",
  },
  {
    name: "watch-v1",
    title: "Watch v1 die",
    look: "Each product page takes a thread of v1 and keeps it. When the last thread is taken, nobody is served: " +
      "no catalogue page, which needs no recommendations, and not even our question how it is.",
    check: ({ gateways: { v1 } }) => v1.link === "silent" || isStuck(v1),
    wanted: "v1 has no thread left, or does not answer",
    happened: "v1 is stuck: all its threads wait for a service that nobody needs.",
  },
  {
    name: "watch-v2",
    title: "Watch v2 trip",
    look:
      "Three calls were slow, and the circuit of v2 opened: it no longer asks. The users get their pages at once, " +
      "without recommendations (amber; green are the catalogue pages, which need none). When the cooldown is over, " +
      "one probe tries, in HALF-OPEN; it fails, and the circuit opens again.",
    changesSince: "break-it",
    check: ({ gateways: { v2 } }, changes) =>
      changes.some(({ to }) => to === "OPEN") && v2.recent.degraded > 0 && v2.recent.failed === 0,
    wanted: "the circuit opens, and v2 serves on",
    happened: "The circuit opened. v2 serves every page, without recommendations.",
  },
  {
    name: "heal",
    title: "Heal",
    look: "Recommendations are well again. v1 does not know: its threads still wait for the answers to old calls. " +
      "v2 does not know either, until its next probe: watch the countdown in OPEN.",
    lever: { text: "Heal recommendations", orders: [{ action: "heal", body: {} }] },
    check: ({ recommendations }) => recommendations.known && !recommendations.fault,
    wanted: "no fault is left",
    happened: "Recommendations are healthy.",
  },
  {
    name: "watch-probe",
    title: "Watch the probe",
    look: "The countdown ends, one call tries, and it succeeds: HALF-OPEN lasts only milliseconds, so it glows on. " +
      "The circuit closes and v2 is green again, by itself. v1 comes back when the last of its stuck calls has run " +
      "out.",
    changesSince: "heal",
    check: ({ circuit, gateways: { v2 } }, changes) =>
      circuit?.state === "CLOSED" && changes.some(({ to }) => to === "HALF-OPEN") &&
      changes.at(-1)?.to === "CLOSED" && v2.recent.full > 0,
    wanted: "a probe succeeds, and the circuit closes",
    happened: "The probe succeeded: the circuit is CLOSED, and v2 serves in full.",
  },
];

/** The tour's bar at the top of the page. */
export class Tour {
  /** @param {Levers} levers */
  constructor(levers) {
    this.levers = levers;
    /** @type {Step | null} */
    this.step = null;
    this.now = 0;
    /** @type {Map<StepName, number>} when each step began */
    this.begun = new Map();
    /** @type {Set<StepName>} */
    this.done = new Set();
    this.dots = STEPS.map(({ title }) => Object.assign(document.createElement("li"), { textContent: title }));
    byId("tour-dots").append(...this.dots);
    byId("tour-open").addEventListener("click", () => this.begin());
    byId("tour-close").addEventListener("click", () => this.end());
    byId("tour-back").addEventListener("click", () => this.move(-1));
    byId("tour-next").addEventListener("click", () => this.move(1));
    byId("tour-do").addEventListener("click", () => this.pullLever());
  }

  /** Start from the first step. */
  begin() {
    this.begun.clear();
    this.done.clear();
    show(byId("tour"), true);
    document.body.classList.add("touring");
    this.go(STEPS[0]);
  }

  /** Leave the tour. */
  end() {
    this.step = null;
    show(byId("tour"), false);
    document.body.classList.remove("touring");
    byId("tour-open").focus();
  }

  /**
   * Go on, or back; the step after the last is the end.
   * @param {1 | -1} by
   */
  move(by) {
    if (!this.step) return;
    const next = STEPS[STEPS.indexOf(this.step) + by];
    if (next) this.go(next);
    else this.end();
  }

  /** @param {Step} step */
  go(step) {
    this.step = step;
    this.begun.set(step.name, this.now);
    this.done.delete(step.name);
    const { title, look, lever } = step;
    attr(byId("tour"), "data-step", step.name);
    put(byId("tour-title"), `${STEPS.indexOf(step) + 1} of ${STEPS.length}: ${title}`);
    put(byId("tour-look"), look);
    show(byId("tour-do"), Boolean(lever));
    if (lever) put(byId("tour-do"), lever.text);
    byId("tour-back", HTMLButtonElement).disabled = step === STEPS[0];
    put(byId("tour-next"), step === STEPS.at(-1) ? "Finish" : "Next");
    byId("tour-title").focus({ preventScroll: true });
    this.drawProgress(step);
  }

  /** Do what the button of the step says, one order after the other. */
  async pullLever() {
    if (!this.step) return;
    this.begun.set(this.step.name, this.now);
    for (const order of this.step.lever?.orders ?? []) await this.levers.pull(order);
  }

  /**
   * Check whether the step has happened.
   * @param {Picture} picture
   */
  draw(picture) {
    this.now = picture.now;
    const step = this.step;
    if (!step || this.done.has(step.name)) return;
    const since = this.begun.get(step.changesSince ?? step.name) ?? picture.now;
    const changes = (picture.circuit?.transitions ?? []).filter(({ at }) => at >= since);
    if (!step.check(picture, changes)) return;
    this.done.add(step.name);
    this.drawProgress(step);
  }

  /** @param {Step} step */
  drawProgress(step) {
    const done = this.done.has(step.name);
    put(byId("tour-check"), done ? `✓ ${step.happened}` : `Not yet: ${step.wanted}`);
    attr(byId("tour-check"), "data-done", done);
    byId("tour-next").classList.toggle("main", done);
    byId("tour-do").classList.toggle("main", !done);
    this.dots.forEach((dot, i) => {
      attr(dot, "data-done", this.done.has(STEPS[i].name));
      attr(dot, "aria-current", STEPS[i] === step ? "step" : "false");
    });
  }
}

/**
 * @param {GatewayView} gateway
 * @param {LoadView} load
 */
function servesInFull({ link, recent }, { users }) {
  const answers = recent.full + recent.degraded + recent.failed;
  return users !== null && users >= USERS && link === "answering" &&
    answers > ENOUGH_ANSWERS && recent.full > NEARLY_ALL * answers;
}

/** @param {GatewayView} gateway */
function isStuck({ threads, busy }) {
  return threads !== null && busy !== null && busy >= STUCK * threads;
}
