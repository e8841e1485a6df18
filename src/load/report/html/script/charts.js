// The charts, and the moment that all of them show.

const LOOKS = ["bad", "warn dashed", "accent dotted", "good dashed", "strong", "bad dotted", "warn", "accent"];
let charts = [], moment_ = null;

function chartsOf() {
  const ofRate = (name, column, look) => {
    const values = perSecond(column);
    return { name, values, look, summary: `most ${rate(most(values))}` };
  };
  const ofTime = (name, values, look) => ({ name, values, look, summary: `most ${time(most(values) || null)}` });
  const ofCount = (name, values, look) => ({ name, values, look, summary: `most ${amount(most(values))}` });
  const failures = columns.failures.map(([name, column], at) => ofRate(name, column, LOOKS[at % LOOKS.length]));
  const refused = sumOf(columns.nacks) > 0 ? [ofRate("answered, not acknowledged", columns.nacks, LOOKS[failures.length % LOOKS.length])] : [];
  const { response, service } = columns;
  // Between a good day and a bad one there may be powers of ten.
  const isWide = () => most(response.p99_us) > 30 * (response.p50_us.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), Infinity) || 1);
  return [
    { id: "rate", title: "Pushes a second", format: rate, series: [ofRate("asked: fell due", columns.due, "strong dashed"),
      ofRate("written, with retries", columns.written, "warn dotted"), ofRate("answered", columns.answered, "accent")] },
    { id: "latency", title: "Response and service time", format: (us) => took(Math.round(us)).replace(".0 ", " "), log: isWide,
      none: most(response.p99_us) === 0 && total.response.count === 0 && "Nothing was measured.",
      series: [ofTime("response p99", response.p99_us, "accent"), ofTime("response p50", response.p50_us, "accent dashed"),
        ofTime("service p99", service.p99_us, "good"), ofTime("service p50", service.p50_us, "good dashed")] },
    { id: "errors", title: "Errors a second, by class", format: rate, series: [...failures, ...refused],
      none: failures.length + refused.length === 0 && "Every attempt was answered and acknowledged." },
    { id: "held", title: "Pushes held back and lost a second", format: rate,
      series: [ofRate("held back", columns.held, "warn dashed"), ofRate("lost", columns.lost, "bad")],
      none: sumOf(columns.held) + sumOf(columns.lost) === 0 && "No push was held back or lost." },
    { id: "in-flight", title: "Pushes in flight", format: amount, whole: true, series: [ofCount("due and not settled", columns.in_flight, "accent area")],
      note: `Beyond ${asked.max_in_flight.toLocaleString("en")} they are held back.` },
    { id: "calls", title: "Calls under way", format: amount, whole: true, series: [ofCount("between start and last push", columns.calls, "accent area")] },
  ];
}

function drawCharts() {
  const place = byId("charts");
  if (points === 0) {
    fill(place, h("h2", { id: "charts-title" }, "Over time"), h("p", { class: "plain" }, "Nothing was sent, so there is nothing to draw."));
    return;
  }
  charts = chartsOf().map((about) => new Chart(about));
  fill(place,
    h("div", { class: "moment" }, h("h2", { id: "charts-title" }, "Over time"),
      h("input", { type: "range", id: "moment", min: 0, max: points - 1, value: 0, "aria-label": "The moment that the charts show",
        "aria-valuetext": "the whole run", oninput: (event) => choose(Number(event.target.value)) }),
      h("output", { id: "when", for: "moment" })),
    h("div", { class: "grid-of-charts" }, charts.map(({ card }) => card)));
  charts.forEach((chart) => chart.draw());
  choose(null);
}

const span = (at) => `${moment(Math.round(startOf(at) / 1000))} to ${moment(Math.round(ends[at] / 1000))}`;

// Lets all charts show one point of the run, or the whole of it.
function choose(at) {
  moment_ = at;
  charts.forEach((chart) => chart.mark(at));
  const slider = byId("moment");
  if (!slider) return;
  if (at !== null) slider.value = at;
  slider.setAttribute("aria-valuetext", at === null ? "the whole run" : span(at));
  byId("when").textContent = at === null ? "the whole run; point at a chart, or press → ←" : span(at);
}

// So many points on, from the beginning where none is chosen.
function stepMoment(by) {
  if (points === 0) return;
  const from = moment_ === null ? (by > 0 ? -1 : points) : moment_;
  choose(Math.max(0, Math.min(points - 1, from + by)));
  say(`${span(moment_)}: ${charts[0].about.series.map(({ name, values }) => `${name} ${rate(values[moment_])}`).join(", ")}`);
}

function redraw() {
  charts.forEach((chart) => chart.draw());
  choose(moment_);
}
