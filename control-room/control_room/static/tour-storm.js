// The tour of the storm: the cause goes, and the outage stays. Each gateway has a recommendations service of its own.

/** @import { Order, Picture, Step } from "../../picture.d.ts" */

import { NEARLY_ALL, servesInFull, shareOf, USERS } from "./tour-checks.js";

const WELL = { kind: "capacity", slots: 2, service_s: 0.1 };
const STALL_S = 8; // nothing else is begun in this time: the first calls take as long
const SLOW_CALL_FACTOR = 80; // 0.1 s become 8 s
const STAYS_DOWN_S = 25; // after the cause, before the tour speaks of an outage that stays
const MOSTLY = 0.9;

/** @type {Order} */
const STALL = {
  action: "fault",
  service: "recommendations",
  body: { ...WELL, cold_s: STALL_S, cold_factor: SLOW_CALL_FACTOR },
};

/** @type {Step[]} */
export const STORM_STEPS = [
  {
    name: "well",
    title: "Well",
    look:
      "Each gateway has its own recommendations service, good for 20 calls a second. 100 users ask for 14 pages a " +
      "second. v1 waits 1 s for a call, and tries three times more. v2 has its circuit.",
    lever: {
      text: "Start 100 users for each",
      orders: [
        { action: "fault", service: "recommendations", body: WELL },
        { action: "load", body: { gateway: "both", users: USERS } },
      ],
    },
    check: ({ recommendations, gateways, loads }) =>
      recommendations.fault?.kind === WELL.kind && !recommendations.fault.cold_s &&
      servesInFull(gateways.v1, loads.v1) && servesInFull(gateways.v2, loads.v2),
    wanted: "both answer, in full",
    happened: "Both gateways answer in full.",
  },
  {
    name: "stall",
    title: "The cause",
    look:
      "Both recommendations services will stand still for 8 seconds, and then be as fast as before. Predict: what " +
      "will v1 do a minute later, and what will v2 do?",
    lever: { text: "Let them stand still for 8 s", orders: [STALL] },
    check: (picture) => isStalled(picture),
    wanted: "the services stand still",
    happened: "They stand still. It will be over in a few seconds.",
  },
  {
    name: "stays-down",
    title: "The outage stays",
    look:
      "The services are as fast as before. v2 asks with a probe after its cooldown of 10 s, and is well. v1 is not: " +
      "its pages take 4 s, and have no recommendations.",
    check: (picture) => secondsSinceFault(picture) > STALL_S + STAYS_DOWN_S && isMostlyBad(picture) && isWell(picture),
    wanted: `${STAYS_DOWN_S} s after the cause has gone, v2 is well and v1 is not`,
    happened: "The cause is long gone. v2 serves in full, and v1 hardly a page.",
  },
  {
    name: "why",
    title: "Why",
    look:
      "Each page of v1 now costs four calls, more than its service can do. The queue grows, and when the turn of a " +
      "call comes, its caller has left. So nobody gets an answer in time, and everybody calls again.",
    check: ({ recommendations: { useless_share, queued } }) =>
      useless_share !== null && useless_share > MOSTLY && Boolean(queued),
    wanted: "v1's service works for callers who have left",
    happened: "Nearly all of its work is for callers who have left.",
  },
  {
    name: "shed",
    title: "The way out",
    look: "There is nothing to mend: the cause is gone. What must go is the load. Without v1's visitors, its service " +
      "works off the queue, 20 calls a second.",
    lever: {
      text: "Send v1's visitors away",
      orders: [{ action: "load", body: { gateway: "v1", users: 0 } }],
    },
    check: ({ recommendations: { queued }, loads }) => loads.v1.users === 0 && queued === 0,
    wanted: "no visitors, no queue",
    happened: "The queue is empty.",
  },
  {
    name: "return",
    title: "Let them return",
    look: "The same visitors, service and code as a minute ago. Without a queue, calls are answered in time, nobody " +
      "calls again, and all is well, until the next few bad seconds.",
    lever: {
      text: "Let v1's visitors return",
      orders: [{ action: "load", body: { gateway: "v1", users: USERS } }],
    },
    check: ({ gateways, loads }) => servesInFull(gateways.v1, loads.v1),
    wanted: "v1 answers in full",
    happened: "v1 is well again, with as many visitors as before.",
  },
];

/** @param {Picture} picture */
function isStalled({ recommendations, recommendations_v2 }) {
  return [recommendations, recommendations_v2].every((service) => Boolean(service?.fault?.cold_s));
}

/**
 * Return how long ago the services became sick; endless where the last minute does not tell.
 * @param {Picture} picture
 */
function secondsSinceFault(picture) {
  if (!isStalled(picture)) return 0;
  return picture.now - (picture.marks.findLast(({ kind }) => kind === "fault")?.at ?? -Infinity);
}

/** @param {Picture} picture */
function isMostlyBad({ gateways: { v1 } }) {
  return shareOf(v1.recent.degraded + v1.recent.failed, v1.recent) > MOSTLY || v1.link === "silent";
}

/** @param {Picture} picture */
function isWell({ circuit, gateways: { v2 } }) {
  return circuit?.state === "CLOSED" && shareOf(v2.recent.full, v2.recent) > NEARLY_ALL;
}
