// The page: every picture that comes is drawn whole; nothing is kept from one to the next but what is on screen.

import { Announcer } from "./announce.js";
import { rememberToken } from "./api.js";
import { Circuit } from "./circuit.js";
import { attr, byId, put, show } from "./dom.js";
import { Gateway } from "./gateway.js";
import { Levers } from "./levers.js";
import { listen } from "./stream.js";
import { scaleOf } from "./timeline.js";
import { Tour } from "./tour.js";
import { Trial } from "./trial.js";
import { drawWire } from "./wire.js";

rememberToken();
const gateways = ["v1", "v2"].map((name) => new Gateway(name));
const circuit = new Circuit();
const levers = new Levers();
const tour = new Tour(levers);
const announcer = new Announcer();
new Trial(levers);

function draw(picture) {
  const scale = scaleOf(picture);
  for (const gateway of gateways) gateway.draw(picture, scale);
  circuit.draw(picture);
  drawWire(picture);
  levers.draw(picture);
  tour.draw(picture);
  put(byId("listeners"), picture.listeners > 1 ? `${picture.listeners} browsers listen; the gateways are asked once for all of them.` : "");
  announcer.draw({ v1: gateways[0].verdict.text, v2: gateways[1].verdict.text, circuit: picture.circuit?.state ?? "unknown" });
}

const STATES = {
  live: () => ["live", ""],
  stale: (seconds) => ["no picture", `Nothing from the control room for ${seconds} s. What you see is old. Trying again by itself.`],
  full: (browsers) => ["no seat", `${browsers} browsers listen already, which is all that there is room for. This one waits until another leaves.`],
};

listen({
  onFacts: (facts) => levers.take(facts),
  onPicture: draw,
  onState: (state, detail) => {
    const [word, alarm] = STATES[state](detail);
    attr(byId("stream"), "data-state", state);
    put(byId("stream").querySelector("span"), word);
    put(byId("stale"), alarm);
    show(byId("stale"), Boolean(alarm));
    document.body.classList.toggle("old", state !== "live");
  },
});
