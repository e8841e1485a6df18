// The head: the verdict, how the load was set up, and its figures.

const SIGNS = { good: "✓", warn: "!", bad: "✗" };

function drawHead() {
  const { tone, calls, lag, lag_limit_us: limit } = overview;
  const lasting = overview.took_us / 1e6;
  const bad = (words) => h("b", { class: "bad" }, words), warn = (words) => h("b", { class: "warn" }, words);
  byId("head").classList.add(tone);
  fill(byId("head"),
    verdictOf(SIGNS[tone], overview.verdict, reasons()),
    h("dl", { class: "tiles" },
      tile("Calls", calls.started, calls.planned > calls.started ? `of ${calls.planned.toLocaleString("en")} planned` : "all of the plan",
        `at most ${calls.in_flight_max.toLocaleString("en")} under way`),
      tile("Pushes", total.planned, `${total.sent.toLocaleString("en")} sent`,
        total.held > 0 && warn(`${total.held.toLocaleString("en")} held back`), total.lost > 0 && bad(`${total.lost.toLocaleString("en")} lost`), total.excused > 0 && `${total.excused.toLocaleString("en")} excused`),
      tile("Answered", lasting > 0 ? rate(overview.answered / lasting) : "–", `asked ${lasting > 0 ? rate(total.planned / lasting) : "–"}`,
        `at most ${rate(most(perSecond(columns.answered)))}`),
      tile("Errors", share(total.errors, total.attempts), `${total.errors.toLocaleString("en")} of ${plural(total.attempts, "attempt")}`,
        total.retries > 0 && plural(total.retries, "retry", "retries")),
      tile("Response p99", timeOf(total.response, "p99_us"), `p50 ${timeOf(total.response, "p50_us")}`, `max ${timeOf(total.response, "max_us")}`),
      tile("Service p99", timeOf(total.service, "p99_us"), `p50 ${timeOf(total.service, "p50_us")}`, `max ${timeOf(total.service, "max_us")}`),
      tile("Own lag p99", timeOf(lag, "p99_us"), overview.is_valid ? "valid" : warn("invalid"), lag.p99_us > limit ? warn(`over ${took(limit)}`) : `within ${took(limit)}`),
    ),
    overview.warnings.map((warning) => h("p", { class: "note-line warn" }, chip("warn", "! warning"), " ", warning)),
    h("div", { class: "setup" },
      fact("Seed", asked.seed), fact("Start", asked.start), fact("Pace", `${asked.pace}x`), fact("Arrival", arrivalWords()),
      fact(asked.targets.length === 1 ? "Target" : "Targets", asked.targets.join(", ") || "none"),
      fact("Began", overview.began), fact("Took", lasts(Math.round(overview.took_us / 1000))), fact("Ringback", overview.ringback),
      overview.replay && h("div", { class: "replay" }, h("span", { class: "label" }, "The same calls again"), h("span", {}, command(overview.replay, "the replay command"))),
    ),
    leftOutNote(),
  );
}

function reasons() {
  const shards = overview.shards_of > 1 ? `${plural(overview.parts.length, "shard")} of ${overview.shards_of}` : "";
  const missing = overview.missing.length ? `missing: ${overview.missing.slice(0, 20).join(", ")}${overview.missing.length > 20 ? " ..." : ""}` : "";
  const words = [`exit ${overview.exit}`, shards, missing].filter(Boolean).join(" · ");
  return [overview.reasons.map((reason) => [reason, " "]), h("span", { class: "dim" }, `(${words})`)];
}

function leftOutNote() {
  const { pushes, parts, lines } = overview.left_out;
  const words = [[pushes, "kind of push has no row", "kinds of pushes have no row"], [parts, "shard has no row", "shards have no row"],
    [lines, "line of text is left out", "lines of text are left out"]]
    .filter(([count]) => count).map(([count, one, many]) => plural(count, one, many));
  return words.length > 0 && h("p", { class: "left-out" }, `The load is larger than this page may be: ${words.join("; ")}. `, "The json report holds everything.");
}
