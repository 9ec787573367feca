// What the steps of more than one tour check.

/** @import { GatewayView, LoadView } from "../../picture.d.ts" */

export const USERS = 100; // more than v1 has threads in the story of the hang
export const NEARLY_ALL = 0.95; // share of the answers
const ENOUGH_ANSWERS = 20; // in the last seconds, to judge a gateway by

/**
 * Return whether all users of a gateway get nearly everything that they ask for.
 * @param {GatewayView} gateway
 * @param {LoadView} load
 */
export function servesInFull({ link, recent }, { users }) {
  return users !== null && users >= USERS && link === "answering" && shareOf(recent.full, recent) > NEARLY_ALL;
}

/**
 * Return the share of the answers of the last seconds that these are; 0 of too few.
 * @param {number} count
 * @param {GatewayView["recent"]} recent
 */
export function shareOf(count, { full, degraded, failed }) {
  const answers = full + degraded + failed;
  return answers > ENOUGH_ANSWERS ? count / answers : 0;
}
