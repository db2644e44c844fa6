/* The page on which a debrief is written and sealed. Its fields have no names, so that no form
   sends them; what leaves this browser is the sealed file. What was typed stays until that has
   arrived. */

import { isOther, isSealed, pin, seal, send, signerOf } from "./sealed.js";

const form = document.querySelector("form[data-seal]");
const wrong = form.querySelector("[data-wrong]");
const PHOTO_SIDE = 1600;
const MOST = Number(form.dataset.most);
let isGone = false;

function complain(sentence) {
  wrong.querySelector("[data-sentence]").textContent = sentence;
  wrong.hidden = !sentence;
  if (sentence) wrong.scrollIntoView({ block: "center" });
}

const chosen = () => [...form.querySelectorAll("[data-reader]:checked")].map((box) => box.dataset);
const readyFile = () => form.querySelector("[data-ready]").files[0];
const archive = { reader: "archive", key: form.dataset.archive };

/** A photograph drawn anew: place, time and device, which a camera writes into it, stay behind. */
async function drawn(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}

async function report() {
  const items = [...form.querySelectorAll("[data-item]")]
    .map((field) => ({ ask: field.dataset.item, answer: field.value.trim() }))
    .filter((one) => one.answer);
  const photos = [];
  for (const file of form.querySelector("[data-photos]").files) {
    photos.push({ type: "image/jpeg", data: await drawn(file) });
  }
  return {
    mission: form.dataset.mission,
    what: form.dataset.what,
    author: { id: form.dataset.author, name: form.dataset.name },
    for: [...chosen(), archive].map(({ reader, name, key }) => ({ id: reader, name, key })),
    written_at: new Date().toISOString(),
    items,
    text: form.querySelector("[data-text]").value,
    photos,
  };
}

/** A key that is another one than before must be compared first: nothing is sealed to it unseen. */
function isCompared() {
  const others = [...chosen(), archive].filter(({ reader, key }) => isOther(reader, key));
  const box = form.querySelector("[data-other]");
  box.hidden = !others.length;
  return !others.length || box.querySelector("input").checked;
}

async function give() {
  const readers = chosen();
  const keys = [...readers, archive].map(({ key }) => key);
  const ready = readyFile();
  const signer = ready ? { key: "" } : await signerOf(form.dataset.author);
  const sealed = ready ? new Uint8Array(await ready.arrayBuffer())
    : await seal(await report(), keys, signer);
  if (!isSealed(sealed)) return complain(form.dataset.notSealed);
  if (sealed.length > MOST) return complain(form.dataset.tooLarge);
  const query = new URLSearchParams({
    entry_id: form.elements.entry_id.value, archive: archive.key, signer: signer.key,
  });
  for (const { key } of readers) query.append("reader", key);
  const csrf = form.elements.csrfmiddlewaretoken.value;
  const answer = await send(`${form.dataset.give}?${query}`, sealed, csrf);
  pin([...readers, archive].map(({ reader, key }) => [reader, key]));
  isGone = true;
  location.assign((await answer.json()).next);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  complain("");
  const isEmpty = !readyFile() && !form.querySelector("[data-text]").value.trim();
  if (isEmpty) return complain(form.dataset.empty);
  if (!chosen().length) return complain(form.dataset.nobody);
  if (!isCompared()) return complain(form.dataset.compare);
  const button = form.querySelector("[data-send]");
  button.disabled = true;
  try {
    await give();
  } catch (error) {
    complain(error.isSaid ? error.message : form.dataset.failed);
  }
  button.disabled = false;
});

window.addEventListener("beforeunload", (event) => {
  if (!isGone && form.querySelector("[data-text]").value.trim()) event.preventDefault();
});
