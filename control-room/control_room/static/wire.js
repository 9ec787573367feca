// What stands between v1 and recommendations: nothing. So what is wrong there is wrong here.

import { attr, byId, put } from "./dom.js";

export function drawWire(picture) {
  const sick = picture.recommendations, waiting = sick.waiting;
  attr(byId("wire-sick"), "data-sick", sick.fault !== null || sick.link === "down" || sick.link === "silent");
  put(byId("wire-state"), sick.fault ? sick.fault.kind : sick.link === "answering" ? "healthy" : sick.link);
  put(byId("wire-waiting"), waiting === null ? "" : `${waiting} ${waiting === 1 ? "call waits" : "calls wait"} in it`);
  put(byId("wire-note"), sick.fault?.kind === "hang"
    ? "Every product page takes a thread of v1 and keeps it until recommendations answer, or v1 gives up."
    : "Every product page asks for recommendations, and waits for as long as it takes.");
}
