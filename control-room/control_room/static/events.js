// The events of the control room. EventSource connects again by itself, except after an answer that is no stream.

/** @import { StreamEvent } from "../../picture.d.ts" */

const LOOK_MS = 500;
const AGAIN_MS = 3000;

/**
 * Connect to the stream, hand on its events as they come, and connect again whenever it ends.
 * @param {(event: StreamEvent) => void} deliver
 */
export function connect(deliver) {
  let source = open(deliver);
  /** @type {number | null} */
  let closedAt = null;

  function look() {
    const now = performance.now();
    if (source.readyState !== EventSource.CLOSED) closedAt = null;
    else if (closedAt === null) closedAt = now;
    else if (now - closedAt > AGAIN_MS) source = open(deliver);
  }

  setInterval(look, LOOK_MS);
}

/** @param {(event: StreamEvent) => void} deliver */
function open(deliver) {
  const source = new EventSource("/events");
  source.addEventListener("facts", ({ data }) => deliver({ kind: "facts", data }));
  source.addEventListener("full", ({ data }) => deliver({ kind: "full", data }));
  source.onmessage = ({ data }) => deliver({ kind: "picture", data });
  return source;
}
