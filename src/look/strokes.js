// What ladders are drawn of: heads of lanes, arrows, and lines of text that fit.

const SLOPE = 7;
const measure = document.createElement("canvas").getContext("2d");

// The letters of a ladder, as a canvas names them.
let family = "";

function letters(isBold) {
  family = family || getComputedStyle(document.body).fontFamily;
  return `${isBold ? "600 " : ""}12px ${family}`;
}

function fit(text, px, font) {
  measure.font = font;
  if (measure.measureText(text).width <= px) return text;
  let end = text.length;
  while (end > 0 && measure.measureText(text.slice(0, end) + "…").width > px) end -= Math.max(1, end >> 4);
  return end > 0 ? text.slice(0, end) + "…" : "";
}

// One line of text out of parts, [class, text] each, as far as there is room; a part that does not fit is cut, the rest dropped.
function parts(list, x, y, room, anchor) {
  const text = s("text", { x, y, "text-anchor": anchor });
  let left = room;
  for (const [kind, words] of list.filter(([, words]) => words)) {
    const font = letters(/bold|push|fault|flag/.test(kind));
    const fitted = fit(words, left, font);
    if (!fitted) break;
    measure.font = font;
    left -= measure.measureText(fitted).width + 8;
    text.append(s("tspan", { class: kind, dx: text.childNodes.length ? 8 : 0 }, fitted));
    if (fitted !== words) break;
  }
  return text;
}

function arrow(kind, from, to, y) {
  const way = Math.sign(to - from), tip = to - way * 2;
  return s("g", { class: kind },
    s("line", { x1: from, y1: y, x2: tip - way * 6, y2: y + SLOPE }),
    s("path", { class: "head", d: `M${tip} ${y + SLOPE} l${-way * 10} -5 v10 z` }));
}

// The sign of something that does not arrive.
const cross = (x, y) => s("path", { class: "cross", d: `M${x - 4} ${y - 4} l8 8 m0 -8 l-8 8` });

// The head of a lane at `x`: its name in a pill between two edges, no wider than there is room.
function laneHead(x, name, { top, height, pad, room, from, to }) {
  const text = fit(name, room - 2 * pad, letters(true)), width = measure.measureText(text).width + 2 * pad;
  const left = Math.max(from, Math.min(x - width / 2, to - width));
  return [s("rect", { class: "lane-head", x: left, y: top, width, height, rx: height / 2 }),
    s("text", { class: "bold", x: left + width / 2, y: top + height / 2 + 4, "text-anchor": "middle" }, text)];
}

// Host and port of an address; nothing where it is none.
const hostOf = (address) => (/^[a-z]+:[/][/]([^/?#]+)/.exec(address || "") || ["", ""])[1];

// What the strokes mean.
const legend = () => h("p", { class: "legend", "aria-hidden": "true" },
  [["out", tr("a push")], ["out again", tr("a push, tried again")], ["back good", tr("acknowledged")], ["back warn", tr("acknowledged, with a warning")], ["back bad", tr("not acknowledged")]].map(([kind, words]) =>
    h("span", {}, s("svg", { width: 30, height: 14 }, kind.startsWith("out") ? level(kind, 2, 28) : level(kind, 28, 2)), words)),
  [["warn", "⚡", tr("a fault")], ["bad", "⚑", tr("a finding")], ["", "○", tr("held back")], ["bad", "■", tr("given up")]].map(([kind, sign, words]) =>
    h("span", {}, h("b", { class: kind }, sign), words)));

function level(kind, from, to) {
  const way = Math.sign(to - from);
  return s("g", { class: kind }, s("line", { x1: from, y1: 7, x2: to - way * 7, y2: 7 }), s("path", { class: "head", d: `M${to} 7 l${-way * 9} -4.5 v9 z` }));
}
