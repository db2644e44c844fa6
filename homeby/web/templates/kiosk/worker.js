/* The kiosk starts without the station, too: its page and files, which name nobody, are kept here.
   What comes from the station counts first; nothing that its key opens is ever kept. */

const NAME = "homeby-kiosk-{{ version }}";
const PAGE = "/kiosk/";
const FILES = {{ files|safe }};
const PATIENCE_MS = 4000;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll([PAGE, ...FILES])));
});

addEventListener("activate", (event) => {
  const others = (name) => name.startsWith("homeby-kiosk-") && name !== NAME;
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter(others).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(tidy());
});

addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || ![PAGE, ...FILES].includes(path)) return;
  event.respondWith(answer(path));
});

async function answer(path) {
  const kept = await caches.open(NAME);
  try {
    const fresh = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!fresh.ok) throw new Error(fresh.status);
    if (path === PAGE) await kept.put(PAGE, fresh.clone());
    return fresh;
  } catch {
    return (await kept.match(path)) ?? Response.error();
  }
}
