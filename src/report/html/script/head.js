// The head: the verdict, how the run was set up, and its figures.

function drawHead() {
  const good = run.exit === 0, sign = good ? "✓" : run.verdict === "Interrupted" ? "!" : "✗";
  const findings = Object.entries(overview.found);
  byId("head").classList.add(good ? "good" : sign === "!" ? "warn" : "bad");
  fill(byId("head"),
    verdictOf(sign, run.verdict, sentence()),
    h("dl", { class: "tiles" },
      tile("Pushes", figures.planned, `${figures.acknowledged.toLocaleString("en")} acknowledged`,
        figures.given_up && h("b", { class: "bad" }, `${figures.given_up.toLocaleString("en")} given up`),
        figures.excused > 0 && `${figures.excused} spoilt, not taken`,
        figures.dropped > 0 && `${figures.dropped} dropped`),
      tile("Attempts", figures.attempts, plural(figures.retries, "retry", "retries"),
        figures.warnings > 0 && h("b", { class: "warn" }, plural(figures.warnings, "warning"))),
      tile("Checks", figures.checks, figures.checks_failed
        ? h("b", { class: "bad" }, `${figures.checks_failed} failed`) : "all held"),
      tile("Latency p50", took(figures.latency_p50_us) || "–", `p99 ${took(figures.latency_p99_us) || "–"}`),
      bars("Failures", Object.entries(figures.failures), "bad", "no attempt failed"),
      bars("Findings", findings.map(([code, [title, times]]) => [`${code} ${title}`, times]), "bad", "none"),
      bars("Faults", Object.entries(figures.faults), "warn", "none planned"),
    ),
    h("div", { class: "setup" },
      fact("Seed", run.seed), fact("Start", run.start), fact("Pace", run.pace),
      fact(run.targets.length === 1 ? "Target" : "Targets", run.targets.join(", ") + (run.built_in_receiver ? " (built in)" : "")),
      fact("Took", took(run.took_us)), fact("Ringback", run.ringback),
      run.unwritten.length > 0 && fact("Reports that could not be written", run.unwritten.join(", ")),
      h("div", { class: "replay" }, h("span", { class: "label" }, "The same pushes again"), h("span", { id: "replay" })),
    ),
    overview.folded && foldedList(),
    overview.findings.length > 0 && h("details", { class: "at-large" },
      h("summary", {}, `${plural(overview.findings.length, "finding")} about no story of this run`), overview.findings.map(findingCard)),
    leftOutNote(),
  );
  drawReplay();
}

// What was found, each bug once. A card is drawn when it is opened.
function foldedList() {
  const left = overview.folded_left;
  return h("section", { class: "folded", "aria-label": "What was found" }, h("h2", {}, "What was found"),
    overview.folded.map((folded) => {
      const [first] = folded.examples, kind = weighs(first) ? "bad" : "warn";
      const inner = h("div", {});
      const many = folded.findings > 1 ? `${plural(folded.findings, "finding")} in ${plural(folded.stories, "story", "stories")}` : "";
      return h("details", { class: "fold", ontoggle: () => inner.childNodes.length || fill(inner, foldedParts(folded)) },
        h("summary", {}, chip(kind, `⚑ ${first.code}`), " ", first.message, many && h("b", {}, ` · ${many}`)), inner);
    }),
    left && h("p", { class: "dim" }, `${plural(left, "further finding")}: the ndjson report holds them.`));
}

function foldedParts(folded) {
  const more = folded.stories - folded.places.length;
  const go = ({ story: { scenario, vendor }, findings }) => {
    const calls = entries.filter(({ story }) => story.scenario === scenario && story.vendor === vendor);
    const call = calls.find(failing) || calls[0];
    const name = `${scenario} by ${vendor}`;
    return h("li", {}, call ? h("button", { type: "button", onclick: () => { showFailing(false); choose(call); markChosen(); } }, name) : name, h("span", { class: "dim" }, ` ${findings}`));
  };
  return [folded.examples.map((finding) => findingCard(finding)),
    h("h3", {}, "Where"), h("ul", { class: "places" }, folded.places.map(go), more > 0 && h("li", { class: "dim" }, `and ${plural(more, "more story", "more stories")}`))];
}

function sentence() {
  const bad = entries.filter(failing).length;
  const stories = `${plural(figures.stories, "story", "stories")} of ${plural(figures.scenarios, "scenario")}`;
  const calls = bad ? `${plural(bad, "call")} of ${entries.length.toLocaleString("en")} with findings` : "";
  const exit = run.exit === null ? "" : ` (exit ${run.exit})`;
  const against = run.built_in_receiver ? ", against the built-in receiver" : "";
  return [`${run.meaning.charAt(0).toUpperCase()}${run.meaning.slice(1)}${exit}${against}`, stories, calls].filter(Boolean).join(" · ");
}

// One story is played again by its own command; of several, what fixes their pushes is told.
function drawReplay() {
  const only = overview.stories.length === 1 && details ? details[0] : null;
  const text = only ? only.replay : `--seed ${run.seed} --at ${run.start}`;
  fill(byId("replay"), command(text, "the replay command"));
}

function leftOutNote() {
  const words = [
    [leftOut.stories, "story is not in the list", "stories are not in the list"],
    [leftOut.details, "story is listed without its calls", "stories are listed without their calls"],
    [leftOut.attempts, "attempt is on no ladder", "attempts are on no ladder"],
    [leftOut.findings, "finding stands in the figures only", "findings stand in the figures only"],
    [leftOut.skipped, "skipped story is not named", "skipped stories are not named"],
  ].filter(([count]) => count).map(([count, one, many]) => plural(count, one, many));
  return words.length > 0 && h("p", { class: "left-out" }, `The run is larger than this page may be: ${words.join("; ")}. `,
    "The ndjson report holds everything.");
}
