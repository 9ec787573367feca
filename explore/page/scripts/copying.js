// Text with a button that copies it.

import { made } from "./data.js";

const SAID_MS = 2000;

/**
 * Return the text with its button.
 * @param {string} text
 * @param {string} what it is, for who does not see it
 */
export function textToCopy(text, what) {
  const shown = made("pre", made("code", text));
  const button = made("button", "Copy");
  button.setAttribute("type", "button");
  button.setAttribute("aria-label", `Copy ${what}`);
  const said = made("span");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    said.textContent = await copied(text) ? "Copied" : selected(shown);
    setTimeout(() => said.textContent = "", SAID_MS);
  });
  return [shown, made("p", button, " ", said)];
}

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the browser does not let a page in a file copy
  }
}

/** @param {Element} element */
function selected(element) {
  getSelection()?.selectAllChildren(element);
  return "Selected: copy it with the keyboard";
}
