// Draws the charts, and draws them again when the theme, the width or the medium changes.
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
const drawings = {};
const hiddenOutcomes = new Set();

function openCharts(devicePixelRatio) {
  for (const name of NAMES) {
    drawings[name]?.dispose();
    drawings[name] = echarts.init(document.getElementById(`chart-${name}`), null, { devicePixelRatio });
  }
}

function draw(name) {
  const chart = drawings[name];
  const option = CHARTS[name](lookNow(), chart.getWidth(), chart.getHeight());
  if (name === "requests") {
    option.legend.selected = Object.fromEntries([...hiddenOutcomes].map((outcome) => [outcome, false]));
  }
  chart.setOption(option, true);
}

const drawAll = () => NAMES.forEach(draw);

// The picture first; the others while it is being looked at.
function drawOneByOne([name, ...others]) {
  if (!name) return void performance.mark("drawn");
  draw(name);
  setTimeout(() => drawOneByOne(others));
}

function toggleOutcome(button) {
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  if (shown) hiddenOutcomes.delete(button.dataset.outcome);
  else hiddenOutcomes.add(button.dataset.outcome);
  drawings.requests.dispatchAction({ type: "legendToggleSelect", name: button.dataset.outcome });
}

function offerPhases(box) {
  for (const phase of phasesOf(GATEWAYS[0])) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), {
      type: "radio",
      name: "phase",
      value: phase,
      checked: phase === chosenPhase,
    });
    input.addEventListener("change", () => {
      chosenPhase = phase;
      draw("latency");
      draw("served");
    });
    label.append(input, IN_PHASE[phase]);
    box.append(label);
  }
}

function print(printing) {
  document.documentElement.classList.toggle("printing", printing);
  openCharts(printing ? PAPER_PIXELS : devicePixelRatio);
  drawAll();
  Object.values(drawings).forEach((chart) => chart.getZr().flush()); // paper does not wait for the next frame
}

let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return; // a phone's address bar comes and goes
  lastWidth = innerWidth;
  requestAnimationFrame(() => {
    Object.values(drawings).forEach((chart) => chart.resize());
    drawAll();
  });
});
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
document.querySelectorAll(".legend button").forEach((button) =>
  button.addEventListener("click", () => toggleOutcome(button))
);
if (FOCUS) offerPhases(document.getElementById("phase-choice"));
openCharts(devicePixelRatio);
drawOneByOne(NAMES);
