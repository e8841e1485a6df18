// The head of a report: the verdict, and figures in tiles.

const verdictOf = (sign, word, ...sentence) => h("div", { class: "verdict" },
  h("span", { class: "badge", "aria-hidden": "true" }, sign),
  h("div", {}, h("h1", {}, word), h("p", {}, ...sentence)),
  tools());

const tile = (name, figure, ...notes) =>
  h("div", { class: "tile" }, h("dt", {}, name),
    h("dd", {}, h("span", { class: "figure" }, figure.toLocaleString("en")), notes.filter(Boolean).map((note) => h("span", { class: "note" }, note))));

const fact = (name, value) => h("div", {}, h("span", { class: "label" }, name), h("span", {}, String(value)));

// The most frequent few, each with a bar of its share.
function bars(name, rows, kind, none) {
  rows.sort((a, b) => b[1] - a[1]);
  const most = rows.length ? rows[0][1] : 1, shown = rows.slice(0, 3), left = rows.length - shown.length;
  const bar = ([word, times]) => h("li", {},
    h("span", { class: "word", title: word }, word), h("b", {}, times.toLocaleString("en")),
    h("span", { class: `bar ${kind}`, "aria-hidden": "true" }, meter(times / most)));
  return h("div", { class: rows.length ? "tile wide" : "tile" }, h("dt", {}, name),
    h("dd", {}, rows.length ? h("ul", { class: "bars" }, shown.map(bar), left > 0 && h("li", { class: "note" }, `and ${left} more kinds`))
      : h("span", { class: "note" }, none)));
}

const meter = (share) => s("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none" },
  s("rect", { width: Math.max(2, share * 100), height: 4 }));
