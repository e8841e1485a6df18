// The list of calls, by scenario and vendor, with its filters.

const filter = { failing: false, vendor: "", text: "" };
let shown = [], chosen = null;

function drawFilters() {
  const vendors = [...new Set(overview.stories.map((story) => story.vendor))].sort();
  const search = h("input", { id: "search", type: "search", placeholder: "Search  ( / )", "aria-label": "Search calls and bodies", autocomplete: "off", spellcheck: "false" });
  let soon = 0;
  search.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => { filter.text = search.value.trim().toLowerCase(); drawList(); }, 120);
  });
  const vendor = h("select", { "aria-label": "Vendor" }, h("option", { value: "" }, "All vendors"), vendors.map((id) => h("option", { value: id }, id)));
  vendor.addEventListener("change", () => { filter.vendor = vendor.value; drawList(); });
  const bad = entries.filter(failing).length;
  const button = (id, label, on) => h("button", { type: "button", id, "aria-pressed": String(!on), onclick: () => showFailing(on) }, label);
  byId("filters").append(search,
    h("div", { class: "row" },
      h("div", { class: "segments", role: "group", "aria-label": "Which calls" },
        button("show-all", `All ${entries.length.toLocaleString("en")}`, false),
        button("show-failing", `Failing ${bad.toLocaleString("en")}`, true))),
    vendor);
}

function showFailing(on) {
  filter.failing = on;
  byId("show-all").setAttribute("aria-pressed", String(!on));
  byId("show-failing").setAttribute("aria-pressed", String(on));
  drawList();
  say(`${on ? "Failing calls" : "All calls"}: ${shown.length}`);
}

function drawList() {
  shown = entries.filter((entry) =>
    (!filter.failing || failing(entry)) &&
    (!filter.vendor || entry.story.vendor === filter.vendor) &&
    (!filter.text || haystack(entry).includes(filter.text)));
  const rows = [];
  let scenario = null;
  for (const entry of shown) {
    if (entry.story.scenario !== scenario) {
      scenario = entry.story.scenario;
      rows.push(h("li", { class: "group", role: "presentation" }, scenario));
    }
    rows.push(entry.row || (entry.row = row(entry)));
  }
  byId("list").replaceChildren(...rows);
  byId("shown").textContent = shown.length === entries.length ? "" :
    shown.length ? `${shown.length.toLocaleString("en")} of ${plural(entries.length, "call")}` : "No call is like that.";
  if (!shown.includes(chosen) && shown.length) choose(shown[0]);
  markChosen();
}

function row(entry) {
  const { story, call, outcome } = entry;
  const { sign, word } = OUTCOMES[outcome];
  const several = story.calls.length > 1;
  const told = call.call === null ? "nothing is pushed" : plural(call.attempts, "attempt");
  const retries = call.retries ? plural(call.retries, "retry", "retries") : "";
  const findings = call.findings ? plural(call.findings, "finding") : "";
  return h("li", {
    role: "option", class: `call ${outcome}`, tabindex: "-1", "aria-selected": "false",
    onclick: () => { choose(entry); entry.row.focus({ preventScroll: true }); },
  },
    h("span", { class: "unseen" }, [word, story.scenario, story.vendor, several ? `call ${call.call}` : "", told, retries, findings].filter(Boolean).join(", ")),
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    h("span", { class: "name", "aria-hidden": "true" }, story.vendor, several && h("small", {}, ` ${call.call}`)),
    retries && h("span", { class: "chip warn", "aria-hidden": "true" }, `↻ ${call.retries}`),
    findings && h("span", { class: "chip bad", "aria-hidden": "true" }, call.findings),
    h("span", { class: "count", "aria-hidden": "true" }, call.call === null ? "–" : call.attempts.toLocaleString("en")));
}

function markChosen() {
  for (const entry of entries) {
    if (!entry.row) continue;
    const on = entry === chosen;
    entry.row.setAttribute("aria-selected", String(on));
    entry.row.tabIndex = on ? 0 : -1;
  }
  if (chosen && chosen.row) chosen.row.scrollIntoView({ block: "nearest" });
}

// Shows a call.
function choose(entry) {
  chosen = entry;
  closePush();
  drawStory();
  markChosen();
}

// Goes so many calls on in the list.
function step(by) {
  const at = shown.indexOf(chosen);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  if (!next) return;
  if (next !== chosen) choose(next);
  next.row.focus();
}

function drawSkipped() {
  if (!overview.skipped.length) return;
  const count = overview.skipped.reduce((sum, { scenarios }) => sum + scenarios.length, 0);
  byId("skipped").append(h("details", {},
    h("summary", {}, `${plural(count, "story", "stories")} skipped`),
    h("ul", {}, overview.skipped.map(({ vendor, reason, scenarios }) => h("li", {}, h("b", {}, `${vendor}: ${reason}`), " ", scenarios.join(", "))))));
}
