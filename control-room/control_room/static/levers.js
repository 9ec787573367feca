// The levers: what they are set to, what they do, and the line that does the same by hand.

import { post } from "./api.js";
import { curlOf } from "./curl.js";
import { attr, byId, put, show } from "./dom.js";

const STRENGTHS = {
  hang: { field: "delay_s", label: "seconds", value: 30, min: 1, max: 300, step: 1 },
  slow: { field: "delay_s", label: "seconds", value: 1, min: 0.1, max: 300, step: 0.1 },
  error: { field: "status", label: "status", value: 503, min: 400, max: 599, step: 1 },
  drip: { field: "interval_s", label: "s a byte", value: 1, min: 0.1, max: 300, step: 0.1 },
  malformed: null,
};

export class Levers {
  constructor() {
    this.facts = null;
    this.shown = { action: "fault", body: { kind: "hang", delay_s: 30, rate: 1 } };
    this.chooseKind();
    byId("fault-kind").addEventListener("input", () => this.chooseKind()); // before the form hears of it
    byId("fault").addEventListener("input", () => this.preview("fault", faultChosen()));
    byId("load").addEventListener("input", () => this.previewLoad());
    this.on(byId("fault"), "submit", () => ["fault", faultChosen()]);
    this.on(byId("heal"), "click", () => ["heal", {}]);
    this.on(byId("load"), "submit", () => ["load", loadChosen()]);
    for (const button of document.querySelectorAll("[data-mode]")) {
      this.on(button, "click", () => ["circuit", { mode: button.dataset.mode }]);
    }
    byId("copy").addEventListener("click", () => this.copy());
  }

  on(element, event, chosen) {
    element.addEventListener(event, (happened) => {
      happened.preventDefault();
      this.pull(...chosen());
    });
  }

  async pull(action, body) {
    this.preview(action, body);
    try {
      await post(`/api/${action}`, body);
      this.say(`${action}: done`, "good");
    } catch (error) {
      this.say(`${action}: ${error.message}`, "bad");
    }
  }

  say(text, tone) {
    put(byId("said"), text);
    attr(byId("said"), "data-tone", tone);
  }

  take(facts) {
    this.facts = facts;
    show(byId("token-row"), facts.needs_token);
    show(byId("no-operator"), !facts.can_force);
    for (const button of document.querySelectorAll("[data-mode]")) button.disabled = !facts.can_force;
    this.preview(this.shown.action, this.shown.body);
  }

  chooseKind() {
    const strength = STRENGTHS[byId("fault-kind").value], input = byId("fault-strength");
    byId("fault-strength-label").classList.toggle("unseen", !strength);
    input.disabled = !strength;
    if (!strength) return;
    for (const name of ["min", "max", "step", "value"]) input[name] = strength[name];
    put(byId("fault-strength-label").querySelector("span"), strength.label);
  }

  preview(action, body) {
    this.shown = { action, body };
    if (this.facts) put(byId("curl"), curlOf(this.shown, this.facts));
  }

  previewLoad() {
    put(byId("load-value"), byId("load-users").value);
    this.preview("load", loadChosen());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(byId("curl").textContent);
      this.say("copied", "good");
    } catch {
      getSelection().selectAllChildren(byId("curl"));
      this.say("selected: press Ctrl-C", "good");
    }
  }

  draw({ recommendations: sick, loads, circuit }) {
    const down = sick.link === "down" || sick.link === "silent";
    put(byId("sick"), down ? `not answering` : sick.known ? sick.says || "healthy" : "not heard yet");
    attr(byId("sick"), "data-tone", down || sick.fault ? "bad" : sick.known ? "good" : "idle");
    const users = ["v1", "v2"].map((name) => loads[name].users);
    put(byId("load-now"), users.includes(null) ? "not heard yet" : `v1: ${users[0]}, v2: ${users[1]} users`);
    put(byId("control-now"), circuit?.control ?? "not heard yet");
    attr(byId("control-now"), "data-tone", circuit && circuit.control !== "automatic" ? "degraded" : "idle");
    for (const button of document.querySelectorAll("[data-mode]")) {
      attr(button, "aria-pressed", circuit?.control === { open: "forced open", closed: "forced closed" }[button.dataset.mode] || circuit?.control === button.dataset.mode);
    }
  }
}

function faultChosen() {
  const kind = byId("fault-kind").value, strength = STRENGTHS[kind];
  const rate = Number(byId("fault-rate").value);
  return strength ? { kind, [strength.field]: Number(byId("fault-strength").value), rate } : { kind, rate };
}

const loadChosen = () => ({ gateway: byId("load-gateway").value, users: Number(byId("load-users").value) });
