/* The kiosk: which screen stands, what a touch does, and that everything leaves the screen again.
   Whoever stands here is held in one variable, from the callsign or card to the act, and no longer.
   What they do is sealed first, kept, and then sent: "Recorded." is said by the station alone. */

import * as store from "./kiosk-store.js";
import * as line from "./kiosk-line.js";
import { seal } from "./kiosk-seal.js";
import { isPrinted, readsCards } from "./kiosk-reader.js";
import * as camera from "./kiosk-camera.js";
import { StationTime, passed } from "./passing.js";

const CLEAR_MS = 2700; // less than 3 s after an act nothing of it is on the screen
const ANSWER_MS = 1500; // so long the station's answer is waited for, before "kept here" is said
const LEFT_MS = 20_000; // somebody walked away in the middle
const ASK_EVERY_MS = 4000;
const LATE_MS = 12_000; // an answer of before the tablet slept says nothing of now

const said = JSON.parse(document.getElementById("said").textContent);
const by = (id) => document.getElementById(id);
let key = null;
let state = null;
let heard = false;
const clock = new StationTime(Date.now(), 1); // the station's: the tablet's own may be wrong
let who = null;
let left = null;
let shown = 0;
let looking = false;
let badge = ""; // what was read, while the PIN is asked for beside it
let blind = null; // ends the look through the camera

const stationNow = () => clock.now();

function show(screen) {
  shown += 1;
  clearTimeout(left);
  for (const one of document.querySelectorAll("[data-screen]")) {
    one.hidden = one.dataset.screen !== screen;
  }
  by("foot").hidden = screen === "setup";
  document.body.dataset.at = screen;
  if (screen === "who" || screen === "act") left = setTimeout(rest, LEFT_MS);
  return shown;
}

const at = () => document.body.dataset.at;

/** Forget whoever stood here. */
function clear() {
  who = null;
  badge = "";
  blind?.();
  blind = null;
  by("looking").hidden = true;
  by("camera-said").hidden = true;
  by("callsign-field").hidden = false;
  by("badge-read").hidden = true;
  for (const id of ["callsign", "pin"]) by(id).value = "";
  for (const one of document.querySelectorAll(".masked")) one.classList.remove("is-shown");
  sure(false);
}

function rest() {
  clear();
  by("done").textContent = "";
  document.activeElement?.blur();
  show(key && state ? "idle" : "setup");
}

function sure(is) {
  const help = document.querySelector("[data-act=help]");
  help.classList.toggle("is-sure", is);
  help.querySelector("span").textContent = is ? said.again_for_help : said.help;
}

function ask() {
  clear();
  show("who");
  by("callsign").focus();
}

/** A badge was read. One that was printed says who it is, as a callsign does: the PIN is asked for
    beside it. */
function read(code) {
  if (!isPrinted(code)) return known({ code });
  ask();
  badge = code;
  by("callsign-field").hidden = true;
  by("badge-read").hidden = false;
  by("pin").focus();
}

function useCamera() {
  blind?.();
  tell("camera-said", "");
  by("looking").hidden = false;
  const fail = () => {
    by("looking").hidden = true;
    tell("camera-said", said.no_camera);
  };
  blind = camera.look({ read, fail });
}

function known(person) {
  clear();
  who = person;
  for (const one of document.querySelectorAll("[data-act]")) {
    one.hidden = !state.acts.includes(one.dataset.act);
  }
  show("act");
}

/** One act: gone from the screen at once, sealed, kept, sent; answered by the station, or not. */
async function act(name) {
  const entry = { act: name, ...who, happened_at: new Date(stationNow()).toISOString() };
  clear();
  const mine = show("done");
  const say = (text) => {
    if (shown === mine) by("done").textContent = text;
  };
  say(said.sending);
  setTimeout(() => shown === mine && rest(), CLEAR_MS);
  try {
    const answer = recorded(entry);
    const late = new Promise((done) => setTimeout(done, ANSWER_MS));
    const first = await Promise.race([answer, late]);
    if (!first) say(said.kept);
    const told = first ?? (await answer);
    if (told) say(told.sentence);
  } catch {
    say(said.not_kept);
  }
  await count();
}

/** What the station said of it; nothing while it waits here. Throws where it is not even kept. */
async function recorded(entry) {
  const id = crypto.randomUUID();
  const sealed = await seal(entry, id, state.seal);
  try {
    await store.keep({ id, sealed });
  } catch {
    const [answer] = await line.post(key, [{ id, sealed }], stationNow); // the disk is full
    return answer;
  }
  await line.send(key, stationNow).catch(() => {}); // what is not heard now waits here
  return line.answerTo(id);
}

async function count() {
  const { waiting, lost } = await store.count();
  tell("waiting", counted(waiting, said.waiting_one, said.waiting_many));
  tell("lost", lostText(lost));
}

function counted(number, one, many) {
  if (number > 1) return many.replace("{n}", number);
  return number ? one : "";
}

const lostText = (lost) => counted(lost, said.lost_one, said.lost_many);

function tell(id, text) {
  by(id).hidden = !text;
  if (text && by(id).textContent !== text) by(id).textContent = text;
}

function draw() {
  by("gate").textContent = state?.gate ?? "";
  by("site").textContent = state?.site ?? "";
  const text = heard ? said.heard : said.deaf;
  if (by("line").textContent !== text) by("line").textContent = text;
  by("line").classList.toggle("is-deaf", !heard);
  by("watch").hidden = !heard || !state || state.watching;
  by("watch").querySelector("span").textContent = said.silent;
}

function tick() {
  if (!state) return;
  const two = "2-digit";
  const style = { timeZone: state.zone, hour: two, minute: two, hourCycle: "h23" };
  const text = new Date(stationNow()).toLocaleTimeString("en-GB", style);
  if (by("clock").textContent !== text) by("clock").textContent = text;
}

/** Ask the station how it is, and hand on what waits. */
async function look() {
  if (!key || looking) return;
  looking = true;
  await lookOnce().finally(() => {
    looking = false;
  });
}

async function lookOnce() {
  try {
    const asked = passed();
    const answer = await line.state(key);
    if (passed() - asked > LATE_MS) throw new Error("the answer is an old one");
    state = answer;
    const now = Date.parse(state.now);
    clock.set(now, state.speed);
    heard = true;
    await store.put("state", state);
    await store.put("ahead", now - Date.now());
    await store.put("heard", now);
    await line.send(key, stationNow);
  } catch (error) {
    if (error instanceof line.Revoked) return over();
    heard = false;
  }
  draw();
  tick();
  await count();
}

/** The key was revoked: what waits goes to a person by it, and then the tablet is none of ours.
    What was refused stays here, and is said. */
async function over() {
  try {
    await line.send(key, stationNow);
  } catch {
    heard = false;
    draw();
    return;
  }
  await store.forgetTablet();
  key = state = null;
  rest();
  draw();
  setupSays(lostText((await store.count()).lost) || said.over);
}

function setupSays(text) {
  by("setup-said").textContent = text;
  by("setup-said").hidden = !text;
}

/** Become the kiosk that this key opens. */
async function begin(link) {
  setupSays("");
  try {
    await line.takeKey(link);
  } catch (error) {
    setupSays(error instanceof line.Revoked ? error.message : said.no_line);
    return;
  }
  await store.takeNote(); // who does this has read of it on this screen, or at the gate
  await wake();
}

async function wake() {
  key = await store.get("key");
  state = await store.get("state");
  const ours = Date.now() + ((await store.get("ahead")) ?? 0);
  // The tablet's clock may have been set back while it was off: never before what we have heard.
  if (!heard) clock.set(Math.max(ours, (await store.get("heard")) ?? 0), 1);
  if (key && !state) await look();
  if (!key || !state) {
    setupSays(key ? said.no_line : lostText((await store.count()).lost)); // the next look finds it
    show("setup");
    return;
  }
  setupSays("");
  if (!navigator.serviceWorker?.controller) {
    navigator.serviceWorker?.register("/kiosk/worker.js").catch(() => {});
  }
  draw();
  tick();
  rest();
  await look();
}

async function stayAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

function listen() {
  by("touch").addEventListener("click", ask);
  by("setup").addEventListener("submit", (event) => {
    event.preventDefault();
    const link = by("key").value.trim();
    by("key").value = "";
    if (link) begin(link);
  });
  by("who").addEventListener("submit", (event) => {
    event.preventDefault();
    const [callsign, pin] = [by("callsign").value.trim(), by("pin").value.trim()];
    const named = badge ? { code: badge } : { callsign };
    if (badge || callsign) known(pin ? { ...named, pin } : named);
    else by("callsign").focus();
  });
  for (const one of document.querySelectorAll("[data-rest]")) one.addEventListener("click", rest);
  for (const one of document.querySelectorAll("[data-act]")) {
    one.addEventListener("click", () => {
      const isHelp = one.dataset.act === "help";
      if (isHelp && !one.classList.contains("is-sure")) return sure(true);
      if (who) act(one.dataset.act);
    });
  }
  const seen = (is) => by("callsign").classList.toggle("is-shown", is);
  for (const kind of ["pointerdown", "keydown"]) {
    by("look").addEventListener(kind, () => seen(true));
  }
  for (const kind of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) {
    by("look").addEventListener(kind, () => seen(false));
  }
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, () => {
      if (at() !== "who" && at() !== "act") return;
      clearTimeout(left);
      left = setTimeout(rest, LEFT_MS);
    });
  }
  readsCards({
    listens: () => at() === "idle" || at() === "who",
    typing: () => at() === "idle" && ask(),
    read,
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : stayAwake()));
  by("camera").addEventListener("click", useCamera);
  camera.canLook().then((can) => (by("camera").hidden = !can));
  addEventListener("pagehide", rest); // nothing typed comes back with the page
  addEventListener("online", look);
}

async function start() {
  const link = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  if (!globalThis.isSecureContext) {
    show("setup");
    by("setup").hidden = true;
    setupSays(said.unsafe);
    return;
  }
  listen();
  try {
    await wake();
    const pending = await store.get("pending");
    if (link) await begin(link);
    else if (!key && pending) await begin(pending.link);
  } catch {
    show("setup");
    setupSays(said.no_store);
  }
  stayAwake();
  setInterval(tick, 1000);
  setInterval(() => (key && !state ? wake() : look()), ASK_EVERY_MS);
}

start();
