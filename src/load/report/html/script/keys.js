// The keyboard, and the beginning of it all.

const keyNames = () => [
  ["→ ←", "the next moment, the one before"],
  ["PgDn PgUp", "ten moments on, ten back"],
  ["Home End", "the first moment, the last"],
  ["Esc", "the whole run again"],
  ["t", "light, dark, or as the system"],
  ["?", "this help"],
];

const MOVES = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const at = event.target, isSlider = at.id === "moment";
  const done = () => {
    if (event.key === "t") return nextTheme(), true;
    if (event.key === "?") return openHelp(), true;
    if (event.key === "Escape") return choose(null), true;
    // A table that scrolls takes these for itself, and so does the page where it is read.
    const inCharts = isSlider || (at.closest && at.closest("#charts"));
    const isArrow = event.key === "ArrowRight" || event.key === "ArrowLeft";
    if (event.key in MOVES && (inCharts || (isArrow && at === document.body))) return stepMoment(MOVES[event.key]), true;
    return false;
  };
  if (done()) event.preventDefault();
}

function begin() {
  drawHead();
  drawJudged();
  drawCharts();
  drawPushes();
  drawFailures();
  drawSetup();
  document.addEventListener("keydown", onKey);
  let soon = 0, width = innerWidth;
  const anew = () => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(redraw);
  };
  addEventListener("resize", () => {
    if (width !== innerWidth) anew();
    width = innerWidth;
  });
  addEventListener("beforeprint", redraw);
  document.documentElement.dataset.ready = "yes";
}

begin();
