// What is read aloud: changes of state, never a tick.

import { byId, put } from "./dom.js";

const SETTLED_MS = 1000;

/** Announces states to screen readers once they have settled. */
export class Announcer {
  constructor() {
    this.next = "";
    this.timer = 0;
  }

  /**
   * Take the current states, by what they are of.
   * @param {Record<string, string>} states
   */
  draw(states) {
    const next = Object.entries(states).map(([name, state]) => `${name}: ${state}`).join(". ");
    if (next === this.next) return;
    this.next = next;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => put(byId("announce"), next), SETTLED_MS);
  }
}
