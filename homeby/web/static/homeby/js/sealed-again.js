/* The page on which a reader seals again what a key of hers opens, for whoever follows a reader. */

import { batchOf, runBy } from "./sealed-batch.js";
import { whenUnlocked } from "./sealed-unlock.js";

const part = document.querySelector("[data-again]");

if (part) {
  const batch = batchOf(part);
  whenUnlocked((secret, unlocking) => {
    unlocking.hidden = true;
    runBy(batch, secret);
  });
}
