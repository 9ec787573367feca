// How a gateway fares, in one line. Tones: good, degraded, bad, idle.

import { ago } from "./words.js";

const STUCK = 0.9; // share of the threads
const FAILING = 0.05, DEGRADED = 0.05; // shares of the answers

export function verdict(gateway) {
  const { link, busy, threads, recent } = gateway;
  if (link === "connecting") return { tone: "idle", text: "Not heard yet", detail: "" };
  if (link === "down") return { tone: "bad", text: "Down", detail: `${gateway.problem}; ${ago(gateway.heard_s_ago)}` };
  if (link === "silent") {
    return { tone: "bad", text: "No answer", detail: `${ago(gateway.heard_s_ago)}; our question waits, too` };
  }
  const answered = recent.full + recent.degraded + recent.failed;
  if (threads && busy >= STUCK * threads) {
    return { tone: "bad", text: "Stuck", detail: `${busy} of ${threads} threads wait for recommendations` };
  }
  if (answered && recent.failed > FAILING * answered) {
    return { tone: "bad", text: "Failing", detail: `${Math.round((100 * recent.failed) / answered)} % of its answers are errors` };
  }
  if (!answered && !busy) return { tone: "idle", text: "Idle", detail: "nobody asks it for anything" };
  if (busy > STUCK * (threads ?? Infinity) / 3) return { tone: "degraded", text: "Filling up", detail: `${busy} of ${threads} threads wait` };
  if (recent.degraded > DEGRADED * answered) return { tone: "degraded", text: "Serving", detail: "without recommendations" };
  if (!answered) return { tone: "degraded", text: "Waiting", detail: "no answer in the last 5 s" };
  return { tone: "good", text: "Serving", detail: recent.degraded || recent.failed ? "nearly all in full" : "all that was asked for" };
}
