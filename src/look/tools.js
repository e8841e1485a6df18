// What stands in the corner of every page: the switch between light and dark, and the help. A page names its keys in `keyNames`.

const THEMES = ["auto", "light", "dark"];

const themeNow = () => document.documentElement.dataset.theme || "auto";
const themeWords = () => tr("Theme: {theme}", { theme: tr(themeNow()) });

// A page that remembers the choice says how.
let themeChosen = () => {};

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  if (byId("theme")) byId("theme").textContent = themeWords();
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length]);
  themeChosen(themeNow());
  say(themeWords());
}

const tools = (...own) => h("div", { class: "tools" }, own,
  h("button", { type: "button", id: "theme", title: "t", onclick: nextTheme }, themeWords()),
  h("button", { type: "button", "aria-label": tr("Keyboard help"), title: "?", onclick: openHelp }, "?"));

function openHelp() {
  const help = byId("help");
  fill(help, h("h2", { id: "help-title" }, tr("Keyboard")),
    h("dl", {}, keyNames().map(([keys, meaning]) => [h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, meaning)])),
    h("form", { method: "dialog" }, h("button", { type: "submit" }, tr("Close"))));
  help.showModal();
}
