// What can be done to the chosen run: time, steps of the call, faults.

const PACES = ["fast", "1x", "5x", "20x", "60x"], LENGTHS = ["1s", "2s", "5s", "10s", "30s", "60s"];
const STEPS_AGAIN_MS = 1200;
// The room that is kept for steps that have gone: two rows of buttons.
const STEPS_MAX_PX = 57;

function makeControls(run) {
  const button = (id, sign, words, key, does) => h("button", { type: "button", class: id, title: key ? `${words} (${key})` : words, "aria-keyshortcuts": key || null, onclick: does },
    h("span", { class: "sign", "aria-hidden": "true" }, sign), " ", words);
  const pace = h("select", { class: "pace", "aria-label": tr("Pace") }, PACES.map((each) => h("option", { value: each }, each === "fast" ? tr("fast") : each)));
  pace.addEventListener("change", () => drive(run, "/pace", { pace: pace.value }));
  const length = h("select", { class: "length", "aria-label": tr("How long") }, LENGTHS.map((each) => h("option", { value: each, selected: each === "5s" }, each)));
  const other = h("input", { class: "other-step", placeholder: tr("another step"), "aria-label": tr("Another step, as in a script"), title: tr("Another step, as in a script"), autocomplete: "off", spellcheck: "false" });
  const form = h("form", { class: "other" }, other, h("button", { type: "submit" }, tr("Do")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (other.value.trim()) takeStep(run, other.value.trim()).then((done) => done && (other.value = ""));
  });
  const controls = {
    run, pace, version: "",
    clock: h("span", { class: "clock" }),
    hold: button("hold", "‖", tr("Pause"), "p", () => hold(run)),
    steps: h("div", { class: "buttons steps", role: "group", "aria-label": tr("Steps of the call") }),
  };
  controls.place = h("div", { class: "controls" },
    h("span", { class: "label" }, tr("Time")), h("div", { class: "row" }, controls.clock, controls.hold,
      button("next", "▸", tr("One push"), "n", () => drive(run, "/next")), pace,
      button("stop", "■", tr("Stop"), "", () => attempt(async () => settle(learnAnew(await post(runPath(run, "/stop"))), {}))), form),
    h("span", { class: "label" }, tr("Call")), h("div", { class: "row" }, controls.steps),
    h("span", { class: "label" }, tr("Fault")), h("div", { class: "row" }, h("div", { class: "buttons faults", role: "group", "aria-label": tr("Faults by hand") },
      button("drop", "✂", tr("Drop next"), "x", () => cause(run, { fault: "drop-next" })),
      button("duplicate", "⊕", tr("Duplicate last"), "d", () => cause(run, { fault: "duplicate-last" })),
      button("swap", "⇅", tr("Swap next"), "w", () => cause(run, { fault: "swap-next" })),
      button("delay", "◷", tr("Delay"), "", () => cause(run, { fault: "delay-next", by: length.value })),
      button("refuse", "⊘", tr("Refuse"), "", () => cause(run, { fault: "refuse", for: length.value })), length)));
  return controls;
}

const learnAnew = (told) => (told ? learn(told) : null);

function drawControls(controls) {
  const { run } = controls;
  controls.clock.textContent = tenths(nowOf(run));
  const version = `${run.state} ${run.pace} ${language} ${controls.place.clientWidth} ${run.possible.join("|")}`;
  if (version === controls.version) return;
  controls.version = version;
  const still = run.state === "paused";
  fill(controls.hold, h("span", { class: "sign", "aria-hidden": "true" }, still ? "▶" : "‖"), " ", still ? tr("Resume") : tr("Pause"));
  if (document.activeElement !== controls.pace) {
    if (![...controls.pace.options].some((option) => option.value === run.pace)) controls.pace.append(h("option", { value: run.pace }, run.pace));
    controls.pace.value = run.pace;
  }
  const focused = document.activeElement && controls.steps.contains(document.activeElement) ? document.activeElement.dataset.step : null;
  const order = (step) => (VERB_ORDER.indexOf(stepLabel(step).verb) + 100) % 100;
  // Of a story that jumps from push to push, none could be pressed in time.
  const isTooFast = run.pace === "fast" && run.state === "running" && !run.by_hand;
  const steps = (isTooFast ? [] : [...run.possible]).sort((a, b) => order(a) - order(b));
  fill(controls.steps, steps.map((step, at) => {
    const { verb, label, whom } = stepLabel(step);
    return h("button", { type: "button", class: `step ${verb}`, "data-step": step, title: at < 9 ? `${step} (${at + 1})` : step, onclick: () => takeStep(run, step) }, label, whom && h("b", {}, ` ${whom}`));
  }), steps.length === 0 && h("span", { class: "dim" }, isTooFast ? tr("too fast for steps: pause it, or choose a pace") : tr("no step is possible now")));
  // Buttons that come and go must not push the ladder about.
  const row = controls.steps.parentNode, room = row.clientWidth;
  if (room !== controls.room) Object.assign(controls, { room, rows: 0 });
  controls.rows = Math.min(STEPS_MAX_PX, Math.max(controls.rows, controls.steps.scrollHeight));
  row.style.minHeight = `${controls.rows}px`;
  const again = focused && [...controls.steps.children].find((node) => node.dataset.step === focused);
  if (again) again.focus();
}

async function drive(run, path, body) {
  const done = await attempt(() => post(runPath(run, path), body));
  if (done) say(byHand(done.done || ""));
  askAgain(run);
  return done;
}

const hold = (run) => drive(run, run.state === "paused" ? "/resume" : "/pause");
const cause = (run, fault) => drive(run, "/faults", fault);

async function takeStep(run, step) {
  run.stepping = true;
  const done = await drive(run, "/steps", { step });
  run.stepping = false;
  return done;
}

// Which steps are possible, and how the run stands. A story goes on by itself, so that this is asked again and again; only of
// the run that is chosen.
async function askSteps(run) {
  if (!run || isOver(run) || run.asking) return;
  run.asking = true;
  const told = await get(runPath(run, "/steps")).catch(() => null);
  run.asking = false;
  run.askedAt = performance.now();
  if (!told) return;
  if (told.offset_ms !== undefined) setNow(run, told.offset_ms);
  run.possible = told.possible || [];
  touch(run);
}

// Something was done to a run: how it stands now is asked, once for several things at a time.
function askAgain(run) {
  clearTimeout(run.soon);
  run.soon = setTimeout(async () => {
    const told = await get("/runs").catch(() => null), mine = told && told.runs.find(({ id }) => id === run.id);
    if (mine) learn(mine);
    await askSteps(run);
  }, 60);
}

setInterval(() => {
  const run = chosenRun();
  if (run && !document.hidden && link.state === "live" && performance.now() - (run.askedAt || 0) > STEPS_AGAIN_MS) askSteps(run);
}, 400);
