// Begins with what the address says, shows it, and writes into the address what is chosen.

/** @import { Choose, State } from "../page.d.ts" */

import { connectChosen, showChosen } from "./chosen.js";
import { DATA } from "./data.js";
import { connectPicture, showPicture } from "./picture.js";
import { connectPoints, showPoints } from "./points.js";
import { connectSliders, showSliders } from "./sliders.js";
import { firstState, fragmentOf, stateOf } from "./state.js";

let current = stateFromAddress();

/** @type {Choose} */
function choose(change, isFinal = true) {
  const point = change.point ?? current.point;
  const at = point === current.point ? current.at : DATA.points[point].at;
  current = { ...current, at, ...change };
  show();
  if (isFinal && fragmentOf(DATA, current) !== location.hash) history.pushState(null, "", fragmentOf(DATA, current));
}

function show() {
  for (const part of [showPicture, showPoints, showChosen, showSliders]) part(current);
}

/** @returns {State} */
function stateFromAddress() {
  return stateOf(DATA, location.hash) ?? firstState(DATA);
}

for (const connect of [connectPicture, connectPoints, connectChosen, connectSliders]) connect(choose);
for (const live of document.querySelectorAll(".live")) /** @type {HTMLElement} */ (live).hidden = false;
addEventListener("hashchange", () => {
  current = stateFromAddress();
  show();
});
show();
