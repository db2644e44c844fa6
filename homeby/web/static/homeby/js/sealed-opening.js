/* The page on which two officers open the archive. Their envelopes are typed, or chosen as files,
   here alone; no field has a name, and nothing of it is sent. */

import {
  armorDecode, decrypt, identityToRecipient, paperOf, read, send, sha256, sign,
} from "./sealed.js";
import { batchOf, runBy } from "./sealed-batch.js";

const part = document.querySelector("[data-archive]");
const shown = document.querySelector("[data-opened]");
const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;

function complain(sentence) {
  const note = part.querySelector("[data-wrong]");
  note.querySelector("[data-sentence]").textContent = sentence;
  note.hidden = !sentence;
}

/** What is on one of the two papers: typed, or out of a file. Throws a sentence. */
async function envelope(number) {
  const file = part.querySelector(`[data-file="${number}"]`).files[0];
  const typed = part.querySelector(`[data-paper="${number}"]`);
  const text = file && !typed.value.trim() ? await file.text() : typed.value;
  if (!text.trim()) throw said(part.dataset.empty);
  try {
    return await whole(text);
  } catch {
    throw said(part.dataset.wrongPaper.replace("{n}", number));
  }
}

async function whole(text) {
  const secret = paperOf(text);
  return { secret, key: await identityToRecipient(secret) };
}

const said = (sentence) => Object.assign(new Error(sentence), { isSaid: true });

/** The archive's secret half, by two different envelopes of this archive key. */
async function openArchive(one, other) {
  const { pairs, shares, key } = JSON.parse(part.dataset.archive);
  if (one.key === other.key) throw said(part.dataset.same);
  for (const [number, { key: own }] of [[1, one], [2, other]]) {
    const isForeign = shares.length && !shares.includes(own);
    if (isForeign) throw said(part.dataset.foreign.replace("{n}", number));
  }
  for (const pair of pairs) {
    for (const [outer, inner] of [[one, other], [other, one]]) {
      try {
        const closed = await decrypt(armorDecode(pair), outer.secret);
        const secret = new TextDecoder().decode(await decrypt(closed, inner.secret)).trim();
        if ((await identityToRecipient(secret)) === key) return secret;
      } catch {
        // another pair of the three
      }
    }
  }
  throw said(part.dataset.neither);
}

function line(name, text, style = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = style;
  return made;
}

function show({ report, key }) {
  const photos = (report.photos ?? []).filter(({ type }) => type === "image/jpeg");
  shown.replaceChildren(
    line("h3", report.what || report.mission || ""),
    line("p", [report.author?.name, key ? sign(key) : part.dataset.unsigned].join(" · "), "soft"),
    line("p", report.text ?? "", "as-written"),
    ...(report.items ?? []).flatMap(
      ({ ask, answer }) => [line("p", ask, "strong"), line("p", answer)]),
    ...photos.map(({ data }, number) => {
      const picture = document.createElement("img");
      picture.src = `data:image/jpeg;base64,${data}`;
      picture.alt = `${part.dataset.photo} ${number + 1}`;
      return picture;
    }),
  );
  shown.hidden = false;
  shown.scrollIntoView({ block: "start" });
}

async function readOne(id, secret) {
  const body = JSON.stringify({ ids: [id], opening: part.dataset.opening });
  const { items } = await (await send(part.dataset.texts, body, csrf)).json();
  if (!items.length) throw said(part.dataset.damaged);
  const bytes = Uint8Array.from(atob(items[0].content), (letter) => letter.charCodeAt(0));
  if ((await sha256(bytes)) !== items[0].sha256) throw said(part.dataset.damaged);
  show(await read(await decrypt(bytes, secret)));
}

part?.querySelector("[data-join]")?.addEventListener("click", async () => {
  complain("");
  let secret;
  try {
    secret = await openArchive(await envelope(1), await envelope(2));
  } catch (error) {
    complain(error.isSaid ? error.message : part.dataset.neither);
    return;
  }
  for (const field of part.querySelectorAll("[data-paper], [data-file]")) field.value = "";
  part.querySelector("[data-closed]").hidden = true;
  document.querySelector("[data-open]").hidden = false;
  for (const button of document.querySelectorAll("[data-read]")) {
    button.addEventListener("click", () => {
      complain("");
      readOne(button.dataset.read, secret)
        .catch((error) => complain(error.isSaid ? error.message : part.dataset.damaged));
    });
  }
  const again = document.querySelector("[data-again]");
  if (again) runBy(batchOf(again), secret);
});
