/* A key of this phone's own, brought to the station. */

/** Bring the hash of a new key, and the public half of the one that signs, to the station, as
    whoever is logged in. Gives the device's id; throws an Error with a sentence. `say`: the page's
    sentences; `drop()` forgets a useless key. */
export async function bring({ id, hash, signs }, { form: holder, say, drop }) {
  const name = holder.querySelector("[name=name]");
  const form = new FormData(holder);
  form.set("entry_id", id);
  form.set("key_hash", hash);
  form.set("sign_key", signs);
  if (!form.get("name")) form.set("name", name.placeholder || "Phone");
  const signal = AbortSignal.timeout(30000);
  const asked = fetch(holder.action, { method: "POST", body: form, signal });
  const answer = await asked.catch(() => null);
  if (!answer) throw new Error(say.no_line);
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.device) return said.device;
  if (answer.status === 409) await drop();
  const isOut = answer.redirected || answer.status === 403;
  throw new Error(said.sentence || (isOut ? say.log_in : say.failed));
}
