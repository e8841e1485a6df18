// What stands in the corner of every page: the switch between light and dark, and the keys that there are (`KEYS`).

// The verdict at the top, with the switch and the help beside it.
const verdictOf = (sign, word, ...sentence) => h("div", { class: "verdict" },
  h("span", { class: "badge", "aria-hidden": "true" }, sign),
  h("div", {},
    h("h1", {}, word),
    h("p", {}, ...sentence),
  ),
  h("div", { class: "tools" },
    h("button", { type: "button", id: "theme", onclick: nextTheme }, "Theme: auto"),
    h("button", { type: "button", "aria-label": "Keyboard help", title: "Keyboard help (?)", onclick: openHelp }, "?"),
  ),
);

const THEMES = ["auto", "light", "dark"];

function nextTheme() {
  const root = document.documentElement;
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme || "auto") + 1) % THEMES.length];
  root.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
  say(`Theme: ${theme}`);
}

function openHelp() {
  const help = byId("help");
  if (!help.childNodes.length) {
    help.append(h("h2", { id: "help-title" }, "Keyboard"),
      h("dl", {}, KEYS.map(([keys, meaning]) => [h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, meaning)])),
      h("form", { method: "dialog" }, h("button", { type: "submit" }, "Close")));
  }
  help.showModal();
}
