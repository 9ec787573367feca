// What the control room says, and whether it still does.

/** @import { Facts, Picture, StreamEvent } from "../../picture.d.ts" */

import { connect } from "./events.js";

const STALE_MS = 2000;
const LOOK_MS = 250;

/**
 * The states of the stream. `stale` comes with the seconds since the last picture, `full` with the number of browsers
 * that listen.
 * @typedef {"live" | "stale" | "full"} StreamState
 */

/**
 * Listen to the control room for as long as the page is open.
 * @param {{
 *   onFacts: (facts: Facts) => void,
 *   onPicture: (picture: Picture) => void,
 *   onState: (state: StreamState, detail: number) => void,
 * }} listener
 */
export function listen({ onFacts, onPicture, onState }) {
  let heardAt = 0;
  /** @type {StreamState | "waiting"} */
  let state = "waiting";

  /**
   * @param {StreamState} next
   * @param {number} detail
   */
  function become(next, detail = 0) {
    if (next === state && next === "live") return;
    state = next;
    onState(next, detail);
  }

  /** @param {StreamEvent} event */
  function deliver({ kind, data }) {
    if (kind === "facts") return onFacts(JSON.parse(data));
    if (kind === "full") return become("full", Number(data));
    heardAt = performance.now();
    onPicture(JSON.parse(data));
    return become("live");
  }

  function look() {
    const silentMs = performance.now() - heardAt;
    if ((state === "live" && silentMs > STALE_MS) || state === "stale") become("stale", Math.round(silentMs / 1000));
  }

  share(deliver);
  setInterval(look, LOOK_MS);
}

/**
 * Take the events from the worker that all tabs share, or from a stream of our own where there are no such workers.
 * @param {(event: StreamEvent) => void} deliver
 */
function share(deliver) {
  if (!("SharedWorker" in globalThis)) {
    connect(deliver);
    return;
  }
  new BroadcastChannel("control-room").onmessage = ({ data }) => deliver(data);
  const worker = new SharedWorker("/static/shared-events.js", { type: "module", name: "events" });
  worker.port.onmessage = ({ data }) => deliver(data);
  worker.onerror = () => connect(deliver);
}
