// The kinds of faults, and what each is set by: the form of faults is made from this table.

/** @import { Order } from "../../picture.d.ts" */

import { byId } from "./dom.js";

/**
 * A number that a fault is set by, with its name in the API and its label on the page.
 * @typedef {{ name: string, label: string, value: number, min: number, max: number, step: number }} Amount
 */
/**
 * One of a few numbers, each in words.
 * @typedef {{ name: string, label: string, choices: Record<string, number> }} Choice
 */
/**
 * @typedef {{ kind: string, text: string, fields: (Amount | Choice)[] }} Fault
 */

/** @type {Choice} */
const RATE = { name: "rate", label: "calls", choices: { all: 1, half: 0.5, "1 in 5": 0.2, "1 in 20": 0.05 } };

/** @type {Record<string, Fault[]>} */
const GROUPS = {
  time: [
    { kind: "hang", text: "hang", fields: [amount("delay_s", "seconds", 30, 1, 300, 1), RATE] },
    { kind: "slow", text: "slow", fields: [amount("delay_s", "seconds", 1, 0.1, 300, 0.1), RATE] },
    { kind: "drip", text: "drip", fields: [amount("interval_s", "s a byte", 1, 0.1, 300, 0.1), RATE] },
  ],
  answers: [
    { kind: "error", text: "error", fields: [amount("status", "status", 503, 400, 599, 1), RATE] },
    { kind: "malformed", text: "not JSON", fields: [RATE] },
  ],
};

/**
 * @param {string} name
 * @param {string} label
 * @param {number} value
 * @param {number} min
 * @param {number} max
 * @param {number} step
 * @returns {Amount}
 */
function amount(name, label, value, min, max, step) {
  return { name, label, value, min, max, step };
}

/** Offer every kind of fault, and the fields of the one that is chosen. */
export function offerFaults() {
  const kinds = byId("fault-kind", HTMLSelectElement);
  for (const [label, faults] of Object.entries(GROUPS)) {
    const group = Object.assign(document.createElement("optgroup"), { label });
    group.append(...faults.map(({ kind, text }) => new Option(text, kind)));
    kinds.append(group);
  }
  kinds.addEventListener("input", offerFields);
  offerFields();
}

function offerFields() {
  const chosen = byId("fault-kind", HTMLSelectElement).value;
  const fault = Object.values(GROUPS).flat().find(({ kind }) => kind === chosen);
  byId("fault-fields").replaceChildren(...(fault?.fields ?? []).map(labelled));
}

/** @param {Amount | Choice} field */
function labelled(field) {
  const label = document.createElement("label");
  label.append(`${field.label} `, "choices" in field ? choiceOf(field) : inputOf(field));
  return label;
}

/** @param {Choice} choice */
function choiceOf({ name, choices }) {
  const select = Object.assign(document.createElement("select"), { name });
  select.append(...Object.entries(choices).map(([text, value]) => new Option(text, String(value))));
  return select;
}

/** @param {Amount} amount */
function inputOf({ name, value, min, max, step }) {
  const input = Object.assign(document.createElement("input"), {
    type: "number",
    name,
    min,
    max,
    step,
    required: true,
  });
  input.value = String(value);
  return input;
}

/** @returns {Order} */
export function faultChosen() {
  const { kind, ...fields } = Object.fromEntries(new FormData(byId("fault", HTMLFormElement)));
  const numbers = Object.entries(fields).map(([name, value]) => [name, Number(value)]);
  return { action: "fault", body: { kind: String(kind), ...Object.fromEntries(numbers) } };
}
