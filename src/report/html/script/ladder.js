// The ladder of a call: a lane for the vendor's platform and one for each target, pushes and answers as arrows, downwards
// in scenario time. Times in which nothing happens are folded, visibly.

const GAP_MAX_PX = 44, FOLD_FROM_MS = 30000, FOLD_PX = 46;

// What an attempt came to: its kind, and its words.
function ending(attempt) {
  const { ended } = attempt;
  if (!ended) return { kind: "none", sign: "…", words: "no end is known", why: "" };
  if (ended.is === "broken") return { kind: "bad", sign: "✗", words: `${ended.told} after ${took(ended.total_us)}`, why: ended.message };
  const answer = `${ended.status} in ${took(ended.total_us)}`;
  if (!ended.acknowledged) return { kind: "bad", sign: "✗", words: answer, why: ended.reason || "not acknowledged" };
  return ended.warning ? { kind: "warn", sign: "!", words: answer, why: ended.warning } : { kind: "good", sign: "✓", words: answer, why: "" };
}

// The description of an attempt for people who listen.
function spoken(push, attempt) {
  const end = ending(attempt);
  return [
    `Push ${push.n}, ${push.push}, ${push.why}`,
    `try ${attempt.try} of ${attempt.sent.of} at ${moment(attempt.sent.at_ms)}`,
    attempt.sent.faults ? `faults: ${attempt.sent.faults.map((bent) => bent.fault).join(", ")}` : "",
    `${end.words}${end.kind === "good" ? ", acknowledged" : `, ${end.why}`}`,
    attempt.findings.length ? `findings: ${attempt.findings.map((finding) => finding.code).join(", ")}` : "",
    push.givenUp ? "given up" : "",
  ].filter(Boolean).join("; ");
}

// Draws the ladder into `place`, as wide as that is.
function drawLadder(place, entry) {
  const detail = detailOf(entry), pushes = new Map(pushesOf(entry).map((push) => [push.key, push]));
  // That a push was held is shown at its first attempt, where it has one.
  const drawn = (push, step) => push && !(step.is === "held" && push.attempts.length);
  const steps = detail.steps.filter((step) => drawn(pushes.get(`${step.n}.${step.to}`), step));
  const targets = Math.max(run.targets.length, 1, ...steps.map((step) => step.to));
  const at = lanes(Math.max(480, place.clientWidth), targets, pushesOf(entry).some((push) => push.findings.length));
  const back = s("g", { class: "lanes", "aria-hidden": "true" }), front = s("g", {}), groups = new Map();
  const waiting = new Map(), arcs = [];
  let y = 14, last = null, ticked = null, joined = false;

  const pass = (ms) => {
    const gone = last === null ? 0 : ms - last;
    if (gone >= FOLD_FROM_MS) {
      front.append(fold(at, y + FOLD_PX / 2 - 4, gone));
      y += FOLD_PX;
    } else if (gone > 0) y += Math.min(GAP_MAX_PX, 4 + gone / 400);
    last = Math.max(ms, last === null ? ms : last);
  };
  const tick = (ms) => {
    if (ticked === ms) return;
    ticked = ms;
    back.append(s("text", { class: "time", x: AXIS - 6, y: y + 4, "text-anchor": "end" }, moment(ms)),
      s("line", { class: "tick", x1: AXIS - 2, x2: at.platform, y1: y, y2: y }));
  };
  const group = (push, attempt) => {
    const key = `${push.key}.${attempt.try}`;
    if (!groups.has(key)) {
      const bad = attempt.findings.some(weighs);
      const made = s("g", {
        class: `attempt${bad ? " found" : ""}`, role: "button", tabindex: "-1", "aria-expanded": "false", "aria-controls": "push-pane",
        "data-attempt": key, onclick: () => pressed(push, attempt),
      }, s("title", {}, spoken(push, attempt)));
      groups.set(key, made);
      front.append(made);
    }
    return groups.get(key);
  };
  const frame = (top, height) => s("rect", { class: "frame", x: AXIS + 4, y: top, width: at.width - AXIS - 8, height, rx: 6 });

  for (const [index, step] of steps.entries()) {
    const follows = (next) => next && next.n === step.n && next.to === step.to;
    const push = pushes.get(`${step.n}.${step.to}`), x = at.at(step.to), width = x - at.platform;
    const attempt = push.attempts.find((known) => known.try === step.try);
    if (step.is === "sent") {
      pass(step.at_ms);
      y += 22;
      const made = group(push, attempt), again = step.try > 1, bent = step.faults || [];
      tick(step.at_ms);
      const late = push.held && step.try === 1 && step.at_ms > step.due_ms ? `held ${lasts(step.at_ms - step.due_ms)}` : "";
      const next = steps[index + 1];
      joined = follows(next) && (next.is === "answered" || next.is === "broken");
      made.append(frame(y - 19, joined ? 62 : 28), arrow(`out${again ? " again" : ""}${bent.length ? " bent" : ""}`, at.platform, x, y),
        parts([
          ["push", `#${push.n} ${push.push}`],
          ["bold warn", step.of > 1 && again ? `try ${step.try}/${step.of}` : ""],
          ["fault", bent.map((fault) => `⚡${fault.fault}`).join(" ")],
          ["warn", late],
          ["dim", push.why],
        ], at.platform + 12, y - 5, width - 24));
      if (push.held && step.try === 1) made.append(s("circle", { class: "held", cx: at.platform, cy: y, r: 4.5 }));
      const wait = waiting.get(push.key);
      if (wait) arcs.push([wait, y]);
      waiting.delete(push.key);
      y += SLOPE + 4;
    } else if (step.is === "answered" || step.is === "broken") {
      if (!attempt) continue;
      y += 20;
      const made = group(push, attempt), end = ending(attempt), kind = step.is === "broken" ? "broken" : "back";
      const to = kind === "broken" ? at.platform + width * 0.62 : at.platform;
      const alone = joined;
      if (!alone) made.append(frame(y - 17, 27));
      joined = false;
      if (kind === "broken") {
        made.append(s("g", { class: "broken bad" }, s("line", { x1: x, x2: to, y1: y + 4, y2: y + 6 }),
          cross(to, y + 6)));
      } else made.append(arrow(`back ${end.kind}`, x, at.platform, y));
      made.append(parts([[`bold ${end.kind}`, `${end.sign} ${end.words}`], ["dim", alone ? "" : `#${push.n}`], ["dim", end.why]],
        at.platform + 12, y - 4, width - 24));
      made.append(...flags(attempt.findings, at.at(targets) + 14, y, at.room));
      y += SLOPE + 4 + Math.max(0, Math.min(attempt.findings.length, 3) - 1) * 16;
    } else if (step.is === "waits") {
      y += 16;
      waiting.set(push.key, { y: y - 4 });
      front.append(parts([["warn", `↻ next try in ${lasts(step.wait_ms)}`], ["dim", step.asked ? "as the receiver asked" : ""]], at.platform + 12, y, width - 24));
      y += 2;
    } else if (step.is === "given_up") {
      y += 17;
      const spoilt = step.excused, tries = plural(step.attempts, "attempt");
      front.append(s("rect", { class: spoilt ? "stop warn" : "stop bad", x: at.platform - 5, y: y - 10, width: 10, height: 10, rx: 1 }),
        parts([[`bold ${spoilt ? "warn" : "bad"}`, spoilt ? `not taken after ${tries}` : `given up after ${tries}`],
          ["dim", spoilt ? "as a spoilt push may be" : step.reason]], at.platform + 12, y, width - 24));
      y += 4;
    } else if (step.is === "dropped") {
      pass(step.at_ms);
      y += 22;
      tick(step.at_ms);
      const middle = at.platform + width * 0.5;
      front.append(s("g", { class: "broken warn dropped" }, s("line", { x1: at.platform, x2: middle, y1: y + 2, y2: y + 5 }),
        cross(middle, y + 5)),
        parts([["push", `#${push.n} ${push.push}`], ["fault", step.faults.map((bent) => `⚡${bent.fault}`).join(" ")], ["warn", "never sent"], ["dim", push.why]],
          at.platform + 12, y - 5, width - 24));
      const about = push.findings.filter((finding) => !push.attempts.length);
      front.append(...flags(about, at.at(targets) + 14, y, at.room));
      y += SLOPE + 4;
    } else if (step.is === "held") {
      pass(step.at_ms);
      y += 20;
      tick(step.at_ms);
      front.append(s("circle", { class: "held", cx: at.platform, cy: y - 4, r: 4.5 }),
        parts([["push", `#${push.n} ${push.push}`], ["warn", "held, and not sent before the run ended"]], at.platform + 12, y, width - 24));
    }
  }
  y += 18;
  for (let to = 0; to <= targets; to += 1) {
    const x = to === 0 ? at.platform : at.at(to);
    back.prepend(s("line", { class: "lane", x1: x, x2: x, y1: 0, y2: y }));
  }
  drawArcs(back, arcs, at.platform);

  const attempts = pushesOf(entry).reduce((sum, push) => sum + push.attempts.length, 0);
  fill(place,
    h("div", { class: "lane-heads" }, laneHeads(at, entry)),
    s("svg", { class: "ladder", width: at.width, height: y, viewBox: `0 0 ${at.width} ${y}`, role: "group",
      "aria-label": `Ladder of call ${entry.call.call} by ${entry.story.vendor}: ${plural(pushes.size, "push", "pushes")}, ${plural(attempts, "attempt")}` }, back, front));
  // What an attempt shows is in its title, uncut and in better order.
  place.querySelectorAll(".attempt text").forEach((text) => text.setAttribute("aria-hidden", "true"));
  const made = [...place.querySelectorAll(".attempt")];
  if (made.length) made[0].setAttribute("tabindex", "0");
}
