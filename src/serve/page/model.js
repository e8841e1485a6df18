// What the page knows: runs, their calls, the pushes of a call, and the rungs of its ladder. Everything is bounded, and what
// is let go is counted.

const RUNS_KEPT = 200, CALLS_KEPT = 40, PUSHES_KEPT = 160, RUNGS_KEPT = 200;

const runs = new Map();
// Over all runs, since the page was opened.
const total = { attempts: 0, missed: 0, perSecond: 0, runsLeft: 0 };

const FIGURES = ["planned", "attempts", "retries", "acknowledged", "given_up", "excused", "dropped", "failures", "findings"];

// What is taken over from the server as it is.
const TOLD = ["state", "scenario", "title", "vendor", "seed", "start", "pace", "targets", "by_hand", "began_ms", "took_ms", "exit", "replay"];

// A run that the server tells of: a new one, or news of a known one.
function learn(told) {
  let run = runs.get(told.id);
  if (!run) {
    run = {
      id: told.id, calls: new Map(), callsSeen: 0, figures: {}, seq: 0, waiting: null, possible: [], findings: [], notes: [],
      // Whether its calls are known from the beginning on, and not only what came since the page was opened.
      whole: false, stale: false, now: { ms: 0, at: performance.now() }, version: 0,
    };
    FIGURES.forEach((name) => (run.figures[name] = 0));
    runs.set(told.id, run);
    letGo(runs, RUNS_KEPT, (known) => !isOver(known), () => (total.runsLeft += 1));
  }
  for (const name of TOLD) if (told[name] !== undefined) run[name] = told[name];
  if (told.calls) run.callsPlanned = told.calls;
  touch(run);
  return run;
}

// The server's own figures, which hold at the event with this number; what comes later is counted on top.
function settle(run, told) {
  const last = told.events && told.events.last;
  if (last === undefined || last < run.seq) return;
  FIGURES.forEach((name) => (run.figures[name] = (told.figures && told.figures[name]) || 0));
  run.seq = last;
  run.stale = false;
  touch(run);
}

// Keeps the newest so many, but those that must stay; tells of each that goes.
function letGo(map, most, stays, gone) {
  if (map.size <= most) return;
  for (const [key, value] of map) {
    if (map.size <= most) return;
    if (stays(value)) continue;
    map.delete(key);
    gone(value);
  }
  // All of them should stay: then the oldest goes nevertheless.
  for (const [key, value] of map) {
    if (map.size <= most) return;
    map.delete(key);
    gone(value);
  }
}

const isOver = (run) => run.state === "finished" || run.state === "stopped";
const isBad = (run) => run.figures.findings > 0 || run.figures.given_up > 0 || (run.exit !== undefined && run.exit !== 0 && run.exit !== 130);
const newestCall = (run) => [...run.calls.values()].at(-1);
const runsNewestFirst = () => [...runs.values()].reverse();

function touch(run) {
  run.version += 1;
  draw();
}

function callOf(run, label) {
  let call = run.calls.get(label);
  if (!call && run.calls.has("")) {
    // What was done before the call had a name.
    call = run.calls.get("");
    run.calls.delete("");
    run.calls.set(label, Object.assign(call, { label }));
  }
  if (!call) {
    call = { run, label, pushes: new Map(), rungs: [], rungsLeft: 0, coming: new Map(), happened: "", told: new Set(), attempts: 0, version: 0 };
    run.calls.set(label, call);
    run.callsSeen += 1;
    letGo(run.calls, CALLS_KEPT, (known) => known === call || known.label === run.shownCall, () => {});
  }
  return call;
}

function pushOf(call, event) {
  let push = call.pushes.get(event.n);
  if (!push) {
    push = { n: event.n, number: event.delivery.number, to: event.delivery.target, push: event.delivery.push, call, why: "", attempts: [], faults: [] };
    call.pushes.set(event.n, push);
    letGo(call.pushes, PUSHES_KEPT, (known) => known.attempts.length === 0 || known === push, (known) => call.coming.delete(known.n));
  }
  return push;
}

// A rung at the foot of the ladder.
function rung(call, made) {
  made.version = 0;
  call.rungs.push(made);
  while (call.rungs.length > RUNGS_KEPT) {
    call.rungs.shift();
    call.rungsLeft += 1;
  }
  return made;
}

function renew(made) {
  if (made) made.version += 1;
}

// Scenario time as far as it can be told: it goes on between events by the pace of the run.
function nowOf(run) {
  const { ms, at } = run.now, pace = /^([\d.]+)x$/.exec(run.pace || "");
  if (run.state !== "running" || !pace) return ms;
  return ms + (performance.now() - at) * Number(pace[1]);
}

function setNow(run, ms) {
  run.now = { ms: Math.max(ms, run.now.ms), at: performance.now() };
}
