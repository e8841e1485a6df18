// The push that is open: what was found, and each attempt with its request and its answer.

let opened = null;

// An attempt of the ladder was pressed: it opens, or closes where it was open.
function pressed(push, attempt) {
  if (opened && opened.push === push && opened.attempt === attempt) closePush();
  else openPush(push, attempt);
}

function openPush(push, attempt) {
  opened = { push, attempt };
  const detail = detailOf(chosen), { sent } = push.attempts[0];
  const pane = byId("push-pane");
  fill(pane,
    h("div", { class: "pane-head" },
      h("div", {}, h("h2", {}, push.push), h("p", { class: "dim" }, [push.why, `push ${push.n}`, `call ${sent.call}`, run.targets.length > 1 ? `receiver ${push.to}` : ""].filter(Boolean).join(" · "))),
      h("button", { type: "button", class: "close", "aria-label": "Close the push", title: "Close (Esc)", onclick: () => { const back = attemptNode(); closePush(); back && back.focus(); } }, "×")),
    push.findings.map((finding) => findingCard(finding)),
    push.givenUp ? h("p", { class: `note-line ${push.givenUp.excused ? "warn" : "bad"}` },
      push.givenUp.excused ? "■ Not taken, as a spoilt push may be." : `■ Given up after ${plural(push.givenUp.attempts, "attempt")}: ${push.givenUp.reason}.`) : "",
    push.held ? h("p", { class: "note-line" }, `○ Held: it was due at ${moment(push.held.at_ms)} and waited for another push.`) : "",
    push.attempts.map((known) => attemptPart(push, known, known === attempt)),
    probesAfter(detail, push),
    h("h3", {}, "Play this story again"), command(detail.replay, "the replay command"),
  );
  pane.hidden = false;
  document.body.classList.add("with-push");
  pane.scrollTop = 0;
  markOpened();
  redraw();
  say(`Opened: ${spoken(push, attempt)}`);
  remember();
}

function closePush() {
  if (!opened) return;
  opened = null;
  byId("push-pane").hidden = true;
  fill(byId("push-pane"));
  document.body.classList.remove("with-push");
  markOpened();
  redraw();
  remember();
}

const attemptNode = () => opened && document.querySelector(`.attempt[data-attempt="${opened.push.key}.${opened.attempt.try}"]`);

function markOpened() {
  const node = attemptNode();
  document.querySelectorAll(".attempt").forEach((known) => {
    known.setAttribute("aria-expanded", String(known === node));
    if (node) known.setAttribute("tabindex", known === node ? "0" : "-1");
  });
}

function attemptPart(push, attempt, open) {
  const { sent, ended } = attempt, end = ending(attempt);
  return h("details", { class: `attempt-part ${end.kind}`, open },
    h("summary", {},
      h("span", { class: "try" }, `Try ${attempt.try}/${sent.of}`),
      h("span", { class: "dim" }, moment(sent.at_ms)),
      h("b", { class: end.kind }, `${end.sign} ${end.words}`)),
    end.why ? h("p", { class: `why ${end.kind}` }, end.why) : "",
    sent.faults ? h("ul", { class: "faults" }, sent.faults.map((bent) => h("li", {}, chip("warn", `⚡ ${bent.fault}`), " ", bent.evidence))) : "",
    h("h3", {}, "Request"),
    h("p", { class: "line" }, h("b", {}, sent.method), " ", h("code", {}, sent.url)),
    h("p", { class: "dim" }, `${sent.clock} · due at ${moment(sent.due_ms)} · gives up waiting after ${lasts(sent.timeout_ms)}`),
    headersTable(sent.headers), bodyOf(sent.body, sent.headers, "request"),
    h("h3", {}, "Answer"), answer(ended),
    h("h3", {}, "Send it by hand"), command(curl(sent), "the request as curl"),
    attempt.waits ? h("p", { class: "note-line warn" }, `↻ The vendor waits ${lasts(attempt.waits.wait_ms)}${attempt.waits.asked ? ", as the receiver asked" : ""}, then tries again.`) : "");
}

function answer(ended) {
  if (!ended) return h("p", { class: "dim" }, "No end of this attempt is known: the run was cut short.");
  const timing = timesLine(ended);
  if (ended.is === "broken") return [h("p", { class: "line bad" }, h("b", {}, ended.told), ` ${ended.message}`), timing];
  return [h("p", { class: "line" }, h("b", {}, ended.status)), timing, headersTable(ended.headers), bodyOf(ended.body, ended.headers, "answer"),
    ended.remark ? h("p", { class: "dim" }, `${ended.remark}.`) : "",
    ended.version ? h("p", { class: "dim" }, `Answered by ${ended.version}.`) : "",
    ended.truncated ? h("p", { class: "dim" }, "The answer went on; no more of it was read.") : ""];
}

const SIDES = { both: [" ", "in both"], expected: ["-", "expected"], found: ["+", "found"] };

// A finding with all that it takes to act on it.
function findingCard(finding) {
  const kind = weighs(finding) ? "bad" : "warn";
  return h("section", { class: `finding ${kind}`, "aria-label": `Finding ${finding.code}` },
    h("h3", {}, chip(kind, `⚑ ${finding.code}`), " ", finding.message),
    h("dl", {},
      h("dt", {}, "expected"), h("dd", {}, h("span", { class: "sign-expected", "aria-hidden": "true" }, "- "), finding.expected),
      h("dt", {}, "found"), h("dd", {}, h("span", { class: "sign-found", "aria-hidden": "true" }, "+ "), finding.found),
      finding.said && [h("dt", {}, "said"), h("dd", {}, finding.said)],
      h("dt", {}, "rule"), h("dd", {}, finding.expectation.text),
      h("dt", {}, "at"), h("dd", {}, h("code", {}, finding.expectation.place)),
      finding.faults && [h("dt", {}, "faults"), h("dd", {}, finding.faults.map((bent) => bent.fault).join(", "))]),
    finding.difference && h("div", { class: "difference", role: "group", tabindex: "0", "aria-label": "The difference: lines with - were expected, lines with + were found" },
      finding.difference.map(({ side, text }) => h("div", { class: side },
        h("span", { class: "side", title: SIDES[side][1] }, SIDES[side][0]), h("code", {}, text || " ")))),
    finding.curl && command(finding.curl, "the question as a command"),
    finding.help && h("p", {}, "What to do: ", h("code", {}, finding.help)),
    h("p", { class: "dim" }, "What it means and how to mend it: ", h("code", {}, `ringback explain ${finding.code}`)));
}

function probesAfter(detail, push) {
  const probes = detail.probes.filter((probe) => probe.after && probe.after[0] === push.n && probe.after[1] === push.to);
  return probes.length ? [h("h3", {}, "Probes after this push"), probes.map(probeCard)] : "";
}

const probeCard = (probe) => h("details", { class: `probe ${probe.agrees ? "good" : "bad"}` },
  h("summary", {}, h("b", { class: probe.agrees ? "good" : "bad" }, probe.agrees ? "✓ agrees" : "✗ disagrees"), " ", probe.expectation.text),
  h("p", {}, h("code", {}, probe.asked.text)),
  h("p", { class: "dim" }, `asked ${plural(probe.tries, "time")} in ${took(probe.took_us)}; ${probe.status === null ? "could not be asked" : `last status ${probe.status}`}; ${probe.expectation.place}`),
  bodyOf(probe.body, [], "answer"));
