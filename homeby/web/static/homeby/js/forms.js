/* Small helps for forms; every form works without them. */

// Names leave a screen at the gate by themselves.
const clear = document.querySelector("[data-clear-after]");
if (clear) {
  const wanted = Number(clear.dataset.clearAfter);
  let left = wanted;
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, () => { left = wanted; });
  }
  setInterval(() => {
    left -= 1;
    for (const shown of clear.querySelectorAll("[data-clear-left]")) {
      shown.textContent = String(Math.max(left, 0));
    }
    if (left === 0) location.replace(clear.dataset.clearTo);
  }, 1000);
}

// A long list gets short while somebody types.
const search = document.querySelector("input[data-filter]");
search?.addEventListener("input", () => {
  const wanted = search.value.trim().toLocaleLowerCase();
  let found = 0;
  for (const tile of document.querySelectorAll("[data-filter-text]")) {
    tile.hidden = !tile.dataset.filterText.toLocaleLowerCase().includes(wanted);
    found += tile.hidden ? 0 : 1;
  }
  document.getElementById("nothing-found").hidden = found > 0;
});

// What a typed time means, said by the server while it is typed: "in 7 h 30, Sat 18:30".
for (const output of document.querySelectorAll("output[data-said-by]")) {
  const field = document.getElementById(output.htmlFor[0]);
  let waiting = null;
  field?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const query = new URLSearchParams({ typed: field.value, zone: output.dataset.zone });
      const from = output.dataset.after && document.getElementById(output.dataset.after);
      if (from) query.set("after", from.value);
      const address = `${output.dataset.saidBy}?${query}`;
      const answer = field.value.trim() && await fetch(address).catch(() => null);
      const understood = answer && answer.headers.get("Understood") === "yes";
      output.textContent = understood ? await answer.text() : "";
    }, 250);
  });
}
