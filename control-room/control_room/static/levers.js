// The levers: what they are set to, what they do, and the line that does the same by hand.

/** @import { CircuitMode, CircuitView, Facts, Order, Picture } from "../../picture.d.ts" */
/** @import { DependencyView, GatewayName, Tone } from "../../picture.d.ts" */

import { post } from "./api.js";
import { curlOf } from "./curl.js";
import { attr, byId, find, put, show } from "./dom.js";
import { faultChosen, offerFaults } from "./faults.js";

/** @type {Record<CircuitMode, CircuitView["control"]>} */
const CONTROLS = { open: "forced open", closed: "forced closed", automatic: "automatic" };

/**
 * The fault of the story.
 * @type {Order}
 */
export const HANG = { action: "fault", service: "recommendations", body: { kind: "hang", delay_s: 30, rate: 1 } };

/** The forms and buttons that change the shop. */
export class Levers {
  constructor() {
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Order} */
    this.previewed = HANG;
    /** @type {Map<CircuitMode, HTMLButtonElement>} */
    this.modes = new Map();
    this.listen();
  }

  listen() {
    byId("fault").addEventListener("input", () => this.preview(faultChosen()));
    byId("load").addEventListener("input", () => this.previewLoad());
    this.on(byId("fault"), "submit", faultChosen);
    this.on(byId("heal"), "click", () => ({ action: "heal", body: {} }));
    this.on(byId("load"), "submit", loadChosen);
    for (const mode of /** @type {CircuitMode[]} */ (Object.keys(CONTROLS))) {
      const button = find(document, `[data-mode=${mode}]`, HTMLButtonElement);
      this.modes.set(mode, button);
      this.on(button, "click", () => ({ action: "circuit", body: { mode } }));
    }
    byId("copy").addEventListener("click", () => this.copy());
  }

  /**
   * Pull a lever on an event; `chosen` tells, at that moment, what it is set to.
   * @param {HTMLElement} element
   * @param {string} event
   * @param {() => Order} chosen
   */
  on(element, event, chosen) {
    element.addEventListener(event, (happened) => {
      happened.preventDefault();
      this.pull(chosen());
    });
  }

  /**
   * Do what an order says, and tell whether it was done.
   * @param {Order} order
   */
  async pull(order) {
    this.preview(order);
    try {
      await post(`/api/${order.action}${order.action === "fault" ? `/${order.service}` : ""}`, order.body);
      this.say(`${order.action}: done`, "good");
    } catch (error) {
      this.say(`${order.action}: ${error instanceof Error ? error.message : error}`, "bad");
    }
  }

  /**
   * @param {string} text
   * @param {Tone} tone
   */
  say(text, tone) {
    put(byId("said"), text);
    attr(byId("said"), "data-tone", tone);
  }

  /**
   * Take what the control room is set to.
   * @param {Facts} facts
   */
  take(facts) {
    this.facts = facts;
    offerFaults(facts.faults);
    show(byId("token-row"), facts.needs_token);
    show(byId("no-operator"), !facts.can_force);
    for (const button of this.modes.values()) button.disabled = !facts.can_force;
    this.preview(this.previewed);
  }

  /**
   * Show the line that does what an order does.
   * @param {Order} order
   */
  preview(order) {
    this.previewed = order;
    if (this.facts) put(byId("curl"), curlOf(order, this.facts));
  }

  previewLoad() {
    put(byId("load-value"), byId("load-users", HTMLInputElement).value);
    this.preview(loadChosen());
  }

  async copy() {
    const line = byId("curl");
    try {
      await navigator.clipboard.writeText(line.textContent);
      this.say("copied", "good");
    } catch { // not allowed: the user copies what is selected
      getSelection()?.selectAllChildren(line);
      this.say("selected: press Ctrl-C", "good");
    }
  }

  /**
   * Draw what the levers are at, whoever pulled them.
   * @param {Picture} picture
   */
  draw({ recommendations, product, circuit }) {
    drawHealth("sick", recommendations);
    drawHealth("product-sick", product);
    for (const [mode, button] of this.modes) attr(button, "aria-pressed", circuit?.control === CONTROLS[mode]);
  }
}

/** @returns {Order} */
function loadChosen() {
  const gateway = /** @type {GatewayName | "both"} */ (byId("load-gateway", HTMLSelectElement).value);
  return { action: "load", body: { gateway, users: Number(byId("load-users", HTMLInputElement).value) } };
}

/**
 * @param {string} id
 * @param {DependencyView} service
 */
function drawHealth(id, service) {
  const { tone, text } = healthOf(service);
  put(byId(id), text);
  attr(byId(id), "data-tone", tone);
}

/**
 * @param {DependencyView} service
 * @returns {{ tone: Tone, text: string }}
 */
function healthOf({ link, known, fault, says }) {
  if (link === "down" || link === "silent") return { tone: "bad", text: "not answering" };
  if (!known) return { tone: "idle", text: "not heard yet" };
  return { tone: fault ? "bad" : "good", text: says || "healthy" };
}
