// The page: every picture that comes is drawn whole; nothing is kept from one to the next but what is on screen.

/** @import { Facts, Picture } from "../../picture.d.ts" */
/** @import { StreamState } from "./stream.js" */

import { Announcer } from "./announce.js";
import { rememberToken } from "./api.js";
import { Circuit } from "./circuit.js";
import { attr, byId, find, put, show } from "./dom.js";
import { Gateway } from "./gateway.js";
import { Levers } from "./levers.js";
import { tell } from "./story.js";
import { listen } from "./stream.js";
import { scaleOf } from "./timeline.js";
import { Tour } from "./tour.js";
import { Trial } from "./trial.js";
import { drawWire } from "./wire.js";

rememberToken();
const v1 = new Gateway("v1");
const v2 = new Gateway("v2");
const circuit = new Circuit();
const levers = new Levers();
const tour = new Tour(levers);
const announcer = new Announcer();
new Trial(levers);

/** @param {Picture} picture */
function draw(picture) {
  const scale = scaleOf(picture);
  for (const gateway of [v1, v2]) gateway.draw(picture, scale);
  circuit.draw(picture);
  drawWire(picture);
  levers.draw(picture);
  tour.draw(picture);
  put(byId("listeners"), listenersText(picture.listeners));
  announcer.draw({ v1: v1.verdict.text, v2: v2.verdict.text, circuit: picture.circuit?.state ?? "unknown" });
}

/** @param {number} listeners */
function listenersText(listeners) {
  return listeners > 1 ? `${listeners} browsers listen; the gateways are asked once for all of them.` : "";
}

/**
 * The word and the alarm for each state of the stream.
 * @type {Record<StreamState, (detail: number) => { word: string, alarm: string }>}
 */
const STATES = {
  live: () => ({ word: "live", alarm: "" }),
  stale: (seconds) => ({
    word: "no picture",
    alarm: `Nothing from the control room for ${seconds} s. What you see is old. Trying again by itself.`,
  }),
  full: (browsers) => ({
    word: "no seat",
    alarm: `${browsers} browsers listen already, which is all that there is room for.` +
      " This one waits until another leaves.",
  }),
};

/**
 * @param {StreamState} state
 * @param {number} detail
 */
function drawStream(state, detail) {
  const { word, alarm } = STATES[state](detail);
  attr(byId("stream"), "data-state", state);
  put(find(byId("stream"), "span"), word);
  put(byId("stale"), alarm);
  show(byId("stale"), Boolean(alarm));
  document.body.classList.toggle("old", state !== "live");
}

/** @param {Facts} facts */
function take(facts) {
  tell(facts);
  levers.take(facts);
  tour.take(facts);
}

listen({ onFacts: take, onPicture: draw, onState: drawStream });
