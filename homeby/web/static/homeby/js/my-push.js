/* Have this phone ring: the browser makes a subscription, and the station gets it as one more way
   to reach its person. It counts only once its code was typed, as any other. */

const card = document.getElementById("my-push");
const wrong = document.getElementById("my-push-wrong");
const key = card?.dataset.key;

function shown(name) {
  for (const one of card.querySelectorAll("[data-push]")) one.hidden = one.dataset.push !== name;
}

async function ask() {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe(options);
  const form = new FormData(card);
  form.set("subscription", JSON.stringify(subscription));
  const answer = await fetch(card.action, { method: "POST", body: form });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.added) return shown("added");
  await subscription.unsubscribe();
  throw new Error(said.sentence ?? "");
}

card?.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.hidden = true;
  try {
    await ask();
  } catch (error) {
    const isDenied = Notification.permission === "denied";
    wrong.textContent = isDenied ? card.dataset.denied : card.dataset.failed;
    if (error.constructor === Error && error.message) wrong.textContent = error.message;
    wrong.hidden = false;
  }
});

/** Offered on a phone that is in use, whose browser can, and that does not ring yet. */
async function offer() {
  if (!key || !("PushManager" in window) || !navigator.serviceWorker) return;
  const worker = await navigator.serviceWorker.ready;
  const is = await worker.pushManager.getSubscription();
  shown(is ? "added" : "ask");
  card.hidden = false;
}

offer();
