// The guided tour: six steps, each says what to look at, has the lever that makes it happen, and checks that it did.

import { attr, byId, put, show } from "./dom.js";

const USERS = 100; // more than v1 has threads
const STUCK = 0.9; // share of v1's threads

const both = (picture, test) => ["v1", "v2"].every((name) => test(picture.gateways[name], picture.loads[name]));
const sum = ({ full, degraded, failed }) => full + degraded + failed;
const changes = (picture, since) => (picture.circuit?.transitions ?? []).filter(({ at }) => at >= since);

const STEPS = [
  {
    title: "Healthy",
    look: "Two gateways in front of the same shop, under the same load. Both circles are green, both answer within milliseconds, hardly a thread is busy. The circuit of v2 is CLOSED: its calls pass.",
    act: ["Start 100 users for each", [["heal", {}], ["load", { gateway: "both", users: USERS }]]],
    check: (picture) => picture.circuit?.state === "CLOSED" && !picture.recommendations.fault &&
      both(picture, (gateway, load) => load.users >= USERS && gateway.link === "answering" && sum(gateway.recent) > 20 && gateway.recent.full > 0.95 * sum(gateway.recent)),
    wanted: "both answer, in full", happened: "Both gateways answer every request in full.",
  },
  {
    title: "Break it",
    look: "Recommendations hang: a call to them gets nothing for 30 seconds. Nobody needs them to sell a product. Watch the red mark on both time axes, and then the threads of v1.",
    act: ["Let recommendations hang", [["fault", { kind: "hang", delay_s: 30, rate: 1 }]]],
    check: (picture) => picture.recommendations.fault?.kind === "hang",
    wanted: "recommendations hang", happened: "Recommendations hang.",
  },
  {
    title: "Watch v1 die",
    look: "Each product page takes a thread of v1 and keeps it. When the last thread is taken, nobody is served: no catalogue page, which needs no recommendations, and not even our question how it is.",
    check: ({ gateways: { v1 } }) => v1.link === "silent" || (v1.threads && v1.busy >= STUCK * v1.threads),
    wanted: "v1 has no thread left, or does not answer", happened: "v1 is stuck: all its threads wait for a service that nobody needs.",
  },
  {
    title: "Watch v2 trip",
    look: "Three calls were slow, and the circuit of v2 opened: it no longer asks. The users get their pages at once, without recommendations (amber; green are the catalogue pages, which need none). When the cooldown is over, one probe tries, in HALF-OPEN; it fails, and the circuit opens again.",
    check: (picture, since) => changes(picture, since).some(({ to }) => to === "OPEN") && picture.gateways.v2.recent.degraded > 0 && picture.gateways.v2.recent.failed === 0,
    wanted: "the circuit opens, and v2 serves on", happened: "The circuit opened. v2 serves every page, without recommendations.",
  },
  {
    title: "Heal",
    look: "Recommendations are well again. v1 does not know: its threads still wait for the answers to old calls. v2 does not know either, until its next probe: watch the countdown in OPEN.",
    act: ["Heal recommendations", [["heal", {}]]],
    check: (picture) => picture.recommendations.known && !picture.recommendations.fault,
    wanted: "no fault is left", happened: "Recommendations are healthy.",
  },
  {
    title: "Watch the probe",
    look: "The countdown ends, one call tries, and it succeeds: HALF-OPEN lasts only milliseconds, so it glows on. The circuit closes and v2 is green again, by itself. v1 comes back when the last of its stuck calls has run out.",
    check: (picture, since) => {
      const path = changes(picture, since).map(({ to }) => to);
      return picture.circuit?.state === "CLOSED" && path.includes("HALF-OPEN") && path.at(-1) === "CLOSED" && picture.gateways.v2.recent.full > 0;
    },
    wanted: "a probe succeeds, and the circuit closes", happened: "The probe succeeded: the circuit is CLOSED, and v2 serves in full.",
  },
];
// From when on changes of the circuit count for a step: it may come before a teacher has clicked on.
const COUNTS_FROM = { 3: 1, 5: 4 };

export class Tour {
  constructor(levers) {
    this.levers = levers;
    this.step = -1;
    this.now = 0;
    this.begun = [];
    this.done = [];
    this.dots = STEPS.map(({ title }) => Object.assign(document.createElement("li"), { textContent: title }));
    byId("tour-dots").append(...this.dots);
    byId("tour-open").addEventListener("click", () => this.begin());
    byId("tour-close").addEventListener("click", () => this.end());
    byId("tour-back").addEventListener("click", () => this.go(this.step - 1));
    byId("tour-next").addEventListener("click", () => (this.step === STEPS.length - 1 ? this.end() : this.go(this.step + 1)));
    byId("tour-do").addEventListener("click", () => this.act());
  }

  begin() {
    this.begun = [];
    this.done = STEPS.map(() => false);
    show(byId("tour"), true);
    document.body.classList.add("touring");
    this.go(0);
  }

  end() {
    this.step = -1;
    show(byId("tour"), false);
    document.body.classList.remove("touring");
    byId("tour-open").focus();
  }

  go(step) {
    this.step = step;
    this.begun[step] = this.now;
    this.done[step] = false;
    const { title, look, act } = STEPS[step];
    put(byId("tour-title"), `${step + 1} of ${STEPS.length}: ${title}`);
    put(byId("tour-look"), look);
    show(byId("tour-do"), Boolean(act));
    if (act) put(byId("tour-do"), act[0]);
    byId("tour-back").disabled = step === 0;
    put(byId("tour-next"), step === STEPS.length - 1 ? "Finish" : "Next");
    byId("tour-title").focus({ preventScroll: true });
    this.show();
  }

  async act() {
    this.begun[this.step] = this.now;
    for (const [action, body] of STEPS[this.step].act[1]) await this.levers.pull(action, body);
  }

  draw(picture) {
    this.now = picture.now;
    if (this.step < 0 || this.done[this.step]) return;
    const since = this.begun[COUNTS_FROM[this.step] ?? this.step] ?? picture.now;
    this.done[this.step] = Boolean(STEPS[this.step].check(picture, since));
    if (this.done[this.step]) this.show();
  }

  show() {
    const { wanted, happened } = STEPS[this.step], done = this.done[this.step];
    put(byId("tour-check"), done ? `✓ ${happened}` : `Not yet: ${wanted}`);
    attr(byId("tour-check"), "data-done", done);
    byId("tour-next").classList.toggle("main", done);
    byId("tour-do").classList.toggle("main", !done);
    this.dots.forEach((dot, i) => {
      attr(dot, "data-done", this.done[i]);
      attr(dot, "aria-current", i === this.step ? "step" : "false");
    });
  }
}
