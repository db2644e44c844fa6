/* What the tablet keeps: its key, what its screen shows at rest, and sealed acts that wait for the
   station. They survive closing, restart and power cuts; nothing here can be read as a name. */

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
export const count = () => read("waiting", (store) => store.count());

/** The oldest that wait, as [number, act]. */
export async function oldest(most) {
  const numbers = await read("waiting", (store) => store.getAllKeys(null, most));
  const acts = await read("waiting", (store) => store.getAll(null, most));
  return numbers.map((number, place) => [number, acts[place]]);
}

export const forget = (number) => change("waiting", (store) => store.delete(number));
export const forgetTablet = () => change("tablet", (store) => store.clear());
