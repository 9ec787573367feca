// Try it yourself: one request through each gateway, both stopwatches running, both answers arriving.

import { post } from "./api.js";
import { attr, byId, put, show } from "./dom.js";
import { latency } from "./words.js";

const TICK_MS = 100;

export class Trial {
  constructor(levers) {
    this.levers = levers;
    this.running = 0;
    byId("try").addEventListener("click", () => this.start());
  }

  start() {
    if (this.running) return;
    this.levers.preview("try", {});
    byId("try").disabled = true;
    for (const name of ["v1", "v2"]) this.send(name);
  }

  async send(name) {
    const row = byId(name).querySelector(".yours"), watch = row.querySelector(".watch"), says = row.querySelector(".yours-says");
    const started = performance.now();
    const tick = () => put(watch, `${((performance.now() - started) / 1000).toFixed(1)} s`);
    this.running += 1;
    show(row, true);
    attr(row, "data-tone", "idle");
    put(says, "is waiting for its answer");
    tick();
    const timer = setInterval(tick, TICK_MS);
    try {
      const answer = await post(`/api/try/${name}`);
      clearInterval(timer);
      put(watch, latency(answer.took_ms));
      const { tone, text } = judge(answer);
      attr(row, "data-tone", tone);
      put(says, text);
    } catch (error) {
      clearInterval(timer);
      attr(row, "data-tone", "bad");
      put(says, error.message);
    }
    this.running -= 1;
    byId("try").disabled = this.running > 0;
  }
}

function judge({ status, body }) {
  try {
    const answer = JSON.parse(body);
    if (status !== 200) return { tone: "bad", text: `failed: ${status} ${answer.error}` };
    if (answer.degraded_mode) return { tone: "degraded", text: `degraded: ${answer.product.name}, no recommendations` };
    return { tone: "good", text: `full: ${answer.product.name}, ${answer.recommendations.length} recommendations` };
  } catch {
    return status === 200 ? { tone: "good", text: "200" } : { tone: "bad", text: `failed: ${status}` };
  }
}
