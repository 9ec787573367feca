// The chosen point: how it does beside today's settings, its settings, and what to paste.

/** @import { Choose, Point, State, Translation } from "../page.d.ts" */

import { areUsed } from "./answers.js";
import { textToCopy } from "./copying.js";
import { byId, DATA, made, tableRow } from "./data.js";
import { rounded, valueText } from "./words.js";

const compared = /** @type {HTMLTableElement} */ (byId("compared"));
const settingsTable = /** @type {HTMLTableElement} */ (byId("chosen-settings"));
const rateSlider = /** @type {HTMLInputElement} */ (byId("rate"));
const openTranslations = new Set([DATA.points[0].translations[0]?.name]);
let shownPoint = -1;

/** @param {Choose} choose */
export function connectChosen(choose) {
  rateSlider.max = String(DATA.points[0].rates.length - 1);
  for (const [event, isFinal] of /** @type {const} */ ([["input", false], ["change", true]])) {
    rateSlider.addEventListener(event, () => choose({ rate: Number(rateSlider.value) }, isFinal));
  }
}

/** @param {State} state */
export function showChosen({ point, rate }) {
  const chosen = DATA.points[point];
  showCompared(chosen, rate);
  showRate(rate);
  if (point === shownPoint) return;
  shownPoint = point;
  byId("chosen-title").textContent = nameOf(chosen);
  byId("settings").textContent = point ? `The settings of point ${chosen.title}` : nameOf(chosen);
  showSettings(chosen);
  byId("translations").replaceChildren(...chosen.translations.map(translationOf));
}

/**
 * @param {Point} chosen
 * @param {number} rate
 */
function showCompared(chosen, rate) {
  const [own] = DATA.points;
  const [theirs, ours] = [chosen, own].map((point) => point.rates[rate].said);
  nameColumn(compared, chosen);
  compared.tBodies[0].replaceChildren(
    ...DATA.axes.map(({ name, title }) => tableRow(title, theirs[name], ours[name])),
  );
  byId("chosen-words").textContent = `${nameOf(chosen)}: the fault opens the circuit after ${theirs.protect_s}; ` +
    `false alarms: ${theirs.false_alarms_per_day}.`;
}

/** @param {Point} chosen */
function nameOf(chosen) {
  return chosen === DATA.points[0] ? "Today's settings" : `Point ${chosen.title}`;
}

/** @param {number} rate */
function showRate(rate) {
  const { factor } = DATA.points[0].rates[rate];
  const asked = rounded(DATA.rate_per_s);
  const other = factor === 1 ? "" : `, ${factor} times what was asked for; all else here stays at ${asked} calls/s`;
  const text = `${rounded(DATA.rate_per_s * factor)} calls/s${other}`;
  rateSlider.value = String(rate);
  rateSlider.setAttribute("aria-valuetext", text);
  byId("rate-value").textContent = text;
  byId("refusal").textContent = DATA.refusals[rate];
}

/** @param {Point} chosen */
function showSettings(chosen) {
  const used = areUsed(DATA, chosen.at);
  nameColumn(settingsTable, chosen);
  settingsTable.tBodies[0].replaceChildren(...DATA.settings.map((setting, i) => {
    const [theirs, ours] = [chosen, DATA.points[0]].map(({ at }) => valueText(setting, at[i]));
    const row = tableRow(
      made("span", setting.title, " ", made("code", setting.name)),
      used[i] ? theirs : `${theirs}, not used by this policy`,
      ours,
    );
    row.classList.toggle("changed", theirs !== ours && used[i]);
    return row;
  }));
}

/**
 * @param {HTMLTableElement} table
 * @param {Point} chosen
 */
function nameColumn(table, chosen) {
  /** @type {Element} */ (table.querySelector("th")).textContent = nameOf(chosen).toLowerCase();
}

/**
 * Return a point in other words; it stays open when another point is chosen.
 * @param {Translation} translation
 */
function translationOf({ name, text, cannot, differs }) {
  const details = /** @type {HTMLDetailsElement} */ (made("details", made("summary", name)));
  details.append(...textToCopy(text, name));
  details.append(...listOf("It cannot express", cannot), ...listOf("It does differently", differs));
  details.open = openTranslations.has(name);
  details.addEventListener("toggle", () => {
    if (details.open) openTranslations.add(name);
    else openTranslations.delete(name);
  });
  return details;
}

/**
 * @param {string} title
 * @param {string[]} items
 */
function listOf(title, items) {
  if (!items.length) return [];
  return [made("p", made("b", title)), made("ul", ...items.map((item) => made("li", item)))];
}
