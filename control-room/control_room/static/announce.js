// What is read aloud: changes of state, never a tick.

import { byId, put } from "./dom.js";

const SETTLED_MS = 1000;

export class Announcer {
  constructor() {
    this.next = "";
    this.timer = null;
  }

  draw(states) {
    const next = Object.entries(states).map(([name, state]) => `${name}: ${state}`).join(". ");
    if (next === this.next) return;
    this.next = next;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => put(byId("announce"), next), SETTLED_MS);
  }
}
