/* Times that count on. The server says the time and how fast its clock runs; what has passed since,
   sleep of the device included, is measured here (passing.js).
   The phrases agree with homeby/instants.py: the server writes the first one, we go on. */

import { station } from "./passing.js";

const frame = document.body.dataset;
const unit = {
  d: frame.unitDays,
  h: frame.unitHours,
  min: frame.unitMinutes,
  s: frame.unitSeconds,
};

/** "2 h 10", "35 min", "3 d 4 h": whole units, rounded down, as on a board. */
function span(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const [days, hours, left] = [Math.floor(minutes / 1440), Math.floor(minutes / 60), minutes % 60];
  if (minutes < 1) return `${Math.floor(Math.abs(seconds))} ${unit.s}`;
  if (hours < 1) return `${minutes} ${unit.min}`;
  const whole = `${hours} ${unit.h}`;
  if (days < 2) return left ? `${whole} ${String(left).padStart(2, "0")}` : whole;
  return hours % 24 ? `${days} ${unit.d} ${hours % 24} ${unit.h}` : `${days} ${unit.d}`;
}

function relative(seconds) {
  if (Math.abs(seconds) < 60) return frame.sayNow;
  return (seconds > 0 ? frame.sayIn : frame.sayAgo).replace("{span}", span(seconds));
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = station.now();
  for (const time of document.querySelectorAll("time[data-relative]")) {
    write(time, relative((Date.parse(time.dateTime) - now) / 1000));
  }
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    const two = "2-digit";
    const style = { timeZone: clock.dataset.clock, hour: two, minute: two, hourCycle: "h23" };
    write(clock, new Date(now).toLocaleTimeString("en-GB", style));
  }
  for (const output of document.querySelectorAll("[data-seconds]")) {
    write(output, span(Number(output.dataset.seconds)));
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("homeby:swapped", tick);
