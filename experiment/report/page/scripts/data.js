// What the page was given: the report, and every request as packed numbers.
const { report, points, outcomes: OUTCOMES, routes: ROUTES, phases: PHASES, in_phase: IN_PHASE, focus: FOCUS } = JSON
  .parse(
    document.getElementById("data").textContent,
  );
const GATEWAYS = Object.keys(report.gateways);
const END_S = report.timeline.end_s;
const GOOD_MS = report.experiment.good_within_s * 1000;
const PRODUCT_PAGES = 0; // the first of ROUTES

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const REQUESTS = Object.fromEntries(
  Object.entries(points).map(([gateway, packed]) => [
    gateway,
    {
      intended_s: new Float32Array(bytesOf(packed.intended_s).buffer),
      latency_ms: new Float32Array(bytesOf(packed.latency_ms).buffer), // NaN: no answer
      outcome: bytesOf(packed.outcome),
      route: bytesOf(packed.route),
      phase: bytesOf(packed.phase),
      request_id: packed.request_id, // null in a large run
    },
  ]),
);

const shortName = (gateway) => gateway.replace("api-gateway-", "");
const phasesOf = (gateway) => PHASES.filter((phase) => phase in report.gateways[gateway].phases);

// The indexes of a gateway's product pages that were scheduled in a phase.
function pagesIn(gateway, phase) {
  const { phase: codes, route } = REQUESTS[gateway];
  const code = PHASES.indexOf(phase);
  const found = [];
  for (let i = 0; i < route.length; i++) {
    if (route[i] === PRODUCT_PAGES && codes[i] === code) found.push(i);
  }
  return found;
}
