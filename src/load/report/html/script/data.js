// The data of the load, and figures of it in words.

const overview = JSON.parse(byId("overview").textContent);
const { asked, total, over_time: columns } = overview;
const ends = columns.end_us;
const startOf = (at) => (at > 0 ? ends[at - 1] : 0);
const points = ends.length;

// Counts of points as counts of a second.
const perSecond = (column) => column.map((count, at) => (ends[at] > startOf(at) ? (count * 1e6) / (ends[at] - startOf(at)) : 0));
const sumOf = (column) => column.reduce((sum, count) => sum + count, 0);
const most = (column) => column.reduce((max, value) => Math.max(max, value ?? 0), 0);

const amount = (number) => number.toLocaleString("en", { maximumFractionDigits: number < 10 ? 2 : number < 100 ? 1 : 0 });
const rate = (number) => `${amount(number)}/s`;
// A time, a dash where none was measured.
const time = (us) => (us === null || us === undefined ? "–" : took(us));
const timeOf = (times, name) => (times.count > 0 ? took(times[name]) : "–");

function share(part, whole) {
  if (!whole || !part) return "0 %";
  const percent = (100 * part) / whole;
  return percent < 0.001 ? "< 0.001 %" : `${percent.toLocaleString("en", { maximumSignificantDigits: percent < 1 ? 2 : 3 })} %`;
}

// The plan of arrival: 200/s for 1 min, then 0 to 500/s over 30 s.
function arrivalWords() {
  if (asked.closed !== null) return `${plural(asked.closed, "call")} at a time for ${lasts(asked.lasting_us / 1000)}`;
  const stages = asked.stages.map(({ lasting_us, from, to }) => from === to
    ? `${rate(from)} for ${lasts(lasting_us / 1000)}` : `${amount(from)} to ${rate(to)} over ${lasts(lasting_us / 1000)}`);
  return `${stages.slice(0, 6).join(", then ")}${stages.length > 6 ? `, and ${stages.length - 6} more stages` : ""}, ${asked.arrival}`;
}
