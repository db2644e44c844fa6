/* Logging out takes with it what a phone keeps for the page "My mission": the page, the key, what
   was said. What was not told yet stays until it is told. */

const form = document.querySelector("form[data-log-out]");

async function forget() {
  await caches.delete("homeby-my");
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    await (await worker.pushManager?.getSubscription())?.unsubscribe(); // it rings no more here
  }
  const { leave } = await import(form.dataset.logOut);
  for (const device of await leave()) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "device", value: device });
    form.append(field);
  }
}

form?.addEventListener("submit", async (event) => {
  if (!("caches" in window)) return;
  event.preventDefault();
  const late = new Promise((resolve) => setTimeout(resolve, 2000));
  await Promise.race([forget().catch(() => {}), late]); // whatever happens, the log-in ends
  form.submit();
});
