// What the control room says, and whether it still does.

import { connect } from "./events.js";

const STALE_MS = 2000;
const LOOK_MS = 250;

export function listen({ onFacts, onPicture, onState }) {
  let heard = null;
  let state = "waiting";

  function become(next, detail) {
    if (next === state && next === "live") return;
    state = next;
    onState(next, detail);
  }

  function deliver({ kind, data }) {
    if (kind === "facts") return onFacts(JSON.parse(data));
    if (kind === "full") return become("full", Number(data));
    heard = performance.now();
    onPicture(JSON.parse(data));
    return become("live");
  }

  function look() {
    const silentMs = performance.now() - heard;
    if ((state === "live" && silentMs > STALE_MS) || state === "stale") become("stale", Math.round(silentMs / 1000));
  }

  share(deliver);
  setInterval(look, LOOK_MS);
}

function share(deliver) {
  if (!window.SharedWorker) return connect(deliver);
  new BroadcastChannel("control-room").onmessage = ({ data }) => deliver(data);
  const worker = new SharedWorker("/static/shared-events.js", { type: "module", name: "events" });
  worker.port.onmessage = ({ data }) => deliver(data);
  worker.onerror = () => connect(deliver);
  return worker;
}
