/* Sealed debriefs: sealing, opening and keys, in this browser alone. The files are those of age
   (age-encryption.org/v1); homeby/station/sealed_text.py writes and reads the same ones. */

import {
  Decrypter, Encrypter, armor, bech32, entropyToMnemonic, generateX25519Identity,
  identityToRecipient, mnemonicToEntropy, webauthn, wordlist,
} from "../vendor/age-encryption.mjs";

export { generateX25519Identity, identityToRecipient };
export const armorDecode = (text) => armor.decode(text);

export const FORMAT = "homeby sealed debrief 1";
const STEP = 4096;
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNED = { name: "ECDSA", hash: "SHA-256" };
const SECRET = "age-secret-key-";
const utf8 = (text) => new TextEncoder().encode(text);

export function toText(bytes) {
  let letters = "";
  for (const one of bytes) letters += String.fromCharCode(one);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function toBytes(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** The short form that two people compare, as the station shows it. */
export const sign = (key) => key.slice(-12).replace(/(.{4})(?=.)/g, "$1 ");

export function encrypt(bytes, to) {
  const sealing = new Encrypter();
  for (const one of to) sealing.addRecipient(one);
  return sealing.encrypt(bytes);
}

/** What lies in a file of age, as it was; throws where this secret half does not open it. */
export function decrypt(bytes, identity) {
  const opening = new Decrypter();
  opening.addIdentity(identity);
  return opening.decrypt(bytes);
}

/** One half of a passkey: what it seals, that passkey alone opens (WebAuthn, PRF). */
function passkey(kind, credential) {
  const half = new webauthn[kind]({ rpId: location.hostname });
  half.credId = toBytes(credential);
  return half;
}

/** A secret half, sealed to a passkey by its id or to a paper code's public half, as text. */
export async function wrap(secret, { credential, paper }) {
  const to = credential ? passkey("WebAuthnRecipient", credential) : identityToRecipient(paper);
  return armor.encode(await encrypt(utf8(secret), [await to]));
}

/** The secret half out of a wrap; throws where this passkey or code does not open it. */
export async function unwrap(wrapped, { credential, paper }) {
  const by = credential ? passkey("WebAuthnIdentity", credential) : paper;
  return new TextDecoder().decode(await decrypt(armor.decode(wrapped), by));
}

/** A new paper code: 24 words, which are the secret half of a key that age knows, too. */
export function newPaper() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return { words: entropyToMnemonic(bytes, wordlist).split(" "), secret: secretOf(bytes) };
}

const secretOf = (bytes) => bech32.encode(SECRET, bech32.toWords(bytes), false).toUpperCase();

/** What somebody typed from her paper, words or letters; throws where it is no whole code. */
export function paperOf(typed) {
  const joined = typed.trim().replaceAll(/\s+/g, " ");
  if (!joined.toLowerCase().startsWith(SECRET)) {
    return secretOf(mnemonicToEntropy(joined.toLowerCase(), wordlist));
  }
  const whole = joined.replaceAll(" ", "").toUpperCase();
  bech32.decode(whole, false);
  return whole;
}

/** A report as a sealed file: signed, filled up to whole steps (at least so many), closed to these
 *  keys. */
export async function seal(report, to, signer, least = 1) {
  const text = JSON.stringify(report);
  const how = await crypto.subtle.sign(SIGNED, signer.pair.privateKey, utf8(`${FORMAT}\n${text}`));
  const signature = toText(new Uint8Array(how));
  const clear = utf8(JSON.stringify({ format: FORMAT, report: text, key: signer.key, signature }));
  const steps = Math.max(least, Math.ceil(clear.length / STEP));
  const whole = new Uint8Array(steps * STEP).fill(32);
  whole.set(clear);
  return encrypt(whole, to);
}

/** What stands in a sealed file: the report, and the key that signed it ("" for none). Throws. */
export const open = async (bytes, secret) => read(await decrypt(bytes, secret));

/** The same of what was taken out of its file already. */
export async function read(clear) {
  const whole = JSON.parse(new TextDecoder().decode(clear));
  if (whole.format !== FORMAT) throw new Error("another format");
  if (whole.key && !(await isSigned(whole))) throw new Error("a wrong signature");
  return { report: JSON.parse(whole.report), key: whole.key ?? "" };
}

async function isSigned({ report, key, signature }) {
  const known = await crypto.subtle.importKey("raw", toBytes(key), CURVE, false, ["verify"]);
  const said = utf8(`${FORMAT}\n${report}`);
  return crypto.subtle.verify(SIGNED, known, toBytes(signature ?? ""), said);
}

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

/** The key with which this person signs in this browser, made once; nothing takes it out again. */
export async function signerOf(person) {
  const opening = indexedDB.open("homeby-sealed", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("signers");
  const kept = await asked(opening);
  const store = (mode) => kept.transaction("signers", mode).objectStore("signers");
  let pair = await asked(store("readonly").get(person));
  if (!pair) {
    pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    await asked(store("readwrite").put(pair, person));
  }
  kept.close();
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { pair, key: toText(raw) };
}

const PINS = "homeby-sealed-keys";
const pins = () => new Map(JSON.parse(localStorage.getItem(PINS) ?? "[]"));

/** Whether this browser saw another key of the same person (or of the archive) before. */
export const isOther = (whose, key) => (pins().get(whose) ?? key) !== key;

/** Remember whose keys something was sealed to: pairs of a person and a key. */
export function pin(keys) {
  localStorage.setItem(PINS, JSON.stringify([...new Map([...pins(), ...keys])]));
}

/** Send to the station; its answer, or an error that carries its sentence. */
export async function send(address, body, csrf) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrf };
  if (body instanceof Uint8Array) headers["Content-Type"] = "application/octet-stream";
  const answer = await fetch(address, { method: "POST", headers, body });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(told.sentence ?? ""), { isSaid: Boolean(told.sentence) });
}
