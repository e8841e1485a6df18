// What only the ladder of a report is drawn of: its lanes, folds, flags and brackets.

const AXIS = 74, ARCS = 34, ARC_SLOTS = 4;

// Where the lanes stand in this width, and how much room the notes right of them have.
function lanes(width, targets, flagged) {
  const notes = !flagged ? 70 : width > 900 ? 250 : width > 640 ? 150 : 96;
  const platform = AXIS + ARCS;
  const last = Math.min(width - notes, platform + Math.max(860, targets * 340));
  const at = (to) => platform + ((last - platform) * to) / targets;
  return { width, platform, at, last, targets, room: width - last - 24 };
}

function laneHeads(at, entry) {
  const svg = s("svg", { width: at.width, height: 34, viewBox: `0 0 ${at.width} 34`, "aria-hidden": "true" },
    s("text", { class: "time", x: AXIS - 6, y: 21, "text-anchor": "end" }, "time"));
  const head = (x, name, room) => svg.append(...laneHead(x, name, { top: 5, height: 24, pad: 10, room, from: AXIS + 4, to: at.width - 2 }),
    s("line", { class: "lane", x1: x, x2: x, y1: 29, y2: 34 }));
  const room = (at.last - at.platform) / at.targets;
  head(at.platform, entry.story.vendor, Math.min(room, 180));
  for (let to = 1; to <= at.targets; to += 1) {
    const name = at.targets === 1 ? "receiver" : `receiver ${to}`;
    const push = pushesOf(entry).find((known) => known.to === to), address = hostOf(push && push.attempts[0] && push.attempts[0].sent.url);
    head(at.at(to), address ? `${name}  ${address}` : name, Math.min(room + at.room, 300));
  }
  return svg;
}

function fold(at, y, gone) {
  const text = `${lasts(gone)} later`;
  measure.font = letters(false);
  const width = measure.measureText(text).width + 24, middle = (at.platform + at.last) / 2;
  const zigzag = (x) => s("path", { class: "zigzag", d: `M${x} ${y - 14} v4 l-7 4 l14 6 l-7 4 v4` });
  const breaks = [];
  for (let to = 0; to <= at.targets; to += 1) {
    const x = to === 0 ? at.platform : at.at(to);
    breaks.push(s("rect", { class: "gap", x: x - 3, y: y - 13, width: 6, height: 22 }), zigzag(x));
  }
  return s("g", { class: "fold" }, breaks,
    s("rect", { class: "pill", x: middle - width / 2, y: y - 13, width, height: 22, rx: 11 }),
    s("text", { x: middle, y: y + 2, "text-anchor": "middle" }, text));
}

// The marks of findings, right of the last lane.
function flags(findings, x, y, room) {
  const shown = findings.slice(0, 3);
  return shown.map((finding, at) => {
    const more = at === 2 && findings.length > 3 ? ` and ${findings.length - 3} more` : "";
    const kind = weighs(finding) ? "bad" : "warn";
    return parts([[`flag ${kind}`, `⚑ ${finding.code}${more}`], ["dim", finding.expected && room > 120 ? finding.expected : ""]], x, y + 3 + at * 16, room);
  });
}

// The waits for retries, each as a bracket left of the platform's lane.
function drawArcs(back, arcs, x) {
  const ends = [];
  for (const [from, to] of arcs) {
    let slot = ends.findIndex((end) => end < from.y);
    if (slot < 0) slot = ends.length;
    ends[slot] = to;
    const left = x - 8 - (slot % ARC_SLOTS) * 7;
    back.append(s("path", { class: "wait", d: `M${x - 2} ${from.y} H${left + 4} q-4 0 -4 4 V${to - 4} q0 4 4 4 H${x - 7}` }),
      s("path", { class: "wait-head", d: `M${x - 2} ${to} l-7 -4 v8 z` }));
  }
}
