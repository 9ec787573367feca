// Try it yourself: one request through each gateway, both stopwatches running, both answers arriving.

/** @import { GatewayName, Tone, TrialAnswer } from "../../picture.d.ts" */
/** @import { Levers } from "./levers.js" */

import { post } from "./api.js";
import { attr, byId, find, put, show } from "./dom.js";
import { latency } from "./words.js";

const TICK_MS = 100;

/** The button that sends a request to both gateways, and the line in each panel that tells what became of it. */
export class Trial {
  /** @param {Levers} levers */
  constructor(levers) {
    this.levers = levers;
    this.button = byId("try", HTMLButtonElement);
    this.button.addEventListener("click", () => this.start());
  }

  /** Send a request to both gateways; the button waits until both have answered. */
  async start() {
    this.levers.preview({ action: "try", body: {} });
    this.button.disabled = true;
    await Promise.all([send("v1"), send("v2")]);
    this.button.disabled = false;
  }
}

/** @param {GatewayName} name */
async function send(name) {
  const row = find(byId(name), ".yours");
  const stopwatch = find(row, ".watch");
  const startedAt = performance.now();
  const tick = () => put(stopwatch, `${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  show(row, true);
  say(row, "idle", "is waiting for its answer");
  tick();
  const timer = setInterval(tick, TICK_MS);
  try {
    /** @type {TrialAnswer} */
    const answer = await post(`/api/try/${name}`);
    clearInterval(timer);
    put(stopwatch, latency(answer.took_ms));
    say(row, ...judge(answer));
  } catch (error) {
    clearInterval(timer);
    say(row, "bad", error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {Element} row
 * @param {Tone} tone
 * @param {string} text
 */
function say(row, tone, text) {
  attr(row, "data-tone", tone);
  put(find(row, ".yours-says"), text);
}

/**
 * @param {TrialAnswer} answer
 * @returns {[Tone, string]}
 */
function judge({ status, body }) {
  try {
    const answer = JSON.parse(body);
    if (status !== 200) return ["bad", `failed: ${status} ${answer.error}`];
    if (answer.degraded_mode) return ["degraded", `degraded: ${answer.product.name}, no recommendations`];
    return ["good", `full: ${answer.product.name}, ${answer.recommendations.length} recommendations`];
  } catch { // a body that was cut, or is no JSON
    return status === 200 ? ["good", "200"] : ["bad", `failed: ${status}`];
  }
}
