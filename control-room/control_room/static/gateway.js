// One gateway's panel: the verdict, the numbers, its threads, its last minute.

import { attr, byId, put, show } from "./dom.js";
import { Timeline } from "./timeline.js";
import { verdict } from "./verdict.js";
import { UNKNOWN, latency, rate, whole } from "./words.js";

const LARGEST_AT = 140; // answers a second at which the circle is at its largest
const SMALLEST_R = 58, LARGEST_R = 74;
const CELL = 12, COLUMNS = 16;

export class Gateway {
  constructor(name) {
    this.name = name;
    this.root = byId(name);
    this.root.querySelector(".body").append(byId("gateway-body").content.cloneNode(true));
    this.find = (selector) => this.root.querySelector(selector);
    this.outcomes = ["full", "degraded", "failed", "waiting"].map((outcome) => [outcome, this.find(`[data-outcome=${outcome}] dd`)]);
    this.rings = ["full", "degraded", "failed"].map((outcome) => [outcome, this.find(`.ring.${outcome}`)]);
    this.timeline = new Timeline(this.find(".timeline"), name);
    this.verdict = { tone: "idle", text: "", detail: "" };
  }

  draw(picture, scale) {
    const gateway = picture.gateways[this.name], load = picture.loads[this.name];
    const heard = gateway.link === "answering";
    this.verdict = verdict(gateway);
    attr(this.root, "data-tone", this.verdict.tone);
    attr(this.root, "data-heard", heard);
    this.say();
    this.drawCircle(gateway, load, heard);
    for (const [outcome, cell] of this.outcomes) {
      put(cell, outcome === "waiting" ? this.waiting(gateway, heard) : whole(gateway.last_60_s[outcome]));
    }
    put(this.find(".p50"), heard ? latency(gateway.p50_ms) : UNKNOWN);
    put(this.find(".p99"), heard ? latency(gateway.p99_ms) : UNKNOWN);
    this.drawThreads(gateway, heard);
    put(this.find(".users"), usersSay(load));
    this.timeline.draw(picture, scale);
  }

  say() {
    const { text, detail } = this.verdict;
    const line = this.find(".verdict");
    if (line.dataset.said === text + detail) return;
    line.dataset.said = text + detail;
    line.replaceChildren(Object.assign(document.createElement("b"), { textContent: text }), detail && ` ${detail}`);
  }

  waiting(gateway, heard) {
    return heard ? whole(gateway.busy) : gateway.busy ? `≥ ${gateway.busy}` : UNKNOWN;
  }

  drawCircle(gateway, load, heard) {
    const seen = heard ? gateway.rate : load.rate;
    put(this.find(".rate"), rate(seen));
    put(this.find(".rate-says"), heard ? "requests/s" : "answers/s reach its users");
    const r = SMALLEST_R + (LARGEST_R - SMALLEST_R) * Math.sqrt(Math.min(1, (seen ?? 0) / LARGEST_AT));
    attr(this.find(".disc"), "r", r.toFixed(1));
    const total = heard ? gateway.recent.full + gateway.recent.degraded + gateway.recent.failed : 0;
    const around = 2 * Math.PI * r;
    let start = 0;
    for (const [outcome, ring] of this.rings) {
      const length = total ? (gateway.recent[outcome] / total) * around : 0;
      attr(ring, "r", r.toFixed(1));
      attr(ring, "stroke-dasharray", `${length.toFixed(1)} ${(around - length).toFixed(1)}`);
      attr(ring, "stroke-dashoffset", (-start).toFixed(1));
      start += length;
    }
  }

  drawThreads(gateway, heard) {
    const all = gateway.threads ?? 0, busy = gateway.busy ?? 0;
    put(this.find(".threads-says"), threadsSay(all, busy, heard));
    show(this.find(".threads"), all > 0 && all <= 64);
    attr(this.find(".threads .all"), "d", cells(0, all) || "M0 0");
    attr(this.find(".threads .busy"), "d", cells(0, busy) || "M0 0");
  }
}

function cells(from, to) {
  let d = "";
  for (let i = from; i < to; i += 1) {
    d += `M${(i % COLUMNS) * CELL + 1} ${Math.floor(i / COLUMNS) * CELL + 1}h10v10h-10z`;
  }
  return d;
}

function threadsSay(all, busy, heard) {
  if (!all) return "threads: not heard yet";
  if (heard) return `${busy} of ${all} threads busy`;
  return busy ? `at least ${busy} of ${all} threads busy` : `${all} threads, not heard of`;
}

function usersSay(load) {
  if (load.link === "down" || load.link === "silent") return "its load does not answer";
  if (load.users === null) return "load: not heard yet";
  if (load.users === 0) return "no load";
  const failed = load.failed ? `, ${load.failed} failed in 6 s` : "";
  return `${load.users} users get ${rate(load.rate)} answers/s${failed}`;
}
