/* Entries that wait on this device until the station has answered for each of them.

   An entry is on the disk of the device before anything is sent or shown, with an id, a count and
   the time that the device's clock showed. It is sent again, with the same id, until the answer for
   that very id is here; only then is it "told". What the station could not count (`unverified`) and
   what it refused stay here with its sentence until somebody has read it. Where the disk is full,
   or the browser has closed it for good, an entry is sent from the page itself (`isUnkept`).

     const queue = await Queue.open({ owner, address, clock });   clock: that of steady.js
     await queue.use(register)       keys of the device's own; register({ id, hash, signs }) brings
     await queue.add({ act, ... })   keep an entry, and send; it never throws
     await queue.withdraw(id)        take back what still waits
     await queue.all()               every entry that is kept, in order
     queue.send()                    send what waits; never throws
     queue.keepSending()             and again: by the minute, on a line, when somebody looks; and
                                     by the worker, where the browser wakes it (sending.js)
     event "changed"                 something above is new

   An owner is whoever the key speaks for: "person:<id>". Several owners on one device never see
   each other's entries; what waits of any of them is sent, each by the owner's own key. */

import "./sending.js"; // also a part of my-worker.js, which is no module

const { DATABASE, settled, open, inOne, inTurn, forgetSettled } = globalThis.homebySending;
const { isWaiting, bySequence, batchOf, after, Sender } = globalThis.homebySending;
const { letters, newSigner } = globalThis.homebySending;
const WAKES_WORKER = "homeby-sends"; // as in my-worker.js
const FIRST_MILLISECONDS = 5000;
const LAST_MILLISECONDS = 60000;
const KEPT_MILLISECONDS = 3 * 24 * 3600 * 1000; // what was told is shown so long
const KEY_PREFIX = "homeby-device-";

export class Queue extends EventTarget {
  #database;
  #owner;
  #clock;
  #mine = null; // what the disk knew of this owner when it was last read
  #sequence = 0;
  #unkept = []; // what the disk did not take: it lives as long as the page
  #sender;
  #sending = null;
  #again = null;
  #pause = FIRST_MILLISECONDS;

  static async open({ owner, address, clock }) {
    const queue = new Queue();
    queue.#database = await open();
    queue.#owner = owner;
    queue.#clock = clock;
    const within = (act) => queue.#within(act);
    queue.#sender = new Sender({ within, address, clock, changed: () => queue.#changed() });
    // Another window of this device may change the queue, too.
    queue.channel = new BroadcastChannel(DATABASE);
    queue.channel.onmessage = () => queue.dispatchEvent(new Event("changed"));
    await queue.#forgetOld().catch(() => {}); // a full disk must not keep anybody from HELP
    await queue.device();
    return queue;
  }

  /** Do something with the database. A browser may have closed it: then it is opened anew, once. */
  async #within(act) {
    try {
      return await act(this.#database);
    } catch {
      this.#database = await open();
      return act(this.#database);
    }
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
    this.channel.postMessage("changed");
  }

  #change(change) {
    const whole = async (owners, entries) => {
      const mine = (await settled(owners.get(this.#owner))) ?? { owner: this.#owner, sequence: 0 };
      const found = await change(mine, entries);
      owners.put(mine);
      return found;
    };
    return this.#within((database) => inOne(database, whole));
  }

  /** The id of this device at the station, "" while it has no key. */
  async device() {
    const found = await this.#owners().catch(() => null);
    if (found) this.#mine = found.find((one) => one.owner === this.#owner);
    this.#sequence = Math.max(this.#sequence, this.#mine?.sequence ?? 0);
    return this.#mine?.key ? this.#mine.device : "";
  }

  /** Where the disk cannot even be read, what lives in this page alone. */
  async all() {
    const kept = await this.#of(this.#owner).catch(() => []);
    return [...kept, ...this.#unkept].sort(bySequence);
  }

  async #of(owner) {
    const found = (database) =>
      settled(database.transaction("entries").objectStore("entries").index("owner").getAll(owner));
    return (await this.#within(found)).sort(bySequence);
  }

  /** Make a key, bring its hash to the station, and use it once it is known there. A key that was
      made before and never got there is brought again: an answer that is lost makes no second. */
  async use(register) {
    const made = KEY_PREFIX + letters(crypto.getRandomValues(new Uint8Array(32)));
    const fresh = { id: crypto.randomUUID(), key: made };
    const coming = await this.#coming({ ...fresh, signer: await newSigner() }, fresh);
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(coming.key));
    const hex = (byte) => byte.toString(16).padStart(2, "0");
    const hash = [...new Uint8Array(bytes)].map(hex).join("");
    const device = await register({ id: coming.id, hash, signs: coming.signer?.open ?? "" });
    await this.#change(async (mine, entries) => {
      Object.assign(mine, { key: coming.key, signer: coming.signer ?? null, device });
      delete mine.coming;
      // What an unknown key could not make count goes out again, with the ids it has.
      for (const entry of await settled(entries.index("owner").getAll(this.#owner))) {
        if (entry.state === "unverified") entries.put({ ...entry, state: "waiting" });
      }
    });
    navigator.storage?.persist?.();
    this.#changed();
    this.send();
  }

  /** What this phone is to be known by, kept until the station has it. Not every browser keeps a
      key that no script can read: then it signs nothing. */
  #coming(whole, plain) {
    const keep = (fresh) => this.#change(async (mine) => (mine.coming ??= fresh));
    return keep(whole).catch(() => keep(plain));
  }

  /** The key that was to be made is of no use; the next one is another. */
  drop() {
    return this.#change(async (mine) => void delete mine.coming);
  }

  /** Keep what somebody says. It is on the disk when this returns, or marked `isUnkept`: then it is
      sent as long as this page is open. With `seal(entry, id)` what is sent is that text in place
      of the entry: it may hold what must not lie readable on the disk. */
  async add(said, seal = null) {
    const { when, ...moment } = this.#clock.moment();
    const id = crypto.randomUUID();
    const sealed = seal ? { sealed: await seal({ ...said, ...when }, id) } : {};
    const made = (sequence) => {
      const claim = { ...said, id, ...when, sequence };
      const kept = { id, owner: this.#owner, ...moment, claim, ...sealed };
      Object.assign(kept, { state: "waiting", sentence: "" });
      this.#sequence = sequence;
      return kept;
    };
    try {
      await this.#change(async (mine, entries) => {
        mine.sequence = Math.max(mine.sequence, this.#sequence) + 1;
        entries.add(made(mine.sequence));
      });
    } catch {
      this.#unkept.push({ ...made(this.#sequence + 1), isUnkept: true });
    }
    this.#changed();
    this.send();
  }

  /** Somebody has read what became of it. What still waits is not forgotten. */
  forget(id) {
    return this.#takeOut(id, (entry) => !isWaiting(entry));
  }

  /** Take back what still waits. What is being sent this moment is answered first. */
  withdraw(id) {
    return inTurn(() => this.#takeOut(id, isWaiting));
  }

  async #takeOut(id, may) {
    const isKept = !this.#unkept.some((entry) => entry.id === id);
    this.#unkept = this.#unkept.filter((entry) => entry.id !== id || !may(entry));
    const fromDisk = async (_mine, entries) => {
      const entry = await settled(entries.get(id));
      if (entry && may(entry)) entries.delete(id);
    };
    if (isKept) await this.#change(fromDisk);
    this.#changed();
  }

  async #forgetOld() {
    const before = this.#clock.now() - KEPT_MILLISECONDS;
    await this.#change(async (mine, entries) => {
      delete mine.left;
      for (const entry of await settled(entries.index("owner").getAll(this.#owner))) {
        if (entry.state === "told" && entry.toldAt < before) entries.delete(entry.id);
      }
    });
  }

  /** Send what waits; another call meanwhile is the same one. */
  send() {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll() {
    clearTimeout(this.#again);
    for (const part of [() => this.#sender.kept(), () => this.#sendUnkept()]) {
      try {
        await inTurn(part);
        this.#pause = FIRST_MILLISECONDS;
      } catch {
        // No answer: everything waits, and is sent again.
      }
    }
    if (!(await this.#someWait().catch(() => true))) return;
    wakeWorker();
    this.#again = setTimeout(() => this.send(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LAST_MILLISECONDS);
  }

  #owners() {
    return this.#within((database) =>
      settled(database.transaction("owners").objectStore("owners").getAll()),
    );
  }

  async #someWait() {
    if (this.#unkept.some(isWaiting)) return true;
    const found = (database) =>
      settled(database.transaction("entries").objectStore("entries").getAll());
    return (await this.#within(found)).some(isWaiting);
  }

  async #sendUnkept() {
    const waiting = batchOf(this.#unkept);
    if (!waiting.length || !this.#mine?.key) return;
    for (const answer of await this.#sender.answers(this.#mine, waiting)) {
      const at = this.#clock.now();
      const now = (entry) => (entry.id === answer.id && after(entry, answer, at)) || entry;
      this.#unkept = this.#unkept.map(now);
    }
    this.#changed();
  }

  /** Go on sending while this page is open. */
  keepSending() {
    const now = () => {
      this.#pause = FIRST_MILLISECONDS;
      this.send();
    };
    addEventListener("online", now);
    addEventListener("pageshow", now);
    document.addEventListener("visibilitychange", () => document.hidden || now());
    now();
  }
}

/** Have the worker send once there is a line, also if this page is closed by then. Not every
    browser has that, and none says when: the page goes on by itself. */
async function wakeWorker() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register(WAKES_WORKER).catch(() => {});
}

/** Whoever logs out leaves nothing here, but what was not told yet: it waits, with its key, until
    it is told or that person logs in again. Gives the devices whose keys are gone from here. */
export async function leave() {
  const gone = [];
  await inOne(await open(), async (owners, entries) => {
    for (const one of await settled(owners.getAll())) {
      const isGone = await forgetSettled(owners, entries, one);
      if (isGone && one.device) gone.push(one.device);
    }
  });
  return gone;
}
