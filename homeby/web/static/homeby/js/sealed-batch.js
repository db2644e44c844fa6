/* Sealing again, for whoever follows a reader: fetched in batches, opened and closed here to the
   readers whom the page names, and given in. What arrived is done; the rest is found again when the
   page is loaded anew. */

import { decrypt, encrypt, isOther, pin, read, send, sha256 } from "./sealed.js";

const AT_ONCE = 50;

const toBase64 = (bytes) => {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return btoa(letters);
};
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The part of the page that says what is to be sealed again, to whom. */
export function batchOf(part) {
  const told = JSON.parse(part.dataset.again);
  const named = new Map(told.readers.map((one) => [one.key, one.reader]));
  const compared = part.querySelector("[data-other]");
  const readers = told.readers.map(({ reader, key }) => [reader, key]);
  const pairs = [...readers, ["archive", told.archive]];
  const others = pairs.filter(([reader, key]) => isOther(reader, key));
  compared.hidden = !others.length;
  return {
    part, told, named, pairs, given: new Set(),
    isCompared: () => !others.length || compared.querySelector("input").checked,
  };
}

/** One of them, sealed again: the very bytes that were signed, to the keys that the page named. */
async function again(item, secret, { told, named }) {
  const bytes = toBytes(item.content);
  if ((await sha256(bytes)) !== item.sha256) throw new Error("not what was given in");
  const clear = await decrypt(bytes, secret);
  await read(clear); // a wrong signature throws: what was changed is not passed on
  const keys = told.items[item.id];
  if (!keys.every((one) => named.has(one))) throw new Error("a key that the page does not name");
  const sealed = await encrypt(clear, [...keys, told.archive]);
  return { id: item.id, was: item.sha256, content: toBase64(sealed) };
}

async function post(address, body, csrf) {
  return (await send(address, JSON.stringify(body), csrf)).json();
}

/** Seal all of them again; gives how many were, and how many could not be opened. While a batch is
    opened and sealed, the next one is fetched and the one before is given in. */
export async function sealAgain(batch, secret, progress) {
  const { part, told } = batch;
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const about = { old: told.old, new: told.new, archive: told.archive, opening: told.opening };
  const whole = Object.keys(told.items).length;
  const waiting = new Set(Object.keys(told.items).filter((one) => !batch.given.has(one)));
  let failed = 0;
  let fetching;
  let giving = Promise.resolve();

  const fetchNext = () => {
    const ids = [...waiting].slice(0, AT_ONCE);
    if (!ids.length) return null;
    const coming = post(part.dataset.texts, { ids, opening: told.opening }, csrf)
      .then(({ items }) => ({ items, ids }));
    coming.catch(() => {}); // it is awaited later, and told then
    return coming;
  };
  const give = async (items) => {
    if (!items.length) return;
    await post(part.dataset.give, { ...about, entry_id: crypto.randomUUID(), items }, csrf);
    for (const { id } of items) batch.given.add(id);
    progress(batch.given.size + failed, whole);
  };

  pin(batch.pairs);
  fetching = fetchNext();
  while (fetching) {
    const { items, ids } = await fetching;
    // what does not come any more was sealed again by somebody else meanwhile
    for (const id of items.length ? items.map((one) => one.id) : ids) waiting.delete(id);
    fetching = fetchNext();
    const trying = items.map((one) => again(one, secret, batch).catch(() => null));
    const sealed = await Promise.all(trying);
    failed += sealed.filter((one) => !one).length;
    await giving; // one is on its way, no more
    giving = give(sealed.filter(Boolean));
    giving.catch(() => {});
  }
  await giving;
  return { done: batch.given.size, failed };
}

/** Have a button do it: progress and the outcome are said in the part. */
export function runBy(batch, secret) {
  const { part } = batch;
  const at = (name) => part.querySelector(`[data-${name}]`);
  const say = (note, sentence) => {
    at(note).querySelector("[data-sentence]").textContent = sentence;
    at(note).hidden = !sentence;
  };
  const button = at("run");
  button.hidden = false;
  button.addEventListener("click", async () => {
    say("wrong", "");
    if (!batch.isCompared()) return say("wrong", part.dataset.compare);
    button.disabled = true;
    const bar = at("bar");
    bar.hidden = false;
    try {
      const { done, failed } = await sealAgain(batch, secret, (count, whole) => {
        bar.querySelector("progress").value = count / whole;
        bar.querySelector("[data-count]").textContent = `${count} / ${whole}`;
      });
      say("done", part.dataset.done.replace("{n}", done));
      if (failed) say("wrong", part.dataset.failedSome.replace("{n}", failed));
    } catch (error) {
      button.disabled = false;
      say("wrong", error.isSaid ? error.message : part.dataset.interrupted);
    }
  });
}
