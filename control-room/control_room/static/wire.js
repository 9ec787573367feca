// What stands between v1 and recommendations: nothing. So what is wrong there is wrong here.

/** @import { Picture, DependencyView } from "../../picture.d.ts" */

import { attr, byId, put } from "./dom.js";

/**
 * Draw the wire from v1 to recommendations.
 * @param {Picture} picture
 */
export function drawWire({ recommendations }) {
  const { fault, link } = recommendations;
  attr(byId("wire-sick", SVGElement), "data-sick", fault !== null || link === "down" || link === "silent");
  put(byId("wire-state", SVGElement), stateText(recommendations));
  put(byId("wire-waiting", SVGElement), waitingText(recommendations));
  put(
    byId("wire-note"),
    fault?.kind === "hang"
      ? "Every product page takes a thread of v1 and keeps it until recommendations answer, or v1 gives up."
      : "Every product page asks for recommendations, and waits for as long as it takes.",
  );
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
