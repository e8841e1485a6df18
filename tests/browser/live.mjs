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
import { accessible, checks, holds, launch, quiet as allQuiet, watched } from "./page.mjs";

const [ringback, modules, ...rest] = process.argv.slice(2);
const screenshots = rest.includes("--screenshots") ? rest[rest.indexOf("--screenshots") + 1] : null;

// What a receiver answers: it must stay a text.
const HOSTILE = `</script><img src=x onerror="document.title='broken into'"><svg onload="document.title='broken into'">`;
const FLOOD_CALLS = 1500;
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
const over = (page) => page.waitForSelector(".run.chosen .after");
const pushes = (page, count) => page.waitForFunction((least) => document.querySelectorAll(".run.chosen .attempt").length >= least, count);

async function start(page, { vendor = "udesk", scenario = "outbound-answered", pace = "20x", ...more } = {}) {
  await page.selectOption("#vendor", vendor);
  await page.locator(`#scenarios [data-name="${scenario}"]`).click();
  await page.selectOption("#pace", pace);
  await page.fill("#target", more.target || "");
  await page.selectOption("#profile", more.faults || "");
  await page.click(more.byHand ? "#by-hand" : "#play");
  await page.waitForSelector(".run.chosen .controls");
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
  const last = deliveries.find(({ delivery }) => delivery.push === "udesk:end"), text = await page.locator("#side").innerText();
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
  await over(page);
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
  await aCallIsStartedAndHungUp(page, server.address);
  await anOpenPushTellsAll(page, server.address);
  await pushesAreRepeatedAndDropped(page, server.address);
  await retriesCountDown(page);
  await hostileAnswersStayTexts(page, hostile.address);
  await languages(page);
  await quiet(opened);
  await opened.close();
  await keyboardAlone(browser, server.address);
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
