/* The page of one's own key: made here, shown on paper once, opened by one more passkey. What goes
   to the station is its public half and the wraps. */

import { generateX25519Identity, identityToRecipient, newPaper, sign, wrap } from "./sealed.js";
import { whenUnlocked } from "./sealed-unlock.js";

const making = document.querySelector("form[data-make-key]");
const adding = document.querySelector("form[data-add-wrap]");

function complain(form, sentence) {
  const note = form.querySelector("[data-wrong]");
  note.querySelector("[data-sentence]").textContent = sentence;
  note.hidden = !sentence;
}

function showPaper(form, paper, key) {
  const sheet = form.querySelector("[data-paper-sheet]");
  const words = sheet.querySelector("[data-words]");
  words.replaceChildren(...paper.words.map((word) => {
    const line = document.createElement("li");
    line.textContent = word;
    return line;
  }));
  sheet.querySelector("[data-letters]").textContent = paper.secret.replace(/(.{16})(?=.)/g, "$1 ");
  for (const one of form.querySelectorAll("[data-sign]")) one.textContent = sign(key);
  sheet.hidden = false;
}

/** The wraps of a secret half: to the paper, if one was made, and to each chosen passkey. */
async function wrapsOf(form, secret, paper) {
  const wraps = [];
  if (paper) wraps.push({ wrapped: await wrap(secret, { paper: paper.secret }), credential: "" });
  for (const box of form.querySelectorAll("[data-passkey]:checked")) {
    const credential = box.dataset.passkey;
    const wrapped = await wrap(secret, { credential });
    wraps.push({ wrapped, credential, label: box.dataset.label });
  }
  return wraps;
}

async function post(form, secret, paper) {
  complain(form, "");
  try {
    form.elements.wraps.value = JSON.stringify(await wrapsOf(form, secret, paper));
  } catch (error) {
    complain(form, /PRF/.test(error.message) ? form.dataset.noPrf : form.dataset.failed);
    return;
  }
  form.submit();
}

if (making) {
  let secret;
  let paper;
  making.querySelector("[data-begin]").addEventListener("click", async ({ target }) => {
    target.hidden = true;
    secret = await generateX25519Identity();
    paper = newPaper();
    const key = await identityToRecipient(secret);
    making.elements.public.value = key;
    showPaper(making, paper, key);
  });
  making.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!secret) return;
    if (!making.querySelector("[data-on-paper]").checked) {
      complain(making, making.dataset.noPaper);
      return;
    }
    post(making, secret, paper);
  });
}

if (adding) {
  whenUnlocked(async (secret, part) => {
    part.hidden = true;
    adding.hidden = false;
    let paper;
    adding.querySelector("[data-new-paper]").addEventListener("click", async ({ target }) => {
      target.hidden = true;
      paper = newPaper();
      showPaper(adding, paper, await identityToRecipient(secret));
    });
    adding.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = paper || adding.querySelector("[data-passkey]:checked");
      if (chosen) post(adding, secret, paper);
      else complain(adding, adding.dataset.nothing);
    });
  });
}
