/* The light of this screen: as the system says, or day, dark, night by choice. Loaded early, no
   module, so that no page is ever shown in the wrong light first. Nothing leaves the device. */
(function () {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("homeby-theme") || "auto";
    } catch {
      return "auto"; // storage may be forbidden; the page must still have a light
    }
  }

  function show(theme) {
    root.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    for (const button of document.querySelectorAll("button[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
    }
  }

  root.dataset.js = "";
  show(chosen());
  dark.addEventListener("change", () => show(chosen()));
  addEventListener("storage", () => show(chosen()));
  document.addEventListener("DOMContentLoaded", () => show(chosen()));

  // A menu closes when somebody turns to something else; Escape gives the focus back.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of menus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
  document.addEventListener("click", (click) => {
    const button = click.target.closest("button[data-set-theme]");
    if (!button) return;
    try {
      localStorage.setItem("homeby-theme", button.dataset.setTheme);
    } catch {
      // the choice then holds for this page only
    }
    show(button.dataset.setTheme);
  });
})();
