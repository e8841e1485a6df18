// What ladders are drawn of: arrows, and lines of text that fit.

const SLOPE = 7;
const measure = document.createElement("canvas").getContext("2d");

function fit(text, px, font) {
  measure.font = font;
  if (measure.measureText(text).width <= px) return text;
  let end = text.length;
  while (end > 0 && measure.measureText(text.slice(0, end) + "…").width > px) end -= Math.max(1, end >> 4);
  return end > 0 ? text.slice(0, end) + "…" : "";
}

// One line of text out of parts, [class, text] each, as far as there is room; a part that does not fit is cut, the rest dropped.
function parts(list, x, y, room, anchor) {
  const family = getComputedStyle(document.body).fontFamily;
  const text = s("text", { x, y, "text-anchor": anchor });
  let left = room;
  for (const [kind, words] of list.filter(([, words]) => words)) {
    const font = `${/bold|push|fault|flag/.test(kind) ? "600 " : ""}12px ${family}`;
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
