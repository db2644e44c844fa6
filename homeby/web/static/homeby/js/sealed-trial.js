/* The quarterly trial: a paper opens a test file here, and what stood in it goes to the station.
   The paper itself does not. */

import { armorDecode, decrypt, identityToRecipient, paperOf, unwrap } from "./sealed.js";

for (const form of document.querySelectorAll("form[data-trial]")) {
  const typed = form.querySelector("[data-paper]");
  const complain = (sentence) => {
    const note = form.querySelector("[data-wrong]");
    note.querySelector("[data-sentence]").textContent = sentence;
    note.hidden = !sentence;
  };

  /** Her envelope is the key; her paper code opens the key that the station keeps wrapped. */
  const keyOf = async () => {
    const paper = paperOf(typed.value);
    return form.dataset.wrapped ? unwrap(form.dataset.wrapped, { paper }) : paper;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    let secret;
    try {
      secret = await keyOf();
    } catch {
      return complain(form.dataset.wrongPaper);
    }
    if ((await identityToRecipient(secret)) !== form.dataset.key) {
      return complain(form.dataset.otherPaper);
    }
    try {
      const clear = await decrypt(armorDecode(form.dataset.trial), secret);
      form.elements.found.value = new TextDecoder().decode(clear);
    } catch {
      return complain(form.dataset.damaged);
    }
    typed.value = "";
    form.submit();
  });
}
