/* What passes while a page is open, on a device that may sleep and whose clock may be moved.

   The browser's counter stands still while a device sleeps; the device's own clock goes on. So the
   later of both is what has passed: a clock that is set back changes nothing, and one that is set
   ahead cannot be told from sleep (steady.js goes by the same rule for what a phone says). */

const STEP_MILLISECONDS = 2000;
const APART_MILLISECONDS = 1000;
let zero = Date.now() - performance.now();
let slept = 0; // before `zero` was set
let further = 0; // how far the device's clock has gone beyond the counter since then

/** Milliseconds since the page began, sleep included; it never goes back. */
export function passed() {
  const counted = performance.now();
  further = Math.max(further, Date.now() - counted - zero);
  return counted + slept + further;
}

/** The station's time, counted on by `speed` (a demonstration may run faster than life). */
export class StationTime {
  #at;
  #since = passed();
  #speed;
  #word = null; // the last word of the stream, and when it came

  constructor(at, speed) {
    this.#at = at;
    this.#speed = speed;
  }

  now() {
    return this.when(passed());
  }

  /** What it was, or will be, at a moment of `passed()`. */
  when(moment) {
    return this.#at + (moment - this.#since) * this.#speed;
  }

  /** The station answered just now that it is so late. */
  set(at, speed = this.#speed) {
    this.#since = passed();
    [this.#at, this.#speed] = [at, speed];
    slept += further;
    further = 0;
    zero = Date.now() - performance.now();
  }

  /** A word that the stream brought. One that lay somewhere while the device slept says less than
      is so: time goes back only by one that came as long after the last as both say. */
  heard(at) {
    const now = passed();
    const last = this.#word;
    this.#word = { at, now };
    const apart = last && now - last.now;
    const isInStep =
      apart > APART_MILLISECONDS &&
      Math.abs((at - last.at) / this.#speed - apart) < STEP_MILLISECONDS;
    if (at > this.when(now) || isInStep) this.set(at);
  }
}

const { now, speed } = document.body?.dataset ?? {};
/** That of this page, as the station wrote it there. */
export const station = new StationTime(Date.parse(now) || Date.now(), Number(speed) || 1);
