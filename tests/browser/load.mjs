// Opens the pages of loads in a real headless Chromium and uses them as a person would: by keyboard and by pointer, in the
// light and in the dark.
//
//   node tests/browser/load.mjs MODULES PAGES [--screenshots FOLDER]
//
// MODULES is a folder whose node_modules holds playwright-core and axe-core. PAGES is the folder in which
// `cargo test --test all load_html` leaves its pages: target/tmp.

import assert from "node:assert/strict";
import path from "node:path";
import { accessible, checks, holds, includes, launch, open, pictures, quiet, themes } from "./page.mjs";

const [modules, pages, ...rest] = process.argv.slice(2);
const screenshots = rest.includes("--screenshots") ? rest[rest.indexOf("--screenshots") + 1] : null;
const page = (name) => path.resolve(pages, `load-${name}.html`);
const count = (at, what) => at.locator(what).count();
const text = (at, what) => at.locator(what).innerText();
const when = (at) => at.locator("#when").textContent();
const overviewOf = (at) => at.evaluate(() => JSON.parse(document.getElementById("overview").textContent));

async function theFiguresAreThere(at) {
  const overview = await overviewOf(at);
  holds("the verdict", await text(at, "h1"), overview.verdict);
  const judged = await text(at, "#judged");
  for (const { text: threshold, measured, told } of overview.thresholds) {
    for (const part of [threshold, measured, told]) includes("what was judged", judged, part);
  }
  includes("the lag", judged, "valid");
  holds("a row for every push, and one for all", await count(at, "#pushes tbody tr"), overview.pushes.length + 1);
  includes("the one sentence on the two times", await text(at, "#pushes"), overview.difference.replace(/\s+/g, " "));
  const failures = await text(at, "#failures");
  for (const { name, told } of overview.failures) for (const part of [name, told]) includes("what failed", failures, part);
  for (const status of Object.keys(overview.statuses)) includes("the answers", failures, status);
  includes("the replay", await text(at, "#head"), overview.replay);
  includes("the seed", await text(at, "#head"), String(overview.asked.seed));
}

// Every line has as many points as the run, and none leaves its chart.
async function theChartsAreDrawn(at) {
  const overview = await overviewOf(at);
  holds("six charts", await count(at, "#charts .chart"), 6);
  holds("all of them drawn", await count(at, "#charts .plot svg[role=img][aria-label]"), 6);
  const corners = await at.evaluate(() => document.querySelector("#chart-rate .plot path.stroke").getAttribute("d").split(/[ML]/).length - 1);
  holds("a corner for every point, and the two ends", corners, overview.over_time.end_us.length + 2);
  const outside = await at.evaluate(() => [...document.querySelectorAll("#charts .plot svg :is(path, text)")].filter((drawn) => {
    const room = drawn.getBBox(), own = drawn.ownerSVGElement.viewBox.baseVal;
    return room.x < -0.5 || room.y < -0.5 || room.x + room.width > own.width + 0.5 || room.y + room.height > own.height + 0.5;
  }).map((drawn) => drawn.textContent || drawn.getAttribute("class")));
  holds("nothing is drawn outside", outside, []);
  const broken = await at.evaluate(() => /NaN|Infinity|undefined/.test(document.getElementById("charts").innerHTML));
  holds("no number that is none", broken, false);
}

async function oneMomentCanBeLookedAt(at) {
  const { over_time: over } = await overviewOf(at);
  const whole = await when(at);
  includes("at first the whole run", whole, "the whole run");
  const value = () => at.locator("#chart-rate .keys li").first().locator("b").textContent();
  includes("of it the most", await value(), "most");
  await at.keyboard.press("ArrowRight");
  holds("the first moment", await when(at), "0:00 to 0:01");
  holds("its rate", await value(), `${over.due[0]}/s`);
  await at.focus("#moment");
  await at.keyboard.press("PageDown");
  holds("ten on", await when(at), "0:10 to 0:11");
  await at.keyboard.press("End");
  holds("the last", await at.locator("#moment").inputValue(), String(over.end_us.length - 1));
  await at.keyboard.press("Home");
  holds("the first again", await at.locator("#moment").inputValue(), "0");
  holds("a line in every chart that has one", await count(at, "#charts .cross[visibility=visible]"), 6);
  await at.keyboard.press("Escape");
  holds("the whole run again", await when(at), whole);
  await at.locator("#chart-latency .plot svg").scrollIntoViewIfNeeded();
  const box = await at.locator("#chart-latency .plot svg").boundingBox();
  await at.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  assert.notEqual(await when(at), whole);
  await at.keyboard.press("Escape");
  const button = at.locator("#chart-latency button");
  const pressed = await button.getAttribute("aria-pressed");
  const before = await at.locator("#chart-latency .plot").innerHTML();
  await button.click();
  assert.notEqual(await button.getAttribute("aria-pressed"), pressed);
  assert.notEqual(await at.locator("#chart-latency .plot").innerHTML(), before);
  await button.click();
  await at.locator("h1").click();
}

async function help(at) {
  await at.keyboard.press("?");
  holds("the help is open", await at.locator("#help").isVisible(), true);
  await at.keyboard.press("Escape");
  holds("and closed", await at.locator("#help").isVisible(), false);
}

async function itFitsAndPrints(at) {
  for (const width of [1600, 700, 380]) {
    await at.setViewportSize({ width, height: 800 });
    await at.waitForFunction((width) => {
      const svg = document.querySelector("#chart-rate .plot svg");
      return svg && svg.viewBox.baseVal.width <= width && Math.abs(svg.viewBox.baseVal.width - svg.parentNode.clientWidth) < 2;
    }, width);
    holds(`no scrolling sideways at ${width}`, await at.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }
  await at.emulateMedia({ media: "print" });
  holds("the slider is not printed", await at.locator("#moment").isVisible(), false);
  await at.emulateMedia({ media: "screen" });
}

const browser = await launch(modules);
try {
  const lively = await open(browser, page("lively"));
  await theFiguresAreThere(lively.page);
  await theChartsAreDrawn(lively.page);
  await oneMomentCanBeLookedAt(lively.page);
  await help(lively.page);
  await accessible(lively.page, "a load");
  await itFitsAndPrints(lively.page);
  await quiet(lively);
  await lively.close();
  await themes(browser, page("lively"));

  const merged = await open(browser, page("merged"));
  holds("a row for every shard", await count(merged.page, "#setup table:last-of-type >> nth=-1 >> tbody tr"), 3);
  await theChartsAreDrawn(merged.page);
  await accessible(merged.page, "shards");
  await quiet(merged);
  await merged.close();
  const missing = await open(browser, page("missing"));
  includes("the shard that is missing", await text(missing.page, "#head"), "missing: 2");
  await missing.close();

  const hostile = await open(browser, page("hostile"));
  await hostile.page.keyboard.press("ArrowRight");
  await accessible(hostile.page, "hostile texts");
  await quiet(hostile);
  await hostile.close();

  const tried = await open(browser, page("tried"));
  includes("a load that never began", await text(tried.page, "#charts"), "nothing to draw");
  await tried.page.keyboard.press("ArrowRight");
  await accessible(tried.page, "a load that never began");
  await quiet(tried);
  await tried.close();

  if (screenshots) {
    for (const name of ["lively", "merged", "tried", "hostile"]) {
      await pictures(browser, page(name), `load-${name}`, screenshots, (at) => at.keyboard.press("ArrowRight"));
    }
    const whole = await open(browser, page("lively"), { viewport: { width: 1280, height: 1000 } });
    await whole.page.screenshot({ path: path.join(screenshots, "load-whole.png"), fullPage: true });
    await whole.close();
  }
} finally {
  await browser.close();
}
console.log(`the page of a load in Chromium: ${checks} checks hold`);
