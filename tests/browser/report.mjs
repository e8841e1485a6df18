// Opens HTML reports in a real headless Chromium and uses them as a person would: by keyboard, in the light and in the dark.
//
//   node tests/browser/report.mjs RINGBACK MODULES [PAGE] [--screenshots FOLDER]
//
// RINGBACK is the program. MODULES is a folder whose node_modules holds playwright-core and axe-core. PAGE is the page of
// every kind of event that `cargo test --test all html_report` leaves at target/tmp/every-kind.html.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { accessible, checks, holds, includes, launch, open, pictures, quiet, themes } from "./page.mjs";

const [ringback, modules, ...rest] = process.argv.slice(2);
const screenshots = rest.includes("--screenshots") ? rest[rest.indexOf("--screenshots") + 1] : null;
const everyKind = rest[0] && !rest[0].startsWith("--") ? rest[0] : null;

// What the receiver answers to the last push of each Udesk call: it must stay a text.
const HOSTILE = `</script><img src=x onerror="document.title='broken into'"><svg onload="document.title='broken into'">`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ringback-browser-"));

// A receiver that takes every push but the last one of a Udesk call.
async function receiver() {
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const refused = body.includes('"occasion":"end"');
      response.writeHead(refused ? 500 : 200, { "content-type": "application/json", "x-odd": HOSTILE });
      response.end(refused ? HOSTILE : '{"ok":true,"result":"success"}');
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, address: `http://127.0.0.1:${server.address().port}/hook` };
}

const run = (...words) =>
  new Promise((done, fail) => {
    const child = spawn(ringback, words, { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", fail);
    child.on("exit", done);
  });

const told = (events, name) => events.filter(({ event }) => event === name);
const selected = (page) => page.locator('#list [aria-selected="true"] .unseen').textContent();
const count = (page, what) => page.locator(what).count();

async function everyCallHasItsLadder(page, events) {
  await page.keyboard.press("Home");
  const calls = await count(page, "#list .call");
  let out = 0, back = 0;
  for (let at = 0; at < calls; at += 1) {
    holds("the chosen call has the focus", await page.evaluate(() => document.activeElement.getAttribute("aria-selected")), "true");
    out += await count(page, "#ladder .attempt .out");
    back += await count(page, "#ladder .attempt .back");
    await page.keyboard.press("ArrowDown");
  }
  holds("an arrow for every attempt", out, told(events, "attempted").length);
  holds("an arrow for every answer", back, told(events, "replied").length);
}

async function failingCallsCanBeOpened(page, events) {
  const found = told(events, "found");
  assert(found.length > 0);
  const all = await count(page, "#list .call");
  await page.keyboard.press("f");
  holds("only failing calls are listed", await count(page, "#list .call"), new Set(found.map(({ story, delivery }) => `${story.scenario} ${story.vendor} ${delivery.call}`)).size);
  holds("no call that passed", await count(page, "#list .passed"), 0);
  await page.keyboard.press("Home");
  assert((await selected(page)).startsWith("failed, "));
  await page.keyboard.press("Enter");
  const push = page.locator("#push-pane");
  await push.waitFor({ state: "visible" });
  const first = found[0], text = await push.innerText();
  for (const part of [first.code, first.message, first.expected, first.found, first.replay, HOSTILE]) {
    includes("the open push tells", text, part);
  }
  const commands = await push.locator(".command pre").allTextContents();
  assert(commands.includes(first.curl), "the request as curl, as the finding has it");
  holds("the arrow that is open is the one with the finding", await page.locator('.attempt[aria-expanded="true"].found').count(), 1);
  assert((await page.locator("#ladder").innerHTML()).includes(`⚑ ${first.code}`));
  await accessible(page, "an open push");
  await page.keyboard.press("Escape");
  holds("Escape closes it", await push.isVisible(), false);
  holds("and gives the focus back", await page.evaluate(() => document.activeElement.classList.contains("attempt")), true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  holds("all calls are listed again", await count(page, "#list .call"), all);
}

async function searchFindsBodies(page, events) {
  const { delivery, body } = told(events, "attempted").find(({ delivery }) => delivery.push === "udesk:hangup");
  await page.keyboard.press("/");
  await page.keyboard.type(JSON.parse(body).call_id);
  await page.waitForFunction(() => document.querySelectorAll("#list .call").length === 1);
  assert((await selected(page)).includes(delivery.scenario));
  await page.keyboard.press("Escape");
  await page.fill("#search", "");
  await page.waitForFunction(() => document.querySelectorAll("#list .call").length > 1);
  await page.selectOption("#filters select", "udesk");
  holds("calls of one vendor", await page.locator("#list .name").allTextContents().then((names) => [...new Set(names)]), ["udesk"]);
  await page.selectOption("#filters select", "");
}

async function chineseIsShown(page) {
  const wide = await page.evaluate(() => {
    const width = (text) => {
      const span = Object.assign(document.createElement("span"), { textContent: text });
      document.body.append(span);
      const { width } = span.getBoundingClientRect();
      span.remove();
      return width;
    };
    return width("客服一组") > 2 * width("iiii");
  });
  holds("Chinese letters are wide ones", wide, true);
}

async function help(page) {
  await page.focus("#filters select");
  await page.keyboard.press("?");
  holds("the help is open", await page.locator("#help").isVisible(), true);
  await page.keyboard.press("Escape");
  holds("and closed", await page.locator("#help").isVisible(), false);
}

async function everyKindIsShown(browser, file) {
  const opened = await open(browser, file), { page } = opened;
  const story = await page.locator("#ladder-pane").innerText();
  for (const part of ["Checks", "Probes", "Snapshots", "The vendor's own records", "snapshots/a.snap", "disagrees"]) {
    includes("the story tells", story, part);
  }
  holds("a wait for a retry", await count(page, "#ladder .wait"), 1);
  holds("a push that a fault dropped", await count(page, "#ladder .dropped"), 1);
  holds("a fold where nothing happens", (await count(page, "#ladder .fold")) > 0, true);
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const lines = await page.locator("#push-pane .difference > div").allTextContents();
  holds("the difference, marked by signs", lines, [" {", '-  "state": "ended",', '+  "state": "通话中",', " }"]);
  const bodies = await page.locator("#push-pane pre.body").allTextContents();
  assert(bodies.some((body) => body.includes('"id": 12345678901234567890') && body.split('"x":').length === 3), "JSON keeps its digits and its keys");
  assert(bodies.some((body) => body.includes("a = 客服")), "a form is decoded");
  await accessible(page, "every kind");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowDown");
  const other = await page.locator("#ladder").innerHTML();
  for (const part of ["timed out", "not taken", "○", "held"]) {
    assert(other.includes(part) || part === "○", `the other call shows: ${part}`);
  }
  await page.emulateMedia({ media: "print" });
  holds("the filters are not printed", await page.locator("#filters").isVisible(), false);
  await quiet(opened);
  await opened.close();
}

const { server, address } = await receiver();
const browser = await launch(modules);
try {
  const html = path.join(folder, "run.html"), ndjson = path.join(folder, "run.ndjson");
  const exit = await run("run", "--seed", "7", "--target", address, "--quiet", "--report", `html=${html}`, "--report", `ndjson=${ndjson}`);
  holds("the receiver fails the run", exit, 1);
  const events = fs.readFileSync(ndjson, "utf8").trim().split("\n").map((line) => JSON.parse(line));

  const opened = await open(browser, html);
  holds("the verdict", await opened.page.locator("h1").innerText(), "Failed");
  await accessible(opened.page, "as it opens");
  await everyCallHasItsLadder(opened.page, events);
  await failingCallsCanBeOpened(opened.page, events);
  await searchFindsBodies(opened.page, events);
  await chineseIsShown(opened.page);
  await help(opened.page);
  await quiet(opened);
  await opened.close();
  await themes(browser, html);
  if (everyKind) await everyKindIsShown(browser, everyKind);
  if (screenshots) {
    const prepare = (page) => page.keyboard.press("Enter");
    await pictures(browser, html, "run", screenshots, prepare);
    if (everyKind) await pictures(browser, everyKind, "every-kind", screenshots, prepare);
  }
} finally {
  await browser.close();
  server.close();
  fs.rmSync(folder, { recursive: true, force: true });
}
console.log(`the HTML report in Chromium: ${checks} checks hold`);
