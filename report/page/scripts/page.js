// Draws the charts, and draws them again when the theme, the width or the medium changes.

/** @import { Chart, MakeOption } from "../page.d.ts" */

import { blastRadiusOption, threadsOption } from "./blast_radius_charts.js";
import { callsOption } from "./calls_chart.js";
import { FOCUS, GATEWAYS, IN_PHASE, phasesOf } from "./data.js";
import { choosePhase, latencyOption, servedOption } from "./latency_charts.js";
import { lookNow } from "./look.js";
import { outcomesOption } from "./outcomes_chart.js";
import { requestsOption } from "./requests_chart.js";

/** @type {Record<string, MakeOption>} */
const CHARTS = {
  requests: requestsOption,
  outcomes: outcomesOption,
  latency: latencyOption,
  served: servedOption,
  blast_radius: blastRadiusOption,
  threads: threadsOption,
  calls: callsOption,
};
const NAMES = Object.keys(CHARTS).filter((name) => document.getElementById(`chart-${name}`)); // none without a request
const PAPER_PIXELS = 3; // for one of the screen's
/** @type {Record<string, Chart>} */
const drawings = {};
/** @type {Set<string>} */
const hiddenOutcomes = new Set();

/** @param {number} devicePixelRatio */
function openCharts(devicePixelRatio) {
  for (const name of NAMES) {
    drawings[name]?.dispose();
    const element = /** @type {HTMLElement} */ (document.getElementById(`chart-${name}`));
    drawings[name] = echarts.init(element, null, { devicePixelRatio });
  }
}

/** @param {string} name */
function draw(name) {
  const chart = drawings[name];
  const option = CHARTS[name](lookNow(), chart.getWidth(), chart.getHeight());
  if (name === "requests") {
    const selected = Object.fromEntries([...hiddenOutcomes].map((outcome) => [outcome, false]));
    option.legend = { show: false, selected };
  }
  chart.setOption(option, true);
}

function drawAll() {
  NAMES.forEach(draw);
}

/**
 * Draw the picture first, the others while it is being looked at.
 * @param {string[]} names
 */
function drawOneByOne([name, ...others]) {
  if (!name) {
    performance.mark("drawn");
    return;
  }
  draw(name);
  setTimeout(() => drawOneByOne(others));
}

/** @param {HTMLElement} button */
function toggleOutcome(button) {
  const outcome = button.dataset.outcome ?? "";
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  if (shown) hiddenOutcomes.delete(outcome);
  else hiddenOutcomes.add(outcome);
  drawings.requests.dispatchAction({ type: "legendToggleSelect", name: outcome });
}

/** Offer the phases that the latency charts can show, with the one in focus chosen. */
function offerPhases() {
  for (const phase of phasesOf(GATEWAYS[0])) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "phase", value: phase, checked: phase === FOCUS });
    input.addEventListener("change", () => {
      choosePhase(phase);
      draw("latency");
      draw("served");
    });
    label.append(input, IN_PHASE[phase]);
    document.getElementById("phase-choice")?.append(label);
  }
}

/** @param {boolean} printing */
function drawForMedium(printing) {
  document.documentElement.classList.toggle("printing", printing);
  openCharts(printing ? PAPER_PIXELS : devicePixelRatio);
  drawAll();
  Object.values(drawings).forEach((chart) => chart.getZr().flush()); // paper does not wait for the next frame
}

let lastWidth = innerWidth;

function followWidth() {
  if (innerWidth === lastWidth) return; // a phone's address bar comes and goes
  lastWidth = innerWidth;
  requestAnimationFrame(() => {
    Object.values(drawings).forEach((chart) => chart.resize());
    drawAll();
  });
}

addEventListener("resize", followWidth);
addEventListener("beforeprint", () => drawForMedium(true));
addEventListener("afterprint", () => drawForMedium(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
for (const button of document.querySelectorAll(".legend button")) {
  button.addEventListener("click", () => toggleOutcome(/** @type {HTMLElement} */ (button)));
}
if (FOCUS) offerPhases();
openCharts(devicePixelRatio);
drawOneByOne(NAMES);
