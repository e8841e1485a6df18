// Tables: what was judged, each kind of push, what failed, and how the load was set up.

const cell = (content, kind) => h("td", kind ? { class: kind } : {}, content);
const number = (count, kind) => cell(count.toLocaleString("en"), `number ${count && kind ? kind : ""}`);
const heads = (...names) => h("thead", {}, h("tr", {}, names.map(([name, kind]) => h("th", { scope: "col", class: kind }, name))));
const title = (id, name) => h("h2", { id: `${id}-title` }, name);
const scroll = (name, table) => h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": name }, table);

function drawJudged() {
  const { lag, lag_limit_us: limit, is_valid: isValid, is_behind: isBehind } = overview;
  const lags = `p50 ${timeOf(lag, "p50_us")}, p99 ${timeOf(lag, "p99_us")}, max ${timeOf(lag, "max_us")}`;
  fill(byId("judged"), title("judged", "Expectations, thresholds and validity"),
    overview.thresholds.length > 0 ? scroll("Thresholds", h("table", {},
      heads([h("span", { class: "unseen" }, "verdict")], ["threshold"], ["measured", "number"], ["that means"], ["at"]),
      h("tbody", {}, overview.thresholds.map(({ text, place, held, judged, without_lag: without, measured, told }) => h("tr", {},
        h("td", {}, !judged ? chip("warn", "? not judged") : without ? chip("warn", "? unsure") : chip(held ? "good" : "bad", held ? "✓ held" : "✗ missed")), h("th", { scope: "row" }, h("code", {}, text)),
        cell(measured, "number"), cell(told), cell(h("code", {}, place))))))) : h("p", { class: "dim" }, "No threshold was set."),
    overview.expectations.length > 0 && scroll("Expectations", h("table", {},
      heads([h("span", { class: "unseen" }, "verdict")], ["expectation"], ["judged", "number"], ["did not hold", "number"], ["at"]),
      h("tbody", {}, overview.expectations.map(({ text, place, judged, failed, lines }) => [h("tr", {},
        h("td", {}, !judged ? chip("warn", "? never judged") : chip(failed ? "bad" : "good", failed ? "✗ broken" : "✓ held")), h("th", { scope: "row" }, h("code", {}, text)),
        number(judged), number(failed, "bad"), cell(h("code", {}, place))),
      lines.length > 0 && h("tr", {}, h("td", {}), h("td", { colspan: 4 }, h("pre", { class: "examples" }, lines.join("\n"))))])))),
    h("p", { class: `note-line ${isValid ? "" : "warn"}` }, chip(isValid ? "good" : "warn", isValid ? "✓ valid" : "! invalid"), " ",
      `The load generator's own lag: ${lags}; the limit of the p99 is ${took(limit)}. `,
      isBehind ? "" : isValid ? "So the times are the receiver's." : "See the reasons above."));
}

const TIMES = [["p50_us", "p50"], ["p90_us", "p90"], ["p99_us", "p99"], ["p999_us", "p99.9"], ["max_us", "max"]];

function drawPushes() {
  const row = (push, kind) => h("tr", { class: kind }, h("th", { scope: "row" }, push.name),
    number(push.planned), number(push.sent), number(push.held, "warn"), number(push.lost, "bad"), number(push.excused), number(push.retries), number(push.errors, "bad"),
    ["response", "service"].map((which) => TIMES.map(([name], at) => cell(timeOf(push[which], name), at ? "number" : "number first"))));
  const group = (name, span) => h("th", { scope: "colgroup", colspan: span, class: "group" }, name);
  fill(byId("pushes"), title("pushes", "Pushes by kind"),
    scroll("Pushes by kind", h("table", { class: "pushes" },
      h("thead", {},
        h("tr", {}, h("th", { scope: "col", rowspan: 2 }, "push"), group("pushes", 5), group("attempts", 2), group("response time", 5), group("service time", 5)),
        h("tr", {}, ["planned", "sent", "held", "lost", "excused", "retries", "errors"].map((name) => h("th", { scope: "col", class: "number" }, name)),
          ["", ""].flatMap(() => TIMES.map(([, name], at) => h("th", { scope: "col", class: at ? "number" : "number first" }, name))))),
      h("tbody", {}, row({ ...total, name: "all pushes" }, "all"), overview.pushes.map((push) => row(push, ""))))),
    h("p", { class: "note-line" }, overview.difference));
}

function drawFailures() {
  const { failures, statuses, answered, nacks } = overview;
  const rows = Object.entries(statuses).sort((a, b) => b[1] - a[1]);
  fill(byId("failures"), title("failures", "Failures and answers"),
    h("div", { class: "two" },
      h("div", {}, h("h3", {}, "Attempts without an answer"),
        failures.length === 0 ? h("p", { class: "dim" }, "Every attempt was answered.") : scroll("Attempts without an answer", h("table", {},
          heads(["what happened"], ["attempts", "number"], ["of all", "number"], ["befell most"]),
          h("tbody", {}, failures.map(({ name, told, attempts, kinds }) => h("tr", {}, h("th", { scope: "row" }, told, " ", h("code", { class: "dim" }, name)),
            number(attempts, "bad"), cell(share(attempts, total.attempts), "number"),
            cell(kinds.map(([kind, count]) => `${kind} ${count.toLocaleString("en")}`).join(", ")))))))),
      h("div", {}, h("h3", {}, "Answers by status"),
        rows.length === 0 ? h("p", { class: "dim" }, "No attempt was answered.") : scroll("Answers by status", h("table", {},
          heads(["status"], ["answers", "number"], ["of all", "number"]),
          h("tbody", {}, rows.map(([status, count]) => h("tr", {}, h("th", { scope: "row" }, status), number(count), cell(share(count, answered), "number")))))),
        h("p", { class: nacks ? "bad" : "dim" }, nacks ? `${plural(nacks, "answer is", "answers are")} no acknowledgement.` : answered ? "All of them are acknowledgements." : ""))));
}

const ENDED = { done: "✓ done", interrupted: "! interrupted", tried: "✗ the call that is tried first failed", cannot_go_on: "✗ broken off" };

function drawSetup() {
  const { parts, connections, notes } = overview;
  const weights = sumOf(asked.stories.map(({ weight }) => weight));
  fill(byId("setup"), title("setup", "How it was set up"),
    notes.map((note) => h("p", { class: "note-line warn" }, note)),
    h("dl", { class: "facts" },
      [["Calls at most", asked.max_calls === null ? "as the plan of arrival says" : asked.max_calls.toLocaleString("en")],
        ["Pushes in flight at most", asked.max_in_flight.toLocaleString("en")],
        ["Connections", `at most ${asked.connections.toLocaleString("en")} to each target; ${connections.opened.toLocaleString("en")} opened, ${connections.failed.toLocaleString("en")} could not be, ${connections.closed.toLocaleString("en")} closed by the receiver at rest`],
        ["Threads", asked.workers], ["Faults", asked.has_faults ? "bend some of it" : "none"],
        ["Journal", asked.sample ? `every failure, and 1 of ${asked.sample.toLocaleString("en")} acknowledged pushes` : "no acknowledged push"],
      ].map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])),
    h("h3", {}, "Stories"),
    scroll("Stories", h("table", {}, heads(["story"], ["weight", "number"], ["of all calls", "number"], ["how its calls are made"]),
      h("tbody", {}, asked.stories.map(({ name, weight, made }) => h("tr", {}, h("th", { scope: "row" }, name), number(weight), cell(share(weight, weights), "number"), cell(made)))))),
    parts.length > 0 && [h("h3", {}, "Shards"),
      scroll("Shards", h("table", {}, heads(["shard", "number"], ["began"], ["took", "number"], ["calls", "number"], ["lag p99", "number"], ["ended"]),
        h("tbody", {}, parts.map(({ shard, began, took_us: took_, calls, lag, ended }) => h("tr", {}, h("th", { scope: "row", class: "number" }, shard),
          cell(began), cell(lasts(Math.round(took_ / 1000)), "number"), number(calls), cell(timeOf(lag, "p99_us"), "number"),
          cell(ENDED[ended] || ended, ended === "done" ? "" : "bad"))))))],
    overview.missing.length > 0 && h("p", { class: "note-line bad" }, `✗ ${plural(overview.missing.length, "shard is", "shards are")} missing: ${overview.missing.slice(0, 100).join(", ")}`));
}
