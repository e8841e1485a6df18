// Folds events into what the page knows. Each event is counted once: they are numbered within their run.

function takeEvents(events) {
  for (const event of events) {
    if (event.event === "missed") missed(event);
    else if (event.event === "run_added") learn(event.run);
    else if (event.event === "run_removed") forget(event.run);
    else if (event.run) takeEvent(event);
  }
}

function takeEvent(event) {
  const run = runs.get(event.run);
  if (!run) return;
  // While the server is asked for the run as a whole, its events wait for the answer.
  if (run.waiting) {
    run.waiting.push(event);
    if (run.waiting.length > 5000) run.waiting.shift();
    return;
  }
  if (event.seq <= run.seq) return;
  if (event.seq > run.seq + 1) fallBehind(run);
  run.seq = event.seq;
  count(run, event);
  if (event.event in FOLDS) FOLDS[event.event](run, event);
  touch(run);
}

function count(run, event) {
  const { figures } = run;
  if (event.event === "planned") figures.planned += 1;
  else if (event.event === "attempted") {
    figures.attempts += 1;
    total.attempts += 1;
    if (event.attempt > 1) figures.retries += 1;
  } else if (event.event === "acknowledged") figures.acknowledged += 1;
  else if (event.event === "given_up") event.excused ? (figures.excused += 1) : (figures.given_up += 1);
  else if (event.event === "dropped") figures.dropped += 1;
  else if (event.event === "failed") figures.failures += 1;
  else if (event.event === "found") figures.findings += event.weight === "remark" ? 0 : 1;
}

// Events are gone: the figures are the server's from now on, and people are told.
function missed(event) {
  total.missed += event.count;
  const known = event.run ? [runs.get(event.run)].filter(Boolean) : [...runs.values()].filter((run) => !isOver(run));
  known.forEach(fallBehind);
  notice("warn", tr("{count} events came faster than they could be told. The figures are the server's; some rungs are missing.", { count: event.count.toLocaleString("en") }));
}

const seen = (run, event) => {
  const call = callOf(run, event.delivery.call);
  call.version += 1;
  return { call, push: pushOf(call, event) };
};
const attemptOf = (push, number) => push.attempts.find((known) => known.try === number);

const FOLDS = {
  started: (run) => setNow(run, 0),
  planned(run, event) {
    const { call, push } = seen(run, event);
    Object.assign(push, { why: event.why, due: event.offset_ms, faults: event.faults || [] });
    if (!push.attempts.length) call.coming.set(push.n, push);
  },
  held(run, event) {
    const { call, push } = seen(run, event);
    setNow(run, event.offset_ms);
    push.held = event.offset_ms;
    if (!push.attempts.length) push.rung = rung(call, { kind: "held", push, at: event.offset_ms });
    call.coming.delete(push.n);
  },
  dropped(run, event) {
    const { call, push } = seen(run, event);
    setNow(run, event.offset_ms);
    call.coming.delete(push.n);
    rung(call, { kind: "dropped", push, at: event.offset_ms, faults: event.faults, happening: happeningOf(call, push, event.faults) });
  },
  withdrawn(run, event) {
    const { call, push } = seen(run, event);
    call.coming.delete(push.n);
    if (push.rung && push.rung.kind === "held") push.rung.gone = true;
    if (!push.attempts.length) call.pushes.delete(push.n);
  },
  attempted(run, event) {
    const { call, push } = seen(run, event);
    setNow(run, event.offset_ms);
    call.coming.delete(push.n);
    if (attemptOf(push, event.attempt)) return;
    if (push.rung && push.rung.kind === "held") push.rung.gone = true;
    if (push.wait) Object.assign(push.wait, { left: event.offset_ms }), renew(push.wait), (push.wait = null);
    call.attempts += 1;
    const attempt = { try: event.attempt, of: event.attempts_max, at: event.offset_ms, due: event.due_ms, faults: event.faults || [], ended: null };
    push.attempts.push(attempt);
    attempt.rung = rung(call, { kind: "attempt", push, attempt, at: event.offset_ms, happening: event.attempt === 1 ? happeningOf(call, push, attempt.faults) : "" });
  },
  replied: (run, event) => ends(run, event, {
    status: event.status, us: event.timing.total_us, acknowledged: event.acknowledged, reason: event.reason || "", warning: event.warning || "",
  }),
  failed: (run, event) => ends(run, event, { class: event.class, us: event.timing.total_us, message: event.message }),
  retry_set(run, event) {
    const { call, push } = seen(run, event);
    push.wait = rung(call, { kind: "wait", push, due: event.offset_ms, wait: event.wait_ms, asked: event.retry_after });
  },
  given_up(run, event) {
    const { call, push } = seen(run, event);
    push.wait = null;
    push.givenUp = event;
    rung(call, { kind: "stop", push, attempts: event.attempts, reason: event.reason, excused: event.excused });
  },
  driven(run, event) {
    run.wasDriven = true;
    setNow(run, event.offset_ms);
    const call = newestCall(run) || callOf(run, "");
    call.version += 1;
    rung(call, { kind: "driven", what: event.what, at: event.offset_ms });
    askAgain(run);
  },
  found(run, event) {
    if (run.findings.length < 50) run.findings.push(event);
    const { delivery } = event, call = delivery && run.calls.get(delivery.call);
    if (!call) return;
    call.version += 1;
    for (const push of call.pushes.values()) {
      if (push.number !== delivery.number || push.to !== delivery.target) continue;
      const attempt = attemptOf(push, event.attempt) || push.attempts.at(-1);
      if (attempt) (attempt.findings = attempt.findings || []).push(event), renew(attempt.rung);
    }
  },
  skipped: (run, event) => run.notes.push(tr("{vendor} does not tell this story: {reason}", { vendor: event.story.vendor, reason: event.reason })),
  unreachable: (run, event) => run.notes.push(tr("{url} cannot be reached: {message}", { url: event.url, message: event.message })),
  disabled: (run, event) => run.notes.push(tr("The vendor pushes no more to {url}: {count} attempts failed in a row.", { url: event.url, count: event.failures })),
  finished(run) {
    if (!isOver(run)) run.state = "finished";
    for (const call of run.calls.values()) call.coming.clear(), (call.version += 1);
    // How it ended, and the last word on its figures.
    refresh(run);
  },
};

function ends(run, event, ended) {
  const { push } = seen(run, event), attempt = attemptOf(push, event.attempt);
  if (!attempt) return;
  attempt.ended = ended;
  renew(attempt.rung);
  reopen(run, push);
}

// What happened in the call, told once where several pushes tell of it, and not again by one that a fault repeats or delays.
function happeningOf(call, push, faults) {
  const told = `${push.due} ${push.why}`, bent = faults.length + push.faults.length > 0;
  if (!push.why || call.happened === told || (bent && call.told.has(push.why))) return "";
  call.happened = told;
  call.told.add(push.why);
  return push.why;
}

// A run as the server tells it whole: its deliveries become rungs, in the order in which they left.
function hydrate(run, told) {
  run.calls.clear();
  run.callsSeen = 0;
  run.findings = (told.findings || []).slice(0, 50);
  const steps = [];
  for (const delivery of told.deliveries || []) {
    const { n, attempts } = delivery, about = { n, delivery: delivery.delivery };
    const first = attempts.length ? attempts[0].began_ms : Infinity;
    steps.push([-1, { ...about, event: "planned", offset_ms: delivery.offset_ms, why: delivery.why, faults: delivery.faults }]);
    for (const attempt of attempts) {
      const at = { ...about, attempt: attempt.attempt };
      steps.push([attempt.began_ms, { ...attempt, ...at, event: "attempted", due_ms: delivery.offset_ms }]);
      if (attempt.answer) steps.push([attempt.began_ms, { ...attempt.answer, ...at, event: "replied" }]);
      if (attempt.failure) steps.push([attempt.began_ms, { ...attempt.failure, ...at, event: "failed" }]);
    }
    const last = attempts.length ? attempts.at(-1).began_ms : first;
    if (delivery.state === "retrying" && delivery.next_ms !== undefined) {
      steps.push([last, { ...about, event: "retry_set", offset_ms: delivery.next_ms, wait_ms: delivery.next_ms - attempts.at(-1).offset_ms }]);
    }
    if (delivery.state === "given_up") steps.push([last, { ...about, event: "given_up", attempts: attempts.length, reason: delivery.reason || "" }]);
    if (delivery.state === "dropped") steps.push([last, { ...about, event: "dropped", offset_ms: delivery.offset_ms, faults: delivery.faults || [] }]);
    if (delivery.state === "withdrawn") steps.push([last, { ...about, event: "withdrawn" }]);
  }
  steps.map((step, at) => [...step, at]).sort((a, b) => (a[0] === b[0] ? a[2] - b[2] : a[0] - b[0]))
    .forEach(([, event]) => FOLDS[event.event](run, event));
  for (const call of run.calls.values()) if (isOver(run)) call.coming.clear();
  run.whole = true;
}
