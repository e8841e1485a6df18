// What the tests of pages share: a real headless Chromium, pages with all that they complain of, and what holds on every page.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export let checks = 0;
let axe = "";

export function holds(what, is, expected = true) {
  assert.deepEqual(is, expected, what);
  checks += 1;
}

export function includes(what, text, part) {
  assert(text.includes(part), `${what}: ${part}\n${text}`);
  checks += 1;
}

// MODULES is a folder whose node_modules holds playwright-core and axe-core.
export async function launch(modules) {
  const require = createRequire(path.join(path.resolve(modules), "here.js"));
  axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  return require("playwright-core").chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
}

// A page that is open, with everything that it complained of, and asked for where it is not its own.
export async function watched(browser, address, isOwn, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: "light", reducedMotion: "reduce", ...options });
  const page = await context.newPage(), complaints = [], requests = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.stack}`));
  page.on("request", (request) => !isOwn(request.url()) && !request.url().startsWith("data:") && requests.push(request.url()));
  await page.goto(address);
  await page.waitForSelector("html[data-ready]");
  return { page, complaints, requests, close: () => context.close() };
}

// A report: one file that asks for nothing.
export function open(browser, file, options) {
  const address = pathToFileURL(file).href;
  return watched(browser, address, (asked) => asked === address, options);
}

// What holds of every page when it was used; a browser itself writes of answers that refuse, which may be `expected`.
export async function quiet({ page, complaints, requests }, expected = /^$/) {
  holds("nothing in the console", complaints.filter((line) => !expected.test(line)), []);
  holds("nothing asked of others", requests, []);
  holds("no element out of a text", await page.evaluate(() => document.images.length + document.querySelectorAll("svg[onload]").length), 0);
  assert(!(await page.title()).includes("broken into"));
}

export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  holds(`accessible: ${where}`, violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`), []);
}

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

export async function themes(browser, file) {
  const light = await open(browser, file), dark = await open(browser, file, { colorScheme: "dark" });
  const [day, night] = [await background(light.page), await background(dark.page)];
  assert.notEqual(day, night);
  await accessible(dark.page, "in the dark");
  await light.page.keyboard.press("t");
  holds("the switch: light", await background(light.page), day);
  await light.page.keyboard.press("t");
  holds("the switch: dark", await background(light.page), night);
  await light.close();
  await quiet(dark);
  await dark.close();
}

// Pictures to be looked at, at two sizes, in the light and in the dark.
export async function pictures(browser, file, name, folder, prepare) {
  for (const [width, height] of [[1280, 720], [1600, 1000]]) {
    for (const colorScheme of ["light", "dark"]) {
      const opened = await open(browser, file, { viewport: { width, height }, colorScheme });
      await prepare(opened.page);
      await opened.page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`) });
      await opened.close();
    }
  }
}
