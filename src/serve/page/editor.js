// A scenario as text, to be changed and played. What is wrong with it is marked where it stands, and told below with its line.

const CHECK_AGAIN_MS = 400;

async function editScenario() {
  const told = await attempt(() => get(`/scenarios/${encodeURIComponent(offer.scenario)}`));
  if (!told) return;
  const dialog = byId("editor"), editor = makeEditor(told.text);
  const play = async (more) => {
    try {
      const run = await post("/runs", { ...requested(), scenario: editor.area.value, ...more });
      dialog.close();
      started(run);
    } catch (problem) {
      editor.refused(problem);
    }
  };
  const form = h("form", { method: "dialog" },
    h("h2", { id: "editor-title" }, tr("Edit and play"), h("small", {}, ` ${told.name} · ${offer.vendor}`)), editor.place, editor.wrong,
    h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "▶ ", tr("Start")),
      h("button", { type: "button", onclick: () => play({ by_hand: true, pace: "1x" }) }, "☞ ", tr("By hand")),
      h("button", { type: "button", onclick: () => dialog.close() }, tr("Close"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    play({});
  });
  fill(dialog, form);
  dialog.showModal();
  editor.area.focus();
  editor.area.setSelectionRange(0, 0);
}

function makeEditor(text) {
  const area = h("textarea", { id: "yaml", wrap: "off", spellcheck: "false", autocomplete: "off", "aria-label": tr("The scenario, in YAML"), "aria-describedby": "wrong" });
  const gutter = h("pre", { class: "gutter", "aria-hidden": "true" }), marks = h("pre", { class: "marks", "aria-hidden": "true" });
  const wrong = h("div", { id: "wrong", role: "status" });
  const editor = { area, wrong, place: h("div", { class: "code" }, gutter, h("div", {}, marks, area)) };
  const scroll = () => {
    gutter.scrollTop = marks.scrollTop = area.scrollTop;
    marks.scrollLeft = area.scrollLeft;
  };
  const mark = (diagnostics) => {
    const lines = new Set(diagnostics.map(({ place }) => place && place.line));
    fill(gutter, area.value.split("\n").map((_, at) => h("span", { class: lines.has(at + 1) ? "bad" : null }, `${at + 1}\n`)));
    fill(marks, marked(area.value, diagnostics.map(({ place }) => place)));
    scroll();
  };
  const go = (place) => {
    const [from, to] = unitsOf(area.value, place);
    area.focus();
    area.setSelectionRange(from, to);
    area.scrollTop = (area.scrollHeight / area.value.split("\n").length) * (place.line - 4);
  };
  const show = (diagnostics) => {
    mark(diagnostics);
    fill(wrong, diagnostics.map((one) => diagnosticCard(one, area.value, go)));
  };
  editor.refused = (problem) => {
    if (!problem.diagnostics.length) return void fill(wrong, h("p", { class: "note-line bad" }, problem.message));
    show(problem.diagnostics);
    const first = problem.diagnostics.find(({ place }) => place);
    if (first) go(first.place);
    wrong.scrollTop = 0;
    say(problem.diagnostics.map(({ message, place }) => `${place ? `${tr("line {line}", place)}: ` : ""}${message}`).join("; "));
  };
  let soon = 0;
  area.addEventListener("scroll", scroll);
  area.addEventListener("input", () => {
    mark([]);
    clearTimeout(soon);
    soon = setTimeout(async () => {
      const checked = area.value, told = await post("/check", { scenario: checked }).catch(() => null);
      if (!told || checked !== area.value) return;
      if (!told.ok) return show(told.diagnostics);
      const isMine = told.vendors.includes(offer.vendor);
      fill(wrong, h("p", { class: `note-line ${isMine ? "" : "warn"}` }, isMine ? h("b", { class: "good" }, "✓ ") : "! ", tr("It can be told by: {vendors}", { vendors: told.vendors.join(", ") || tr("nobody") })));
    }, CHECK_AGAIN_MS);
  });
  area.value = text;
  mark([]);
  return editor;
}

// Places are told in bytes of UTF-8; a page counts in other units.
function unitsOf(text, { start, end }) {
  const bytes = new TextEncoder().encode(text), units = (at) => new TextDecoder().decode(bytes.subarray(0, at)).length;
  return [units(start), units(end)];
}

// The text once more, to lie behind the one that is typed, with each place as a mark.
function marked(text, places) {
  const ranges = places.filter(Boolean).map((place) => unitsOf(text, place)).sort((a, b) => a[0] - b[0]), parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from < at) continue;
    parts.push(text.slice(at, from), h("mark", {}, text.slice(from, to) || " "));
    at = to;
  }
  return [...parts, text.slice(at), "\n"];
}

// One mistake: what is wrong, the line with a caret below, and what to do.
function diagnosticCard({ code, severity, message, place, label, also, help }, text, go) {
  const kind = severity === "error" ? "bad" : "warn";
  return h("section", { class: `finding ${kind}`, "aria-label": code },
    h("h3", {}, chip(kind, code), " ", message, " ",
      place && h("button", { type: "button", class: "small where", onclick: () => go(place) }, tr("line {line}, column {column}", place))),
    place && excerpt(text, place, label),
    (also || []).map(([other, words]) => excerpt(text, other, words)),
    help && h("p", {}, h("b", {}, tr("What to do:")), " ", help));
}

function excerpt(text, { line, column, start, end }, label) {
  const letters = [...(text.split("\n")[line - 1] || "")], [from, to] = unitsOf(text, { start, end });
  const wide = (letter) => /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(letter);
  // As wide as what stands above, so that the caret is below what it is about.
  const below = (sign, letter) => (letter === "\t" && sign === " " ? "\t" : wide(letter) ? (sign === " " ? "\u3000" : sign.repeat(2)) : sign);
  const length = Math.max(1, [...text.slice(from, to).split("\n")[0]].length), number = String(line);
  const caret = letters.slice(0, column - 1).map((letter) => below(" ", letter)).join("") + (letters.slice(column - 1, column - 1 + length).map((letter) => below("^", letter)).join("") || "^");
  return h("pre", { class: "excerpt" }, h("code", {}, h("span", { class: "dim" }, `${number} │ `), letters.join(""), "\n", h("span", { class: "dim" }, `${" ".repeat(number.length)} │ `), h("b", { class: "bad" }, caret, label ? ` ${label}` : "")));
}
