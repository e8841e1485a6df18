// The head: how the link stands, how much is sent, the language, the light; and notices to people.

const NOTICES_MAX = 3, NOTICE_MS = 9000;

function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(`ringback.${name}`, value);
    return localStorage.getItem(`ringback.${name}`);
  } catch {
    return null;
  }
}

function makeHead() {
  const search = h("input", { id: "filter", type: "search", placeholder: `${tr("filter")}  ( / )`, "aria-label": tr("Filter runs and pushes"), autocomplete: "off", spellcheck: "false", value: filter.text });
  search.addEventListener("input", () => { filter.text = search.value.trim().toLowerCase(); draw(); });
  fill(byId("head"),
    h("h1", {}, "Ringback"),
    h("span", { id: "link", class: "chip", role: "status" }),
    h("span", { id: "rate" }),
    tools(search,
      h("button", { type: "button", id: "failing", "aria-pressed": String(filter.failing), onclick: showFailing }, "✗ ", tr("Failing only")),
      h("button", { type: "button", id: "language", lang: language === "zh" ? "en" : "zh-CN", title: "l", onclick: nextLanguage }, language === "zh" ? "English" : "中文")));
  byId("skip").textContent = tr("To the runs");
  fill(byId("runs-pane"), h("div", { id: "notices" }), h("p", { id: "shown", role: "status" }), h("div", { id: "nothing", class: "plain" },
    h("p", { class: "large" }, tr("Nothing is played yet.")),
    h("p", {}, tr("Choose a vendor and a scenario and press Start, or begin with one of these. Pushes go to the inbox of this server until you name a target.")), h("div", { id: "flows" })), h("div", { id: "runs" }));
  byId("runs-pane").setAttribute("aria-label", tr("Runs"));
  drawLink();
}

function drawLink() {
  const chipOf = byId("link"), states = { live: ["good", `● ${tr("live")}`], connecting: ["warn", `○ ${tr("connecting")}`], locked: ["bad", `✗ ${tr("locked")}`] };
  const left = Math.max(0, Math.ceil((link.again - performance.now()) / 1000));
  const [kind, words] = states[link.state] || ["bad", `✗ ${tr("link lost, again in {count} s", { count: left })}`];
  if (chipOf.textContent !== words) chipOf.textContent = words;
  chipOf.className = `chip ${kind}`;
  document.body.classList.toggle("unlinked", link.state === "lost");
}

// How much is sent: told once a second, over the last one.
let countedAt = performance.now(), countedBefore = 0;

setInterval(() => {
  const now = performance.now();
  total.perSecond = Math.round(((total.attempts - countedBefore) * 1000) / (now - countedAt));
  [countedAt, countedBefore] = [now, total.attempts];
  if (!byId("rate")) return;
  const live = [...runs.values()].filter((run) => !isOver(run)).length;
  const sent = [...runs.values()].reduce((sum, run) => sum + run.figures.attempts, 0);
  fill(byId("rate"), h("b", { id: "sent" }, sent.toLocaleString("en")), ` ${tr("sent")} · `, h("b", {}, total.perSecond.toLocaleString("en")), ` /s · `, h("b", {}, live), ` ${tr("running")}`,
    total.missed > 0 && h("span", { class: "warn" }, ` · ${tr("{count} events missed", { count: total.missed.toLocaleString("en") })}`));
  drawLink();
}, 1000);

function notice(kind, text) {
  say(text);
  const place = byId("notices");
  if (!place) return;
  const node = h("p", { class: `note-line ${kind}`, role: kind === "bad" ? "alert" : null }, text, " ", h("button", { type: "button", class: "small", "aria-label": tr("Close the notice"), onclick: () => node.remove() }, "×"));
  place.prepend(node);
  while (place.children.length > NOTICES_MAX) place.lastElementChild.remove();
  setTimeout(() => node.remove(), NOTICE_MS);
}

function showFailing() {
  filter.failing = !filter.failing;
  byId("failing").setAttribute("aria-pressed", String(filter.failing));
  draw();
}

function nextLanguage() {
  speak(language === "zh" ? "en" : "zh");
  kept("language", language);
  makeAll();
  byId("language").focus();
}

// Everything is made anew in the language that is chosen now; what people have typed stays.
function makeAll() {
  const typed = ["seed", "target", "pace", "profile", "calls"].map((id) => [id, byId(id) && byId(id).value]);
  cards.clear();
  drawnOrder = "";
  makeHead();
  makeStart();
  typed.forEach(([id, value]) => value && (byId(id).value = value));
  makeSide();
  byId("help").replaceChildren();
  draw();
}

// Where the panes stand one below the other, what somebody asked for may be out of sight.
const STACKED = matchMedia("(max-width: 700px)");

function bringUp(what) {
  if (STACKED.matches) setTimeout(() => what() && what().scrollIntoView({ block: "start" }), 60);
}

function lockedOut() {
  const input = h("input", { id: "token", type: "password", autocomplete: "off", "aria-label": tr("Token") });
  const form = h("form", { class: "token" }, h("p", {}, tr("This server asks for its token: it is in what `ringback serve` printed.")), h("div", { class: "row" }, input, h("button", { type: "submit", class: "primary" }, tr("Open"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await attempt(async () => { await openSession(input.value.trim()); return true; })) location.reload();
  });
  fill(byId("nothing"), form);
  input.focus();
}
