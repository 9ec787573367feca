// One stream for all tabs of a browser, which opens no more than six connections to a server: a shared worker has it.

import { connect } from "./events.js";

const channel = new BroadcastChannel("control-room");
const last = {};

connect((event) => {
  last[event.kind] = event;
  channel.postMessage(event);
});

self.onconnect = ({ ports: [port] }) => {
  for (const kind of ["facts", "picture"]) if (last[kind]) port.postMessage(last[kind]);
};
