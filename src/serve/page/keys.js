// Drawing in time, the keyboard, and the beginning of it all.

// However much comes in, the page is drawn once a frame, and less often where a drawing takes long.
let asked = false, drawnAt = 0, cost = 0;

function draw() {
  if (asked) return;
  asked = true;
  const wait = Math.max(0, drawnAt + Math.min(250, cost * 4) - performance.now());
  const frame = () => requestAnimationFrame(() => {
    asked = false;
    const began = performance.now();
    if (byId("runs")) drawCards(began);
    drawnAt = performance.now();
    cost = drawnAt - began;
  });
  if (wait > 20) setTimeout(frame, wait);
  else frame();
}

// What counts down, and the clock of the chosen run.
setInterval(() => {
  if (open.some((id) => { const run = runs.get(id); return run && !isOver(run); })) draw();
}, 200);

// A run as the server has it: its figures, and its newest pushes.
async function refresh(run) {
  if (run.waiting) return;
  run.waiting = [];
  const told = await get(runPath(run)).catch(() => null), waited = run.waiting;
  run.waiting = null;
  if (told) {
    const { deliveries, deliveries_left_out: left, findings, findings_left_out: more, ...rest } = told;
    learn(rest);
    if (!run.whole || run.stale) hydrate(run, told);
    run.whole = true;
    settle(run, rest);
  }
  waited.forEach(takeEvent);
  touch(run);
}

// Events of a run are missing: it is asked anew, but not more than once a second.
function fallBehind(run) {
  run.stale = true;
  if (run.behind) return;
  run.behind = setTimeout(() => { run.behind = 0; refresh(run); }, isOver(run) ? 0 : 1000);
}

async function refreshAll() {
  const told = await get("/runs").catch(() => null);
  if (!told) return;
  const there = new Set(told.runs.map(({ id }) => id));
  for (const id of [...runs.keys()]) if (!there.has(id)) forget(id);
  for (const each of [...told.runs].reverse().slice(-RUNS_KEPT)) {
    const known = runs.get(each.id), run = learn(each);
    // What is new to this page is asked for its pushes when it is opened.
    if (!known || (each.events && each.events.last > run.seq)) settle(run, each), (run.whole = false);
    if (open.includes(run.id)) refresh(run);
  }
}

function forget(id) {
  const run = runs.get(id);
  if (!run) return;
  runs.delete(id);
  const at = open.indexOf(id);
  if (at >= 0) open.splice(at, 1);
  if (chosen === id) chosen = open.at(-1) || null;
  if (opened && opened.run.id === id) closePush();
  draw();
}

function remember() {
  try {
    history.replaceState(null, "", chosen ? `#${chosen}${opened ? `.${opened.n}.${opened.at}` : ""}` : location.pathname);
  } catch {
    // Some frames have no history: then it is not kept.
  }
}

function stepRuns(by) {
  const shown = runsNewestFirst().filter(matchesRun), at = shown.findIndex((run) => run.id === chosen);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  if (!next) return;
  choose(next, { alone: true });
  requestAnimationFrame(() => { const card = cards.get(next.id); if (card) card.toggle.focus(), card.node.scrollIntoView({ block: "nearest" }); });
}

function stepRungs(from, by) {
  const all = [...from.ownerSVGElement.querySelectorAll(".attempt")], next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(from) + by))];
  if (!next) return;
  all.forEach((node) => node.setAttribute("tabindex", node === next ? "0" : "-1"));
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (opened && next !== from) press(next);
}

const press = (node) => openPush(runs.get(node.closest(".run").dataset.run), Number(node.dataset.n), Number(node.dataset.try), node);
const MOVES = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

function toLadder() {
  const card = chosen && cards.get(chosen), all = card ? [...card.node.querySelectorAll(".attempt")] : [];
  const node = all.find((known) => known.getAttribute("tabindex") === "0") || all.at(-1);
  if (node) node.focus(), node.scrollIntoView({ block: "nearest" });
}

const click = (selector) => { const node = document.querySelector(`.run.chosen ${selector}`); if (node) node.click(); };

const SHORTCUTS = {
  "/": () => { byId("filter").focus(); byId("filter").select(); },
  s: () => byId("play").click(), b: () => byId("by-hand").click(), v: () => byId("vendor").focus(), f: showFailing, t: nextTheme, l: nextLanguage, "?": openHelp,
  p: () => click(".hold"), n: () => click(".next"), x: () => click(".drop"), d: () => click(".duplicate"), w: () => click(".swap"),
  g: toLadder, i: () => { showSide(side === "push" ? "inbox" : "push"); byId(`tab-${side}`).focus(); },
  "[": () => stepRuns(-1), "]": () => stepRuns(1),
};

function onKey(event) {
  const at = event.target, within = (selector) => at.closest && at.closest(selector);
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open || byId("editor").open) return;
  const node = within(".attempt");
  const done = () => {
    if (within("input, textarea, select")) {
      if (event.key === "Escape") return at.id === "filter" && at.value ? ((at.value = ""), (filter.text = ""), draw(), true) : (at.blur(), byId("runs-pane").focus(), true);
      return false;
    }
    if (event.key === "Escape") {
      const back = nodeOfOpen();
      if (!byId("tip").hidden) return hideTip(), true;
      if (opened) return closePush(), back && back.focus(), true;
      return node ? (node.closest(".run").querySelector(".run-head").focus(), true) : false;
    }
    if (node) {
      if (event.key in MOVES) return stepRungs(node, MOVES[event.key]), true;
      if (event.key === "Enter" || event.key === " ") return press(node), true;
      if (event.key === "ArrowRight" && opened) return byId("side").focus(), true;
    }
    if (within("#side") && event.key === "ArrowLeft" && opened && !within(".fact, [role=tab]")) return nodeOfOpen() && nodeOfOpen().focus(), true;
    if (within("#scenarios")) {
      if (event.key in MOVES) return focusScenario(MOVES[event.key]), true;
      if (event.key === "Enter") return startRun({}), true;
    }
    if (within(".run-head") && (event.key === "ArrowDown" || event.key === "ArrowUp")) return stepRuns(MOVES[event.key]), true;
    if (within(".run-head") && event.key === "ArrowRight") return toLadder(), true;
    if (/^[1-9]$/.test(event.key)) {
      const step = document.querySelectorAll(".run.chosen .step")[Number(event.key) - 1];
      return step ? (step.click(), true) : false;
    }
    const shortcut = SHORTCUTS[event.key];
    return shortcut ? (shortcut(), true) : false;
  };
  if (done()) event.preventDefault();
}

const keyNames = () => [
  ["s b", tr("start the scenario; start it by hand")], ["v", tr("to the vendor")], ["g", tr("to the ladder")], ["↑ ↓", tr("the rung before, the next rung; in a list the line")],
  ["Enter", tr("open the push, close it")], ["1 … 9", tr("the steps of the call, in the order of their buttons")], ["p n", tr("pause or resume; one push")],
  ["x d w", tr("drop the next, duplicate the last, swap the next two")], ["[ ]", tr("the run before, the next run")], ["i", tr("push or inbox")],
  ["f /", tr("failing runs only; filter")], ["l t", tr("language; light or dark")], ["Esc", tr("close, and back")],
];

async function begin() {
  speak(kept("language") || (/^zh/i.test(navigator.language || "") ? "zh" : "en"));
  setTheme(kept("theme") || "auto");
  themeChosen = (theme) => kept("theme", theme);
  const wanted = location.hash, token = tokenOfAddress();
  makeHead();
  document.addEventListener("keydown", onKey);
  try {
    if (token) await openSession(token);
    const about = await get("");
    offer.target = about.target || "";
  } catch (problem) {
    if (problem.status === 401) return lockedOut();
    notice("bad", problem.message);
  }
  const [vendors, scenarios, faults, pushes] = await Promise.all(["/vendors", "/scenarios", "/faults", "/pushes"].map((path) => get(path).catch(() => ({}))));
  offer.vendors = vendors.vendors || [];
  offer.scenarios = scenarios.scenarios || [];
  offer.profiles = faults.profiles || [];
  for (const push of pushes.pushes || []) if (push.alias) pushNames.set(push.name, push);
  offer.vendor = offer.vendors.length ? offer.vendors[0].id : "";
  makeStart();
  makeSide();
  let first = true;
  follow(takeEvents, (before) => {
    drawLink();
    if (link.state === "locked") lockedOut();
    if (link.state !== "live" || before === "live") return;
    if (!first) notice("warn", tr("The link was lost and is back."));
    refreshAll().then(() => {
      if (!first) return;
      first = false;
      const [id, n, at] = wanted.slice(1).split("."), run = runs.get(id) || runsNewestFirst().find((known) => !isOver(known));
      if (run) choose(run);
      if (run && run.id === id && n) openPush(run, Number(n), Number(at));
    });
  });
  addEventListener("resize", () => { for (const card of cards.values()) card.width = -1; draw(); });
  document.documentElement.dataset.ready = "yes";
}

begin();
