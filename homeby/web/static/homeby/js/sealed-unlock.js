/* Opening one's own key, on the pages that need it: by a passkey or by a paper code. The part of
   the page ([data-unlock]) brings the wraps; all sentences come with the page. */

import { paperOf, unwrap } from "./sealed.js";

const TRIES = 5;

/** Have whoever sits there open her key; `then` gets its secret half. */
export function whenUnlocked(then) {
  const part = document.querySelector("[data-unlock]");
  if (!part) return;
  const wraps = JSON.parse(part.dataset.unlock);
  const typed = part.querySelector("[data-paper]");
  let wrong = 0;

  const show = (sentence) => {
    const note = part.querySelector("[data-wrong]");
    note.querySelector("[data-sentence]").textContent = sentence;
    note.hidden = !sentence;
  };

  async function tryIt(open, sentence) {
    show("");
    let secret;
    try {
      secret = await open();
    } catch (error) {
      show(/PRF/.test(error.message) ? part.dataset.noPrf : sentence());
      return;
    }
    await then(secret, part);
  }

  function wrongPaper() {
    wrong += 1;
    return wrong < TRIES ? part.dataset.wrongPaper : part.dataset.wrongOften;
  }

  for (const button of part.querySelectorAll("[data-credential]")) {
    const { credential } = button.dataset;
    const wrapped = wraps.find((one) => one.credential === credential).wrapped;
    button.addEventListener("click", () => tryIt(
      () => unwrap(wrapped, { credential }), () => part.dataset.wrongPasskey));
  }
  part.querySelector("[data-by-paper]")?.addEventListener("click", () => tryIt(async () => {
    const paper = paperOf(typed.value);
    const wrapped = wraps.find((one) => !one.credential).wrapped;
    const secret = await unwrap(wrapped, { paper });
    typed.value = "";
    return secret;
  }, wrongPaper));
}
