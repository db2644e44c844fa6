/* What this phone has said, line by line: what it was, when, and what became of it. */

const LEVELS = {
  waiting: "level-amber",
  unverified: "level-amber",
  refused: "level-red",
  told: "level-green",
};
const TOLD_SHOWN = 12;

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name for a sentence; one that runs from right to left turns no number beside it around. */
export const isolated = (name) => (TURNS.test(name) ? `\u2068${name}\u2069` : name);

function button(words, isPlain, act) {
  const made = element("button", { type: "button", className: "button" }, words);
  made.classList.toggle("plain", isPlain);
  made.addEventListener("click", act);
  return made;
}

/** `say`: the page's sentences; `wall` tells an instant of the station's time, `at` when a tap was,
    `nameOf` a person by the id; `mayGoAnyway`, `goAnyway`, `mayWithdraw`, `withdraw` and `forget`
    take an entry. */
export class Said {
  #shown = "";

  constructor(page) {
    Object.assign(this, page);
  }

  #words({ claim }) {
    const { say, wall } = this;
    let text = say[claim.act];
    if (claim.act === "more_time") text = fill(text, { time: wall(Date.parse(claim.due_at)) });
    if (claim.people) {
      const people = claim.people.map((id) => isolated(this.nameOf(id))).join(", ");
      text = fill(say.party, { act: text, people });
    }
    return claim.heads === undefined ? text : `${text} · ${fill(say.heads, claim)}`;
  }

  #line(entry) {
    const { say, wall } = this;
    const { state, sentence } = entry;
    const at = element("span", { className: "soft" }, wall(this.at(entry)));
    const item = element(
      "li",
      { className: "stack close" },
      element(
        "p",
        { className: "my-said-line" },
        element("span", {}, element("b", {}, this.#words(entry)), " ", at),
        element("span", { className: `level ${LEVELS[state]}` }, say[state]),
      ),
    );
    item.dataset.state = state;
    if (sentence) item.append(element("p", { className: "small" }, sentence));
    const acts = [];
    if (this.mayGoAnyway(entry)) acts.push(button(say.anyway, false, () => this.goAnyway(entry)));
    if (this.mayWithdraw(entry)) acts.push(button(say.withdraw, true, () => this.withdraw(entry)));
    if (state === "refused" || state === "unverified") {
      acts.push(button(say.take_note, true, () => this.forget(entry)));
    }
    if (acts.length) item.append(element("div", { className: "actions" }, ...acts));
    return item;
  }

  /** Show the newest first: all that is not told, and the last of what is. */
  show(entries) {
    const open = entries.filter((entry) => entry.state !== "told");
    const told = entries.filter((entry) => entry.state === "told").slice(-TOLD_SHOWN);
    const shown = [...open, ...told].sort((a, b) => b.claim.sequence - a.claim.sequence);
    this.card.hidden = !shown.length;
    const fresh = element("ul", {}, ...shown.map((entry) => this.#line(entry)));
    if (fresh.innerHTML === this.#shown) return; // nobody is made to hear the same again
    this.#shown = fresh.innerHTML;
    this.card.querySelector("ul").replaceChildren(...fresh.children);
  }
}
