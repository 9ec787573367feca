// The guided tour: each step says what to look at, has the lever that makes it happen, and checks that it did.

/** @import { Facts, Picture, Step } from "../../picture.d.ts" */
/** @import { Levers } from "./levers.js" */

import { attr, byId, put, show } from "./dom.js";
import { HANG_STEPS } from "./tour-hang.js";
import { STORM_STEPS } from "./tour-storm.js";

/** @type {Record<Facts["story"], Step[]>} */
const STEPS = { hang: HANG_STEPS, storm: STORM_STEPS };

/** The tour's bar at the top of the page. */
export class Tour {
  /** @param {Levers} levers */
  constructor(levers) {
    this.levers = levers;
    /** @type {Step[]} */
    this.steps = [];
    /** @type {HTMLLIElement[]} */
    this.dots = [];
    /** @type {Step | null} */
    this.step = null;
    this.now = 0;
    /** @type {Map<string, number>} when each step began */
    this.begun = new Map();
    /** @type {Set<string>} */
    this.done = new Set();
    byId("tour-open").addEventListener("click", () => this.begin());
    byId("tour-close").addEventListener("click", () => this.end());
    byId("tour-back").addEventListener("click", () => this.move(-1));
    byId("tour-next").addEventListener("click", () => this.move(1));
    byId("tour-do").addEventListener("click", () => this.pullLever());
  }

  /**
   * Take what is told; once is enough.
   * @param {Facts} facts
   */
  take({ story }) {
    if (this.steps.length) return;
    this.steps = STEPS[story];
    this.dots = this.steps.map(({ title }) => Object.assign(document.createElement("li"), { textContent: title }));
    byId("tour-dots").append(...this.dots);
    byId("tour-open", HTMLButtonElement).disabled = false;
  }

  /** Start from the first step. */
  begin() {
    this.begun.clear();
    this.done.clear();
    show(byId("tour"), true);
    document.body.classList.add("touring");
    this.go(this.steps[0]);
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
    const next = this.steps[this.steps.indexOf(this.step) + by];
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
    put(byId("tour-title"), `${this.steps.indexOf(step) + 1} of ${this.steps.length}: ${title}`);
    put(byId("tour-look"), look);
    show(byId("tour-do"), Boolean(lever));
    if (lever) put(byId("tour-do"), lever.text);
    byId("tour-back", HTMLButtonElement).disabled = step === this.steps[0];
    put(byId("tour-next"), step === this.steps.at(-1) ? "Finish" : "Next");
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
      attr(dot, "data-done", this.done.has(this.steps[i].name));
      attr(dot, "aria-current", this.steps[i] === step ? "step" : "false");
    });
  }
}
