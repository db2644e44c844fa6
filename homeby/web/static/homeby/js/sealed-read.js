/* The page on which a reader opens a debrief: fetched sealed, opened and shown here. The station
   learns that it was handed over, and that it was opened. */

import { open, send, sha256, sign } from "./sealed.js";
import { whenUnlocked } from "./sealed-unlock.js";

const page = document.querySelector("[data-sealed]");
const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;

function line(name, text) {
  const part = document.createElement(name);
  part.textContent = text;
  return part;
}

/** An answer with a box of its own: whoever is called away goes on where she was. */
function confirmed(part, number) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.id = `confirmed-${number}`;
  box.dataset.confirmed = "";
  box.addEventListener("change", lookWhatIsLeft);
  const label = line("label", page.dataset.confirm);
  label.htmlFor = box.id;
  const own = document.createElement("div");
  own.className = "field tick";
  own.append(box, label);
  part.append(own);
  return part;
}

/** "I have answered her" waits until each item was confirmed. */
function lookWhatIsLeft() {
  const left = page.querySelectorAll("[data-confirmed]:not(:checked)").length;
  const button = page.querySelector("[data-after] button");
  if (button) button.disabled = left > 0;
  page.querySelector("[data-left]").hidden = !left;
}

function show({ report, key }) {
  const at = (name) => page.querySelector(`[data-shown=${name}]`);
  at("what").textContent = report.what || report.mission || "";
  at("author").textContent = report.author?.name ?? "";
  const known = JSON.parse(page.dataset.signers).includes(key);
  at("signed").textContent = known ? `${page.dataset.signed} ${sign(key)}`
    : key ? page.dataset.signedUnknown : page.dataset.unsigned;
  at("items").replaceChildren(...(report.items ?? []).flatMap(({ ask, answer }, number) => {
    const question = line("dt", ask);
    question.className = "strong";
    return [question, confirmed(line("dd", answer), number)];
  }));
  at("text").textContent = report.text ?? "";
  at("photos").replaceChildren(...(report.photos ?? [])
    .filter(({ type }) => type === "image/jpeg").map(({ data }, number) => {
      const picture = document.createElement("img");
      picture.src = `data:image/jpeg;base64,${data}`;
      picture.alt = `${page.dataset.photo} ${number + 1}`;
      return picture;
    }));
  at("all").hidden = false;
  lookWhatIsLeft();
}

/** Whether it is about what the station said it is about: it could hand over another one. */
const isThisOne = ({ report }) =>
  !report.author?.id || (report.author.id === page.dataset.author
    && report.mission === page.dataset.mission);

whenUnlocked(async (secret, part) => {
  const wrong = part.querySelector("[data-wrong]");
  const complain = (sentence) => {
    wrong.querySelector("[data-sentence]").textContent = sentence;
    wrong.hidden = false;
  };
  let opened;
  try {
    const answer = await send(page.dataset.text, new URLSearchParams(), csrf);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if ((await sha256(bytes)) !== page.dataset.sha256) return complain(page.dataset.changed);
    opened = await open(bytes, secret);
  } catch (error) {
    return complain(error.isSaid ? error.message : page.dataset.failed);
  }
  if (!isThisOne(opened)) return complain(page.dataset.changed);
  show(opened);
  part.hidden = true;
  const act = new URLSearchParams({ act: "opened" });
  await send(page.dataset.act, act, csrf).catch(() => complain(page.dataset.unnoted));
  page.querySelector("[data-after]").hidden = false;
});
