/* At which gate somebody stands: the address of the code there names it (homeby/web/gate/qr.py). It
   counts for a quarter of an hour after the code was looked at, or until she says that she is not
   there; then the page is open somewhere else. The station knows which gates there are. */

const COUNTS_MILLISECONDS = 15 * 60000;

/** Takes the gate out of the address, so that no later look at this page brings it along. */
function fromAddress() {
  const address = new URL(location.href);
  const gate = address.searchParams.get("gate") ?? "";
  address.searchParams.delete("gate");
  if (gate) history.replaceState(null, "", address);
  return gate;
}

export class AtGate {
  #id = fromAddress();
  #since = null;

  /** `note`: the line that says it; `at(name)`: the sentence with the gate's name, or of any;
      `now()`: the station's time. */
  constructor({ note, at, now }) {
    Object.assign(this, { note, at, now });
    this.#since = now();
    note.querySelector("button").addEventListener("click", () => this.leave());
  }

  leave() {
    this.#id = "";
    this.note.hidden = true;
  }

  /** What an entry that is made now says of it. */
  said() {
    const isHere = this.#id && this.now() - this.#since < COUNTS_MILLISECONDS;
    return isHere ? { gate: this.#id } : {};
  }

  /** `gates`: the names of those in use by their ids. A code that is none of them says nothing. */
  show(gates) {
    const { gate } = this.said();
    const name = gates?.[gate];
    this.note.hidden = !gate || (gates && !name);
    const text = this.at(name);
    const line = this.note.querySelector("p");
    if (line.textContent !== text) line.textContent = text;
  }
}
