// The events of the control room. EventSource connects again by itself, except after an answer that is no stream.

const STALE_MS = 2000;
const LOOK_MS = 250;
const AGAIN_MS = 3000;

export function listen({ onFacts, onPicture, onState }) {
  let source = null;
  let heard = null;
  let state = "waiting";
  let closedAt = null;

  function become(next, detail) {
    if (next === state && next === "live") return;
    state = next;
    onState(next, detail);
  }

  function connect() {
    source = new EventSource("/events");
    source.addEventListener("facts", (event) => onFacts(JSON.parse(event.data)));
    source.addEventListener("full", (event) => become("full", Number(event.data)));
    source.onmessage = (event) => {
      heard = performance.now();
      onPicture(JSON.parse(event.data));
      become("live");
    };
  }

  function look() {
    const now = performance.now();
    if (state === "live" && now - heard > STALE_MS) become("stale", 0);
    if (state === "stale") onState("stale", Math.round((now - heard) / 1000));
    if (source.readyState !== EventSource.CLOSED) closedAt = null;
    else if (closedAt === null) closedAt = now;
    else if (now - closedAt > AGAIN_MS) connect();
  }

  connect();
  setInterval(look, LOOK_MS);
}
