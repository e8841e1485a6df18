// Opens the live page of `serve` in a real headless Chromium and uses it as a person would: starts calls, drives them, breaks
// them, by mouse and by keyboard, in two languages, at rest and in a flood.
//
//   node tests/browser/live.mjs RINGBACK MODULES [--screenshots FOLDER]
//
// RINGBACK is the program. MODULES is a folder whose node_modules holds playwright-core and axe-core.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { accessible, checks, holds, includes, launch, quiet as allQuiet, watched } from "./page.mjs";

const [ringback, modules, ...rest] = process.argv.slice(2);
const screenshots = rest.includes("--screenshots") ? rest[rest.indexOf("--screenshots") + 1] : null;

// What a receiver answers: it must stay a text.
const HOSTILE = `</script><img src=x onerror="document.title='broken into'"><svg onload="document.title='broken into'">`;
const FLOOD_CALLS = 1500, FLOOD_MAX_MS = 300000;
// The longest that the page may stand still in the flood, and the most elements that it may be made of.
const STILL_MAX_MS = 1000, ELEMENTS_MAX = 4000;

// A server that tells where it listens.
function serve(listen = "127.0.0.1:0", ...words) {
  const child = spawn(ringback, ["serve", "--listen", listen, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((done, fail) => {
    let told = "";
    child.on("error", fail);
    child.on("exit", (code) => fail(new Error(`serve ended with ${code}: ${told}`)));
    child.stdout.on("data", (part) => {
      told += part;
      const address = /http:\/\/[^\s;]+/.exec(told);
      if (!address) return;
      const end = () => new Promise((ended) => { child.removeAllListeners("exit"); child.on("exit", ended); child.kill(); });
      done({ address: address[0].replace(/\/?(#.*)?$/, ""), full: address[0], end });
    });
  });
}

async function hostileReceiver() {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(500, { "content-type": "text/html", "x-odd": HOSTILE }).end(HOSTILE));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, address: `http://127.0.0.1:${server.address().port}/hook` };
}

async function open(browser, address, options = {}) {
  const own = new URL(address).origin, opened = await watched(browser, address, (asked) => asked.startsWith(own), { locale: "en-US", ...options });
  await opened.page.waitForSelector("#link.good");
  return opened;
}

// What a browser itself writes of an answer that refuses; the page tells people in its own words.
const quiet = (opened, expected = /status of 409|status of 422/) => allQuiet(opened, expected);

const api = async (address, what) => (await fetch(`${address}/api${what}`)).json();
const newest = async (address) => (await api(address, "/runs")).runs[0];
const names = (page) => page.locator(".run.chosen .attempt .push").allTextContents();
const seen = (page, push) => page.waitForFunction((name) => [...document.querySelectorAll(".run.chosen .attempt .push")].some((node) => node.textContent.startsWith(name)), push);
const over = (page, timeout) => page.waitForSelector(".run.chosen .after", { timeout });
const pushes = (page, count) => page.waitForFunction((least) => document.querySelectorAll(".run.chosen .attempt").length >= least, count);

const chosen = (page) => page.evaluate(() => document.querySelector(".run.chosen")?.dataset.run);
const anotherIsChosen = (page, before) => page.waitForFunction((known) => ![undefined, known].includes(document.querySelector(".run.chosen")?.dataset.run), before);

async function start(page, { vendor = "udesk", scenario = "outbound-answered", pace = "20x", ...more } = {}) {
  await page.selectOption("#vendor", vendor);
  await page.locator(`#scenarios [data-name="${scenario}"]`).click();
  await page.selectOption("#pace", pace);
  await page.fill("#target", more.target || "");
  await page.selectOption("#profile", more.faults || "");
  const before = await chosen(page);
  await page.click(more.byHand ? "#by-hand" : "#play");
  await anotherIsChosen(page, before);
}

async function aCallIsStartedAndHungUp(page, address) {
  await start(page, { pace: "5x" });
  await seen(page, "udesk:customer_answer");
  await page.locator(".step.hangup", { hasText: "customer" }).click();
  await seen(page, "udesk:end");
  await over(page);
  const run = await newest(address);
  holds("as many rungs as attempts", (await names(page)).length, run.figures.attempts);
  holds("the head counts them", await page.locator(".run.chosen [data-attempts]").getAttribute("data-attempts"), String(run.figures.attempts));
  holds("the step by hand is on the ladder", await page.locator(".run.chosen .driven").count(), 1);
  holds("what happens is told beside its push", (await page.locator(".run.chosen .ladder").textContent()).includes("the customer's side hangs up"));
  const received = (await api(address, "/inboxes/default")).requests.map(({ push }) => push);
  holds("the inbox received the end", received.includes("udesk:end"));
}

async function anOpenPushTellsAll(page, address) {
  await page.locator(".run.chosen .attempt").last().click();
  await page.waitForSelector("#side .attempt-part");
  const run = await newest(address), { deliveries } = await api(address, `/runs/${run.id}`);
  const last = deliveries.find(({ delivery, attempts }) => delivery.push === "udesk:end" && attempts.length > 0), text = await page.locator("#side").innerText();
  for (const part of ["udesk:end", "POST", "application/json", "200", JSON.parse(last.attempts[0].body).call_id]) assert(text.includes(part), `the open push tells ${part}\n${text}`);
  holds("the command is the server's", (await page.locator("#side .command pre").last().textContent()), last.attempts[0].curl);
  await page.locator('#side .fact[data-field="call_id"]').first().hover();
  holds("a field tells what it means, and whose word that is", /vendor's page/.test(await page.locator("#tip").innerText()));
  await accessible(page, "an open push");
  await page.mouse.move(5, 5);
}

async function pushesAreRepeatedAndDropped(page, address) {
  await start(page, { vendor: "7moor", pace: "1x", byHand: true });
  await page.locator(".step", { hasText: "Ring" }).first().click();
  await pushes(page, 1);
  const before = (await newest(address)).figures.attempts;
  await page.locator(".run.chosen .duplicate").click();
  await pushes(page, before + 1);
  const [run, list] = [await newest(address), await names(page)];
  holds("the last push left twice", list.at(-1), list.at(-2));
  holds("and the server counts it", run.figures.attempts, before + 1);
  await page.locator(".run.chosen .hold").click();
  await page.waitForSelector(".run.chosen .chip.warn");
  await page.fill(".other-step", "answer: customer");
  await page.press(".other-step", "Enter");
  await page.waitForSelector("#notices .bad");
  holds("what is impossible is told", (await page.locator("#notices .bad").first().innerText()).length > 15);
  await page.locator(".run.chosen .hold").click();
  await page.waitForFunction(() => !document.querySelector(".run.chosen .chip.warn"));
  await page.locator(".run.chosen .stop").click();
  await over(page);
}

async function retriesCountDown(page) {
  await page.click("#tab-inbox");
  await page.waitForSelector("#inbox-behaviour option[value=refuse]", { state: "attached" });
  await page.selectOption("#inbox-behaviour", "refuse");
  await page.waitForFunction(() => /refuse/.test(document.querySelector("#said").textContent));
  await start(page, { vendor: "tinet", pace: "1x" });
  await page.waitForSelector(".run.chosen .rung .wait");
  const first = await page.locator(".run.chosen .rung", { has: page.locator(".wait") }).first().textContent();
  await page.waitForFunction((before) => document.querySelector(".run.chosen .wait").closest(".rung").textContent !== before, first);
  holds("a wait counts down", /next try/.test(first));
  await page.waitForFunction(() => [...document.querySelectorAll(".requests li")].some((line) => line.textContent.includes("503")));
  await page.selectOption("#inbox-behaviour", "ok");
  await page.waitForSelector(".run.chosen .attempt .out.again");
  await page.locator(".run.chosen .stop").click();
  await over(page);
  await page.click("#tab-push");
}

async function hostileAnswersStayTexts(page, target) {
  await start(page, { target, pace: "fast" });
  await over(page);
  await page.locator(".run.chosen .attempt").first().click();
  await page.waitForFunction((text) => document.querySelector("#side").textContent.includes(text), HOSTILE);
  holds("the run is shown as failed", await page.locator(".run.chosen .run-head .chip.bad").count(), 1);
  const all = await page.locator(".run").count();
  await page.click("#failing");
  await page.waitForFunction((before) => document.querySelectorAll(".run").length < before, all);
  holds("only failing runs are shown", await page.locator(".run:not(:has(.figures .bad))").count(), 0);
  await page.click("#failing");
  await page.fill("#filter", "udesk:hangup");
  await page.waitForFunction(() => document.querySelectorAll(".run.chosen .attempt").length === 1);
  await page.fill("#filter", "");
  await page.fill("#target", "");
}

// Everything that a run shows is markup: its title, its names, its headers, its answers; in the ladder, the pane, the inbox, the
// editor and what is told of mistakes.
async function aHostileRunIsInert(browser, address, target) {
  const opened = await open(browser, address), { page } = opened;
  const quoted = JSON.stringify(HOSTILE);
  const story = `title: ${quoted}\ncall: { kind: outbound, agents: { ann: { name: ${quoted} } }, customer: { name: ${quoted} } }\nscript: [ring: ann, answer: ann, ring: customer, answer: customer, wait: 2s, hangup: ann]\ndeliver: { headers: { X-Odd: ${quoted} } }\nexpect: [{ push: "udesk:*", status: 2xx, headers: { X-Odd: ${JSON.stringify(`not ${HOSTILE}`)} } }]\n`;
  const post = async (to) => (await fetch(`${address}/api/runs`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ scenario: story, vendor: "udesk", pace: "fast", target: to }) })).json();
  const inert = async (where) => {
    const made = await page.evaluate(() => ({ title: document.title, images: document.querySelectorAll("img, [onerror], [onload], svg svg svg").length, scripts: document.querySelectorAll("script:not([src]):not([type])").length }));
    holds(`${where}: nothing of it is an element`, [made.title === "broken into", made.images, made.scripts], [false, 0, 0]);
  };
  const { id } = await post(target);
  await page.locator(`[data-run="${id}"] .run-head`).click();
  await over(page);
  await inert("the ladder");
  includes("the run shows its title as text", await page.locator(".run.chosen").innerText(), "onerror=");
  await page.locator(".run.chosen .attempt").last().click();
  await page.waitForFunction((text) => document.querySelector("#side").textContent.includes(text), HOSTILE);
  const pane = await page.locator("#side").textContent();
  assert(pane.split(HOSTILE).length > 2, "the pane shows header, body and answer as text");
  await inert("the pane");
  await accessible(page, "a hostile run");
  if (screenshots) await page.screenshot({ path: path.join(screenshots, "hostile-pane.png") });

  const { id: received } = await post(`${address}/inbox/default/${encodeURIComponent(HOSTILE)}`);
  await page.locator(`[data-run="${received}"] .run-head`).click();
  await over(page);
  const answered = await fetch(`${address}/inbox/default`, { method: "POST", headers: { "x-odd": HOSTILE, authorization: "Bearer planted", "content-type": "text/html" }, body: HOSTILE });
  assert(answered.status > 0);
  await page.click("#tab-inbox");
  await page.waitForFunction(() => document.querySelectorAll(".requests li").length > 1);
  for (const line of await page.locator(".requests li").all()) await line.locator("summary, button").first().click().catch(() => {});
  await page.waitForFunction((text) => document.querySelector("#side").textContent.includes(text), HOSTILE);
  assert(!(await page.locator("#side").textContent()).includes("planted"), "the inbox shows no secret");
  await inert("the inbox");
  if (screenshots) await page.screenshot({ path: path.join(screenshots, "hostile-inbox.png") });

  await page.click("#tab-push");
  await page.locator('#scenarios [data-name="outbound-answered"]').click();
  if (!(await page.locator("#edit").isVisible())) await page.click("#more summary");
  await page.click("#edit");
  await page.waitForSelector("#editor[open] #yaml");
  await page.fill("#yaml", `${story}"${HOSTILE.replaceAll('"', "'")}": 1\nscripd: ${quoted}\n`);
  await page.locator("#editor button[type=submit]").click();
  await page.waitForSelector("#wrong .finding");
  includes("mistakes are shown as text", await page.locator("#wrong").innerText(), "onerror=");
  await inert("the editor");
  if (screenshots) await page.screenshot({ path: path.join(screenshots, "hostile-editor.png") });
  await quiet(opened);
  await opened.close();
}

const bodies = (run) => run.deliveries.map(({ delivery, faults, attempts }) => [delivery, faults, attempts.length ? attempts[0].body : ""]);
const whole = async (address, { id }) => api(address, `/runs/${id}`);

// A run with all that can be asked for, started by a program: the page plays it again.
async function playAgainRepeatsAll(page, address) {
  const story = "title: Typed\ncall: { kind: outbound }\nscript:\n  - ring: agent\n  - answer: agent\n  - ring: customer\n  - wait: 3s..60s\n  - answer: customer\n  - wait: 3s..60s\n  - hangup: agent\n";
  const profile = 'faults:\n  - { fault: duplicate, push: "*:end" }\n';
  const asked = { scenario: story, vendor: "udesk", faults: [profile, "flaky-network"], set: ["udesk:end.survey=5"], options: { agent_lock: true }, pace: "600x", retry: "5s", target: `${address}/inbox/again` };
  const { id } = await (await fetch(`${address}/api/runs`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) })).json();
  await page.locator(`[data-run="${id}"] .run-head`).click();
  await over(page);
  const first = await whole(address, { id });
  await page.locator(".run.chosen button.again").click();
  await anotherIsChosen(page, id);
  await over(page);
  const second = await whole(address, await newest(address));
  assert.notEqual(second.id, first.id);
  holds("the same pushes, byte by byte", bodies(second), bodies(first));
  assert(bodies(first).some(([, faults]) => faults.some(({ fault }) => fault === "duplicate")), "the typed profile was played");
  for (const name of ["seed", "start", "pace", "targets", "replay", "title"]) holds(`played again with the same ${name}`, second[name], first[name]);

  await start(page, { pace: "1x", byHand: true });
  await page.locator(".step", { hasText: "Ring" }).first().click();
  await page.waitForSelector(".run.chosen .driven");
  await page.locator(".run.chosen .stop").click();
  await over(page);
  const byHand = await newest(address);
  holds("the button says what is not repeated", /without the steps/.test(await page.innerText(".run.chosen button.again")));
  await page.locator(".run.chosen button.again").click();
  await anotherIsChosen(page, byHand.id);
  await page.waitForSelector(".run.chosen .step");
  const again = await newest(address);
  assert.notEqual(again.id, byHand.id);
  holds("by hand again, with the same cast and settings", [again.by_hand, again.seed, again.pace, again.figures.attempts], [true, byHand.seed, byHand.pace, 0]);
  await page.locator(".run.chosen .stop").click();
  await over(page);
}

async function profilesAndWrongFieldsOfTheForm(page, address) {
  await start(page, { pace: "fast", faults: "flaky-network" });
  await over(page);
  holds("the profile is played", (await newest(address)).replay.includes("--faults flaky-network"));
  const runs = (await api(address, "/runs")).runs.length;
  await page.fill("#target", "nowhere");
  await page.click("#play");
  await page.waitForSelector('#target[aria-invalid="true"]');
  holds("and the focus is there", await page.evaluate(() => document.activeElement.id), "target");
  holds("nothing was started", (await api(address, "/runs")).runs.length, runs);
  await page.fill("#target", "");
  await page.selectOption("#profile", "");
}

// Mistakes in a typed scenario are shown where they are.
async function mistakesStandAtTheirLine(page, address) {
  await page.locator('#scenarios [data-name="outbound-answered"]').click();
  if (!(await page.locator("#edit").isVisible())) await page.click("#more summary");
  await page.focus("#edit");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#editor[open] #yaml");
  const right = await page.inputValue("#yaml");
  // Letters of several bytes before it: places are told in bytes.
  const wrong = `# 客服外呼，客户接听 🙂\n${right.replace("- answer: customer", "- anser: customer").replace("wait: 81s", "wait: 81x")}`;
  await page.fill("#yaml", wrong);
  await page.locator("#editor button[type=submit]").click();
  await page.waitForSelector("#wrong .finding");
  const lines = wrong.split("\n"), step = lines.findIndex((line) => line.includes("anser")), wait = lines.findIndex((line) => line.includes("81x"));
  const marked = await page.locator(".marks mark").allTextContents();
  holds("what is wrong is marked", marked, ["anser", "81x"]);
  holds("and so are the numbers of its lines", (await page.locator(".gutter .bad").allTextContents()).map(Number), [step + 1, wait + 1]);
  const cards = await page.locator("#wrong .finding").allInnerTexts();
  holds("a card for each mistake", cards.length, 2);
  for (const part of ["RB-107", `line ${step + 1}, column 5`, "did you mean `answer`?"]) assert(cards[0].includes(part), `the card tells ${part}: ${cards[0]}`);
  const [source, caret] = (await page.locator("#wrong .excerpt").first().textContent()).split("\n");
  holds("the caret is below the word", [source.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1), /^\s*│\s+\^+$/.test(caret)], ["anser", true]);
  holds("the first one is selected", await page.evaluate(() => { const at = document.getElementById("yaml"); return at.value.slice(at.selectionStart, at.selectionEnd); }), "anser");
  await page.locator("#wrong .where").nth(1).click();
  holds("the other one on request", await page.evaluate(() => { const at = document.getElementById("yaml"); return at.value.slice(at.selectionStart, at.selectionEnd); }), "81x");
  await accessible(page, "mistakes in a scenario");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "mistakes in a scenario, in the dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.fill("#yaml", right.replace("An agent dials out", "Somebody dials out"));
  await page.waitForFunction(() => /It can be told by: .*udesk/.test(document.querySelector("#wrong").textContent));
  holds("nothing is marked any more", await page.locator(".marks mark").count(), 0);
  await page.locator("#editor button[type=submit]").click();
  await page.waitForSelector("#editor", { state: "hidden" });
  await over(page);
  holds("the typed one is played", (await newest(address)).title.startsWith("Somebody dials out"));
}

// What the vendor does not push, as the API tells it.
async function whatIsNotPushedIsShown(browser, address) {
  const opened = await open(browser, address), { page } = opened;
  await page.route(/\/api\/runs\/[^/]+\/calls\/[^/]+$/, async (route) => {
    const answer = await route.fetch(), told = await answer.json();
    if (!told.happenings) {
      told.happenings = [{ offset_ms: 0, who: "agent", name: "ann", words: "ann's phone rings" }, { offset_ms: 5000, who: "agent", name: "ann", words: "ann answers" },
        { offset_ms: 5000, who: "customer", words: "the customer's phone rings" }, { offset_ms: 86400000, who: "platform", words: "what is still to come" }];
    }
    await route.fulfill({ response: answer, json: told });
  });
  await start(page, { pace: "5x" });
  await seen(page, "udesk:customer_answer");
  await page.waitForSelector(".run.chosen .silent");
  const order = await page.locator(".run.chosen .rung").allTextContents(), at = (words) => order.findIndex((text) => text.includes(words));
  holds("what happens stands in the order of time", at("ann's phone rings") < at("ann answers") && at("ann answers") < at("the customer's phone rings") && at("the customer's phone rings") < at("udesk:customer_answer"), true);
  holds("the ringing has a rung of its own", await page.locator(".run.chosen .silent", { hasText: "ann's phone rings" }).count(), 1);
  holds("what a push tells shares its rung", await page.locator(".run.chosen .attempt", { hasText: "ann answers" }).count(), 1);
  holds("and is told once", order.filter((text) => text.includes("ann answers")).length, 1);
  holds("nothing is told before it happens", order.filter((text) => /still to come/.test(text)).length, 0);
  await page.fill("#filter", "phone rings");
  await page.waitForFunction(() => document.querySelectorAll(".run.chosen .attempt").length === 0);
  holds("the filter finds it", await page.locator(".run.chosen .silent").count(), 2);
  await page.fill("#filter", "");
  await accessible(page, "what is not pushed");
  await page.locator(".run.chosen .stop").click();
  await quiet(opened);
  await opened.close();
}

// A push that goes by a number has its name beside it, in the language of the page.
async function numbersHaveNames(browser, address) {
  for (const [locale, name] of [["en-US", "tinet:9 agent-state"], ["zh-CN", "tinet:9 座席状态推送"]]) {
    const opened = await open(browser, address, { locale }), { page } = opened;
    await start(page, { vendor: "tinet", pace: "fast" });
    await seen(page, name);
    holds(`every number has its name in ${locale}`, (await names(page)).every((push) => /^tinet:\d+ \S/.test(push)));
    await page.locator(".run.chosen .attempt", { hasText: name }).first().click();
    await page.waitForSelector("#side .attempt-part");
    includes("the open push has its name once", (await page.textContent("#side h2")).replace(/\s+/g, " "), name);
    await quiet(opened);
    await opened.close();
  }
}

// A window as narrow as a telephone.
async function narrow(browser, address) {
  for (const colorScheme of ["light", "dark"]) {
    const opened = await open(browser, address, { viewport: { width: 390, height: 844 }, colorScheme }), { page } = opened;
    await start(page, { vendor: "tinet", pace: "20x" });
    await pushes(page, 3);
    // Looking takes a while, and a run that is over has nothing to stop.
    await page.locator(".run.chosen .hold").click();
    await page.waitForSelector(".run.chosen .chip.warn");
    holds("nothing is wider than the window", await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const out = await page.locator(".run.chosen .ladder").evaluate((svg) => [...svg.querySelectorAll("text")].filter((text) => { const box = text.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; }).length);
    holds("no word is cut off at an edge", out, 0);
    await page.locator(".run.chosen .attempt").nth(1).click();
    await page.waitForSelector("#side .attempt-part");
    await accessible(page, `narrow, ${colorScheme}`);
    await page.locator(".run.chosen .stop").click();
    await quiet(opened);
    await opened.close();
  }
}

async function languages(page) {
  await page.click("#language");
  holds("the page says that it is Chinese", await page.evaluate(() => document.documentElement.lang), "zh-CN");
  holds("the button to start", (await page.innerText("#play")).trim(), "▶ 开始");
  const text = await page.locator("body").innerText();
  for (const english of ["Start", "Vendor", "Scenario", "Failing only", "Play again", "Pace"]) assert(!text.includes(english), `no ${english} in Chinese`);
  holds("what happens, in Chinese", (await page.locator(".run.chosen .ladder").textContent()).includes("接听"));
  await accessible(page, "in Chinese");
  await page.click("#language");
  holds("and back", (await page.innerText("#play")).trim(), "▶ Start");
}

// Nothing but keys from here on.
async function keyboardAlone(browser, address) {
  const opened = await open(browser, address), { page } = opened, focus = (what) => page.evaluate((selector) => document.activeElement.matches(selector), what);
  await page.keyboard.press("v");
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  holds("from the search into the list", await focus("#scenarios li"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".run.chosen .controls");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".run.chosen .step");
  await pushes(page, 1);
  await page.keyboard.press("p");
  await page.waitForSelector(".run.chosen .run-head .chip.warn");
  const still = await page.locator(".run.chosen .attempt").count();
  await page.keyboard.press("n");
  await pushes(page, still + 1);
  const counted = await page.locator(".run.chosen [data-attempts]").getAttribute("data-attempts");
  holds("the page counts like the server while a run goes on", counted, String((await newest(address)).figures.attempts));
  await page.keyboard.press("p");
  await page.waitForSelector(".run.chosen .run-head .chip.accent");
  const at = await page.locator(".run.chosen .step").allTextContents();
  await page.keyboard.press(String(at.findIndex((words) => words.startsWith("Hang up")) + 1));
  await over(page);
  await page.keyboard.press("g");
  holds("into the ladder", await focus(".attempt"));
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#side .fact");
  await page.waitForSelector('.attempt[aria-expanded="true"]');
  await page.keyboard.press("ArrowRight");
  while (!(await focus(".fact, body"))) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  holds("a field is explained on focus", await page.locator("#tip").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForSelector('.attempt[aria-expanded="true"]', { state: "detached" });
  await page.keyboard.press("i");
  holds("the inbox", await page.locator('#tab-inbox[aria-selected="true"]').count(), 1);
  await page.keyboard.press("?");
  holds("the help", await page.locator("#help").isVisible());
  await accessible(page, "the help");
  await page.keyboard.press("Escape");
  await quiet(opened);
  await opened.close();
}

async function aFlood(browser, address) {
  const opened = await open(browser, address), { page } = opened;
  await page.evaluate(() => {
    globalThis.stills = [];
    let last = performance.now();
    const beat = () => { const now = performance.now(); globalThis.stills.push(now - last); last = now; requestAnimationFrame(beat); };
    requestAnimationFrame(beat);
  });
  await page.selectOption("#vendor", "7moor");
  await page.selectOption("#pace", "fast");
  await page.click("#more summary");
  await page.fill("#calls", String(FLOOD_CALLS));
  const began = Date.now();
  await page.click("#play");
  await page.waitForFunction(() => Number(document.querySelector(".run.chosen [data-attempts]")?.dataset.attempts) > 500);
  await page.click("#theme");
  await over(page, FLOOD_MAX_MS);
  const seconds = (Date.now() - began) / 1000, { figures } = await newest(address);
  await page.waitForFunction((count) => document.querySelector(".run.chosen [data-attempts]").dataset.attempts === String(count), figures.attempts, { timeout: 5000 });
  const { longest, median, elements } = await page.evaluate(() => {
    const sorted = globalThis.stills.toSorted((a, b) => a - b);
    return { longest: Math.round(sorted.at(-1)), median: Math.round(sorted[sorted.length >> 1]), elements: document.querySelectorAll("*").length };
  });
  const rate = Math.round(figures.attempts / seconds);
  console.log(`flood: ${figures.attempts} pushes at ${rate}/s, frames of ${median} ms, longest ${longest} ms, ${elements} elements`);
  assert(longest < STILL_MAX_MS, `the page stood still for ${longest} ms`);
  assert(elements < ELEMENTS_MAX, `${elements} elements`);
  holds("what is not drawn is counted", /further calls are not drawn/.test(await page.locator(".run.chosen .calls").innerText()));
  await page.click("#theme");
  await page.click("#theme");
  await quiet(opened);
  await opened.close();
}

async function aLostLinkIsSaid(browser, server) {
  const opened = await open(browser, server.address), { page } = opened;
  await server.end();
  await page.waitForFunction(() => /link lost/.test(document.querySelector("#link").textContent));
  const again = await serve(new URL(server.address).host);
  await page.waitForSelector("#link.good");
  await page.waitForFunction(() => /is back/.test(document.querySelector("#notices").textContent));
  await start(page, { pace: "fast" });
  await over(page);
  holds("it goes on with the new server", (await names(page)).length, (await newest(again.address)).figures.attempts);
  await quiet(opened, /Failed to load resource: net::|ERR_|status of 409/);
  await opened.close();
  return again;
}

async function tokens(browser) {
  const server = await serve("127.0.0.1:0", "--token", "open-sesame");
  const opened = await open(browser, `${server.address}/#token=open-sesame`), { page } = opened;
  holds("the token leaves the address", page.url().includes("sesame"), false);
  await start(page, { pace: "fast" });
  await over(page);
  await opened.close();
  const context = await browser.newContext(), locked = await context.newPage();
  await locked.goto(server.address);
  await locked.fill("#token", "open-sesame");
  await locked.keyboard.press("Enter");
  await locked.waitForSelector("#link.good");
  await context.close();
  await server.end();
}

async function fits(browser, address) {
  for (const [width, height] of [[1280, 720], [1920, 1080]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const locale of ["en-US", "zh-CN"]) {
        const opened = await open(browser, address, { viewport: { width, height }, colorScheme, locale }), { page } = opened;
        await start(page, { vendor: "tinet", pace: "20x" });
        await pushes(page, 4);
        await page.locator(".run.chosen .attempt").nth(1).click();
        await page.waitForSelector("#side .attempt-part");
        holds(`nothing is wider than ${width}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight));
        holds("the buttons of the chosen run are in sight", await page.locator(".run.chosen .faults button").evaluateAll((all) => all.every((node) => { const box = node.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth; })));
        if (colorScheme === "dark") await accessible(page, `dark, ${locale}`);
        if (screenshots) await page.screenshot({ path: path.join(screenshots, `page-${width}-${colorScheme}-${locale}.png`) });
        await page.locator(".run.chosen .stop").click();
        await quiet(opened);
        await opened.close();
      }
    }
  }
}

let server = await serve();
const hostile = await hostileReceiver();
const browser = await launch(modules);
try {
  const opened = await open(browser, server.address), { page } = opened;
  await accessible(page, "as it opens");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "as it opens, in the dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.click('[data-flow="outbound-answered"]');
  await page.waitForSelector(".run.chosen .controls");
  await page.locator(".run.chosen .stop").click();
  await over(page);
  await aCallIsStartedAndHungUp(page, server.address);
  await anOpenPushTellsAll(page, server.address);
  await pushesAreRepeatedAndDropped(page, server.address);
  await retriesCountDown(page);
  await hostileAnswersStayTexts(page, hostile.address);
  await languages(page);
  await playAgainRepeatsAll(page, server.address);
  await profilesAndWrongFieldsOfTheForm(page, server.address);
  await mistakesStandAtTheirLine(page, server.address);
  await quiet(opened);
  await opened.close();
  await aHostileRunIsInert(browser, server.address, hostile.address);
  await keyboardAlone(browser, server.address);
  await whatIsNotPushedIsShown(browser, server.address);
  await numbersHaveNames(browser, server.address);
  await narrow(browser, server.address);
  await fits(browser, server.address);
  await aFlood(browser, server.address);
  server = await aLostLinkIsSaid(browser, server);
  await tokens(browser);
} finally {
  await browser.close();
  hostile.server.close();
  await server.end();
}
console.log(`the live page in Chromium: ${checks} checks hold`);
