/* Logging out takes with it what a phone keeps for the page "My mission": the page, the key, what
   was said. What was not told yet stays until it is told. */

const form = document.querySelector("form[data-log-out]");

/** The key and what was said: first, for it needs no line. */
async function forget() {
  indexedDB.deleteDatabase("homeby-sealed"); // the key that signs (sealed.js): she makes another
  const { leave } = await import(form.dataset.logOut);
  for (const device of await leave()) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "device", value: device });
    form.append(field);
  }
}

async function ringNoMore() {
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    await (await worker.pushManager?.getSubscription())?.unsubscribe(); // asks the browser's maker
  }
}

/** Wait for it, but not for ever: whatever happens, the log-in ends. */
function within(milliseconds, act) {
  const late = new Promise((resolve) => setTimeout(resolve, milliseconds));
  return Promise.race([act.catch(() => {}), late]);
}

form?.addEventListener("submit", async (event) => {
  if (!("caches" in window)) return;
  event.preventDefault();
  await within(2000, caches.delete("homeby-my"));
  await within(8000, forget());
  await within(2000, ringNoMore());
  form.submit();
});
