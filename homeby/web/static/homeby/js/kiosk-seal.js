/* Sealing what somebody said at the kiosk: only the station opens it, not even this tablet. A fresh
   key is agreed for each act and forgotten (homeby/web/intake/sealed.py opens it). */

const LABEL = new TextEncoder().encode("homeby-kiosk-1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const BLOCK = 256; // a longer callsign must not make a longer entry

/** Text as bytes that a JSON reader takes for the same, in whole blocks. */
function padded(text) {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK).fill(32);
  whole.set(bytes);
  return whole;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

export function toText(bytes) {
  const letters = btoa(String.fromCharCode(...bytes));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function toBytes(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** The entry as text that `station` (its public point as base64url) alone opens, bound to `id`. */
export async function seal(entry, id, station) {
  const point = toBytes(station);
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const fresh = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ours = new Uint8Array(await crypto.subtle.exportKey("raw", fresh.publicKey));
  const agreed = { name: "ECDH", public: theirs };
  const shared = await crypto.subtle.deriveBits(agreed, fresh.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = joined(LABEL, ours, point);
  const by = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(by, base, aes, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
  const closed = await crypto.subtle.encrypt(how, key, padded(JSON.stringify(entry)));
  return toText(joined(ours, iv, new Uint8Array(closed)));
}

/** What the station stores of a key that this tablet has made. */
export async function hashOf(key) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export function newKey() {
  return `homeby-device-${toText(crypto.getRandomValues(new Uint8Array(32)))}`;
}
