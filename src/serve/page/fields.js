// Bodies of pushes with what is known of each field: what it means and whose word that is, on hover and on focus.

const FIELDS_SHOWN = 600;
const factsOfPush = new Map();

// What is known of the fields of a push; nothing where the server does not say.
async function factsOf(push) {
  if (!factsOfPush.has(push)) {
    const told = await get(`/pushes/${encodeURIComponent(push)}`).catch(() => null);
    factsOfPush.set(push, { ...told, byName: new Map(((told && told.fields) || []).map((field) => [field.name, field])) });
  }
  return factsOfPush.get(push);
}

const ORIGINS = {
  seed: ["good", "the vendor's page about these pushes"], documented: ["accent", "another page of the vendor"], inferred: ["warn", "concluded: no page says it"],
};

// A body as sent, in lines; its keys can be asked.
function bodyWithFacts(text, headers, facts) {
  if (!text) return h("p", { class: "dim" }, tr("no body"));
  const nice = readable(text, headers), code = h("code", {});
  const form = headerOf(headers, "content-type").toLowerCase().includes("x-www-form-urlencoded");
  const path = [];
  let asked = 0;
  nice.split("\n").forEach((line) => {
    // A line that is too long goes on below its own beginning.
    const indent = /^ */.exec(line)[0].length, own = h("span", { class: "body-line" });
    own.style.paddingLeft = `${indent + 2}ch`;
    own.style.textIndent = `-${indent + 2}ch`;
    code.append(own);
    const found = form ? /^()([^=]+?)( = .*)$/s.exec(line) : /^( *)("(?:[^"\\]|\\.)*")(: .*)$/s.exec(line);
    const depth = indent / 2;
    path.length = Math.max(0, form ? 0 : depth);
    if (!found) return own.append(line);
    const name = form ? found[2] : found[2].slice(1, -1);
    path[form ? 0 : depth] = name;
    const fact = facts && facts.byName.get(path.filter(Boolean).join("."));
    if (!fact || (asked += 1) > FIELDS_SHOWN) return own.append(line);
    own.append(found[1], h("span", { class: `fact ${fact.origin}`, tabindex: asked === 1 ? "0" : "-1", "aria-describedby": "tip", "data-field": fact.name }, found[2]), found[3]);
  });
  const pre = h("pre", { class: "body", "aria-label": tr("Body of the push") }, code);
  const factAt = (node) => facts.byName.get(node.dataset.field);
  for (const kind of ["mouseover", "focusin"]) pre.addEventListener(kind, (event) => { const node = event.target.closest(".fact"); if (node) showTip(node, factAt(node)); });
  for (const kind of ["mouseout", "focusout"]) pre.addEventListener(kind, hideTip);
  pre.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = [...pre.querySelectorAll(".fact")], next = by && all[all.indexOf(event.target) + by];
    if (event.key === "Escape" && !byId("tip").hidden) return hideTip(), event.stopPropagation();
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    all.forEach((node) => (node.tabIndex = node === next ? 0 : -1));
    next.focus();
  });
  return pre;
}

function showTip(node, fact) {
  if (!fact) return;
  const tip = byId("tip"), [kind, whose] = ORIGINS[fact.origin] || ["", fact.origin];
  fill(tip, h("p", {}, h("b", {}, fact.name)), h("p", {}, fact.meaning), h("p", {}, h("span", { class: `chip ${kind}` }, tr(whose))));
  tip.hidden = false;
  const box = node.getBoundingClientRect(), own = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - own.width - 8))}px`;
  tip.style.top = `${box.bottom + own.height + 10 < innerHeight ? box.bottom + 6 : Math.max(8, box.top - own.height - 6)}px`;
}

function hideTip() {
  byId("tip").hidden = true;
}
