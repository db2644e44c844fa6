/* Live pages. The stream says only that something changed; the page then fetches its own parts, so
   that what a viewer may see is decided in one place, on the server.

     event changed        fetch the fragment of every [data-live-src] element and swap it in
     event watch          {age_seconds, fresh, bars, now}: is the watchkeeper looking? which bars
                          stand over the page? what time is it at the station? A part that shows
                          ages ([data-live-with-watch]) is fetched with it

   A part with [data-live-rows] (the version it shows) asks for the rows that are new since then,
   and puts each in its place; where that cannot be told it gets the whole. Every part is asked for
   by the mark of what it shows (ETag), so that nothing is sent that is here.

   A line that is lost, or hangs, says on the page since when it is not live (the badge, and every
   [data-not-live]), and is opened again; a silent watchkeeper, or a minute without word of it,
   shows the red bar (promise 7). Event homeby:line tells other scripts each second. */

import { passed, station } from "./passing.js";

const SILENT_SECONDS = 60;
const QUIET_SECONDS = 15; // three signs of life of the station that did not come
const ANSWER_MILLISECONDS = 15000;
const AGAIN_MILLISECONDS = 5000;
const ROWS_MILLISECONDS = 30000; // the clock alone changes rows, and tells nobody
const frame = document.body.dataset;
const bar = document.getElementById("watch-bar");
// A page of trouble has no badge.
const badge = document.getElementById("live-badge") ?? document.createElement("span");
const announcer = document.getElementById("announcer");
const lastHtml = new WeakMap();
const marks = new WeakMap();
let stream = null;
let after = frame.after;
let waiting = null;
let isFetching = false;
let isWanted = false;
let heardAt = passed();
let watch = { fresh: bar.hidden, age_seconds: null };
// The line: when the station was last heard, whether it is open, whether every part is up to date.
let lineAt = passed();
let triedAt = passed();
let isOpen = true;
let isCurrent = true;
let downSince = null;

function keyOf(element) {
  return element.id || element.getAttribute("href") || `${element.name}=${element.value}`;
}

/** Focus the one that had it before; never a neighbour, whose meaning may be another. */
function focusAgain(root, key) {
  const all = [...root.querySelectorAll("a, button, summary")];
  const same = all.filter((element) => keyOf(element) === key);
  if (same.length === 1) same[0].focus({ preventScroll: true });
}

function important(root) {
  return root.querySelector("[data-announce]")?.textContent.trim() ?? "";
}

/** Fields of this part that somebody has filled in: their id, and what stands in them. */
function typedIn(root) {
  const fields = [...root.querySelectorAll("input[id]:not([type=hidden]), textarea[id]")];
  const changed = fields.filter((field) => field.value !== field.defaultValue);
  return changed.map(({ id, value }) => [id, value]);
}

/** Put the new picture in place; focus, scroll, opened details and what was typed stay. */
function swap(root, html) {
  const before = important(root);
  const typed = typedIn(root);
  const focused = root.contains(document.activeElement) && keyOf(document.activeElement);
  const open = [...root.querySelectorAll("details[open][id]")].map((details) => details.id);
  const { scrollX, scrollY } = window;
  root.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  if (focused) focusAgain(root, focused);
  window.scrollTo(scrollX, scrollY);
  document.dispatchEvent(new Event("homeby:swapped"));
  if (important(root) !== before) announcer.textContent = important(root);
}

/** Put rows that are new or moved where they belong, and take out those that left. */
function change(root, news) {
  const before = important(root);
  const focused = root.contains(document.activeElement) && keyOf(document.activeElement);
  const body = root.querySelector("[data-rows]");
  const rows = new Map([...body.children].map((row) => [row.dataset.key, row]));
  for (const key of news.gone) rows.get(key)?.remove();
  for (const row of news.rows) rows.get(row.key)?.remove();
  for (const { key, after, html } of news.rows) {
    const holder = document.createElement("tbody");
    holder.innerHTML = html;
    const row = holder.firstElementChild;
    rows.set(key, row);
    if (!after) body.prepend(row);
    else if (rows.get(after)?.isConnected) rows.get(after).after(row);
    else return false;
  }
  if (news.top !== null) root.querySelector("[data-top]").innerHTML = news.top;
  if (focused && !root.contains(document.activeElement)) focusAgain(root, focused);
  document.dispatchEvent(new Event("homeby:swapped"));
  if (important(root) !== before) announcer.textContent = important(root);
  return true;
}

async function refresh(root) {
  // Somebody is writing in it: what is being typed is worth more than a fresh picture.
  const busy = document.activeElement.matches("input, textarea, select");
  if (busy && root.contains(document.activeElement)) return;
  const since = root.dataset.liveRows;
  const answer = await fetch(root.dataset.liveSrc + (since ? `?since=${since}` : ""), {
    headers: { "X-Requested-With": "fetch", "If-None-Match": marks.get(root) ?? '""' },
    cache: "no-store", // what 304 means is for us to know
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
  });
  if (answer.status === 304) return;
  if (!answer.ok || answer.redirected) throw new Error(`the fragment answered ${answer.status}`);
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const news = await answer.json();
    root.dataset.liveRows = change(root, news) ? news.version : "";
    if (!root.dataset.liveRows) throw new Error("a row has no place");
  } else {
    const html = await answer.text();
    if (lastHtml.get(root) !== html) swap(root, html);
    lastHtml.set(root, since === undefined ? html : null);
    if (since !== undefined) root.dataset.liveRows = answer.headers.get("X-Homeby-Version") ?? "";
  }
  marks.set(root, answer.headers.get("ETag") ?? '""');
}

/** Fetch soon; several changes in a row are one picture. */
function refreshSoon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (isFetching) return void (isWanted = true); // an older answer must not come last
    isFetching = true;
    const parts = [...document.querySelectorAll("[data-live-src]")];
    const results = await Promise.allSettled(parts.map(refresh));
    isCurrent = results.every((result) => result.status === "fulfilled");
    isFetching = false;
    showLine();
    if (!isCurrent) refreshSoon(AGAIN_MILLISECONDS);
    else if (isWanted) refreshSoon(0);
    isWanted = false;
  }, milliseconds);
}

function showWatch() {
  const unheard = (passed() - heardAt) / 1000;
  bar.hidden = watch.fresh && unheard <= SILENT_SECONDS;
  for (const text of bar.querySelectorAll("[data-when]")) {
    text.hidden = (text.dataset.when === "silent") === watch.fresh;
  }
  if (watch.age_seconds === null) return;
  for (const output of document.querySelectorAll("[data-watch-age]")) {
    output.dataset.seconds = watch.age_seconds + unheard;
  }
}

/** Say whether what stands here is live, and if not, since when. */
function showLine() {
  const now = passed();
  const isQuiet = now - lineAt > QUIET_SECONDS * 1000;
  const down = !isOpen || !isCurrent || isQuiet;
  if (down && downSince === null) {
    downSince = isOpen && !isQuiet ? now : lineAt;
    const at = new Date(station.when(downSince));
    const two = "2-digit";
    const style = { timeZone: frame.zone || "UTC", hour: two, minute: two, hourCycle: "h23" };
    const text = at.toLocaleTimeString("en-GB", style);
    for (const one of document.querySelectorAll("[data-live-since]")) one.textContent = text;
  }
  if (!down) downSince = null;
  badge.hidden = !down;
  for (const one of document.querySelectorAll("[data-not-live]")) one.hidden = !down;
  document.body.toggleAttribute("data-is-not-live", down);
  const seconds = down ? (now - downSince) / 1000 : 0;
  const detail = { down, seconds, watchIsFresh: watch.fresh };
  document.dispatchEvent(new CustomEvent("homeby:line", { detail }));
  const isSeen = !document.hidden || "liveAlways" in frame;
  if (isQuiet && isSeen && now - triedAt > QUIET_SECONDS * 1000) {
    isOpen = false; // it hangs: no error comes, and nothing else either
    stream.close();
    open();
  }
}

function heard() {
  lineAt = passed();
  isOpen = true;
}

function open() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  triedAt = passed();
  stream = new EventSource(after ? `${frame.events}?after=${after}` : frame.events);
  stream.addEventListener("open", () => {
    heard();
    if (!after || !isCurrent) refreshSoon(0); // else the stream says at once what we missed
    showLine();
  });
  stream.addEventListener("changed", (event) => {
    heard();
    after = event.data;
    refreshSoon(150);
  });
  stream.addEventListener("watch", (event) => {
    watch = JSON.parse(event.data);
    heardAt = passed();
    heard();
    station.heard(Date.parse(watch.now));
    showWatch();
    for (const one of document.querySelectorAll("[data-bar]")) {
      one.hidden = !watch.bars.includes(one.dataset.bar);
    }
    document.dispatchEvent(new Event("homeby:swapped"));
    if (document.querySelector("[data-live-with-watch]")) refreshSoon(0);
  });
  stream.addEventListener("error", () => {
    isOpen = false;
    showLine();
    // The browser tries again by itself, but not after a refusal.
    if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MILLISECONDS);
  });
}

if (frame.events) {
  open();
  setInterval(showWatch, 1000);
  setInterval(showLine, 1000);
  if (document.querySelector("[data-live-rows]")) {
    setInterval(() => document.hidden || refreshSoon(0), ROWS_MILLISECONDS);
  }
  // A browser allows six connections to one station: pages nobody looks at give theirs up.
  document.addEventListener("visibilitychange", () => {
    if ("liveAlways" in frame) return; // a screen that must hear everything, seen or not
    if (document.hidden) return stream.close();
    isOpen = false; // until the line is open again; the next second says so
    heardAt = passed(); // the minute without word begins when somebody looks again
    open();
  });
}
