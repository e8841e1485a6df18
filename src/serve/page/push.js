// The push that is open: what was sent as the vendor sends it, what came back, and the command that sends it by hand.

let opened = null;

const isOpen = (run, data) => Boolean(opened) && opened.run.id === run.id && opened.n === Number(data.n) && opened.at === Number(data.try);

async function openPush(run, n, at, node) {
  if (opened && opened.run === run && opened.n === n && opened.at === at) return closePush();
  if (opened) touch(opened.run);
  opened = { run, n, at, delivery: null, facts: null, trouble: "" };
  if (chosen !== run.id) choose(run);
  showSide("push");
  bringUp(() => byId("side-pane"));
  remember();
  touch(run);
  await fetchPush();
  if (node && opened && opened.n === n) say(tr("Opened: {push}", { push: node.querySelector("title").textContent }));
}

function closePush() {
  if (opened) touch(opened.run);
  opened = null;
  hideTip();
  drawPush();
  remember();
}

async function fetchPush() {
  const wanted = opened;
  try {
    wanted.delivery = await get(runPath(wanted.run, `/deliveries/${wanted.n}`));
    wanted.facts = await factsOf(wanted.delivery.delivery.push);
    wanted.trouble = "";
  } catch (problem) {
    wanted.trouble = problem.message;
  }
  if (opened === wanted) drawPush();
}

// The open push has news: it is asked again, once for several pieces of it.
function reopen(run, push) {
  if (!opened || opened.run !== run || opened.n !== push.n) return;
  clearTimeout(opened.soon);
  opened.soon = setTimeout(() => opened && fetchPush(), 120);
}

function drawPush() {
  const pane = byId("side");
  if (side !== "push" || !pane) return;
  if (!opened) {
    fill(pane, h("p", { class: "plain" }, tr("Choose a push on a ladder: here is what was sent, and what came back.")), legend());
    return;
  }
  const { delivery, facts, at, run, trouble } = opened;
  if (!delivery) {
    fill(pane, h("p", { class: `plain${trouble ? " bad" : ""}` }, trouble || "…"));
    return;
  }
  const { push, call } = delivery.delivery, scroll = pane.scrollTop, same = pane.dataset.open === `${run.id} ${delivery.n}`;
  const findings = run.findings.filter((finding) => finding.delivery && finding.delivery.number === delivery.delivery.number && finding.delivery.call === call && finding.delivery.target === delivery.delivery.target);
  fill(pane,
    h("div", { class: "pane-head" },
      h("div", {}, h("h2", {}, pushName(push), facts && facts.title && !pushName(push).endsWith(facts.title) && h("small", {}, ` ${facts.title}`)),
        h("p", { class: "dim" }, [happening(delivery.why || ""), tr("call {call}", { call }), tr(delivery.state.replace("_", " "))].filter(Boolean).join(" · "))),
      h("button", { type: "button", class: "close", "aria-label": tr("Close the push"), title: "Esc", onclick: () => { const back = nodeOfOpen(); closePush(); if (back) back.focus(); } }, "×")),
    findings.map((finding) => h("section", { class: `finding ${finding.weight === "remark" ? "warn" : ""}` }, h("h3", {}, chip(finding.weight === "remark" ? "warn" : "bad", `⚑ ${finding.code}`), " ", finding.message),
      h("dl", {}, h("dt", {}, tr("expected")), h("dd", {}, finding.expected), h("dt", {}, tr("found")), h("dd", {}, finding.found),
        finding.said && [h("dt", {}, tr("said")), h("dd", {}, finding.said)]))),
    delivery.state === "given_up" && h("p", { class: "note-line bad" }, `■ ${tr("given up after {count}", { count: delivery.attempts.length })}${delivery.reason ? `: ${delivery.reason}` : ""}`),
    delivery.attempts.map((sent) => sentPart(sent, sent.attempt === at || delivery.attempts.length === 1, facts)),
    delivery.attempts.length === 0 && h("p", { class: "dim" }, tr("It has not left yet.")));
  pane.dataset.open = `${run.id} ${delivery.n}`;
  pane.scrollTop = same ? scroll : 0;
}

const nodeOfOpen = () => opened && document.querySelector(`[data-run="${opened.run.id}"] .attempt[data-n="${opened.n}"][data-try="${opened.at}"]`);

function sentPart(sent, isFirst, facts) {
  const ended = sent.answer ? { ...sent.answer, us: sent.answer.timing.total_us } : sent.failure ? { ...sent.failure, us: sent.failure.timing.total_us } : null;
  const end = endOf({ ended }), [address, query] = (sent.url || "").split(/\?(.*)/s);
  return h("details", { class: `attempt-part ${end.kind}`, open: isFirst },
    h("summary", {}, h("span", { class: "try" }, tr("try {at}/{most}", { at: sent.attempt, most: sent.attempts_max })), h("span", { class: "dim" }, moment(sent.offset_ms)), h("b", { class: end.kind }, `${end.sign} ${end.words}`)),
    end.why && h("p", { class: `why ${end.kind}` }, end.why),
    sent.faults && sent.faults.length > 0 && h("ul", { class: "faults" }, sent.faults.map((bent) => h("li", {}, chip("warn", `⚡ ${bent.fault}`), " ", bent.evidence))),
    h("h3", {}, tr("Request")),
    h("p", { class: "line" }, h("b", { class: "method" }, sent.method), " ", h("code", {}, address)),
    query && bodyWithFacts(query, [["content-type", "application/x-www-form-urlencoded"]], facts),
    headersTable(sent.headers), (sent.body || !query) && bodyWithFacts(sent.body, sent.headers, facts),
    h("h3", {}, tr("The receiver's answer")), answerPart(ended),
    sent.curl && [h("h3", {}, tr("Send it by hand")), command(sent.curl, tr("the request as curl"))]);
}

function answerPart(ended) {
  if (!ended) return h("p", { class: "dim" }, tr("no answer yet"));
  const measured = timesLine(ended.timing);
  if (ended.status === undefined) return [h("p", { class: "line bad" }, ended.message), measured];
  return [h("p", { class: "line" }, h("b", {}, ended.status)), measured, headersTable(ended.headers),
    ended.body ? h("pre", { class: "body answer", tabindex: "0", "aria-label": tr("Body of the answer") }, h("code", {}, readable(ended.body, ended.headers))) : h("p", { class: "dim" }, tr("no body")),
    ended.truncated && h("p", { class: "dim" }, tr("The answer went on; no more of it was read."))];
}
