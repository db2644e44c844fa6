/* Live pages. The stream says only that something changed; the page then fetches its own parts, so
   that what a viewer may see is decided in one place, on the server.

     event changed        fetch the fragment of every [data-live-src] element and swap it in
     event watch          {age_seconds, fresh, bars}: is the watchkeeper looking? which bars
                          stand over the page? A part that shows ages
                          ([data-live-with-watch]) is fetched with it

   A lost stream shows the badge "not live" and is opened again; a silent watchkeeper, or a minute
   without word of it, shows the red bar (promise 7). */

const SILENT_SECONDS = 60;
const AGAIN_MILLISECONDS = 5000;
const frame = document.body.dataset;
const bar = document.getElementById("watch-bar");
// A page of trouble has no badge.
const badge = document.getElementById("live-badge") ?? document.createElement("span");
const announcer = document.getElementById("announcer");
const lastHtml = new WeakMap();
let stream = null;
let after = frame.after;
let waiting = null;
let heardAt = performance.now();
let watch = { fresh: bar.hidden, age_seconds: null };

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

/** Put the new picture in place; focus, scroll and opened details stay where they are. */
function swap(root, html) {
  const before = important(root);
  const focused = root.contains(document.activeElement) && keyOf(document.activeElement);
  const open = [...root.querySelectorAll("details[open][id]")].map((details) => details.id);
  const { scrollX, scrollY } = window;
  root.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) focusAgain(root, focused);
  window.scrollTo(scrollX, scrollY);
  document.dispatchEvent(new Event("homeby:swapped"));
  if (important(root) !== before) announcer.textContent = important(root);
}

async function refresh(root) {
  // Somebody is writing in it: what is being typed is worth more than a fresh picture.
  const busy = document.activeElement.matches("input, textarea, select");
  if (busy && root.contains(document.activeElement)) return;
  const answer = await fetch(root.dataset.liveSrc, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) throw new Error(`the fragment answered ${answer.status}`);
  const html = await answer.text();
  if (lastHtml.get(root) !== html) swap(root, html);
  lastHtml.set(root, html);
}

/** Fetch soon; several changes in a row are one picture. */
function refreshSoon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const parts = [...document.querySelectorAll("[data-live-src]")];
    const results = await Promise.allSettled(parts.map(refresh));
    const all = results.every((result) => result.status === "fulfilled");
    badge.hidden = all && stream.readyState === EventSource.OPEN;
    if (!all) refreshSoon(AGAIN_MILLISECONDS);
  }, milliseconds);
}

function showWatch() {
  const unheard = (performance.now() - heardAt) / 1000;
  bar.hidden = watch.fresh && unheard <= SILENT_SECONDS;
  for (const text of bar.querySelectorAll("[data-when]")) {
    text.hidden = (text.dataset.when === "silent") === watch.fresh;
  }
  if (watch.age_seconds === null) return;
  for (const output of document.querySelectorAll("[data-watch-age]")) {
    output.dataset.seconds = watch.age_seconds + unheard;
  }
}

function open() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(after ? `${frame.events}?after=${after}` : frame.events);
  stream.addEventListener("open", () => {
    if (after) badge.hidden = true; // what we missed, the stream says at once
    else refreshSoon(0);
  });
  stream.addEventListener("changed", (event) => {
    after = event.data;
    refreshSoon(150);
  });
  stream.addEventListener("watch", (event) => {
    watch = JSON.parse(event.data);
    heardAt = performance.now();
    showWatch();
    for (const one of document.querySelectorAll("[data-bar]")) {
      one.hidden = !watch.bars.includes(one.dataset.bar);
    }
    document.dispatchEvent(new Event("homeby:swapped"));
    if (document.querySelector("[data-live-with-watch]")) refreshSoon(0);
  });
  stream.addEventListener("error", () => {
    badge.hidden = false;
    // The browser tries again by itself, but not after a refusal.
    if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MILLISECONDS);
  });
}

if (frame.events) {
  open();
  setInterval(showWatch, 1000);
  // A browser allows six connections to one station: pages nobody looks at give theirs up.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return stream.close();
    heardAt = performance.now(); // the minute without word begins when somebody looks again
    open();
  });
}
