// The runs, newest first, each with a line that tells how it stands; the open ones with their ladders.

const CARDS_DRAWN = 40, LADDERS_OPEN = 3, CALLS_NAMED = 8;

const cards = new Map(), open = [];
const filter = { text: "", failing: false };
let chosen = null;

const chosenRun = () => (chosen ? runs.get(chosen) : undefined);

// Opens a run and chooses it; the one that has been open longest closes where there are too many.
function choose(run, how = {}) {
  chosen = run ? run.id : null;
  if (run) {
    const at = open.indexOf(run.id);
    if (at >= 0) open.splice(at, 1);
    open.push(run.id);
    while (open.length > (how.alone ? 1 : LADDERS_OPEN)) open.shift();
    if (!run.whole) refresh(run);
    askSteps(run);
    run.version += 1;
  }
  remember();
  draw();
}

function shut(run) {
  const at = open.indexOf(run.id);
  if (at >= 0) open.splice(at, 1);
  if (chosen === run.id) chosen = open.at(-1) || null;
  run.version += 1;
  remember();
  draw();
}

function makeCard(run) {
  const state = h("span", { class: "chip" }), figures = h("span", { class: "figures" });
  const name = h("span", { class: "name" });
  const toggle = h("button", { type: "button", class: "run-head", "aria-expanded": "false", "aria-controls": `run-${run.id}`, onclick: () => (open.includes(run.id) && chosen === run.id ? shut(run) : choose(run)) }, state, name, figures);
  const inside = h("div", { id: `run-${run.id}`, class: "run-body", hidden: true });
  const card = { run, state, name, figures, toggle, inside, node: h("section", { class: "run", "data-run": run.id }, h("h2", {}, toggle), inside), version: -1, ladder: null, controls: null };
  cards.set(run.id, card);
  return card;
}

const STATES = {
  running: ["accent", "▶", "running"], paused: ["warn", "‖", "paused"], stopped: ["warn", "■", "stopped"], finished: ["good", "✓", "finished"],
};

function stateOf(run) {
  if (run.state === "finished" && isBad(run)) return ["bad", "✗", tr("failed")];
  const [kind, sign, word] = STATES[run.state] || ["", "", run.state];
  return [kind, sign, tr(word)];
}

function drawHead(card) {
  const { run } = card, { figures } = run, [kind, sign, word] = stateOf(run);
  card.state.className = `chip ${kind}`;
  card.state.textContent = `${sign} ${word}`;
  fill(card.name, h("b", {}, run.scenario), " ", h("span", { class: "vendor" }, run.vendor), run.calls.size === 1 && h("code", { class: "dim" }, ` ${newestCall(run).label}`), run.callsPlanned > 1 && ` × ${run.callsPlanned.toLocaleString("en")}`);
  const figure = (count, tone, words) => count > 0 && h("span", { class: tone }, `${count.toLocaleString("en")} ${words}`);
  fill(card.figures, h("span", { "data-attempts": figures.attempts }, tr("{count} sent", { count: figures.attempts.toLocaleString("en") })), figure(figures.acknowledged, "good", "✓"), figure(figures.retries, "warn", "↻"),
    figure(Math.max(figures.given_up, figures.findings), "bad", "✗"), figure(figures.dropped, "warn", "✂"));
  card.node.className = `run${chosen === run.id ? " chosen" : ""}`;
}

function drawCard(card, now) {
  const { run } = card, isOpenNow = open.includes(run.id), chosenNow = chosen === run.id;
  const version = `${run.version} ${isOpenNow} ${chosenNow} ${language} ${filter.text} ${filter.failing}`;
  const ticking = isOpenNow && !isOver(run) && card.ladder && countsDown(card.ladder.call);
  if (version === card.version && !ticking && card.width === card.inside.clientWidth) {
    if (card.controls) drawControls(card.controls);
    return;
  }
  if (version !== card.version) drawHead(card);
  card.version = version;
  if (card.toggle.getAttribute("aria-expanded") !== String(isOpenNow)) card.toggle.setAttribute("aria-expanded", String(isOpenNow));
  if (!isOpenNow) {
    if (card.ladder) fill(card.inside), (card.ladder = null), (card.controls = null);
    card.inside.hidden = true;
    return;
  }
  if (!card.ladder || card.language !== language) buildInside(card);
  if (card.inside.hidden) card.inside.hidden = false;
  card.width = card.inside.clientWidth;
  const live = !isOver(run) && chosenNow;
  card.controlsPlace.hidden = !live;
  if (live && !card.controls) card.controlsPlace.append((card.controls = makeControls(run)).place);
  if (card.controls && live) drawControls(card.controls);
  drawCalls(card);
  drawNotes(card);
  const call = run.calls.get(run.shownCall) || newestCall(run);
  drawLadder(card.ladder, call, language);
  if (call) followHappenings(run, call);
}

function buildInside(card) {
  const { run } = card;
  card.language = language;
  card.controls = null;
  card.ladder = makeLadder(run);
  card.controlsPlace = h("div", { hidden: true });
  card.calls = h("div", { class: "calls", role: "group", "aria-label": tr("Calls of this run"), hidden: true });
  card.notes = h("div", { class: "notes" });
  card.callsVersion = card.notesVersion = "";
  fill(card.inside, card.controlsPlace, card.calls, card.notes, card.ladder.place);
}

// Of a run with many calls the newest are named; the ladder follows the newest until one is chosen.
function drawCalls(card) {
  const { run } = card, several = run.calls.size > 1;
  const named = several ? [...run.calls.keys()].slice(-CALLS_NAMED).reverse() : [];
  const left = several ? (run.callsSeen || 0) - named.length : 0, version = `${named.join()} ${run.shownCall} ${left} ${language}`;
  if (version === card.callsVersion) return;
  if (performance.now() - (card.callsAt || 0) < 400 && several && !isOver(run)) return;
  card.callsAt = performance.now();
  card.callsVersion = version;
  card.calls.hidden = !several;
  const pick = (label, words) => h("button", { type: "button", class: "small", "aria-pressed": String((run.shownCall || "") === label), onclick: () => { run.shownCall = label || undefined; touch(run); } }, words);
  fill(card.calls, several && pick("", tr("newest")), named.map((label) => pick(label, label)),
    left > 0 && h("span", { class: "dim" }, tr("{count} further calls are not drawn", { count: left.toLocaleString("en") })));
}

function drawNotes(card) {
  const { run } = card, version = `${run.notes.length} ${run.findings.length} ${run.state} ${language}`;
  if (version === card.notesVersion) return;
  card.notesVersion = version;
  const worst = run.findings.filter((finding) => finding.weight !== "remark").slice(0, 3);
  fill(card.notes, run.notes.slice(-3).map((note) => h("p", { class: "note-line warn" }, note)),
    worst.map((finding) => h("p", { class: "note-line bad" }, h("b", {}, `⚑ ${finding.code}`), " ", finding.message)),
    run.findings.length > 3 && h("p", { class: "dim" }, tr("and {count} further findings", { count: run.findings.length - worst.length })),
    isOver(run) && h("div", { class: "row after" }, againButton(run),
      h("button", { type: "button", class: "remove", onclick: () => attempt(() => ask("DELETE", runPath(run))) }, "× ", tr("Remove")),
      h("span", { class: "dim" }, `${tr("seed")} ${run.seed}`), command(run.replay || "", tr("the command that plays it again"))));
}

// What was done by hand is no part of what was asked for: the button says so.
function againButton(run) {
  const byHand = run.by_hand || run.wasDriven, words = run.by_hand ? tr("By hand again, without the steps") : byHand ? tr("Play again, without what was done by hand") : tr("Play again with this seed");
  return h("button", { type: "button", class: "again", title: tr("All that was asked for, with the same seed and start: the same pushes."), onclick: () => playAgain(run) }, "↻ ", words);
}

const matchesRun = (run) => {
  if (filter.failing && !isBad(run)) return false;
  if (!filter.text) return true;
  if (`${run.scenario} ${run.vendor} ${run.title || ""} ${[...run.calls.keys()].join(" ")}`.toLowerCase().includes(filter.text)) return true;
  return [...run.calls.values()].some((call) => withHappenings(run, call).some((made) => textOf(made).includes(filter.text)));
};

// What a filter looks through in a rung.
function textOf(made) {
  const { push, attempt: one } = made;
  const ended = one && one.ended ? `${one.ended.status || one.ended.class} ${one.ended.reason || one.ended.message || ""}` : "";
  return [made.kind, made.what, made.words && `${made.words} ${happening(made.words)}`, push && `${pushName(push.push)} ${push.why} ${happening(push.why)}`, ended, faultWords(made.faults || (one && one.faults))].filter(Boolean).join(" ").toLowerCase();
}

// A run that is found by its own name shows every rung; otherwise those that the filter finds.
function rungMatches(run, call, made) {
  if (!filter.text || `${run.scenario} ${run.vendor} ${run.title || ""} ${call.label}`.toLowerCase().includes(filter.text)) return true;
  return textOf(made).includes(filter.text);
}

let drawnOrder = "";

function drawCards(now) {
  const all = runsNewestFirst(), found = all.filter(matchesRun), shown = found.slice(0, CARDS_DRAWN);
  for (const run of shown) if (!cards.has(run.id)) makeCard(run);
  const order = shown.map((run) => run.id).join();
  if (order !== drawnOrder) {
    drawnOrder = order;
    const there = new Set(shown.map((run) => run.id));
    for (const [id, card] of cards) if (!there.has(id)) card.node.remove(), cards.delete(id);
    const list = byId("runs");
    shown.forEach((run, at) => { const { node } = cards.get(run.id); if (list.children[at] !== node) list.insertBefore(node, list.children[at] || null); });
  }
  for (const run of shown) drawCard(cards.get(run.id), now);
  const left = found.length - shown.length + (filter.text || filter.failing ? 0 : total.runsLeft);
  const told = [all.length !== found.length && tr("{shown} of {all} runs", { shown: found.length, all: all.length }), left > 0 && tr("{count} older runs are not drawn", { count: left.toLocaleString("en") })].filter(Boolean).join(" · ");
  if (byId("shown").textContent !== told) byId("shown").textContent = told;
  byId("nothing").hidden = all.length > 0;
}
