// The events of the control room. EventSource connects again by itself, except after an answer that is no stream.

const LOOK_MS = 500;
const AGAIN_MS = 3000;

// Hands on `{ kind, data }`: facts, picture or full, as they come.
export function connect(deliver) {
  let source = null;
  let closedAt = null;

  function open() {
    source = new EventSource("/events");
    for (const kind of ["facts", "full"]) source.addEventListener(kind, ({ data }) => deliver({ kind, data }));
    source.onmessage = ({ data }) => deliver({ kind: "picture", data });
  }

  function look() {
    const now = performance.now();
    if (source.readyState !== EventSource.CLOSED) closedAt = null;
    else if (closedAt === null) closedAt = now;
    else if (now - closedAt > AGAIN_MS) open();
  }

  open();
  setInterval(look, LOOK_MS);
}
