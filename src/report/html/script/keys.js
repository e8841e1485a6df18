// The keyboard, and the beginning of it all.

let unpackFailed = "";

function focusAttempt(node) {
  node.ownerSVGElement.querySelectorAll(".attempt").forEach((known) => known.setAttribute("tabindex", known === node ? "0" : "-1"));
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "nearest" });
}

const press = (node) => node.dispatchEvent(new MouseEvent("click", { bubbles: true }));

// From the list into the ladder: to the first attempt with a finding, or to the first, and opens it.
function enterLadder() {
  const all = [...document.querySelectorAll(".attempt")];
  const node = all.find((known) => known.classList.contains("found")) || all[0];
  if (!node) return;
  focusAttempt(node);
  if (node.getAttribute("aria-expanded") !== "true") press(node);
}

// In the ladder, so many attempts on; an open push follows.
function stepInLadder(from, by) {
  const all = [...document.querySelectorAll(".attempt")];
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(from) + by))];
  if (!next || next === from) return;
  const follow = Boolean(opened);
  focusAttempt(next);
  if (follow) press(next);
}

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const at = event.target, attempt = at.closest && at.closest(".attempt");
  if (at.matches && at.matches("input, select, textarea")) {
    if (event.key === "Escape" || (event.key === "Enter" && at.id === "search") || (event.key === "ArrowDown" && at.id === "search")) {
      event.preventDefault();
      step(0);
    }
    // A list of choices takes letters for itself, but not these.
    if (!at.matches("select") || !["?", "/"].includes(event.key)) return;
  }
  const inList = at === document.body || (at.closest && at.closest("#list"));
  const inPush = at.closest && at.closest("#push-pane");
  const done = () => {
    if (event.key === "f") return showFailing(!filter.failing), true;
    if (event.key === "t") return nextTheme(), true;
    if (event.key === "?") return openHelp(), true;
    if (event.key === "/") return byId("search").focus(), byId("search").select(), true;
    if (event.key === "Escape") {
      const back = attemptNode();
      if (opened && (inPush || attempt)) return closePush(), back && focusAttempt(document.querySelector(`.attempt[data-attempt="${back.dataset.attempt}"]`)), true;
      return step(0), true;
    }
    if (attempt) {
      if (event.key in STEPS) return stepInLadder(attempt, STEPS[event.key]), true;
      if (event.key === "Enter" || event.key === " ") return press(attempt), true;
      if (event.key === "ArrowLeft") return step(0), true;
      if (event.key === "ArrowRight" && opened) return byId("push-pane").focus(), true;
    }
    if (inPush && at === byId("push-pane") && event.key === "ArrowLeft") return focusAttempt(attemptNode()), true;
    if (inList) {
      if (event.key in STEPS) return step(STEPS[event.key]), true;
      if (event.key === "Enter" || event.key === "ArrowRight" || event.key === " ") return enterLadder(), true;
    }
    return false;
  };
  if (done()) event.preventDefault();
}

const keyNames = () => [
  ["↑ ↓", "the call before, the next call; in a ladder the attempt"],
  ["Enter", "open: from a call its ladder, from an attempt its push"],
  ["→ ←", "into the open push; back to the list"],
  ["Esc", "close the push; back to the list"],
  ["f", "failing calls only, or all"],
  ["/", "search"],
  ["t", "light, dark, or as the system"],
  ["?", "this help"],
];

// What the address asks for: a call, and perhaps an attempt in it.
function recall() {
  const [at, ...rest] = location.hash.slice(1).split(".");
  const entry = at === "" ? undefined : entries[Number(at)];
  if (!entry) return;
  choose(entry);
  const key = rest.slice(0, 2).join("."), push = rest.length === 3 && pushesOf(entry).find((known) => known.key === key);
  const attempt = push && push.attempts.find((known) => known.try === Number(rest[2]));
  if (attempt) openPush(push, attempt);
}

async function begin() {
  const wanted = location.hash;
  drawHead();
  drawFilters();
  chosen = entries.find(failing) || entries[0] || null;
  drawList();
  drawSkipped();
  document.addEventListener("keydown", onKey);
  if (!chosen) {
    byId("ladder-pane").append(h("p", { class: "plain" }, "No story was played."));
    return;
  }
  choose(chosen);
  try {
    await unpack();
  } catch (error) {
    unpackFailed = `This browser cannot unpack the calls (${error.message}). A newer one can.`;
    drawStory();
    return;
  }
  drawReplay();
  drawStory();
  if (wanted.length > 1) {
    history.replaceState(null, "", wanted);
    recall();
  }
  let soon = 0, width = innerWidth;
  addEventListener("resize", () => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(() => { if (width !== innerWidth) { width = innerWidth; redraw(); } });
  });
  document.documentElement.dataset.ready = "yes";
}

begin();
