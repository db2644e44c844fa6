/* The siren. What it says comes with the page's live part; here it gets its sound, and a cover for
   the whole screen when the station is not heard, or its watch is silent. It is never silent about
   that: a screen without contact knows nothing, and must not look calm.

     ALARM        two tones, up and down        an alarm waits for a taker
     NO CONTACT   one tone, on and off          the station is not heard, or its watch is silent;
                                                the alarm's tones go on if one waited before
   The tones come from oscillators that run by themselves: a page that hangs goes on sounding. */

const CONTACT_SECONDS = 10; // a station that starts again is back sooner
const REMEMBERED = "homeby-siren";
const TOLD_SECONDS = 20; // so long may live.js say nothing, which speaks each second
const live = document.querySelector(".siren-live");
const covers = { contact: "siren-contact", silent: "siren-silent" };
const by = (id) => document.getElementById(id);
let line = { down: false, seconds: 0, watchIsFresh: by("watch-bar").hidden };
let toldAt = performance.now();
let context = null;
let sounds = null;
let trying = 0;
let lock = null;
let refused = !("wakeLock" in navigator);

const told = () => live.querySelector("[data-siren]")?.dataset.siren ?? "ALARM";

/** What this screen is: ALARM, TAKEN, CALM; contact or silent where it cannot know. */
function state() {
  const deaf = (performance.now() - toldAt) / 1000 > TOLD_SECONDS;
  if (deaf || (line.down && line.seconds >= CONTACT_SECONDS)) return "contact";
  return line.watchIsFresh ? told() : "silent";
}

/** A tone of the siren: its own gain, swayed by a slow oscillator without any timer of ours. */
function tone({ hertz, shape, sway, everySeconds }) {
  const [voice, slow, depth, gain] = [
    context.createOscillator(),
    context.createOscillator(),
    context.createGain(),
    context.createGain(),
  ];
  voice.type = shape;
  voice.frequency.value = hertz;
  slow.type = "square";
  slow.frequency.value = 1 / everySeconds;
  gain.gain.value = 0;
  slow.connect(depth);
  voice.connect(gain);
  gain.connect(context.destination);
  if (sway) {
    depth.gain.value = sway;
    depth.connect(voice.frequency);
  } else {
    const gate = context.createGain();
    voice.disconnect();
    gate.gain.value = 0.5;
    depth.gain.value = 0.5;
    depth.connect(gate.gain);
    voice.connect(gate).connect(gain);
  }
  voice.start();
  slow.start();
  return gain.gain;
}

function make() {
  context = new AudioContext();
  sounds = {
    alarm: tone({ hertz: 780, shape: "square", sway: 140, everySeconds: 1 }),
    contact: tone({ hertz: 420, shape: "triangle", sway: 0, everySeconds: 2 }),
  };
  context.addEventListener("statechange", () => {
    if (isArmed()) {
      remember();
      tryIt();
    } else show();
  });
}

/** That sound was allowed here once: a kiosk whose browser always allows it sounds again by itself
    after a power cut. Another browser waits for the button again, and the page says so. */
function remember() {
  try {
    localStorage.setItem(REMEMBERED, "1");
  } catch {
    // then the button must be pressed each time
  }
}

function isRemembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "1";
  } catch {
    return false;
  }
}

function sound(name, level) {
  sounds?.[name].setTargetAtTime(level, context.currentTime, 0.02);
}

const isArmed = () => context?.state === "running";

/** Bring screen and sound to what is so now; asked each second, and whenever something happens. */
function show() {
  const now = state();
  for (const [name, id] of Object.entries(covers)) by(id).hidden = name !== now;
  const was = told();
  for (const one of document.querySelectorAll("[data-was]")) one.hidden = one.dataset.was !== was;
  const isBlind = now in covers;
  const wanted = { alarm: was === "ALARM", contact: isBlind };
  const isTried = performance.now() < trying;
  sound("alarm", wanted.alarm || isTried ? 0.5 : 0);
  sound("contact", wanted.contact ? 0.6 : 0);
  const heard = wanted.alarm || isTried ? "alarm" : wanted.contact ? "contact" : "quiet";
  document.body.dataset.screen = now;
  document.body.dataset.sound = isArmed() ? heard : "off";
  by("siren-off").hidden = isArmed();
  by("siren-on").hidden = !isArmed();
  for (const one of document.querySelectorAll("#siren-arm, [data-arm]")) one.hidden = isArmed();
  by("siren-sleeps").hidden = !refused;
  if (context && context.state !== "running") context.resume().catch(() => {});
  document.title = now === "ALARM" || isBlind ? `⚠ ${title}` : title;
}
const title = document.title;

async function arm() {
  if (!context) make();
  await context.resume();
  show();
}

/** Let it be heard once, so that somebody notices a loudspeaker that is turned down. */
function tryIt() {
  trying = performance.now() + 1200;
  show();
  setTimeout(show, 1300);
}

async function stayAwake() {
  if (document.hidden || lock || !("wakeLock" in navigator)) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = null));
    refused = false;
  } catch {
    refused = true; // forbidden here, or the battery is low: the page says so
  }
}

document.addEventListener("homeby:line", ({ detail }) => {
  line = detail;
  toldAt = performance.now();
  show();
});
document.addEventListener("homeby:swapped", show);
document.addEventListener("visibilitychange", stayAwake);
document.addEventListener("click", ({ target }) => {
  if (target.closest("#siren-arm, [data-arm]")) arm();
  if (target.closest("#siren-try")) tryIt();
  if (target.closest("#siren-full")) document.documentElement.requestFullscreen().catch(() => {});
});
by("siren-full").hidden = !document.fullscreenEnabled;
if (isRemembered()) make();
show();
stayAwake();
setInterval(show, 1000);
setInterval(stayAwake, 10000);
