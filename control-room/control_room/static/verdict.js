// How a gateway fares, in one line.

/** @import { GatewayView, Verdict } from "../../picture.d.ts" */

import { ago } from "./words.js";

const STUCK = 0.9; // share of the threads
const FILLING_UP = 0.3; // share of the threads
const FAILING = 0.05; // share of the answers
const DEGRADED = 0.05; // share of the answers

/**
 * Return how a gateway fares: whether it is there at all, then whether it is stuck or fails, then how well it serves.
 * @param {GatewayView} gateway
 * @returns {Verdict}
 */
export function verdict(gateway) {
  return unheard(gateway) ?? broken(gateway) ?? serving(gateway);
}

/**
 * @param {GatewayView} gateway
 * @returns {Verdict | null}
 */
function unheard({ link, problem, heard_s_ago }) {
  if (link === "connecting") return { tone: "idle", text: "Not heard yet", detail: "" };
  if (link === "down") return { tone: "bad", text: "Down", detail: `${problem}; ${ago(heard_s_ago)}` };
  if (link === "silent") {
    return { tone: "bad", text: "No answer", detail: `${ago(heard_s_ago)}; our question waits, too` };
  }
  return null;
}

/**
 * @param {GatewayView} gateway
 * @returns {Verdict | null}
 */
function broken({ busy, threads, recent }) {
  const answered = recent.full + recent.degraded + recent.failed;
  if (threads && busy !== null && busy >= STUCK * threads) {
    return { tone: "bad", text: "Stuck", detail: `${busy} of ${threads} threads wait for recommendations` };
  }
  if (recent.failed > FAILING * answered) {
    const percent = Math.round((100 * recent.failed) / answered);
    return { tone: "bad", text: "Failing", detail: `${percent} % of its answers are errors` };
  }
  return null;
}

/**
 * @param {GatewayView} gateway
 * @returns {Verdict}
 */
function serving({ busy, threads, recent }) {
  const answered = recent.full + recent.degraded + recent.failed;
  if (!answered && !busy) return { tone: "idle", text: "Idle", detail: "nobody asks it for anything" };
  if (threads && busy !== null && busy > FILLING_UP * threads) {
    return { tone: "degraded", text: "Filling up", detail: `${busy} of ${threads} threads wait` };
  }
  if (recent.degraded > DEGRADED * answered) {
    return { tone: "degraded", text: "Serving", detail: "without recommendations" };
  }
  if (!answered) return { tone: "degraded", text: "Waiting", detail: "no answer in the last 5 s" };
  const detail = recent.degraded || recent.failed ? "nearly all in full" : "all that was asked for";
  return { tone: "good", text: "Serving", detail };
}
