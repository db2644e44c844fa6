/* My mission. Every tap is an entry in the queue of this phone first (queue.js), and is shown as
   "not yet told" until the station has answered for it. What the station knew when it made this
   page, and what was said here since, together say which button comes first. */

const by = (id) => document.getElementById(id);
const root = by("my");
const { Said, element, fill, isolated } = await import(root.dataset.said);
const { AtGate } = await import(root.dataset.gate);
const { bring } = await import(root.dataset.key);
const { seal } = await import(root.dataset.seal);
const steady = await import(root.dataset.steady);
const frame = document.body.dataset;
const say = JSON.parse(by("my-words").textContent);
const speed = Number(frame.speed) || 1;
const CACHE = "homeby-my";
const WRONG_MILLISECONDS = 120000;
const MINUTE = 60000;

let facts = JSON.parse(by("my-data").textContent);
let factsAt = 0; // the station's time; 0: of another day
let clock = null;
let queue = null;
let list = null;
let gate = null; // where somebody stands, by the code there
let entries = [];
let device = "";
let panel = null; // what is open: the button's act, or that the PIN is asked for
let unsaid = null; // what waits for the PIN
let swapped = by("my-data");

const stationNow = () => clock.now();

/** "18:40", with the day where it is another one, in the zone of the mission. */
function wall(instant) {
  const zone = facts.zone || frame.zone || "UTC";
  const style = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = (at) => new Date(at).toLocaleDateString("en-CA", { timeZone: zone });
  if (day(instant) !== day(stationNow())) Object.assign(style, { weekday: "short" });
  return new Date(instant).toLocaleString(document.documentElement.lang, style);
}

const isOfMine = ({ claim }) => claim.mission === facts.mission;
const mayWithdraw = (entry) => isWaiting(entry) && entry.claim.act === "sign_in";
const speaksOfMe = ({ claim }) => !claim.people || claim.people.includes(facts.person);
const isWaiting = (entry) => entry.state === "waiting";
const isNews = (entry) => isWaiting(entry) || (entry.state === "told" && entry.toldAt >= factsAt);

/** How it stands with me: as the station knew it, and what was said here since. */
function standing() {
  let state = facts.state;
  for (const entry of entries) {
    if (!isOfMine(entry) || !speaksOfMe(entry) || !isNews(entry)) continue;
    if (entry.claim.act === "sign_out" && state === "PLANNED") state = "OUT";
    if (entry.claim.act === "sign_in") state = "BACK";
  }
  return state;
}

/** Those of the party an act can be for. */
function candidates(act) {
  const wanted = act === "sign_out" ? "PLANNED" : "OUT";
  const states = new Map(facts.party.map((one) => [one.id, one.state]));
  for (const { claim } of entries.filter((entry) => isOfMine(entry) && isNews(entry))) {
    const after = { sign_out: "OUT", sign_in: "BACK" }[claim.act];
    for (const id of after ? claim.people ?? [facts.person] : []) states.set(id, after);
  }
  return facts.party.filter((one) => states.get(one.id) === wanted);
}

function nextAct(state) {
  if (state === "PLANNED") return "sign_out";
  if (state !== "OUT") return "";
  return facts.fine_until && stationNow() < Date.parse(facts.fine_until) ? "check_in" : "sign_in";
}

const OFFERED = {
  PLANNED: ["sign_out", "help"],
  OUT: ["check_in", "sign_in", "more_time", "help"],
  BACK: ["help"], // one tap too early, or one too many, must not take it away
};

function showButtons(state) {
  const offered = OFFERED[state] ?? [];
  const next = nextAct(state);
  const holder = root.querySelector(".my-buttons");
  for (const button of holder.children) {
    const act = button.dataset.myAct;
    button.hidden = !offered.includes(act);
    button.classList.toggle("big", act === next);
    if (button.ariaExpanded) button.ariaExpanded = String(panel === act);
  }
  const first = next && holder.querySelector(`[data-my-act=${next}]`);
  if (first && holder.firstElementChild !== first) holder.prepend(first);
  const before = document.querySelector("[data-before-out]");
  if (before) before.hidden = state !== "PLANNED";
  const asks = document.querySelector("[data-needs-line]"); // without one it is asked again later
  if (asks) asks.hidden = state !== "PLANNED" || Boolean(frame.kept) || !by("my-cut").hidden;
}

/** What whoever holds this phone must know before anything else. */
function showNow(state) {
  const waiting = entries.filter((one) => isWaiting(one) && isOfMine(one));
  const waits = (act) => waiting.some((one) => one.claim.act === act);
  let text = "";
  if (state === "OUT" && waits("sign_out")) text = say.out_waiting;
  if (waits("sign_in")) text = say.back_waiting;
  if (waits("help")) text = say.help_waiting;
  if (waiting.some((one) => one.isUnkept)) text = say.not_kept;
  by("my-now").hidden = !text;
  const line = by("my-now").querySelector("p");
  if (line.textContent !== text) line.textContent = text;
}

function show() {
  const state = standing();
  const isOurs = Boolean(device);
  const isRevoked = isOurs && !frame.kept && !facts.phones.includes(device);
  by("my-acts").hidden = !isOurs || !facts.mission;
  if (by("my-plain")) by("my-plain").hidden = isOurs;
  by("my-use").hidden = isOurs;
  by("my-revoked").hidden = !isRevoked;
  by("my-logged-out").hidden = frame.kept !== "logged-out";
  if (frame.kept === "logged-out") by("my-cut").hidden = true;
  const wrong = Math.abs(stationNow() - Date.now());
  by("my-clock").hidden = speed !== 1 || wrong < WRONG_MILLISECONDS;
  by("my-clock-by").dataset.seconds = Math.round(wrong / MINUTE) * 60; // times.js says it
  showButtons(state);
  showNow(state);
  list.show(entries);
  gate.show(facts.gates);
  for (const id of Object.values(PANELS)) by(id).hidden = PANELS[panel] !== id;
}

const PANELS = { more_time: "my-late", help: "my-help", pin: "my-pin", sign_in: "my-party" };
PANELS.sign_out = PANELS.sign_in;

function openPanel(act) {
  panel = panel === act ? null : act;
  show();
  if (!panel) return;
  const first = by(PANELS[panel]);
  first.scrollIntoView({ block: "nearest" });
  first.querySelector("button, input").focus({ preventScroll: true });
}

async function keepSaid(claim) {
  panel = null;
  const asks = facts.asks_pin && facts.seal && ["sign_in", "check_in"].includes(claim.act);
  if (!asks) return queue.add(claim);
  unsaid = claim;
  by("my-pin-typed").value = "";
  openPanel("pin");
}

/** With the PIN, sealed before anything lies on this phone. Without one a person looks first. */
async function sayWithPin() {
  const pin = by("my-pin-typed").value.trim();
  by("my-pin-typed").value = "";
  panel = null;
  await queue.add(unsaid, (entry, id) => seal(pin ? { ...entry, pin } : entry, id, facts.seal));
}

const owner = () => `person:${facts.person}`;
const mission = () => ({ mission: facts.mission, ...gate.said() });

/** A leader says it for the party: who, and when they come home, how many heads stand here. */
function openParty(act) {
  const who = candidates(act);
  by("my-party-title").textContent = say[act];
  by("my-party-say").textContent = say[act];
  by("my-party-wrong").hidden = true;
  delete by("my-party-say").dataset.sure;
  by("my-heads-field").hidden = act !== "sign_in";
  by("my-heads").value = "";
  const names = root.querySelector(".my-names");
  names.replaceChildren(names.querySelector("legend"));
  for (const { id, label } of who) {
    const box = element("input", { type: "checkbox", value: id, checked: act === "sign_out" });
    names.append(element("label", { className: "choice" }, box, element("bdi", {}, label)));
  }
  openPanel(act);
}

function sayParty() {
  const act = panel;
  const button = by("my-party-say");
  const people = [...root.querySelectorAll(".my-names input:checked")].map((box) => box.value);
  const count = by("my-heads").value.trim();
  const isHome = act === "sign_in" && (people.length > 1 || count !== "");
  let wrong = "";
  if (!people.length) wrong = say.tick;
  else if (isHome && count === "") wrong = say.count;
  else if (isHome && Number(count) !== people.length && button.dataset.sure !== count) {
    wrong = fill(say.disagree, { heads: count, named: people.length });
    button.dataset.sure = count;
    button.textContent = say.sure;
  }
  by("my-party-wrong").textContent = wrong;
  by("my-party-wrong").hidden = !wrong;
  if (!wrong) keepSaid({ act, ...mission(), people, ...(isHome && { heads: Number(count) }) });
}

function tap(act) {
  if (act === "more_time" || act === "help") return openPanel(act);
  const isParty = act !== "check_in" && facts.leads && candidates(act).length > 1;
  if (isParty) return openParty(act);
  return keepSaid({ act, ...mission() });
}

function askUntil(instant) {
  return keepSaid({ act: "more_time", ...mission(), due_at: new Date(instant).toISOString() });
}

/** So many minutes after what was promised, or after now where that has passed. */
function later(minutes) {
  return askUntil(Math.max(Date.parse(facts.due_at) || 0, stationNow()) + minutes * MINUTE);
}

function sayUntil() {
  const [hours, minutes] = by("my-until").value.split(":").map(Number);
  if (Number.isInteger(hours) && Number.isInteger(minutes)) {
    return askUntil(steady.nextAt({ hours, minutes, zone: facts.zone, from: stationNow() }));
  }
  by("my-until").setCustomValidity(say.no_time);
  by("my-until").reportValidity();
  by("my-until").setCustomValidity("");
}

function sayHelp() {
  return keepSaid({ act: "help", ...mission(), note: by("my-why").value.trim() });
}

/** A sign-out that was refused for a reason that a person may overrule. */
function mayGoAnyway({ state, claim }) {
  const isHere = claim.act === "sign_out" && claim.mission === facts.mission;
  return state === "refused" && isHere && standing() === "PLANNED";
}

async function goAnyway({ id, claim: { act, mission, people, gate: at } }) {
  await queue.forget(id);
  const same = { ...(people && { people }), ...(at && { gate: at }) };
  return keepSaid({ act, mission, ...same, anyway: true });
}

const register = (made) =>
  bring(made, { form: by("my-use"), say, drop: () => queue.drop() });

async function use(event) {
  event.preventDefault();
  const wrong = by(device ? "my-renew-wrong" : "my-use-wrong");
  wrong.hidden = true;
  try {
    await queue.use(register);
    await refresh();
    await changed();
    keep().catch(() => {});
  } catch (error) {
    wrong.textContent = error.message;
    wrong.hidden = false;
    wrong.scrollIntoView({ block: "nearest" });
  }
}

/** Have the live part fetched again: what was told has changed it. */
async function refresh() {
  const part = by("my-part");
  const asked = stationNow();
  const answer = await fetch(part.dataset.liveSrc, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected && device && frame.kept !== "logged-out") {
    frame.kept = "logged-out"; // there is a line, and no log-in
    // Where the key is dead, too, my-worker.js lets go of the page.
    if (!entries.some((one) => one.isUnkept)) location.reload();
  }
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  const open = part.querySelector("details[open]")?.id;
  part.innerHTML = html;
  if (open) by(open)?.setAttribute("open", "");
  takeFacts(asked);
  document.dispatchEvent(new Event("homeby:swapped"));
}

function takeFacts(at) {
  swapped = by("my-data");
  facts = JSON.parse(swapped.textContent);
  factsAt = at;
  clock.heard(Date.parse(facts.as_of));
  delete frame.kept;
}

/** Keep the page as it is now for a time without a line, and the files it needs. Only on a phone
    that is somebody's own. */
async function keep() {
  if (!device || !("caches" in window)) return;
  const answer = await fetch(root.dataset.page, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return;
  const cache = await caches.open(CACHE);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  headers.set("X-Owner", owner()); // by whose key my-worker.js asks whether it may still open
  await cache.put(root.dataset.page, new Response(await answer.blob(), { headers }));
  const needed = "link[rel=stylesheet], link[rel=icon], link[rel=manifest], script[src]";
  const files = [...document.querySelectorAll(needed)].map((one) => one.href || one.src);
  const icons = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const { queue: first, said, seal: seals, steady: time, page, gate: at, key } = root.dataset;
  const needs = new Set([...files, first, said, seals, time, at, key, icons, page]);
  const urls = [...needs].map((file) => new URL(file, location.href).href);
  for (const url of urls) if (!(await cache.match(url))) await cache.add(url);
  for (const old of await cache.keys()) if (!urls.includes(old.url)) await cache.delete(old);
  frame.myKept = "";
}

async function changed() {
  const before = entries;
  entries = await queue.all();
  device = await queue.device();
  show();
  const wasWaiting = new Set(before.filter((one) => one.state === "waiting").map((one) => one.id));
  if (entries.some((one) => one.state !== "waiting" && wasWaiting.has(one.id))) {
    await refresh();
    show();
    await keep().catch(() => {});
  }
}

function wire() {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.myAct) tap(button.dataset.myAct);
    else if (button.dataset.myLater) later(Number(button.dataset.myLater));
    else if ("myClose" in button.dataset) openPanel(panel);
    else if (button.id === "my-party-say") sayParty();
    else if (button.id === "my-until-say") sayUntil();
    else if (button.id === "my-help-say") sayHelp();
    else if (button.id === "my-pin-say") sayWithPin();
    else if ("myUse" in button.dataset) use(event);
  });
  by("my-use").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("homeby:swapped", () => {
    if (by("my-data") !== swapped) takeFacts(stationNow());
    show();
  });
  document.addEventListener("homeby:line", ({ detail }) => {
    const isLong = detail.seconds >= 3 || frame.kept === "no-line";
    by("my-cut").hidden = !detail.down || !device || !isLong || frame.kept === "logged-out";
    showButtons(standing());
  });
}

async function start() {
  const platform = navigator.userAgentData?.platform || navigator.platform || "";
  by("my-name").value = platform.split(" ")[0];
  if (!window.isSecureContext || !("indexedDB" in window) || !("serviceWorker" in navigator)) {
    by("my-insecure").hidden = false;
    for (const button of by("my-use").querySelectorAll("button")) button.disabled = true;
    return;
  }
  const { Queue } = await import(root.dataset.queue);
  clock = await steady.steady(speed);
  if (!frame.kept || !clock.knows || speed !== 1) clock.heard(Date.parse(frame.now));
  if (!frame.kept) factsAt = stationNow();
  const at = (name) => (name ? fill(say.at_gate, { gate: isolated(name) }) : say.at_a_gate);
  gate = new AtGate({ note: by("my-gate"), at, now: stationNow });
  list = new Said({
    card: by("my-said"),
    say,
    wall,
    at: (entry) => clock.at(entry),
    nameOf: (id) => facts.party?.find((one) => one.id === id)?.label ?? "…",
    mayGoAnyway,
    goAnyway,
    forget: ({ id }) => queue.forget(id),
    mayWithdraw,
    withdraw: ({ id }) => queue.withdraw(id).then(refresh).then(show),
  });
  const { address } = root.dataset;
  queue = await Queue.open({ owner: owner(), address, clock });
  wire();
  queue.addEventListener("changed", changed);
  await changed();
  document.body.dataset.my = "ready";
  await navigator.serviceWorker.register(root.dataset.worker).catch(() => null);
  queue.keepSending();
  if (frame.kept) return;
  if (device) keep().catch(() => {});
  else caches.delete(CACHE); // it was somebody else's
}

start();
