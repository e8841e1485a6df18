// The rungs of a ladder, each drawn into a group of its own with its height: an attempt with its answer, a wait, a mark.

const RUNG_PX = 46, MARK_PX = 25, HAPPENS_PX = 33, ABOVE_PX = 20;

const faultWords = (faults) => (faults || []).map((bent) => `⚡${bent.fault}`).join(" ");

// What an attempt came to: its kind, and its words.
function endOf(attempt) {
  const { ended } = attempt;
  if (!ended) return { kind: "dim", sign: "…", words: tr("no answer yet"), why: "" };
  if (ended.status === undefined) return { kind: "bad", sign: "✗", words: `${tr(ended.class.replaceAll("_", " "))} · ${took(ended.us)}`, why: ended.message };
  const words = `${ended.status} · ${took(ended.us)}`;
  if (!ended.acknowledged) return { kind: "bad", sign: "✗", words, why: ended.reason || tr("not acknowledged") };
  return ended.warning ? { kind: "warn", sign: "!", words, why: ended.warning } : { kind: "good", sign: "✓", words, why: "" };
}

// An attempt for people who listen.
function spokenAttempt(push, attempt) {
  const end = endOf(attempt);
  return [
    pushName(push.push), happening(push.why), tr("try {at} of {most} at {time}", { at: attempt.try, most: attempt.of, time: moment(attempt.at) }),
    faultWords(attempt.faults), end.words, end.kind === "good" ? tr("acknowledged") : end.why,
    ...(attempt.findings || []).map((finding) => finding.code),
  ].filter(Boolean).join("; ");
}

// Draws a rung into `group`, and tells its height.
function drawRung(group, made, at, run) {
  group.replaceChildren();
  group.removeAttribute("role");
  // Where there is no room for the lanes of the call, what happens stands above its push.
  const above = at.isNarrow && toldBy(made);
  const inner = above ? s("g", { transform: `translate(0 ${ABOVE_PX})` }) : group;
  if (above) group.setAttribute("class", "rung"), group.append(happenedAbove(above, at), inner);
  const height = RUNGS[made.kind](inner, made, at, run) + (above ? ABOVE_PX : 0);
  // What an attempt shows is in its title, uncut and in better order.
  if (made.kind === "attempt") group.querySelectorAll("text").forEach((text) => text.setAttribute("aria-hidden", "true"));
  return height;
}

const RUNGS = {
  attempt(group, made, at, run) {
    const { push, attempt } = made, end = endOf(attempt), { platform, receiver } = at, room = receiver - platform - 20;
    const bad = (attempt.findings || []).length > 0;
    group.setAttribute("class", `rung attempt${bad ? " found" : ""}`);
    group.setAttribute("role", "button");
    group.setAttribute("data-n", push.n);
    group.setAttribute("data-try", attempt.try);
    group.append(s("title", {}, spokenAttempt(push, attempt)), s("rect", { class: "whole", width: at.width, height: RUNG_PX }), s("rect", { class: "frame", x: platform + 4, y: 2, width: at.width - platform - 8, height: RUNG_PX - 3, rx: 7 }), timeOf(made.at, 20));
    if (toldBy(made) && !at.isNarrow) group.append(...happened(toldBy(made), at, 20, made.who));
    group.append(arrow(`out${attempt.try > 1 ? " again" : ""}`, platform, receiver, 16),
      parts([
        ["push", pushName(push.push)],
        ["bold warn", attempt.try > 1 ? tr("try {at}/{most}", { at: attempt.try, most: attempt.of }) : ""],
        ["fault", faultWords(attempt.faults.length ? attempt.faults : push.faults)],
        ["warn", push.held !== undefined && attempt.try === 1 ? tr("was held") : ""],
        ["dim", run.targets && run.targets.length > 1 ? `→ ${push.to}` : ""],
        ["flag bad", (attempt.findings || []).map((finding) => `⚑ ${finding.code}`).join(" ")],
      ], platform + 12, 13, room));
    if (push.held !== undefined && attempt.try === 1) group.append(s("circle", { class: "held", cx: platform, cy: 16, r: 4 }));
    if (!attempt.ended) {
      group.append(parts([["dim", `… ${tr("no answer yet")}`]], platform + 12, 37, room));
    } else if (attempt.ended.status === undefined) {
      const to = platform + room * 0.7;
      group.append(s("g", { class: "broken bad" }, s("line", { x1: receiver, x2: to, y1: 36, y2: 38 }), cross(to, 38)),
        parts([[`bold ${end.kind}`, `${end.sign} ${end.words}`], ["dim", end.why]], platform + 12, 35, room));
    } else {
      group.append(arrow(`back ${end.kind}`, receiver, platform, 36), parts([[`bold ${end.kind}`, `${end.sign} ${end.words}`], ["dim", end.why]], platform + 14, 34, room));
    }
    return RUNG_PX;
  },
  wait(group, made, at, run) {
    group.setAttribute("class", "rung");
    const left = made.due - nowOf(run), over = made.left !== undefined || isOver(run);
    const words = over ? tr("waited {time}", { time: lasts(made.wait) }) : left > 0 ? tr("next try in {time}", { time: lasts(roughly(left)) }) : tr("next try now");
    group.append(s("path", { class: "wait", d: `M${at.platform - 3} 2 h-6 q-4 0 -4 4 v${MARK_PX - 12} q0 4 4 4 h2` }), s("path", { class: "wait-head", d: `M${at.platform - 2} ${MARK_PX - 2} l-7 -4 v8 z` }),
      parts([[over ? "dim" : "bold warn", `↻ ${words}`], ["dim", pushName(made.push.push)], ["dim", made.asked ? tr("as the receiver asked") : ""]], at.platform + 12, 16, at.receiver - at.platform - 20));
    return MARK_PX;
  },
  stop(group, made, at) {
    group.setAttribute("class", "rung");
    const kind = made.excused ? "warn" : "bad";
    group.append(s("rect", { class: `stop ${kind}`, x: at.platform - 5, y: 6, width: 10, height: 10, rx: 1 }),
      parts([[`bold ${kind}`, made.excused ? tr("not taken, as a spoilt push may be") : tr("given up after {count}", { count: made.attempts })], ["dim", pushName(made.push.push)], ["dim", made.reason]],
        at.platform + 12, 15, at.receiver - at.platform - 20));
    return MARK_PX;
  },
  held(group, made, at) {
    group.setAttribute("class", "rung");
    group.append(timeOf(made.at, 16), s("circle", { class: "held", cx: at.platform, cy: 12, r: 4 }),
      parts([["push", pushName(made.push.push)], ["warn", tr("waits its turn")]], at.platform + 12, 16, at.receiver - at.platform - 20));
    return MARK_PX;
  },
  dropped(group, made, at) {
    group.setAttribute("class", "rung dropped");
    const middle = (at.platform + at.receiver) / 2;
    group.append(timeOf(made.at, 20));
    if (toldBy(made) && !at.isNarrow) group.append(...happened(toldBy(made), at, 20, made.who));
    group.append(s("g", { class: "broken warn" }, s("line", { x1: at.platform, x2: middle, y1: 18, y2: 20 }), cross(middle, 20)),
      parts([["push", pushName(made.push.push)], ["fault", faultWords(made.faults)], ["warn", tr("never sent")]], at.platform + 12, 13, at.receiver - at.platform - 20));
    return 32;
  },
  // What happens, and is not pushed.
  happens(group, made, at) {
    group.setAttribute("class", "rung silent");
    group.append(timeOf(made.at, 17), ...(at.isNarrow ? [happenedAbove(made.words, at)] : happened(made.words, at, 17, made.who)));
    return at.isNarrow ? MARK_PX : HAPPENS_PX;
  },
  driven(group, made, at) {
    group.setAttribute("class", "rung driven");
    const words = fit(`☞ ${byHand(made.what)}`, (at.isNarrow ? at.receiver : at.platform) - AXIS_PX - 34, letters(true));
    const width = measure.measureText(words).width + 22;
    group.append(timeOf(made.at, 17), s("rect", { class: "by-hand", x: AXIS_PX + 8, y: 2, width, height: 21, rx: 10.5 }), s("text", { class: "bold", x: AXIS_PX + 19, y: 17 }, words));
    return MARK_PX + 2;
  },
  // A push that is still to come.
  coming(group, made, at, run) {
    group.setAttribute("class", "rung coming");
    const left = made.push.due - nowOf(run), [from, to] = between(made.push.why);
    group.append(timeOf(made.push.due, 16), s("line", { class: "ahead", x1: at.platform, x2: at.receiver, y1: 20, y2: 20 }),
      parts([["dim", happening(made.push.why)]], AXIS_PX + 14, 16, at.platform - AXIS_PX - 30),
      parts([["bold", left > 0 && run.pace !== "fast" ? tr("in {time}", { time: lasts(roughly(left)) }) : tr("next")], ["dim", pushName(made.push.push)], ["fault", faultWords(made.push.faults)]], at.platform + 12, 15, at.receiver - at.platform - 20));
    group.setAttribute("data-between", `${from} ${to}`);
    return MARK_PX;
  },
};

const timeOf = (ms, y) => s("text", { class: "time", x: AXIS_PX - 6, y, "text-anchor": "end" }, tenths(ms));
// A moment to a tenth of a second, without what says nothing.
const tenths = (ms) => moment(Math.floor(ms / 100) * 100).replace(/(\.\d)00$/, "$1");
// A countdown in steps that can be read.
const roughly = (ms) => (ms > 10000 ? Math.ceil(ms / 1000) * 1000 : Math.max(100, Math.ceil(ms / 100) * 100));

// What happens in the call, left of the platform: its words, and an arrow between those whom it concerns.
function happened(words, at, y, who) {
  const [from, to] = between(words, who), told = parts([["", happening(words)]], AXIS_PX + 14, y - 5, at.platform - AXIS_PX - 24);
  if (from === to) return [s("circle", { class: "happens", cx: at[from], cy: y + 5, r: 4.5 }), told];
  const way = Math.sign(at[to] - at[from]), tip = at[to] - way * 2, line = y + 7;
  return [s("g", { class: "call" }, s("circle", { class: "happens", cx: at[from], cy: line, r: 3 }),
    s("line", { x1: at[from], x2: tip - way * 6, y1: line, y2: line }), s("path", { class: "head", d: `M${tip} ${line} l${-way * 9} -4.5 v9 z` })), told];
}

const happenedAbove = (words, at) => parts([["dim", "●"], ["", happening(words)]], at.platform + 12, 16, at.receiver - at.platform - 16);
