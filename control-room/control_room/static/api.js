// The control room's own API. What changes something says where it comes from: the browser adds the Origin.

import { byId } from "./dom.js";

const KEY = "control-room-token";

/**
 * @typedef {{ error?: string, reason?: string }} Problem
 */

/**
 * Post JSON and return the JSON of the answer; throw an Error that explains any other answer.
 * @param {string} path
 * @param {object} body
 * @returns {Promise<any>}
 */
export async function post(path, body = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json" };
  const token = byId("token", HTMLInputElement).value;
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(explain(content));
  return content;
}

/**
 * @param {Problem & { field?: string, answer?: Problem }} problem
 */
function explain({ error, reason, field, answer }) {
  return [error, field, reason, answer?.error, answer?.reason].filter(Boolean).join(": ");
}

/** Keep the token across reloads. It may come in the address, after the #, which is never sent anywhere. */
export function rememberToken() {
  const input = byId("token", HTMLInputElement);
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) history.replaceState(null, "", location.pathname);
  input.value = given ?? sessionStorage.getItem(KEY) ?? "";
  const keep = () => sessionStorage.setItem(KEY, input.value);
  input.addEventListener("change", keep);
  keep();
}
