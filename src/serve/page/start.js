// Vendors and scenarios to start, with target, seed, pace and faults.

const FLOWS_SHOWN = 4;

const offer = { vendors: [], scenarios: [], profiles: [], target: "", vendor: "", scenario: "", find: "" };

function makeStart() {
  const field = (id, words, input) => h("label", { class: "field", for: id }, h("span", { class: "label" }, words), input);
  const vendor = h("select", { id: "vendor" }, offer.vendors.map(({ id, title }) => h("option", { value: id, selected: id === offer.vendor }, title)));
  vendor.addEventListener("change", () => { offer.vendor = vendor.value; drawScenarios(); });
  const find = h("input", { id: "find", type: "search", placeholder: tr("find a scenario"), "aria-label": tr("Find a scenario"), autocomplete: "off", spellcheck: "false", value: offer.find });
  find.addEventListener("input", () => { offer.find = find.value.trim().toLowerCase(); drawScenarios(); });
  find.addEventListener("keydown", (event) => { if (event.key === "ArrowDown") event.preventDefault(), focusScenario(0); });
  const form = h("form", { id: "start", "aria-label": tr("Start a run") },
    field("vendor", tr("Vendor"), vendor),
    h("div", { class: "field scenarios-field" }, h("span", { class: "label", id: "scenarios-label" }, tr("Scenario")), find, h("ul", { id: "scenarios", role: "listbox", "aria-labelledby": "scenarios-label" })),
    h("div", { class: "pair" },
      field("pace", tr("Pace"), h("select", { id: "pace" }, PACES.map((each) => h("option", { value: each, selected: each === "20x" }, each === "fast" ? tr("fast") : each)))),
      field("seed", tr("Seed"), h("input", { id: "seed", inputmode: "numeric", placeholder: tr("any"), autocomplete: "off" }))),
    field("profile", tr("Faults"), h("select", { id: "profile" }, h("option", { value: "" }, tr("none")), offer.profiles.map(({ name, title }) => h("option", { value: name, title }, name)))),
    field("target", tr("Target"), h("input", { id: "target", type: "text", inputmode: "url", placeholder: tr("the inbox here"), autocomplete: "off", spellcheck: "false" })),
    h("details", { id: "more" }, h("summary", {}, tr("More")),
      field("calls", tr("Calls, one after the other"), h("input", { id: "calls", type: "number", min: "1", max: "100000", value: "1" })),
      h("label", { class: "check" }, h("input", { id: "paused", type: "checkbox" }), " ", tr("stand still from the start")),
      h("button", { type: "button", id: "edit", onclick: editScenario }, tr("Edit the scenario …"))),
    h("div", { class: "pair" },
      h("button", { type: "submit", class: "primary", id: "play", "aria-keyshortcuts": "s" }, "▶ ", tr("Start")),
      h("button", { type: "button", id: "by-hand", title: tr("Nothing happens until you make it happen"), onclick: () => startRun({ by_hand: true, pace: "1x" }) }, "☞ ", tr("By hand"))));
  form.addEventListener("submit", (event) => { event.preventDefault(); startRun({}); });
  fill(byId("start-pane"), form).setAttribute("aria-label", tr("Start a run"));
  drawScenarios();
}

const offered = () => offer.scenarios.filter(({ name, title, vendors }) => vendors.includes(offer.vendor) && (!offer.find || `${name} ${title}`.toLowerCase().includes(offer.find)));

function drawScenarios() {
  const list = offered();
  if (!list.some(({ name }) => name === offer.scenario)) offer.scenario = list.length ? list[0].name : "";
  fill(byId("scenarios"), list.map(({ name, title }) => h("li", {
    role: "option", "data-name": name, "aria-selected": String(name === offer.scenario), tabindex: name === offer.scenario ? "0" : "-1", title,
    onclick: () => pickScenario(name), ondblclick: () => startRun({}),
  }, h("span", { class: "name" }, name), h("small", {}, title))), list.length === 0 && h("li", { class: "dim" }, tr("No scenario is like that.")));
  drawNothing();
}

function pickScenario(name) {
  offer.scenario = name;
  for (const node of byId("scenarios").children) {
    const on = node.dataset.name === name;
    node.setAttribute("aria-selected", String(on));
    node.tabIndex = on ? 0 : -1;
    if (on) node.focus({ preventScroll: true }), node.scrollIntoView({ block: "nearest" });
  }
}

function focusScenario(by) {
  const list = offered(), at = list.findIndex(({ name }) => name === offer.scenario);
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  if (next) pickScenario(next.name);
}

// What the form asks for.
function requested() {
  const value = (id) => byId(id).value.trim();
  const body = { scenario: offer.scenario, vendor: offer.vendor, pace: value("pace") };
  if (value("seed")) body.seed = /^\d{1,15}$/.test(value("seed")) ? Number(value("seed")) : value("seed");
  if (value("target")) body.target = value("target");
  if (value("profile")) body.faults = [value("profile")];
  if (Number(value("calls")) > 1) body.calls = Number(value("calls"));
  if (byId("paused").checked) body.paused = true;
  return body;
}

async function startRun(more) {
  blame("");
  try {
    const told = await post("/runs", { ...requested(), ...more });
    started(told);
    return told;
  } catch (problem) {
    blame(problem.part, problem.message);
    notice("bad", problem.message);
    return undefined;
  }
}

const PART_FIELDS = { seed: "seed", target: "target", targets: "target", faults: "profile", calls: "calls", pace: "pace", vendor: "vendor" };

// Marks the field that a request was refused for, and no other one.
function blame(part, words) {
  for (const id of new Set(Object.values(PART_FIELDS))) {
    const node = byId(id), isWrong = PART_FIELDS[part] === id;
    node.removeAttribute("aria-invalid");
    node.title = isWrong ? words : "";
    if (!isWrong) continue;
    node.setAttribute("aria-invalid", "true");
    if (node.closest("details")) node.closest("details").open = true;
    node.focus();
  }
}

// A run that this page has started: all of its events come by the stream.
function started(told) {
  const run = learn(told);
  choose(run, { alone: true });
  bringUp(() => document.querySelector(".run.chosen"));
  say(tr("{scenario} by {vendor} has started", { scenario: run.scenario, vendor: run.vendor }));
}

// All that was asked for once more, with the seed and the start that it had. What was done by hand is not repeated.
async function playAgain(run) {
  const told = await attempt(() => post(runPath(run, "/again")));
  if (told) started(told);
}

// As long as there is no run: the first scenarios, ready to be started.
function drawNothing() {
  const place = byId("flows");
  if (!place) return;
  fill(place, offered().slice(0, FLOWS_SHOWN).map(({ name, title }) => h("button", { type: "button", class: "flow", "data-flow": name, onclick: () => { pickScenario(name); startRun({}); } },
    h("b", {}, "▶ ", name), h("span", {}, title))));
}
