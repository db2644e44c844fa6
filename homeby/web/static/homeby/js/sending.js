/* Sending what waits on this phone: by the page (queue.js), and by its worker while the page is
   closed, where the browser wakes that (my-worker.js). Both by the same store, the same lock and
   the same answers: an entry is "told" only once the station has answered for its very id.

   No exports: the station puts this before the worker's own text, which is no module. */

globalThis.homebySending = (() => {
  const DATABASE = "homeby-queue";
  const BATCH = 100; // the station takes 200 at once
  const ANSWER_MILLISECONDS = 30000;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("owners", { keyPath: "owner" });
      request.result.createObjectStore("entries", { keyPath: "id" }).createIndex("owner", "owner");
    };
    return settled(request);
  }

  /** One transaction; done only once it is on the disk. */
  function inOne(database, change) {
    return new Promise((resolve, reject) => {
      const stores = ["owners", "entries"];
      const whole = database.transaction(stores, "readwrite", { durability: "strict" });
      let result;
      whole.oncomplete = () => resolve(result);
      whole.onerror = whole.onabort = () => reject(whole.error);
      const fail = () => whole.abort();
      const [owners, entries] = stores.map((name) => whole.objectStore(name));
      change(owners, entries).then((found) => (result = found), fail);
    });
  }

  const isWaiting = (entry) => entry.state === "waiting";
  const isHelp = (entry) => entry.claim.act === "help";
  const isOpen = (entry) => isWaiting(entry) || entry.state === "unverified";

  const sent = ({ id, claim, sealed }) =>
    sealed ? { id, sealed, sequence: claim.sequence } : claim;

  /* What this phone says it also signs, by a key that no script reads: so nobody can have said it
     in its place, whoever holds the station's database (homeby/logbook/signed.py). */
  const SIGNS = { name: "ECDSA", namedCurve: "P-256" };
  const SIGNED = { name: "ECDSA", hash: "SHA-256" };

  const letters = (bytes) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
    return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  };

  /** A key to sign by, and its public half as text; null where this browser makes none. */
  async function newSigner() {
    try {
      const pair = await crypto.subtle.generateKey(SIGNS, false, ["sign"]);
      const open = await crypto.subtle.exportKey("raw", pair.publicKey);
      return { key: pair.privateKey, open: letters(open) };
    } catch {
      return null;
    }
  }

  /** The signature of an entry by its phone. Without a key, or where that fails, it goes without:
      nothing that somebody says waits for a signature. */
  async function signed({ claim }, signer) {
    if (!signer) return {};
    try {
      const text = new TextEncoder().encode(JSON.stringify(claim, Object.keys(claim).sort()));
      return { signature: letters(await crypto.subtle.sign(SIGNED, signer.key, text)) };
    } catch {
      return {};
    }
  }

  /** What is sent at once. What is sealed comes after everything else, by itself: a station that
      cannot open it takes nothing of that batch, and HELP must not wait for it. */
  function batchOf(entries) {
    const waiting = entries.filter(isWaiting);
    const open = waiting.filter((entry) => !entry.sealed);
    return (open.length ? open : waiting).slice(0, BATCH);
  }

  const bySequence = (one, other) => one.claim.sequence - other.claim.sequence;

  /** By itself among all windows of this device that change or send the same. */
  const inTurn = (act) => (navigator.locks ? navigator.locks.request(DATABASE, act) : act());

  const STATES = { counted: "told", unverified: "unverified", refused: "refused" };

  /** The entry with what became of it; nothing where the answer says nothing we know. That the
      station has it already, and no more, is no word that it counted. */
  function after(entry, { taken, first, sentence }, toldAt) {
    const state = STATES[taken === "again" ? first ?? "unverified" : taken];
    return state && { ...entry, state, sentence: String(sentence ?? ""), toldAt };
  }

  /** Forget what is settled of somebody who has left, and the key once nothing waits. Says whether
      the key is gone. */
  async function forgetSettled(owners, entries, one) {
    const kept = await settled(entries.index("owner").getAll(one.owner));
    const isGone = !kept.some(isOpen);
    for (const entry of kept) if (!isOpen(entry)) entries.delete(entry.id);
    if (isGone) owners.delete(one.owner);
    else owners.put({ ...one, left: true });
    return isGone;
  }

  /** Nobody answered, or somebody who is not the station: nothing is known, everything waits. */
  class NoAnswer extends Error {}

  /** `within(act)`: do something with the database; `clock`: now() and since(entry); `changed()`:
      something became of an entry. */
  class Sender {
    #within;
    #address;
    #clock;
    #changed;

    constructor({ within, address, clock, changed }) {
      this.#within = within;
      this.#address = address;
      this.#clock = clock;
      this.#changed = changed;
    }

    /** What the disk keeps, of every owner: no trouble with what one of them said holds up another,
        and whoever called for help comes first. */
    async kept() {
      const waiting = (await this.#all("entries")).filter(isWaiting);
      const calls = new Set(waiting.filter(isHelp).map(({ owner }) => owner));
      const owners = await this.#all("owners");
      owners.sort((one, other) => calls.has(other.owner) - calls.has(one.owner));
      let trouble = null;
      for (const one of owners) {
        try {
          while (await this.#sendSome(one));
        } catch (error) {
          trouble = error;
        }
      }
      if (trouble) throw trouble;
    }

    #all(store) {
      return this.#within((database) =>
        settled(database.transaction(store).objectStore(store).getAll()),
      );
    }

    /** One batch. Says whether it made some entries settle, so that there may be more to send. */
    async #sendSome({ owner, key, signer }) {
      if (!key) return false;
      const all = (await this.#all("entries")).filter((entry) => entry.owner === owner);
      const waiting = batchOf(all.sort(bySequence));
      if (!waiting.length) return false;
      const answers = await this.answers({ key, signer }, waiting);
      const count = await this.#settle(owner, answers);
      if (count) this.#changed();
      return count > 0;
    }

    /** The station's answers, `by` whose key. What it cannot read as a whole is sent one by one, so
        that one bad entry holds up no other. */
    async answers(by, waiting) {
      const { status, answers } = await this.#post(by, waiting);
      if (answers) return answers;
      if (waiting.length === 1 || ![400, 413].includes(status)) throw new NoAnswer();
      const found = [];
      for (const entry of waiting) {
        const alone = await this.#post(by, [entry]);
        found.push(...(alone.answers ?? []));
      }
      return found;
    }

    async #post({ key, signer }, waiting) {
      const signatures = await Promise.all(waiting.map((entry) => signed(entry, signer)));
      const whole = (entry, index) =>
        ({ ...sent(entry), ...this.#clock.since(entry), ...signatures[index] });
      const entries = waiting.map(whole);
      const answer = await fetch(this.#address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
        body: JSON.stringify({ sent_at: new Date().toISOString(), entries }),
        credentials: "omit",
        redirect: "error", // whoever sends us elsewhere is not the station
        cache: "no-store",
        signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
      });
      const said = await answer.json().catch(() => ({}));
      const isAnswer = [200, 422].includes(answer.status) && Array.isArray(said.answers);
      return { status: answer.status, answers: isAnswer ? said.answers : null };
    }

    /** Note what became of each entry; an id that we did not send, or an answer that says nothing
        we know, changes nothing. Of whoever has logged out nothing stays that is settled. */
    #settle(owner, answers) {
      const at = this.#clock.now();
      const whole = async (owners, entries) => {
        let count = 0;
        for (const answer of answers) {
          const entry = await settled(entries.get(String(answer.id)));
          const told = entry?.owner === owner && isWaiting(entry) && after(entry, answer, at);
          if (!told) continue;
          entries.put(told);
          count += 1;
        }
        const one = await settled(owners.get(owner));
        if (one?.left) await forgetSettled(owners, entries, one);
        return count;
      };
      return this.#within((database) => inOne(database, whole));
    }
  }

  const tools = { DATABASE, settled, open, inOne, inTurn, forgetSettled, letters, newSigner };
  return { ...tools, isWaiting, bySequence, batchOf, after, Sender };
})();
