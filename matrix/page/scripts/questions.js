// Shows the advice for the answers that were chosen. Without this script, and on paper, all of it is there.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.questions"));

function showAdvice() {
  const answers = [...new FormData(form).values()].join("-");
  for (const advice of document.querySelectorAll(".advice")) {
    /** @type {HTMLElement} */ (advice).hidden = /** @type {HTMLElement} */ (advice).dataset.answers !== answers;
  }
}

form.addEventListener("change", showAdvice);
showAdvice();
