/* Answers for the page "My mission" when no line does: with the page as it was last, which the page
   itself put into the cache, and with the files that it needs. It keeps nothing by itself, and
   nobody else's page; logging out empties the cache. It sends what
   waits where the browser wakes it for that. It also rings: it shows the messages that the
   station pushes to this phone. */

const CACHE = "homeby-my";
const PAGE = "/my/";
const KEY = "/my/key/works/";
const INTAKE = "/intake/v1/entries";
const WAKES_US = "homeby-sends"; // as in queue.js
const ICON = "/static/homeby/img/icon-192.png";
const PATIENCE_MILLISECONDS = 3000; // a line that hangs is none; the page must open in five seconds
const CUT_MILLISECONDS = 20000;
const FILES = ["style", "script", "image", "manifest"];
let cutAt = -CUT_MILLISECONDS;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (new URL(request.url).pathname === PAGE) event.respondWith(page(request));
  } else if (FILES.includes(request.destination)) {
    event.respondWith(file(request));
  }
});

async function kept(what) {
  return (await caches.open(CACHE)).match(what, { ignoreSearch: what === PAGE });
}

function within(milliseconds, promise) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, milliseconds, new Error("late"));
    promise.then(resolve, reject);
  });
}

/** Whether the station wants a log-in first, in place of a page: a redirect is all we see of it. */
function isLoggedOut({ type, status }) {
  return type === "opaqueredirect" || status === 401 || status === 403;
}

/** The page of the station; the one that is kept where it does not come, or is not for us now: then
    the log-in has ended, and the key of the phone still speaks. A station in trouble is no line. */
async function page(request) {
  const fresh = fetch(request);
  const answer = await within(PATIENCE_MILLISECONDS, fresh).catch(() => null);
  if (answer?.ok) return answer;
  const old = await kept(PAGE);
  if (!old) return answer ?? fresh;
  fresh.catch(() => {});
  if (answer && isLoggedOut(answer)) {
    if (!(await isKeyDead(old.headers.get("X-Owner")))) return asKept(old, "logged-out");
    await caches.delete(CACHE);
    return answer;
  }
  cutAt = performance.now();
  return asKept(old, "no-line");
}

/** What this phone keeps under a name; nothing where the page has kept none. */
function onDisk(database, store, name) {
  return new Promise((resolve) => {
    const request = indexedDB.open(database);
    request.onupgradeneeded = () => request.transaction.abort(); // the page makes it, not we
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const asked = request.result.transaction(store).objectStore(store).get(name);
      asked.onerror = () => resolve(null);
      asked.onsuccess = () => resolve(asked.result ?? null);
      asked.transaction.oncomplete = () => request.result.close();
    };
  });
}

/** Whether the station says that the key of whose page is kept opens nothing any more. Where it
    says nothing, or there is no key, the page stays: it may be all that somebody has out there. */
async function isKeyDead(owner) {
  const kept = owner && (await onDisk("homeby-queue", "owners", owner));
  if (!kept?.key) return false;
  const headers = { Authorization: `Bearer ${kept.key}` };
  const asked = fetch(KEY, { headers, credentials: "omit", redirect: "error", cache: "no-store" });
  const said = asked.then((answer) => answer.json());
  return (await within(PATIENCE_MILLISECONDS, said).catch(() => null))?.works === false;
}

/** The page as it is kept, with the station's time as it is by now: never earlier than the page has
    seen it, wherever the clock of the device was moved. */
async function asKept(old, why) {
  const passed = Math.max(0, Date.now() - Number(old.headers.get("X-Kept-At")));
  const kept = await onDisk("homeby-clock", "clock", "kept"); // by steady.js
  const then = (_whole, said) => {
    const ours = kept && Math.max(kept.least, Date.now() + kept.ahead);
    const now = new Date(ours ?? Date.parse(said) + passed).toISOString();
    return `data-now="${now}" data-kept="${why}"`;
  };
  const text = (await old.text()).replace(/data-now="([^"]*)"/, then);
  const headers = new Headers(old.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text, { headers });
}

/** A file of the page: of the station, or as it was. While the line is cut nobody waits for it. */
async function file(request) {
  const old = await kept(request);
  if (old && performance.now() - cutAt < CUT_MILLISECONDS) return old;
  const fresh = fetch(request);
  if (!old) return fresh;
  const answer = await within(PATIENCE_MILLISECONDS, fresh).catch(() => null);
  fresh.catch(() => {});
  return answer?.ok ? answer : old;
}

/** There is a line again, says the browser: what waits is sent, also where the page is closed. What
    nobody answers goes on waiting: the browser wakes us again, and the page sends when it opens. */
self.addEventListener("sync", (event) => {
  if (event.tag === WAKES_US) event.waitUntil(sendWhatWaits());
});

async function sendWhatWaits() {
  const { DATABASE, Sender, inTurn, open } = self.homebySending; // sending.js, which stands above
  const time = await onDisk("homeby-clock", "clock", "kept"); // by steady.js
  const now = () => (time ? Math.max(time.least, Date.now() + time.ahead) : Date.now());
  const database = await open();
  const pages = new BroadcastChannel(DATABASE);
  const sender = new Sender({
    within: (act) => act(database),
    address: INTAKE,
    clock: { now, since: () => ({}) }, // how long ago a tap was, only its own page has counted
    changed: () => pages.postMessage("changed"),
  });
  await inTurn(() => sender.kept()).finally(() => {
    database.close();
    pages.close();
  });
}

/** A message of the station. A newer one of the same alarm takes the place of the older one, and is
    heard again. */
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // not ours, or nothing: the browser demands that something is shown all the same
  }
  const tag = String(said.key ?? "homeby").split("/")[0];
  const shown = self.registration.showNotification(said.title || "Homeby", {
    body: said.body ?? "",
    tag,
    renotify: true,
    requireInteraction: said.urgent === true,
    icon: ICON,
    data: { url: said.url || PAGE },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, location.href);
  const isOurs = url.origin === location.origin;
  event.waitUntil(self.clients.openWindow(isOurs ? url.href : PAGE));
});
