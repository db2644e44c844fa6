/* What the tablet keeps: its key, what its screen shows at rest, and sealed acts that wait for the
   station, or that it refused: only what it has is forgotten here. They survive closing, restart
   and power cuts; nothing here can be read as a name. */

let opening = null;

function open() {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open("homeby-kiosk", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("tablet");
      asked.result.createObjectStore("waiting", { autoIncrement: true });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opening;
}

/** Do something in one store; done when it is on the disk. */
async function within(store, mode, act) {
  const database = await open();
  return new Promise((done, failed) => {
    const change = database.transaction(store, mode, { durability: "strict" });
    const asked = act(change.objectStore(store));
    change.oncomplete = () => done(asked?.result);
    change.onabort = () => failed(change.error);
  });
}

const read = (store, act) => within(store, "readonly", act);
const change = (store, act) => within(store, "readwrite", act);

export const get = (name) => read("tablet", (store) => store.get(name));
export const put = (name, value) => change("tablet", (store) => store.put(value, name));
export const keep = (act) => change("waiting", (store) => store.add(act));

const REFUSED = "refused";
const SEEN = "seen";

async function all() {
  const numbers = await read("waiting", (store) => store.getAllKeys());
  const acts = await read("waiting", (store) => store.getAll());
  return numbers.map((number, place) => [number, acts[place]]);
}

/** The oldest that wait, as [number, act]. */
export async function oldest(most) {
  return (await all()).filter(([, act]) => !act.became).slice(0, most);
}

/** How many wait, and how many the station has refused that nobody has taken note of. */
export async function count() {
  const became = (await all()).map(([, act]) => act.became);
  const number = (state) => became.filter((one) => one === state).length;
  return { waiting: number(undefined), lost: number(REFUSED) };
}

const becomes = (number, act, became) =>
  change("waiting", (store) => store.put({ ...act, became }, number));

/** The station refused it: it stays, and is not sent again. */
export const refused = (number, act) => becomes(number, act, REFUSED);

/** Somebody has taken note of what was refused: it stays, and is not counted any more. */
export async function takeNote() {
  for (const [number, act] of await all()) {
    if (act.became === REFUSED) await becomes(number, act, SEEN);
  }
}

export const forget = (number) => change("waiting", (store) => store.delete(number));
export const forgetTablet = () => change("tablet", (store) => store.clear());
