/* The kiosk's three calls: what stands at rest, a key of its own, and the acts that wait. */

import * as store from "./kiosk-store.js";
import { hashOf, newKey } from "./kiosk-seal.js";

const PATIENCE_MS = 10_000;
const AT_ONCE = 10;
const DONE = ["counted", "again", "unverified"];

export class Revoked extends Error {}

async function call(address, key, options = {}) {
  const answer = await fetch(address, {
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...options,
  });
  const said = await answer.json(); // anything else is not our station, but somebody between
  return { status: answer.status, said };
}

/** What the station says of this kiosk. Throws Revoked, or anything where it is not heard. */
export async function state(key) {
  const { status, said } = await call("/kiosk/state", key);
  if (status === 401 && said.sentence) throw new Revoked(said.sentence);
  if (status !== 200) throw new Error(said.sentence);
  return said;
}

/** Put a key of our own in the place of the one in the link. Both stay here until it is certain, so
    that an answer which is lost on the way costs no kiosk. */
export async function takeKey(link) {
  let pending = await store.get("pending");
  if (pending?.link !== link) {
    pending = { link, own: newKey() };
    await store.put("pending", pending);
  }
  const body = JSON.stringify({ key_hash: await hashOf(pending.own) });
  // With it goes the log-in of whoever opened the link here, and the station ends it.
  const how = { method: "POST", body, credentials: "same-origin" };
  const { status, said } = await call("/kiosk/key", link, how);
  if (status === 401) {
    await state(pending.own).catch((error) => {
      throw error instanceof Revoked ? new Revoked(said.sentence) : error;
    });
  } else if (status !== 200) throw new Error(said.sentence);
  await store.put("key", pending.own);
  await store.put("pending", null);
}

let busy = Promise.resolve();
const told = new Map();
const REMEMBERED = 20;

/** What the station said of the act of this id, asked once; nothing while it was not told. */
export function answerTo(id) {
  const answer = told.get(id);
  told.delete(id);
  return answer;
}

/** Hand on what waits, the oldest first; `now()` is the time in which the acts are stamped. Throws
    where the station is not heard: then it stays. */
export function send(key, now) {
  const next = busy.then(() => sendAll(key, now));
  busy = next.catch(() => {});
  return next;
}

async function sendAll(key, now) {
  for (;;) {
    const waiting = await store.oldest(AT_ONCE);
    if (!waiting.length) return;
    const answers = await post(key, waiting.map(([, act]) => act), now);
    let settled = 0;
    for (const [number, act] of waiting) {
      const answer = answers.find((one) => one.id === act.id);
      if (!answer) continue;
      if (DONE.includes(answer.taken)) await store.forget(number);
      else await store.refused(number, act); // the screen at rest says that there is one
      told.set(act.id, answer);
      if (told.size > REMEMBERED) told.delete(told.keys().next().value);
      settled += 1;
    }
    if (!settled) throw new Error("nothing was answered");
  }
}

/** Send these acts; the answers. */
export async function post(key, entries, now) {
  const body = JSON.stringify({ sent_at: new Date(now()).toISOString(), entries });
  const { status, said } = await call("/intake/v1/entries", key, { method: "POST", body });
  if (status !== 200 && status !== 422) throw new Error(said.sentence);
  return said.answers;
}
