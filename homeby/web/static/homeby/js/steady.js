/* The station's time on a device whose own clock may be wrong, and may be moved meanwhile.

   What the station said last, and what a clock that nobody moves has counted since, is the least
   that its time can be now. That clock stands still while a device sleeps or a page is closed; so
   beside it goes the device's own, by how far it was from the station's when that was heard. The
   later of both is taken: a clock that is set back changes nothing by it. One that is set ahead
   cannot be told from a device that slept; then more time seems to have passed, never less.

     const clock = await steady(speed)   goes on with what is kept here of earlier pages
     clock.heard(instant)                the station said its time
     clock.now()                         the station's time
     clock.moment()                      of a tap: what an entry keeps, and `when`, what it says
     clock.at(entry)                     when that tap was
     clock.since(entry)                  what has surely passed since that tap, for the sending

   my-worker.js reads what is kept here. */

const DATABASE = "homeby-clock";
const SAVE_MILLISECONDS = 20_000;
const WRONG_MILLISECONDS = 120_000;
const MINUTE = 60_000;

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("clock");
  return settled(request);
}

const iso = (instant) => new Date(instant).toISOString();

class Steady {
  #database;
  #speed;
  #ahead = null; // what must be added to this device's clock, by what was heard last
  #least = null; // the station's time that has surely come, at `#counted`
  #counted = performance.now();
  #page = crypto.randomUUID();

  constructor(database, kept, speed) {
    this.#database = database;
    this.#speed = speed;
    this.#ahead = kept?.ahead ?? null;
    this.#least = kept?.least ?? null;
  }

  get knows() {
    return this.#least !== null;
  }

  heard(instant) {
    this.#ahead = instant - Date.now();
    this.#least = instant;
    this.#counted = performance.now();
    this.save();
  }

  #surely() {
    return this.#least + (performance.now() - this.#counted) * this.#speed;
  }

  now() {
    if (!this.knows) return Date.now();
    return this.#speed === 1 ? Math.max(this.#surely(), Date.now() + this.#ahead) : this.#surely();
  }

  moment() {
    const at = Date.now();
    const when = { happened_at: iso(at) };
    if (this.knows && this.#speed === 1) {
      when.clock_offset_ms = Math.round(this.#ahead);
      when.not_before = iso(this.#surely());
    }
    this.save();
    return { at, when, shown: this.now(), page: this.#page, counted: performance.now() };
  }

  /** When a tap was, as the station's time is known by now: no tap was in the time to come. */
  at({ shown, at, claim }) {
    const found = shown ?? at;
    const least = Date.parse(claim.not_before);
    return found > this.now() + WRONG_MILLISECONDS && least ? least : found;
  }

  since({ page, counted }) {
    if (page !== this.#page) return {};
    return { since_ms: Math.floor(performance.now() - counted) };
  }

  /** A page that is closed tells nobody: so it is kept now and then how far the time had come. */
  save() {
    if (!this.knows || !this.#database) return;
    const kept = { ahead: this.#ahead, least: this.#surely() };
    try {
      this.#database.transaction("clock", "readwrite").objectStore("clock").put(kept, "kept");
    } catch {
      // The disk is full, or the browser has closed it: the time of this page goes on.
    }
  }
}

export async function steady(speed = 1) {
  const database = await open().catch(() => null);
  const store = database?.transaction("clock").objectStore("clock");
  const clock = new Steady(database, store && (await settled(store.get("kept"))), speed);
  setInterval(() => clock.save(), SAVE_MILLISECONDS);
  document.addEventListener("visibilitychange", () => clock.save());
  return clock;
}

/** The next instant at which the clocks of a zone show this. */
export function nextAt({ hours, minutes, zone, from }) {
  const style = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const start = Math.floor(from / MINUTE) * MINUTE;
  const wanted = hours * 60 + minutes;
  const shown = (instant) => {
    const text = new Date(instant).toLocaleTimeString("en-GB", style);
    const [hour, minute] = text.split(":").map(Number);
    return hour * 60 + minute;
  };
  let instant = start + ((wanted - shown(start) + 1440) % 1440 || 1440) * MINUTE;
  const off = shown(instant) - wanted; // the clocks were changed in between
  if (off) instant -= (((off + 720 + 1440) % 1440) - 720) * MINUTE;
  return instant;
}
