/* Readers of cards, badges, barcodes and QR codes that type like a keyboard: many keys in a moment,
   and Enter. No hand types so fast. */

const GAP_MS = 80;
const LEAST = 6;
const PRINTED = /^HB[A-Z2-7]{32}$/;

/** Whether a code is that of a badge which somebody printed (homeby/people/actions/proofs.py). */
export const isPrinted = (code) => PRINTED.test(code);

/** `listens()`: whether a card may be read now; `typing()`: a key was pressed, by hand or reader;
    `read(code)`: a reader has typed this. */
export function readsCards({ listens, typing, read }) {
  let typed = "";
  let lastAt = -Infinity;
  document.addEventListener(
    "keydown",
    (event) => {
      if (!listens() || event.ctrlKey || event.altKey || event.metaKey) return;
      const isFast = event.timeStamp - lastAt < GAP_MS;
      lastAt = event.timeStamp;
      if (event.key === "Enter") {
        const code = typed;
        typed = "";
        if (!isFast || code.length < LEAST) return;
        event.preventDefault();
        event.stopPropagation();
        read(code);
      } else if (event.key.length === 1) {
        typed = isFast ? typed + event.key : event.key;
        typing();
      }
    },
    true,
  );
}
