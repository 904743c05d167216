// A resident at the phone page, in real Chromium: node phone.mjs PLAN.json prints a report as JSON.
// When it prints the line "offline", whoever started it ends the server and answers with a line.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

const require = createRequire(new URL("../../resources/prefill/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
const QUIET =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const LANGUAGES = ["ja", "ja_easy", "en"];
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };

const plan = JSON.parse(await readFile(process.argv[2], "utf8"));
const report = {
  requests: [],
  complaints: [],
  violations: [],
  wide: [],
  small: [],
  pages: [],
  symbols: {},
  seen: {},
};

// Going about on a page

const place = (page) => page.evaluate(() => decodeURIComponent(location.hash));

/** Does something and waits for the page that comes of it. */
async function turn(page, act) {
  await page.evaluate(() => document.querySelector("main").setAttribute("data-old", ""));
  await act();
  await page.waitForSelector("main:not([data-old])");
}

async function begin(page, form, language = "ja") {
  await page.goto(`${plan.url}#/${language}/${form}/begin`);
  await page.waitForSelector("#keep");
}

/** With the Tab key alone. */
async function reach(page, selector) {
  for (let press = 0; press < 60; press += 1) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} cannot be reached by Tab at ${await place(page)}`);
}

const write = async (page, selector, text) => {
  await reach(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(String(text));
};

async function choose(page, group, wanted) {
  await reach(page, `${group} input[type=radio]`);
  await page.keyboard.press("Space");
  for (let press = 0; press < 30; press += 1) {
    if (
      await page.evaluate(
        (value) => document.activeElement.value === value && document.activeElement.checked,
        wanted,
      )
    )
      return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${wanted} cannot be chosen at ${await place(page)}`);
}

async function select(page, selector, wanted) {
  await reach(page, selector);
  for (let press = 0; press < 60; press += 1) {
    if ((await page.inputValue(selector)) === wanted) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${wanted} cannot be selected`);
}

/** Answers the question in view as a person with a keyboard does. */
async function answer(page, value) {
  if (value === null) return;
  if (await page.$("input[type=time]")) await page.fill("#entry", value);
  else if (await page.$("#entry")) await write(page, "#entry", value);
  else if (await page.$("#entry-year")) await writeDate(page, value);
  else if (await page.$("#entry-prefecture")) await writeParts(page, value);
  else if (await page.$("#entry-bank")) await writeAccount(page, value);
  else if (Array.isArray(value)) for (const each of value) await tick(page, each);
  else await choose(page, "main", value === true ? "yes" : value === false ? "no" : value);
}

/** A question that the plan does not know, as long as nothing is answered yet. */
async function anything(page) {
  if (await page.$("main input:checked")) return;
  const first = await page.$("main input[type=radio], main input[type=checkbox]");
  if (first) await first.check();
  else if ((await page.$("#entry")) && !(await page.inputValue("#entry")))
    await page.fill("#entry", (await page.$(".count")) ? "1" : "ことば");
}

async function tick(page, value) {
  await reach(page, `#entry-${value}`);
  await page.keyboard.press("Space");
}

async function writeDate(page, { era, ...numbers }) {
  if (era && (await page.$("input[name=era]"))) await choose(page, ".eras", era);
  for (const [name, number] of Object.entries(numbers)) await write(page, `#entry-${name}`, number);
}

async function writeParts(page, { prefecture, ...parts }) {
  for (const [name, text] of Object.entries(parts)) await write(page, `#entry-${name}`, text);
  await select(page, "#entry-prefecture", prefecture);
}

async function writeAccount(page, { type, ...parts }) {
  await choose(page, "main", type);
  for (const [name, text] of Object.entries(parts)) await write(page, `#entry-${name}`, text);
}

async function next(page) {
  await reach(page, "main button.primary");
  await turn(page, () => page.keyboard.press("Enter"));
}

/** From the first page to the review; `look` sees every page on the way. */
async function fill(page, { form, language, answers }, look = async () => {}) {
  await begin(page, form, language);
  await look("begin");
  await next(page);
  for (let count = 0; count < 80; count += 1) {
    const at = (await place(page)).split("/");
    if (at[3] !== "ask") return at[3];
    const path = at[4];
    await look(path);
    if (path in answers) await answer(page, answers[path]);
    else await anything(page);
    await next(page);
    const wrong = await page.$(".wrong");
    if (wrong) throw new Error(`${path}: ${await wrong.innerText()}`);
  }
  throw new Error("no end");
}

async function makeCode(page, name) {
  await next(page);
  await page.waitForSelector(".symbol svg");
  const files = [];
  for (let at = 1; ; at += 1) {
    const file = join(plan.out, `${name}-${at}.png`);
    await (await page.$(".symbol svg")).screenshot({ path: file });
    files.push(file);
    const following = await page.$(".turn .primary");
    const where = following && (await page.innerText(".where"));
    if (!following || where.split("/")[0] === where.split("/")[1]) break;
    await following.click();
  }
  report.symbols[name] = files;
}

// Looking at a page as everyone

async function inspect(page, name) {
  for (const [at, language] of [...LANGUAGES.entries(), [0, "ja"]].slice(1)) {
    await speak(page, at);
    await judge(page, `${name} (${language})`);
    await fits(page, `${name} (${language})`);
  }
  report.pages.push(name);
}

const speak = (page, at) =>
  turn(page, () => page.click(`.languages button:nth-of-type(${at + 1})`));

async function judge(page, name) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations"] }),
  );
  for (const { id, nodes } of found.violations)
    report.violations.push(`${name}: ${id} ${nodes[0].html.slice(0, 200)}`);
}

/** No sideways scrolling at 320 px, nor with letters twice as large; nothing to touch is small. */
async function fits(page, name) {
  await page.setViewportSize(NARROW);
  for (const size of ["", "225%"]) {
    const width = await page.evaluate((to) => {
      document.documentElement.style.fontSize = to;
      const reach = (each) => each.getBoundingClientRect().right;
      const widest = [...document.querySelectorAll("#page *")].sort(
        (one, other) => reach(other) - reach(one),
      )[0];
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth > clientWidth ? `${scrollWidth} ${widest.outerHTML.slice(0, 120)}` : null;
    }, size);
    if (width) report.wide.push(`${name} ${size}: ${width}`);
  }
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  const small = await page.$$eval(
    "button, select, textarea, input:not([type=radio], [type=checkbox]), label.choice, label.era, .forms a, .change a",
    (all) =>
      all
        .filter((each) => each.offsetParent && (each.offsetHeight < 48 || each.offsetWidth < 40))
        .map((each) => each.outerHTML.slice(0, 120)),
  );
  report.small.push(...small.map((each) => `${name}: ${each}`));
  await page.setViewportSize(PHONE);
}

// The scenes

async function scene(browser, options, play) {
  const context = await browser.newContext({
    viewport: PHONE,
    locale: "ja-JP",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(10_000);
  context.on("request", (request) => report.requests.push(request.url()));
  const page = await context.newPage();
  page.on(
    "console",
    (message) =>
      ["error", "warning"].includes(message.type()) && report.complaints.push(message.text()),
  );
  page.on("pageerror", (fault) => report.complaints.push(String(fault.stack)));
  try {
    return await play(page, context);
  } catch (fault) {
    await page.screenshot({ path: join(plan.out, "failed.png") });
    throw fault;
  } finally {
    await context.close();
  }
}

/** One procedure by keyboard alone; then, what the phone has kept, and the page without a network. */
async function byKeyboard(page, context) {
  report.seen.end = await fill(page, plan.keyboard);
  await makeCode(page, "keyboard");
  report.seen.code = await page.innerText("main");
  report.seen.stored = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
    (await indexedDB.databases()).length,
  ]);
  await page.pdf({ path: join(plan.out, "sheet.pdf"), preferCSSPageSize: true });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  process.stdout.write("offline\n");
  await createInterface({ input: process.stdin }).question("");
  await context.setOffline(true);
  await page.goto(`${plan.url}#/ja`);
  await page.reload();
  await page.waitForSelector(".forms");
  await begin(page, plan.every.form);
  report.seen.offline = await page.innerText("h1");
}

/** Every kind of page, in every language, with every kind of eye. */
async function everyPage(page) {
  const look = (name) => inspect(page, name);
  await page.goto(plan.url);
  await page.waitForSelector(".forms");
  await look("home");
  await begin(page, plan.every.form);
  await next(page);
  await next(page); // nothing chosen
  report.seen.alert = await page.evaluate(() => [
    document.querySelector("[role=alert]").innerText,
    document.activeElement.type,
    document.activeElement.getAttribute("aria-invalid"),
    document.title,
  ]);
  await look("wrong");
  report.seen.end = await fill(page, plan.every, look);
  await look("review");
  report.seen.review = await page.innerText("main");
  report.seen.hacked = await page.evaluate(() => [
    window.hacked ?? null,
    document.querySelectorAll("main img, main b, main script").length,
  ]);
  await makeCode(page, "every");
  await look("code");
  await page.screenshot({ path: join(plan.out, "code.png"), fullPage: true });
}

/** Problems, an early end, rows, leaving a question to the counter, keeping and erasing. */
async function otherWays(page) {
  const { form, answers } = plan.every;
  await begin(page, form);
  await page.check("#keep");
  await next(page);
  const go = async (value) => {
    await answer(page, value);
    await next(page);
  };
  await go("agent");
  await page.waitForSelector(".reason");
  report.seen.mayNotApply = await page.innerText(".reason");
  await inspect(page, "stop");
  await page.click("main .primary");
  await page.waitForSelector("input[value=self]");
  await go("self");
  await go("だめ");
  report.seen.rule = await page.innerText(".wrong");
  await speak(page, 2);
  report.seen.typed = await page.inputValue("#entry");
  await speak(page, 0);
  await go("止まる");
  await page.waitForSelector(".reason");
  report.seen.stop = await page.innerText(".reason");
  await page.goBack();
  await page.waitForSelector("#entry");
  await go(answers.a_text);
  await page.click("main .quiet"); // the note: left to the counter
  await page.waitForFunction(() => location.hash.endsWith("a_name"));
  await page.reload();
  await page.waitForSelector("#entry");
  await page.goto(`${plan.url}#/ja`);
  await page.waitForSelector(".notice");
  report.seen.kept = await page.evaluate(() => localStorage.length);
  await inspect(page, "kept");
  await page.click(".notice .secondary");
  await page.waitForSelector("main .quiet");
  report.seen.erased = await page.evaluate(() => localStorage.length);
  await inspect(page, "erased");
  await page.goto(`${plan.url}#/ja/nothing/begin`);
  await page.waitForFunction(() => document.querySelectorAll("main .quiet").length);
}

/** Rows: added, taken away, counted. */
async function rows(page) {
  await fill(page, plan.every);
  await page.click('a[href$="/people"]');
  await page.waitForSelector(".rows");
  await inspect(page, "rows");
  await page.click("main p .secondary");
  await page.waitForSelector("#entry");
  await answer(page, "乙");
  await next(page);
  await next(page);
  await page.waitForSelector(".rows");
  report.seen.rows = await page.$$eval(".rows li", (all) => all.length);
  await page.click(".rows li:first-child .quiet");
  await page.waitForFunction(() => document.querySelectorAll(".rows li").length === 1);
  report.seen.left = await page.innerText(".rows li");
}

const browser = await chromium.launch({ executablePath: plan.chromium, args: QUIET.split(" ") });
try {
  await scene(browser, {}, everyPage);
  await scene(browser, {}, otherWays);
  await scene(browser, {}, rows);
  await scene(browser, {}, byKeyboard);
  report.version = browser.version();
} finally {
  await browser.close();
}
process.stdout.write(`${JSON.stringify(report)}\n`);
