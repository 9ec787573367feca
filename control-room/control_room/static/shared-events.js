// One stream for all tabs of a browser, which opens no more than six connections to a server: a shared worker has it.

/** @import { StreamEvent } from "../../picture.d.ts" */

import { connect } from "./events.js";

const channel = new BroadcastChannel("control-room");
/** @type {Map<StreamEvent["kind"], StreamEvent>} */
const last = new Map();

connect((event) => {
  last.set(event.kind, event);
  channel.postMessage(event);
});

// a tab that comes later gets what it has missed
addEventListener("connect", (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports;
  for (const missed of [last.get("facts"), last.get("picture")]) if (missed) port.postMessage(missed);
});
