/* A concern whose words were sealed at the door, on the page of a welfare officer: opened and shown
   here. The sealed file comes with the page. */

import { open, sign, toBytes } from "./sealed.js";
import { whenUnlocked } from "./sealed-unlock.js";

const part = document.querySelector("[data-closed]");
const data = part.dataset;

/** Whether it is what the station said it is: it could hand out another one. */
const isThisOne = ({ door, about, author }) =>
  door === data.kind && about?.id === data.about && author?.id === data.author;

whenUnlocked(async (secret, unlocking) => {
  const wrong = unlocking.querySelector("[data-wrong]");
  const complain = (sentence) => {
    wrong.querySelector("[data-sentence]").textContent = sentence;
    wrong.hidden = false;
  };
  let opened;
  try {
    opened = await open(toBytes(data.closed), secret);
  } catch {
    return complain(data.failed);
  }
  if (!isThisOne(opened.report)) return complain(data.changed);
  const isKnown = JSON.parse(data.signers).includes(opened.key);
  part.querySelector("[data-text]").textContent = opened.report.text;
  part.querySelector("[data-signed]").textContent = opened.key
    ? `${isKnown ? data.signedKnown : data.signed} ${sign(opened.key)}` : data.unsigned;
  part.hidden = false;
  unlocking.hidden = true;
});
