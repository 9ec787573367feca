// What the page was given: the report, and every request as packed numbers.

/** @import { PackedRequests, PageData, PhaseName, Requests } from "../page.d.ts" */

/** @type {PageData} */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "");

export const {
  report,
  outcomes: OUTCOMES,
  routes: ROUTES,
  phases: PHASES,
  in_phase: IN_PHASE,
  focus: FOCUS,
} = data;
export const GATEWAYS = Object.keys(report.gateways);
export const END_S = report.timeline.end_s;
export const GOOD_MS = report.experiment.good_within_s * 1000;
const PRODUCT_PAGES = 0; // the first of ROUTES

export const REQUESTS = Object.fromEntries(GATEWAYS.map((gateway) => [gateway, unpacked(data.points[gateway])]));

/**
 * @param {PackedRequests} packed
 * @returns {Requests}
 */
function unpacked(packed) {
  return {
    intended_s: new Float32Array(bytesOf(packed.intended_s).buffer),
    latency_ms: new Float32Array(bytesOf(packed.latency_ms).buffer),
    outcome: bytesOf(packed.outcome),
    route: bytesOf(packed.route),
    phase: bytesOf(packed.phase),
    request_id: packed.request_id,
  };
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Return the short name of a gateway: v1 or v2.
 * @param {string} gateway
 */
export function shortName(gateway) {
  return /** @type {"v1" | "v2"} */ (gateway.replace("api-gateway-", ""));
}

/**
 * Return the phases that a gateway went through, in their order.
 * @param {string} gateway
 */
export function phasesOf(gateway) {
  return PHASES.filter((phase) => phase in report.gateways[gateway].phases);
}

/**
 * Return the indexes of a gateway's product pages that were scheduled in a phase.
 * @param {string} gateway
 * @param {PhaseName} phase
 */
export function pagesIn(gateway, phase) {
  const { phase: codes, route } = REQUESTS[gateway];
  const code = PHASES.indexOf(phase);
  /** @type {number[]} */
  const found = [];
  for (let i = 0; i < route.length; i++) {
    if (route[i] === PRODUCT_PAGES && codes[i] === code) found.push(i);
  }
  return found;
}
