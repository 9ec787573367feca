// What if: a slider for each setting, and what the points that were tried say about it.

/** @import { Answer, Choose, State } from "../page.d.ts" */

import { answerFor, areUsed, simulated } from "./answers.js";
import { textToCopy } from "./copying.js";
import { byId, DATA, made, tableRow } from "./data.js";
import { answerText, valueText } from "./words.js";

const [policy, ...others] = DATA.settings;
const policySelect = document.createElement("select");
const settingSliders = others.map(() => document.createElement("input"));
const sliderValues = others.map(() => document.createElement("output"));

/** @param {Choose} choose */
export function connectSliders(choose) {
  const controls = [policySelect, ...settingSliders];
  policySelect.id = policy.name;
  policySelect.append(...policy.values.map((value, i) => new Option(String(value), String(i))));
  others.forEach(({ name, values }, i) => {
    Object.assign(settingSliders[i], { type: "range", id: name, min: 0, step: 1, max: values.length - 1 });
    sliderValues[i].htmlFor.add(name);
  });
  byId("sliders").append(...controls.map(labelled));
  const chosen = () => controls.map(({ value }) => Number(value));
  byId("sliders").addEventListener("input", () => choose({ at: chosen() }, false));
  byId("sliders").addEventListener("change", () => choose({ at: chosen() }));
}

/**
 * @param {HTMLElement} control
 * @param {number} i
 */
function labelled(control, i) {
  const { name, title } = DATA.settings[i];
  const label = /** @type {HTMLLabelElement} */ (made("label", made("span", title, " ", made("code", name))));
  label.htmlFor = name;
  if (i) label.append(sliderValues[i - 1]);
  return made("div", label, control);
}

/** @param {State} state */
export function showSliders({ at }) {
  const used = areUsed(DATA, at).slice(1);
  policySelect.value = String(at[0]);
  others.forEach((setting, i) => {
    const text = valueText(setting, at[i + 1]);
    settingSliders[i].value = String(at[i + 1]);
    settingSliders[i].setAttribute("aria-valuetext", text);
    settingSliders[i].disabled = !used[i];
    sliderValues[i].textContent = used[i] ? text : "not used";
  });
  showAnswers(at);
}

/** @param {number[]} at */
function showAnswers(at) {
  const said = simulated(DATA, at);
  const answers = DATA.axes.map(({ name }) => answerFor(DATA, name, at));
  const isEnough = said !== undefined || answers.every(({ kind }) => kind !== "again");
  byId("answer-head").textContent = headOf(said !== undefined, answers);
  byId("answers").replaceChildren(...DATA.axes.map(({ name, title }, i) => {
    const row = tableRow(title, said ? said[name] : answerText(name, answers[i]));
    row.classList.toggle("again", !said && answers[i].kind === "again");
    return row;
  }));
  byId("again").hidden = isEnough;
  const again = /** @type {Element} */ (byId("again").querySelector(".text-to-copy"));
  again.replaceChildren(...isEnough ? [] : textToCopy(commandFor(at), "the command"));
}

/**
 * @param {boolean} isSimulated
 * @param {Answer[]} answers
 */
function headOf(isSimulated, answers) {
  if (isSimulated) return "These very settings were simulated.";
  const open = answers.filter(({ kind }) => kind === "again").length;
  if (!open) return "These settings were not simulated, but points near them agree.";
  return "These settings were not simulated, and no points near them agree about " +
    `${open} of ${answers.length} measures: run explore again.`;
}

/**
 * Return the command that explores the same traffic, with these settings as the shop's own.
 * @param {number[]} at
 */
function commandFor(at) {
  const used = areUsed(DATA, at);
  const lines = DATA.settings.map(({ variable, values }, i) => `${variable}=${values[at[i]]}`);
  const windowCalls = DATA.settings.findIndex(({ name }) => name === "window_calls");
  const minimum = Math.min(DATA.minimum_calls, Number(DATA.settings[windowCalls].values[at[windowCalls]]));
  if (used[windowCalls]) lines.push(`BREAKER_MINIMUM_CALLS=${minimum}`);
  return [...lines.filter((_, i) => used[i] ?? true), DATA.command].join(" \\\n  ");
}
