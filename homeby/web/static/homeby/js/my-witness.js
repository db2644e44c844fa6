/* This phone as a small witness: it remembers the newest checkpoint of the logbook that it saw, and
   lets the station show, at most once an hour, that the newest one is that one, grown (RFC 9162,
   2.1.4.2) and still signed by the same key (c2sp.org/signed-note). Where it is not, the page says
   so, and the old one is kept until a person takes the new one. */

const card = document.getElementById("my-witness");
const KEPT = "homeby-checkpoint";
const HOUR = 3_600_000;
const DASH = "\u2014";

const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const isSame = (one, other) => one.length === other.length && one.every((b, at) => b === other[at]);

async function node(left, right) {
  const whole = Uint8Array.of(1, ...left, ...right);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

/** Whether the proof (base64) shows that the later head {size, root} is the earlier one, grown.
    Sizes are divided, not shifted: a shift is of 32 bits. */
export async function isGrown(earlier, later, proof) {
  if (earlier.size === later.size) return !proof.length && isSame(earlier.root, later.root);
  if (!(earlier.size > 0 && earlier.size < later.size)) return false;
  const steps = proof.map(bytes);
  if (Number.isInteger(Math.log2(earlier.size))) steps.unshift(earlier.root);
  if (!steps.length || steps.some((one) => one.length !== 32)) return false;
  let here = earlier.size - 1;
  let last = later.size - 1;
  const up = () => {
    here = Math.floor(here / 2);
    last = Math.floor(last / 2);
  };
  while (here % 2) up();
  let before = steps[0];
  let now = steps[0];
  for (const other of steps.slice(1)) {
    if (!last) return false;
    if (here % 2 || here === last) {
      before = await node(other, before);
      now = await node(other, now);
      while (here % 2 === 0 && here) up();
    } else now = await node(now, other);
    up();
  }
  return !last && isSame(before, earlier.root) && isSame(now, later.root);
}

/** A checkpoint, read. Throws where it is none. */
export function headOf(note) {
  const [, size, root] = note.split("\n");
  if (!/^[0-9]{1,15}$/.test(size) || bytes(root).length !== 32) throw new Error("no checkpoint");
  return { size: Number(size), root: bytes(root) };
}

/** Whether the key ("name+id+base64") has signed the note; also where this browser cannot tell. */
export async function isSigned(note, key) {
  const [name, id, coded] = key.split("+").slice(0, 2).concat(key.split("+").slice(2).join("+"));
  const [text, lines = ""] = note.split("\n\n");
  const made = lines
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([dash, signer]) => dash === DASH && signer === name)
    .map(([, , word]) => bytes(word))
    .filter((one) => [...one.slice(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join("") === id);
  if (!made.length) return false;
  let known;
  try {
    known = await crypto.subtle.importKey("raw", bytes(coded).slice(1), "Ed25519", false, ["verify"]);
  } catch {
    return true; // a browser without Ed25519 has the roots alone
  }
  const said = new TextEncoder().encode(`${text}\n`);
  const good = made.map((one) => crypto.subtle.verify("Ed25519", known, one.slice(4), said));
  return (await Promise.all(good)).every(Boolean);
}

const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "null") ?? {};
const keep = (values) => localStorage.setItem(KEPT, JSON.stringify(values));

function show() {
  const { note, refused } = kept();
  card.hidden = !refused;
  if (refused) card.querySelector("pre").textContent = note;
}

async function holds(mine, came) {
  try {
    const [earlier, later] = [headOf(mine.note), headOf(came.note)];
    const grown = await isGrown(earlier, later, came.proof ?? [""]);
    return grown && (await isSigned(came.note, mine.key));
  } catch {
    return false; // what cannot be read shows nothing
  }
}

async function ask() {
  const mine = kept();
  const now = Date.now();
  if (Math.abs(now - (mine.asked ?? 0)) < HOUR) return;
  const size = mine.note ? headOf(mine.note).size : 0;
  const answer = await fetch(`${card.dataset.checkpoint}?from=${size}`);
  if (!answer.ok || answer.redirected) return;
  const came = await answer.json();
  if (!came.note) return;
  const { note, key } = came;
  if (!mine.note || (await holds(mine, came))) keep({ note, key: mine.key ?? key, asked: now });
  else keep({ ...mine, asked: now, refused: { note, key } });
}

async function start() {
  card.querySelector("button").addEventListener("click", () => {
    keep({ ...kept().refused, asked: Date.now() });
    show();
  });
  show();
  await ask();
  show();
}

if (card && window.isSecureContext && document.body.dataset.kept === undefined) {
  start().catch(() => {}); // no room, no line, nonsense kept: it is asked again another time
}
