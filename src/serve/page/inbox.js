// The inboxes: receivers inside this server, what they received, and how they behave.

const REQUESTS_DRAWN = 40, INBOX_AGAIN_MS = 1000;

let side = "push";
const inbox = { name: "default", list: [], behaviours: [], told: null, key: "", unfolded: new Set() };

function makeSide() {
  const tab = (name, words) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "side", "aria-selected": String(side === name), tabindex: side === name ? "0" : "-1", onclick: () => showSide(name) }, words);
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": tr("Details") }, tab("push", tr("Push")), tab("inbox", [tr("Inbox"), " ", h("span", { id: "inbox-count", class: "chip" })]));
  tabs.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    showSide(side === "push" ? "inbox" : "push");
    byId(`tab-${side}`).focus();
  });
  fill(byId("side-pane"), tabs, h("div", { id: "side", role: "tabpanel", tabindex: "-1", "aria-labelledby": `tab-${side}` }), byId("tip"));
  byId("side-pane").setAttribute("aria-label", tr("Details"));
  drawSide();
}

function showSide(name) {
  if (side === name) return;
  side = name;
  for (const each of ["push", "inbox"]) {
    const node = byId(`tab-${each}`);
    node.setAttribute("aria-selected", String(each === name));
    node.tabIndex = each === name ? 0 : -1;
  }
  byId("side").setAttribute("aria-labelledby", `tab-${name}`);
  byId("side").scrollTop = 0;
  drawSide();
  if (name === "inbox") askInbox();
}

function drawSide() {
  inbox.key = "";
  hideTip();
  if (side === "push") drawPush();
  else drawInbox();
  drawInboxCount();
}

function drawInboxCount() {
  const mine = inbox.list.find(({ name }) => name === inbox.name), count = byId("inbox-count");
  if (count) count.textContent = mine ? mine.received.toLocaleString("en") : "";
}

async function askInbox() {
  if (inbox.asking) return;
  inbox.asking = true;
  try {
    const told = await get("/inboxes");
    const before = inbox.list.find(({ name }) => name === inbox.name), now = told.inboxes.find(({ name }) => name === inbox.name);
    Object.assign(inbox, { list: told.inboxes, behaviours: told.behaviours });
    const news = !before || !now || before.received !== now.received || before.behaviour !== now.behaviour || before.kept !== now.kept || !inbox.told;
    if (side === "inbox" && news) inbox.told = now ? await get(`/inboxes/${encodeURIComponent(inbox.name)}`) : null;
    if (side === "inbox") drawInbox();
    drawInboxCount();
  } catch {
    // The link says it where the server is gone; this comes again.
  } finally {
    inbox.asking = false;
  }
}

setInterval(() => {
  if (!document.hidden && link.state === "live") askInbox();
}, INBOX_AGAIN_MS);

async function behave(behaviour) {
  const told = await attempt(() => ask("PUT", `/inboxes/${encodeURIComponent(inbox.name)}`, { behaviour }));
  if (told) say(tr("The inbox behaves: {how}", { how: tr(behaviour) }));
  inbox.told = null;
  askInbox();
}

function drawInbox() {
  const pane = byId("side"), { told } = inbox;
  const requests = told ? [...told.requests].sort((a, b) => b.number - a.number).slice(0, REQUESTS_DRAWN) : [];
  const key = `${inbox.name} ${language} ${told && told.received} ${told && told.behaviour} ${requests.length} ${inbox.list.map(({ name }) => name)}`;
  if (key === inbox.key) return;
  inbox.key = key;
  const focused = document.activeElement && pane.contains(document.activeElement) ? document.activeElement.id : "";
  const which = h("select", { id: "inbox-name", "aria-label": tr("Which inbox") }, (inbox.list.length ? inbox.list : [{ name: inbox.name }]).map(({ name }) => h("option", { value: name, selected: name === inbox.name }, name)));
  which.addEventListener("change", () => { inbox.name = which.value; inbox.told = null; askInbox(); });
  const how = h("select", { id: "inbox-behaviour" }, inbox.behaviours.map((word) => h("option", { value: word, selected: Boolean(told) && told.behaviour === word }, tr(word) === word ? word : `${word} · ${tr(word)}`)));
  how.addEventListener("change", () => behave(how.value));
  const left = told ? told.received - requests.length : 0;
  fill(pane,
    h("div", { class: "pair" }, h("label", { class: "field" }, h("span", { class: "label" }, tr("Inbox")), which), h("label", { class: "field", for: "inbox-behaviour" }, h("span", { class: "label" }, tr("It behaves")), how)),
    h("p", { class: "row" }, h("span", { class: "dim" }, told ? tr("{count} received", { count: told.received.toLocaleString("en") }) : tr("Nothing has come yet.")),
      told && h("button", { type: "button", class: "small", id: "inbox-clear", onclick: async () => { await attempt(() => ask("DELETE", `/inboxes/${encodeURIComponent(inbox.name)}`)); inbox.told = null; askInbox(); } }, tr("Clear"))),
    h("ul", { class: "requests" }, requests.map(requestLine)),
    left > 0 && h("p", { class: "dim" }, tr("{count} earlier requests are not drawn", { count: left.toLocaleString("en") })));
  const again = focused && byId(focused);
  if (again) again.focus();
}

function requestLine(request) {
  const time = new Date(request.received_ms), key = `${inbox.name} ${request.number}`;
  const bad = request.status === undefined || request.status >= 300;
  const line = h("details", { open: inbox.unfolded.has(key) },
    h("summary", { id: `request-${request.number}` }, h("span", { class: "dim" }, `#${request.number} ${time.toTimeString().slice(0, 8)}`), " ", h("b", {}, (request.push && pushName(request.push)) || `${request.method} ${request.path}`), " ",
      h("span", { class: bad ? "bad" : "good" }, request.status === undefined ? tr("hung up") : request.status)));
  const unfold = async () => {
    if (line.childNodes.length > 1) return;
    const facts = request.push ? await factsOf(request.push) : null;
    const query = request.query && bodyWithFacts(request.query, [["content-type", "application/x-www-form-urlencoded"]], facts);
    build(line, {}, [h("p", { class: "line" }, h("b", {}, request.method), " ", h("code", {}, request.path)), query, headersTable(request.headers), request.body && bodyWithFacts(request.body, request.headers, facts)]);
  };
  line.addEventListener("toggle", () => {
    if (line.open) inbox.unfolded.add(key), unfold();
    else inbox.unfolded.delete(key);
  });
  return h("li", {}, line);
}
