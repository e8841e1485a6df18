// A ladder: the last rungs of one call. Groups that did not change stay as they are, so that a flood of pushes costs what is
// new and no more.

const RUNGS_DRAWN = 60, COMING_DRAWN = 3;
const WIDTH_MIN_PX = 300, WIDE_PX = 860, WIDE_SCALE = 1.15;

function makeLadder(run) {
  const lanes = s("g", { class: "lanes", "aria-hidden": "true" }), front = s("g", {});
  const svg = s("svg", { class: "ladder", role: "group" }, lanes, front);
  const heads = h("div", { class: "lane-heads" }), above = h("p", { class: "left-out" });
  const scroll = h("div", { class: "rungs-scroll" }, above, svg);
  const ladder = { place: h("div", { class: "rungs" }, heads, scroll), run, scroll, front, svg, lanes, heads, above, drawn: new Map(), width: 0, call: null, words: "" };
  svg.addEventListener("click", (event) => {
    const node = event.target.closest(".attempt");
    if (node) openPush(run, Number(node.dataset.n), Number(node.dataset.try), node);
  });
  return ladder;
}

function drawLadder(ladder, call, language) {
  // Where there is much room, all of it is drawn larger.
  const { run, front } = ladder, scale = ladder.place.clientWidth > WIDE_PX ? WIDE_SCALE : 1;
  const width = Math.max(WIDTH_MIN_PX, Math.floor(ladder.place.clientWidth / scale));
  const follow = ladder.scroll.scrollHeight - ladder.scroll.scrollTop - ladder.scroll.clientHeight < 48;
  const at = lanesIn(width), anew = width !== ladder.width || call !== ladder.call || language !== ladder.language;
  if (anew) {
    ladder.drawn.clear();
    front.replaceChildren();
    fill(ladder.heads, enlarge(laneHeadsOf(at, run), width, LANE_HEADS_PX, scale));
    Object.assign(ladder, { width, call, language });
  }
  const { rungs, hidden, before } = rungsOf(run, call);
  const nodes = [];
  let y = 4;
  for (const made of rungs) {
    let known = ladder.drawn.get(made);
    if (!known) ladder.drawn.set(made, (known = { node: s("g", {}), version: -1, height: 0 }));
    if (known.version !== made.version || made.kind === "coming" || (made.kind === "wait" && made.left === undefined)) {
      known.height = drawRung(known.node, made, at, run);
      known.version = made.version;
    }
    const place = `translate(0 ${y})`;
    if (known.place !== place) known.node.setAttribute("transform", (known.place = place));
    y += known.height;
    nodes.push(known.node);
  }
  const now = new Set(nodes);
  for (const [made, known] of ladder.drawn) if (!now.has(known.node)) known.node.remove(), ladder.drawn.delete(made);
  nodes.forEach((node, index) => front.children[index] !== node && front.insertBefore(node, front.children[index] || null));
  y = Math.max(y + 10, 150);
  if (anew || y !== ladder.height) {
    ladder.height = y;
    fill(ladder.lanes, at.names.map((name) => s("line", { class: `lane ${name}`, x1: at[name], x2: at[name], y1: 0, y2: y })));
    enlarge(ladder.svg, width, y, scale);
    ladder.svg.setAttribute("aria-label", tr("Ladder of {scenario} by {vendor}", { scenario: run.scenario, vendor: run.vendor }));
  }
  const isEmpty = rungs.length === 0 && hidden === 0 && !isOver(run);
  const left = [isEmpty && (run.by_hand ? tr("Nothing has happened yet: press a step above.") : tr("Nothing has happened yet.")), before > 0 && tr("{count} earlier rungs are not drawn", { count: before.toLocaleString("en") }), hidden > 0 && tr("{count} rungs are hidden by the filter", { count: hidden })].filter(Boolean).join(" · ");
  if (ladder.above.textContent !== left) ladder.above.textContent = left;
  markOpen(ladder);
  if (follow || anew) ladder.scroll.scrollTop = ladder.scroll.scrollHeight;
}

const enlarge = (svg, width, height, scale) => build(svg, { width: width * scale, height: height * scale, viewBox: `0 0 ${width} ${height}` }, []);

// The rungs to draw: the last ones that the filter lets through, and the next pushes to come.
function rungsOf(run, call) {
  if (!call) return { rungs: [], hidden: 0, before: 0 };
  const there = withHappenings(run, call).filter((made) => !made.gone), shown = there.filter((made) => rungMatches(run, call, made));
  const rungs = shown.slice(-RUNGS_DRAWN);
  if (!isOver(run)) {
    const next = [...call.coming.values()].sort((a, b) => a.due - b.due || a.n - b.n).slice(0, COMING_DRAWN);
    next.forEach((push) => rungs.push((push.ahead = push.ahead || { kind: "coming", push, version: 0 })));
  }
  return { rungs, hidden: there.length - shown.length, before: call.rungsLeft + shown.length - Math.min(shown.length, RUNGS_DRAWN) };
}

// Whether anything on it counts down.
const countsDown = (call) => Boolean(call) && (call.coming.size > 0 || (call.happenings || []).some(({ at }) => at > call.run.now.ms) || call.rungs.slice(-RUNGS_DRAWN).some((made) => made.kind === "wait" && made.left === undefined));

// One attempt is the way in for the keyboard: the open one, or the last.
function markOpen(ladder) {
  const nodes = [...ladder.front.querySelectorAll(".attempt")];
  const open = nodes.find((node) => isOpen(ladder.run, node.dataset));
  const way = nodes.find((node) => node === document.activeElement) || open || nodes.at(-1);
  for (const node of nodes) {
    const expanded = String(node === open), index = node === way ? "0" : "-1";
    if (node.getAttribute("aria-expanded") !== expanded) node.setAttribute("aria-expanded", expanded);
    if (node.getAttribute("tabindex") !== index) node.setAttribute("tabindex", index);
  }
}
