/* The door: what somebody says is sealed here, to the welfare officers who would read it and to the
   archive. Who they are stands on the page before she writes. The field for the words has no name,
   so that no form sends them; each body that leaves has one length, be it a look-up or words. */

import { isOther, pin, seal, send, sign, signerOf, toText } from "./sealed.js";

const form = document.querySelector("form[data-seal-door]");
const state = form.querySelector("[data-state]");
const words = form.querySelector("[data-said]");
const wrong = form.querySelector("[data-wrong]");
const other = form.querySelector("[data-other]");
const data = form.dataset;
const STEPS = 8;
const LENGTH = Number(data.length);
let asked = 0;
let isGone = false;

function complain(sentence) {
  wrong.querySelector("[data-sentence]").textContent = sentence;
  wrong.hidden = !sentence;
  if (sentence) wrong.scrollIntoView({ block: "center" });
}

/** What is chosen on the form and what comes beside it, filled up. */
function bodyOf(act, more = []) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of [["act", act], ...more]) body.append(name, value);
  body.append("filler", "");
  body.set("filler", "x".repeat(Math.max(0, LENGTH - String(body).length)));
  return body;
}

async function post(act, more) {
  const csrf = form.elements.csrfmiddlewaretoken.value;
  const answer = await send(location.pathname, bodyOf(act, more), csrf);
  return answer.json();
}

function show(found) {
  const isOpen = found.state === "OPEN";
  state.querySelector("[data-sentence]").textContent = found.sentence;
  const lines = readersOf(found).map(({ name, key }) => {
    const line = document.createElement("li");
    line.textContent = `${name} · ${sign(key)}`;
    return line;
  });
  state.querySelector("[data-readers]").replaceChildren(...lines);
  state.dataset.state = found.state;
  form.querySelector("[data-send]").hidden = isOpen || found.state === "NOBODY";
  form.querySelector("[data-open]").hidden = !isOpen;
  other.hidden = !readersOf(found).some(({ reader, key }) => isOther(reader, key));
}

const readersOf = (found) => (found.state === "SEALED"
  ? [...found.readers, { reader: "archive", name: data.archive, key: found.archive }] : []);

/** To whom it would be sealed, as it is chosen now; shown before she writes. */
async function lookUp() {
  asked += 1;
  const mine = asked;
  const found = await post("keys");
  if (mine === asked) show(found);
  return found;
}

async function give(found) {
  const to = readersOf(found);
  const about = form.elements.person?.value || data.author;
  const kind = new FormData(form).get("kind");
  const report = {
    door: kind,
    about: { id: kind === "OWN_WORD" ? data.author : about },
    author: { id: data.author, name: data.name },
    for: to.map(({ reader, name, key }) => ({ id: reader, name, key })),
    written_at: new Date().toISOString(),
    text: words.value,
  };
  const keys = to.map(({ key }) => key);
  const sealed = await seal(report, keys, await signerOf(data.author), STEPS);
  const answer = await post("seal", [
    ["sealed", padded(toText(sealed))],
    ["archive", found.archive],
    ...found.readers.map(({ key }) => ["reader", key]),
  ]);
  pin(to.map(({ reader, key }) => [reader, key]));
  isGone = true;
  location.assign(answer.next);
}

/** As the station reads it: base64 in whole groups. */
const padded = (text) => text + "=".repeat(-text.length & 3);

form.addEventListener("change", ({ target }) => {
  if (target !== words && !other.contains(target)) lookUp().catch(() => complain(data.failed));
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  complain("");
  if (!words.value.trim()) return complain(data.empty);
  if (words.value.length > Number(data.most)) return complain(data.tooLong);
  if (event.submitter?.hasAttribute("data-open")) return sendOpen();
  const button = form.querySelector("[data-send]");
  button.disabled = true;
  try {
    const found = await lookUp();
    if (found.state !== "SEALED") complain(found.sentence);
    else if (!other.hidden && !other.querySelector("input").checked) complain(data.compare);
    else await give(found);
  } catch (error) {
    complain(error.isSaid ? error.message : data.failed);
    if (error.isSaid) await lookUp().catch(() => {});
  }
  button.disabled = false;
});

/** Nobody who would read it has a key: she has read so, and sends it as text. */
function sendOpen() {
  words.name = "words";
  const act = document.createElement("input");
  Object.assign(act, { type: "hidden", name: "act", value: "speak" });
  form.append(act);
  isGone = true;
  form.submit();
}

window.addEventListener("beforeunload", (event) => {
  if (!isGone && words.value.trim()) event.preventDefault();
});

lookUp().catch(() => complain(data.failed));
