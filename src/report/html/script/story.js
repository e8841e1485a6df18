// The call that is chosen: its ladder, and what was checked of its story.

function drawStory() {
  const pane = byId("ladder-pane"), { story, call, outcome } = chosen;
  const detail = detailOf(chosen), { sign, word } = OUTCOMES[outcome];
  pane.scrollTop = 0;
  remember();
  const head = h("div", { class: "pane-head" }, h("div", {},
    h("h2", {}, chip(outcome === "passed" ? "good" : "bad", `${sign} ${word}`), " ", story.scenario, h("small", {}, ` by ${story.vendor}${call.call ? ` · call ${call.call}` : ""}`)),
    detail && h("p", { class: "dim" }, detail.title, " · ", h("code", {}, detail.source))));
  if (!detail) {
    fill(pane, head, h("p", { class: "plain" }, details
      ? `This story is left out: the report has room for so much. Its ${plural(story.attempts, "attempt")} and everything else of it are in the ndjson report.`
      : unpackFailed || "Unpacking the calls …"));
    return;
  }
  // What is about the story as a whole, or about a push that is not drawn.
  const drawn = new Set(pushesOf(chosen).map((push) => push.key));
  const about = detail.findings.filter(({ delivery }) => !delivery ||
    (delivery.call === call.call && !drawn.has(`${delivery.number}.${delivery.target}`)));
  fill(pane, head,
    detail.notes.map((note) => h("p", { class: "note-line bad" }, `✗ ${note}`)),
    about.map((finding) => findingCard(finding)),
    call.call === null ? h("p", { class: "plain" }, "Nothing is pushed in this story.") : h("div", { id: "ladder", class: "rungs" }),
    detail.steps_left ? h("p", { class: "plain" }, `The ladder is cut: ${plural(detail.steps_left, "further step")} of this story are not drawn.`) : "",
    call.call !== null && legend(),
    section("Checks", checksTable(detail.checks)),
    section("Probes", detail.probes.filter((probe) => !probe.after).map(probeCard)),
    section("Snapshots", detail.snapshots.map(({ file, outcome: how }) =>
      h("p", {}, chip(how === "same" ? "good" : how === "new" ? "warn" : "bad", SNAPSHOTS[how]), " ", h("code", {}, file)))),
    section("The vendor's own records", records(detail)),
    section("Play this story again", command(detail.replay, "the replay command")),
  );
  redraw();
}

const SNAPSHOTS = { same: "✓ the same", new: "● new", changed: "✗ changed", broken: "✗ unreadable" };

const section = (name, content) => {
  const full = Array.isArray(content) ? content.length > 0 : Boolean(content);
  return full && h("section", { class: "part" }, h("h3", {}, name), content);
};

const checksTable = (checks) => checks.length > 0 && h("div", { class: "scroll" }, h("table", {},
  h("thead", {}, h("tr", {}, ["", "expectation", "judged", "failed", "at"].map((name) => h("th", { scope: "col" }, name || h("span", { class: "unseen" }, "outcome"))))),
  h("tbody", {}, checks.map(({ expectation, judged, failed }) => h("tr", {},
    h("td", { class: failed ? "bad" : judged ? "good" : "dim" }, failed ? "✗" : judged ? "✓" : "–"),
    h("td", {}, expectation.text), h("td", { class: "number" }, judged), h("td", { class: "number" }, failed),
    h("td", {}, h("code", {}, expectation.place)))))));

const records = (detail) => [
  ...detail.records.map((record) => h("details", { class: "probe" },
    h("summary", {}, h("span", { class: "dim" }, moment(record.at_ms)), " ", h("code", {}, record.id), ` ${record.why}`),
    bodyOf(record.record, [], "record"))),
  ...(detail.records_left ? [h("p", { class: "dim" }, `${plural(detail.records_left, "further record")} are not in this report.`)] : []),
];

// Draws the ladder anew in the width that it now has; what is open and focused stays so.
function redraw() {
  const place = byId("ladder");
  if (!place || !chosen || !detailOf(chosen)) return;
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.attempt : null;
  drawLadder(place, chosen);
  markOpened();
  if (focused) {
    const again = place.querySelector(`.attempt[data-attempt="${focused}"]`);
    if (again) focusAttempt(again);
  }
}

// Keeps in the address what is shown, so that it can be passed on.
function remember() {
  const at = entries.indexOf(chosen);
  const push = opened ? `.${opened.push.key}.${opened.attempt.try}` : "";
  try {
    history.replaceState(null, "", `#${at}${push}`);
  } catch {
    // Some frames have no history: then it is not kept.
  }
}
