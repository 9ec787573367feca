// The form of faults: the service to make sick, the kind, and its parameters, as the services themselves describe them.

/** @import { FaultField, FaultKind, Order, SickService } from "../../picture.d.ts" */

import { byId, put } from "./dom.js";

/** @type {Record<string, boolean>} */
const TRUTHS = { false: false, true: true };

/** @type {FaultKind[]} */
let kinds = [];

/**
 * Offer every kind of fault, and the fields of the one that is chosen; once is enough.
 * @param {FaultKind[]} known
 */
export function offerFaults(known) {
  if (kinds.length) return;
  kinds = known;
  const groups = new Map();
  for (const { group, kind } of kinds) {
    if (!groups.has(group)) groups.set(group, Object.assign(document.createElement("optgroup"), { label: group }));
    groups.get(group).append(new Option(kind));
  }
  const select = byId("fault-kind", HTMLSelectElement);
  select.append(...groups.values());
  select.addEventListener("input", offerFields);
  offerFields();
}

function offerFields() {
  const chosen = kinds[byId("fault-kind", HTMLSelectElement).selectedIndex];
  byId("fault-fields").replaceChildren(...chosen.fields.map(labelled));
  byId("fault-limits").replaceChildren(...chosen.limits.map(labelled));
  put(byId("fault-says"), chosen.says);
}

/** @param {FaultField} field */
function labelled(field) {
  const label = document.createElement("label");
  label.append(`${labelOf(field.name)} `, field.choices.length ? choiceOf(field) : inputOf(field));
  return label;
}

/**
 * Return a name of the API in words; units are in the names.
 * @param {string} name
 */
function labelOf(name) {
  return name.replace(/_s$/, ", s").replace("for, s", "for s").replaceAll("_", " ");
}

/** @param {FaultField} field */
function choiceOf({ name, choices }) {
  const select = Object.assign(document.createElement("select"), { name });
  select.append(...choices.map((choice) => new Option(choice)));
  return select;
}

/** @param {FaultField} field */
function inputOf(field) {
  const input = Object.assign(document.createElement("input"), { type: "number", name: field.name });
  input.min = String(field.min);
  input.max = String(field.max);
  input.step = field.whole ? "1" : "any";
  input.required = field.default !== null;
  input.value = String(field.default ?? "");
  return input;
}

/** @returns {Order} */
export function faultChosen() {
  const form = byId("fault", HTMLFormElement);
  /** @type {Record<string, string | number | boolean>} */
  const body = { kind: byId("fault-kind", HTMLSelectElement).value };
  for (const element of form.querySelectorAll("#fault-fields select, #fault input")) {
    if (element instanceof HTMLSelectElement) body[element.name] = TRUTHS[element.value] ?? element.value;
    if (element instanceof HTMLInputElement && element.value) body[element.name] = Number(element.value);
  }
  const service = /** @type {SickService} */ (byId("fault-service", HTMLSelectElement).value);
  return { action: "fault", service, body: /** @type {{ kind: string }} */ (body) };
}
