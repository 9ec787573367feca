// What stands between v1 and recommendations: nothing. So what is wrong there is wrong here. And what v2's own
// recommendations service does, where it has one.

/** @import { Picture, DependencyView } from "../../picture.d.ts" */

import { attr, byId, put, show } from "./dom.js";
import { rate, whole } from "./words.js";

/**
 * Draw the wire from v1 to recommendations.
 * @param {Picture} picture
 */
export function drawWire({ recommendations, recommendations_v2 }) {
  const { fault, link } = recommendations;
  attr(byId("wire-sick", SVGElement), "data-sick", fault !== null || link === "down" || link === "silent");
  put(byId("wire-state", SVGElement), stateText(recommendations));
  put(byId("wire-waiting", SVGElement), waitingText(recommendations));
  put(byId("wire-note"), noteText(recommendations));
  show(byId("recommendations-v2-note"), recommendations_v2 !== null);
  if (recommendations_v2) {
    put(byId("recommendations-v2-note"), `Its recommendations: ${workText(recommendations_v2)}`);
  }
}

/** @param {DependencyView} recommendations */
function noteText(recommendations) {
  if (recommendations.fault?.kind === "capacity") return workText(recommendations);
  return recommendations.fault?.kind === "hang"
    ? "Every product page takes a thread of v1 and keeps it until recommendations answer, or v1 gives up."
    : "Every product page asks for recommendations, and waits for as long as it takes.";
}

/**
 * Tell how much comes to a service that can be overloaded, how much waits, and for whom it works.
 * @param {DependencyView} service
 */
function workText({ calls_rate, queued, useless_share }) {
  const work = useless_share === null
    ? "it does no work"
    : `${Math.round(100 * useless_share)} % of its work is for callers who have left`;
  return `${rate(calls_rate)} calls/s come, ${whole(queued)} wait for a slot, ${work}.`;
}

/** @param {DependencyView} recommendations */
function stateText({ fault, link }) {
  if (fault) return fault.kind;
  return link === "answering" ? "healthy" : link;
}

/** @param {DependencyView} recommendations */
function waitingText({ waiting }) {
  if (waiting === null) return "";
  return `${waiting} ${waiting === 1 ? "call waits" : "calls wait"} in it`;
}
