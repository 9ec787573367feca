// The control room's own API. What changes something says where it comes from: the browser adds the Origin.

import { byId } from "./dom.js";

const KEY = "control-room-token";

export async function post(path, body = {}, signal = undefined) {
  const headers = { "Content-Type": "application/json" };
  const token = byId("token").value;
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  const said = await answer.json();
  if (!answer.ok) throw new Error(explain(said));
  return said;
}

const explain = ({ error, reason, field, answer }) => [error, field, reason, answer?.error, answer?.reason].filter(Boolean).join(": ");

// A token may come in the address, after the #, which is never sent anywhere.
export function rememberToken() {
  const input = byId("token");
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) history.replaceState(null, "", location.pathname);
  input.value = given ?? sessionStorage.getItem(KEY) ?? "";
  const keep = () => sessionStorage.setItem(KEY, input.value);
  input.addEventListener("change", keep);
  keep();
}
