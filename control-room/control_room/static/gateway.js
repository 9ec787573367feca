// One gateway's panel: the verdict, the numbers, its threads, its last minute.

/** @import { GatewayName, GatewayView, LoadView, Picture, Verdict } from "../../picture.d.ts" */

import { attr, byId, find, put, show } from "./dom.js";
import { Timeline } from "./timeline.js";
import { verdict } from "./verdict.js";
import { latency, rate, UNKNOWN, whole } from "./words.js";

const LARGEST_AT = 140; // answers a second at which the circle is at its largest
const SMALLEST_R = 58;
const LARGEST_R = 74;
const CELL = 12; // a thread's square and the gap beside it
const COLUMNS = 32;
const THREADS_DRAWN = 64;
const NOTHING = "M0 0";

/** @type {["full", "degraded", "failed"]} */
const OUTCOMES = ["full", "degraded", "failed"];

/** The panel of one gateway. */
export class Gateway {
  /** @param {GatewayName} name */
  constructor(name) {
    this.name = name;
    this.root = byId(name);
    find(this.root, ".body").append(byId("gateway-body", HTMLTemplateElement).content.cloneNode(true));
    this.timeline = new Timeline(this.find(".timeline", SVGSVGElement), name);
    /** @type {Verdict} */
    this.verdict = { tone: "idle", text: "", detail: "" };
  }

  /**
   * @template {Element} [E=HTMLElement]
   * @param {string} selector
   * @param {new () => E} [type]
   * @returns {E}
   */
  find(selector, type) {
    return find(this.root, selector, type);
  }

  /**
   * Draw what a picture says of this gateway.
   * @param {Picture} picture
   * @param {number} scale the answers a second at the top of the time axis
   */
  draw(picture, scale) {
    const gateway = picture.gateways[this.name];
    const load = picture.loads[this.name];
    const heard = gateway.link === "answering";
    this.verdict = verdict(gateway);
    attr(this.root, "data-tone", this.verdict.tone);
    attr(this.root, "data-heard", heard);
    this.drawVerdict();
    this.drawCircle(gateway, load, heard);
    this.drawNumbers(gateway, heard);
    this.drawThreads(gateway, heard);
    put(this.find(".users"), usersText(load));
    this.timeline.draw(picture, scale);
  }

  drawVerdict() {
    const { text, detail } = this.verdict;
    const line = this.find(".verdict");
    if (line.dataset.said === text + detail) return;
    line.dataset.said = text + detail;
    const word = Object.assign(document.createElement("b"), { textContent: text });
    line.replaceChildren(word, " ", Object.assign(document.createElement("span"), { textContent: detail }));
  }

  /**
   * @param {GatewayView} gateway
   * @param {boolean} heard
   */
  drawNumbers(gateway, heard) {
    for (const outcome of OUTCOMES) {
      put(this.find(`[data-outcome=${outcome}] dd`), whole(gateway.last_60_s[outcome]));
    }
    put(this.find("[data-outcome=waiting] dd"), waitingText(gateway, heard));
    put(this.find(".p50"), heard ? latency(gateway.p50_ms) : UNKNOWN);
    put(this.find(".p99"), heard ? latency(gateway.p99_ms) : UNKNOWN);
  }

  /**
   * @param {GatewayView} gateway
   * @param {LoadView} load
   * @param {boolean} heard
   */
  drawCircle(gateway, load, heard) {
    const perSecond = heard ? gateway.rate : load.rate;
    put(this.find(".rate"), rate(perSecond));
    put(this.find(".rate-says"), heard ? "requests/s" : "answers/s reach its users");
    // the area grows with the rate, not the radius, or a circle would look larger than its number
    const r = SMALLEST_R + (LARGEST_R - SMALLEST_R) * Math.sqrt(Math.min(1, (perSecond ?? 0) / LARGEST_AT));
    attr(this.find(".disc", SVGElement), "r", r.toFixed(1));
    this.drawRings(gateway, r, heard);
  }

  /**
   * Divide the ring among the outcomes.
   * @param {GatewayView} gateway
   * @param {number} r
   * @param {boolean} heard
   */
  drawRings({ recent }, r, heard) {
    const total = heard ? recent.full + recent.degraded + recent.failed : 0;
    const around = 2 * Math.PI * r;
    let start = 0;
    for (const outcome of OUTCOMES) {
      const ring = this.find(`.ring.${outcome}`, SVGElement);
      const length = total ? (recent[outcome] / total) * around : 0;
      attr(ring, "r", r.toFixed(1));
      attr(ring, "stroke-dasharray", `${length.toFixed(1)} ${(around - length).toFixed(1)}`);
      attr(ring, "stroke-dashoffset", (-start).toFixed(1));
      start += length;
    }
  }

  /**
   * @param {GatewayView} gateway
   * @param {boolean} heard
   */
  drawThreads(gateway, heard) {
    const all = gateway.threads ?? 0;
    const busy = gateway.busy ?? 0;
    put(this.find(".threads-says"), threadsText(all, busy, heard));
    show(this.find(".threads", SVGElement), all > 0 && all <= THREADS_DRAWN);
    attr(this.find(".threads .all", SVGElement), "d", cells(all));
    attr(this.find(".threads .busy", SVGElement), "d", cells(busy));
  }
}

/**
 * Return the path of the first `count` squares of the drawing of threads.
 * @param {number} count
 */
function cells(count) {
  const square = (/** @type {number} */ i) =>
    `M${(i % COLUMNS) * CELL + 1} ${Math.floor(i / COLUMNS) * CELL + 1}h10v10h-10z`;
  return Array.from({ length: count }, (_, i) => square(i)).join("") || NOTHING;
}

/**
 * @param {GatewayView} gateway
 * @param {boolean} heard
 */
function waitingText({ busy }, heard) {
  if (heard) return whole(busy);
  return busy ? `≥ ${busy}` : UNKNOWN;
}

/**
 * @param {number} all
 * @param {number} busy
 * @param {boolean} heard
 */
function threadsText(all, busy, heard) {
  if (!all) return "threads: not heard yet";
  if (heard) return `${busy} of ${all} threads busy`;
  return busy ? `≥ ${busy} of ${all} threads busy` : `${all} threads, not heard of`;
}

/** @param {LoadView} load */
function usersText(load) {
  if (load.link === "down" || load.link === "silent") return "its load does not answer";
  if (load.users === null) return "load: not heard yet";
  if (load.users === 0) return "no load";
  const failed = load.failed ? `, ${load.failed} failed in 6 s` : "";
  return `${load.users} users get ${rate(load.rate)}/s${failed}`;
}
