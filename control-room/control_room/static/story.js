// What the page says in the story of the storm; in index.html it tells that of the hang.

/** @import { Facts } from "../../picture.d.ts" */

import { byId, put } from "./dom.js";

/** @type {Record<string, string>} the text of elements by their id */
const STORM = {
  "story-title": "The cause has gone. Does the shop come back?",
  "v1-kind": "retries three times",
  "v1-path": "Between it and recommendations: no switch",
  "wire-does": "tries 4 times",
};

/**
 * Tell the story that the shop is set up for.
 * @param {Facts} facts
 */
export function tell({ story }) {
  if (story !== "storm") return;
  for (const [id, text] of Object.entries(STORM)) put(byId(id, Element), text);
}
