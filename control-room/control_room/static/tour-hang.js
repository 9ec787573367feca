// The tour of the default story: one service hangs.

/** @import { GatewayView, Step } from "../../picture.d.ts" */

import { HANG } from "./levers.js";
import { servesInFull, USERS } from "./tour-checks.js";

const STUCK = 0.9; // share of v1's threads

/** @type {Step[]} */
export const HANG_STEPS = [
  {
    name: "healthy",
    title: "Healthy",
    look: "Two gateways in front of the same shop, under the same load. Both circles are green, both answer within " +
      "milliseconds, hardly a thread is busy. The circuit of v2 is CLOSED: its calls pass.",
    lever: {
      text: "Start 100 users for each",
      orders: [{ action: "heal", body: {} }, { action: "load", body: { gateway: "both", users: USERS } }],
    },
    check: ({ circuit, recommendations, gateways, loads }) =>
      circuit?.state === "CLOSED" && !recommendations.fault &&
      servesInFull(gateways.v1, loads.v1) && servesInFull(gateways.v2, loads.v2),
    wanted: "both answer, in full",
    happened: "Both gateways answer every request in full.",
  },
  {
    name: "break-it",
    title: "Break it",
    look: "Recommendations hang: a call to them gets nothing for 30 seconds. Nobody needs them to sell a product. " +
      "Watch the red mark on both time axes, and then the threads of v1.",
    lever: {
      text: "Let recommendations hang",
      orders: [HANG],
    },
    check: ({ recommendations }) => recommendations.fault?.kind === "hang",
    wanted: "recommendations hang",
    happened: "Recommendations hang.",
  },
  {
    name: "watch-v1",
    title: "Watch v1 die",
    look: "Each product page takes a thread of v1 and keeps it. When the last thread is taken, nobody is served: " +
      "no catalogue page, which needs no recommendations, and not even our question how it is.",
    check: ({ gateways: { v1 } }) => v1.link === "silent" || isStuck(v1),
    wanted: "v1 has no thread left, or does not answer",
    happened: "v1 is stuck: all its threads wait for a service that nobody needs.",
  },
  {
    name: "watch-v2",
    title: "Watch v2 trip",
    look:
      "Three calls were slow, and the circuit of v2 opened: it no longer asks. The users get their pages at once, " +
      "without recommendations (amber; green are the catalogue pages, which need none). When the cooldown is over, " +
      "one probe tries, in HALF-OPEN; it fails, and the circuit opens again.",
    changesSince: "break-it",
    check: ({ gateways: { v2 } }, changes) =>
      changes.some(({ to }) => to === "OPEN") && v2.recent.degraded > 0 && v2.recent.failed === 0,
    wanted: "the circuit opens, and v2 serves on",
    happened: "The circuit opened. v2 serves every page, without recommendations.",
  },
  {
    name: "heal",
    title: "Heal",
    look: "Recommendations are well again. v1 does not know: its threads still wait for the answers to old calls. " +
      "v2 does not know either, until its next probe: watch the countdown in OPEN.",
    lever: { text: "Heal recommendations", orders: [{ action: "heal", body: {} }] },
    check: ({ recommendations }) => recommendations.known && !recommendations.fault,
    wanted: "no fault is left",
    happened: "Recommendations are healthy.",
  },
  {
    name: "watch-probe",
    title: "Watch the probe",
    look: "The countdown ends, one call tries, and it succeeds: HALF-OPEN lasts only milliseconds, so it glows on. " +
      "The circuit closes and v2 is green again, by itself. v1 comes back when the last of its stuck calls has run " +
      "out.",
    changesSince: "heal",
    check: ({ circuit, gateways: { v2 } }, changes) =>
      circuit?.state === "CLOSED" && changes.some(({ to }) => to === "HALF-OPEN") &&
      changes.at(-1)?.to === "CLOSED" && v2.recent.full > 0,
    wanted: "a probe succeeds, and the circuit closes",
    happened: "The probe succeeded: the circuit is CLOSED, and v2 serves in full.",
  },
];

/** @param {GatewayView} gateway */
function isStuck({ threads, busy }) {
  return threads !== null && busy !== null && busy >= STUCK * threads;
}
