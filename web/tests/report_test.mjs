// Tests of the report page of every run: one request, no errors, the numbers of report.json, accessibility, keyboard use.
// Not here: making the runs (web/tests/run.py).
//
//   node report_test.mjs RUNS NAME…
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [runs, ...names] = process.argv.slice(2);
const shots = process.env.PELLUCID_SHOTS;
const percent = (x) => `${(x * 100).toFixed(1)} %`;
const digits = (r2, several) => r2.toFixed(several ? 4 : 3); // as in the program's own output
const confusionOf = (report, target = 0) => (report.test?.targets ? report.test.targets[target] : report.test)?.confusion;
const cellsOf = (page) => page.$$eval("table.confusion tbody tr", (rows) => rows.map((row) => [...row.querySelectorAll("td")].map((td) => Number(td.textContent.replaceAll(",", "")))));

// Opens the page of a run; `requests` and `troubles` collect what was requested and what went wrong.
async function open(browser, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const requests = [], troubles = [];
  page.on("request", (request) => !/^(data|blob):/.test(request.url()) && requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("dialog", (dialog) => (troubles.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  await page.goto(pathToFileURL(join(runs, name, "report.html")).href);
  await page.waitForSelector("main #run");
  await page.waitForTimeout(200);
  return { page, context, requests, troubles };
}

const tests = {
  async "it makes one request and no errors"({ requests, troubles }) {
    assert.equal(requests.length, 1, requests.join("\n"));
    assert.deepEqual(troubles, []);
  },

  async "it is at most 1 MB"({ name }) {
    assert.ok(statSync(join(runs, name, "report.html")).size <= 1_000_000, String(statSync(join(runs, name, "report.html")).size));
  },

  async "its numbers are those of report.json"({ page, report }) {
    const verdict = await page.innerText("#verdict");
    if (report.status === "diverged") {
      assert.match(verdict, /Training failed/);
      assert.ok(verdict.includes(report.failure[0]), verdict);
    } else if (report.task === "classification") {
      assert.ok(verdict.includes(percent(report.test_accuracy)), verdict);
      const right = report.targets ? percent(report.test.exact_match) : `${report.test.correct} of ${report.test.rows}`;
      assert.ok(verdict.includes(right) || report.test.rows >= 1000, verdict);
      assert.ok(verdict.includes(percent(report.baseline_constant)), verdict);
      assert.ok(verdict.includes(percent(report.baseline_linear)), verdict);
      assert.deepEqual(await cellsOf(page), confusionOf(report));
    } else {
      assert.ok(verdict.includes(digits(report.test_r2, report.targets)), verdict);
    }
    const epochs = await page.$$eval('[data-chart="loss"] .twin tbody tr', (rows) => rows.length);
    assert.equal(epochs, report.history.length);
  },

  async "each chart has a sentence, a label, a table and a size"({ page }) {
    const charts = await page.$$eval("figure.chart", (figures) =>
      figures.map((figure) => {
        const drawing = figure.querySelector(".plot svg, table.confusion");
        const box = drawing.getBoundingClientRect();
        const label = figure.querySelector(".plot svg")?.getAttribute("aria-label") ?? figure.getAttribute("aria-label");
        return { name: figure.dataset.chart, width: box.width, height: box.height, title: figure.querySelector("figcaption").textContent, label, rows: figure.querySelectorAll("tbody tr").length };
      }),
    );
    assert.ok(charts.length >= 2, JSON.stringify(charts));
    for (const chart of charts) {
      assert.ok(chart.name === "confusion" || (chart.width >= 240 && chart.height >= 120), JSON.stringify(chart));
      assert.ok(chart.title.split(" ").length >= 4, JSON.stringify(chart));
      assert.match(chart.label, /\d/, JSON.stringify(chart));
      assert.ok(chart.rows > 0, JSON.stringify(chart));
    }
  },

  async "a chart's table opens, and its SVG is saved with its colours"({ page }) {
    const figure = page.locator('figure.chart[data-chart="loss"]');
    await figure.getByRole("button", { name: "show as table" }).click();
    assert.ok(await figure.locator("table").isVisible());
    const saving = page.waitForEvent("download");
    await figure.getByRole("button", { name: "save SVG" }).click();
    const text = readFileSync(await (await saving).path(), "utf8");
    assert.match(text, /^<svg/);
    assert.ok(!text.includes("var(--blue"), "a colour of the page was not written out");
  },

  async "arrow keys read a chart's values, and Escape leaves"({ page, report }) {
    const plot = page.locator('figure.chart[data-chart="loss"] .plot');
    await plot.focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator('figure[data-chart="loss"] output').innerText(), new RegExp(`epoch ${report.history[0].epoch}: training`));
    await page.keyboard.press("End");
    assert.match(await page.locator('figure[data-chart="loss"] output').innerText(), new RegExp(`epoch ${report.history.at(-1).epoch}:`));
    await page.keyboard.press("Escape");
    assert.equal(await page.locator('figure[data-chart="loss"] output').innerText(), "");
    assert.equal(await plot.evaluate((element) => element === document.activeElement), false);
  },

  async "the logarithmic switch redraws the loss"({ page }) {
    const svg = page.locator('figure.chart[data-chart="loss"] .plot');
    const before = await svg.innerHTML();
    await page.locator('figure[data-chart="loss"] input[type=checkbox]').click();
    assert.notEqual(await svg.innerHTML(), before);
  },

  async "the keyboard alone reaches a cell, its examples and the cell again"({ page, report }) {
    if (!confusionOf(report)) return;
    const wrong = page.locator("td.wrong [data-cell]");
    const first = page.locator("table.confusion [data-cell][tabindex='0']");
    assert.equal(await first.count(), 1, "one stop of the Tab key");
    await first.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    if (await wrong.count()) await wrong.first().focus();
    const cell = await page.evaluate(() => document.activeElement.dataset.cell);
    await page.keyboard.press("Enter");
    const [truth, predicted] = cell.split(",").map(Number);
    const status = await page.evaluate(() => document.activeElement.textContent);
    assert.ok(status.includes(`(${confusionOf(report)[truth][predicted].toLocaleString("en-US")} test row`), `${cell}: ${status}`);
    const marks = await page.$$eval("#examples .picture span, #examples tbody td:nth-child(2)", (list) => list.map((e) => e.textContent));
    assert.ok(marks.length > 0 && marks.every((text) => text.startsWith(truth === predicted ? "✓" : "✗ predicted")), marks.join("\n"));
    await page.getByRole("button", { name: "back to the confusion matrix" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), cell);
  },

  async "the heat maps of the layers show the numbers of report.json"({ page, report }) {
    const charts = await page.$$eval('[data-chart^="health-"]', (list) => list.map((e) => e.dataset.chart));
    if (!report.health) return assert.deepEqual(charts, []);
    assert.ok(charts.includes("health-gradient"), charts.join());
    const rows = await page.$$eval('[data-chart="health-gradient"] .twin tbody tr', (list) => list.map((tr) => [...tr.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows.map((row) => Number(row[0])), report.health.epochs.map((epoch) => epoch.epoch));
    report.health.epochs.forEach(({ layers }, e) => {
      const given = layers.filter((layer) => layer.gradient_rms !== null);
      given.forEach((layer, l) => assert.ok(Math.abs(Number(rows[e][l + 1].replaceAll(",", "")) - layer.gradient_rms) <= 1e-3 * layer.gradient_rms, `${rows[e][l + 1]} is not ${layer.gradient_rms}`));
    });
  },

  async "findings are shown with their level, warnings first"({ page, report }) {
    const items = await page.$$eval(".findings li", (list) => list.map((e) => e.textContent));
    assert.equal(items.length, report.noticed.length);
    const warnings = report.noticed.filter((finding) => finding.level === "warning");
    assert.deepEqual(items.map((text) => text.startsWith("▲ warning")), report.noticed.map((_, i) => i < warnings.length));
    warnings.forEach((finding, i) => assert.ok(items[i].includes(finding.code), items[i]));
  },

  async "the Run panel shows the hash of the model"({ page, report }) {
    if (report.model_sha256) assert.ok((await page.innerText("#run")).includes(report.model_sha256));
    else assert.equal(report.status, "diverged");
  },

  async "training rows whose labels may be wrong are shown, lowest probability first"({ page, report }) {
    const select = page.locator("#examples select").first();
    if (!report.suspects) return assert.equal(await page.locator('option[value="suspect"]').count(), 0);
    await select.selectOption("suspect");
    const texts = await page.$$eval("#examples .picture, #examples tbody tr", (list) => list.map((e) => e.textContent));
    assert.equal(texts.length, Math.min(48, report.suspects.length));
    texts.forEach((text, i) => assert.ok(text.includes(String(report.suspects[i].row)) && text.includes("labelled"), text));
    await select.selectOption("all");
  },

  async "each of several targets has its scores, and the panels below show the selected one"({ page, report }) {
    if (!report.targets) return assert.equal(await page.locator("#targets").count(), 0);
    const rows = await page.$$eval("#targets tbody tr", (list) => list.map((tr) => [...tr.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows.map((row) => row[0]), report.targets.map((target) => target.name));
    const metric = report.task === "classification" ? (t) => percent(t.accuracy) : (t) => digits(t.r2, true);
    report.test.targets.forEach((target, i) => assert.ok(rows[i].includes(metric(target)), rows[i].join()));
    const choice = page.locator("#targets select");
    for (const index of [report.targets.length - 1, 0]) {
      await choice.selectOption(String(index));
      const id = report.task === "classification" ? "#confusion" : "#errors";
      assert.equal(await page.locator("main > section").count(), new Set(await page.$$eval("main > section", (list) => list.map((e) => e.id))).size);
      assert.ok((await page.innerText(`${id} h2`)).includes(report.targets[index].name), await page.innerText(`${id} h2`));
      if (id === "#confusion") assert.deepEqual(await cellsOf(page), confusionOf(report, index));
      else assert.ok((await page.innerText(id)).includes(`R² ${digits(report.test.targets[index].r2, false)}`), await page.innerText(id));
    }
  },

  async "the leaderboard has a line for each predictor, with its score and its time"({ page, report }) {
    const rows = await page.$$eval("#leaderboard .charts > .scroll tbody tr", (list) => list.map((tr) => [...tr.children].map((cell) => cell.textContent)));
    const entries = report.leaderboard ?? [];
    assert.equal(rows.length, entries.length);
    const text = (x) => (report.metric === "mae" ? (x < 1 ? x.toFixed(4) : x.toPrecision(4)) : report.task === "classification" ? percent(x) : null);
    entries.forEach((entry, i) => {
      const score = text(entry[`test_${report.metric ?? "accuracy"}`]);
      if (score !== null) assert.equal(rows[i][1], score);
      assert.equal(rows[i][3] === "–", entry.name === "constant", rows[i].join());
    });
    const dots = await page.locator('[data-chart="leaderboard"] svg circle:not(.ring)').count();
    assert.equal(dots, entries.length > 2 ? entries.length - 1 : 0);
  },

  async "the members are listed with their scores, and chosen ones are marked"({ page, report }) {
    const rows = await page.$$eval("#members > .scroll tbody tr", (list) => list.map((tr) => [...tr.children].map((cell) => cell.textContent)));
    assert.equal(rows.length, report.members?.list.length ?? 0);
    if (!report.members) return;
    const { list, chosen, error_correlations: matrix } = report.members;
    list.forEach((member, i) => {
      assert.deepEqual([rows[i][0], rows[i][1]], [String(member.member), chosen.includes(member.member) ? "✓" : ""]);
      if (report.task === "classification") assert.equal(rows[i][2], percent(member.val_accuracy));
    });
    assert.equal(await page.locator('[data-chart="members"] svg circle:not(.ring)').count(), list.length);
    const pairs = await page.$$eval('[data-chart="likeness"] .twin tbody tr', (lines) => lines.map((tr) => [...tr.children].slice(1).map((cell) => cell.textContent)));
    assert.deepEqual(pairs, chosen.length > 1 ? matrix.map((row) => row.map((x) => x.toFixed(2))) : []);
  },

  async "every fold has a point in the chart"({ page, report }) {
    const all = report.folds ?? report.repeat;
    const dots = await page.locator('[data-chart="repeats"] svg circle:not(.ring)').count();
    assert.equal(dots, all ? all.runs.length : 0);
  },

  async "labels are text: nothing from the run became an element"({ page }) {
    const strange = await page.$$eval("body img, body b, main script, main iframe", (list) => list.map((e) => e.outerHTML));
    assert.deepEqual(strange, []);
  },

  async "nothing is wider than a screen of 320 px"({ page }) {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.waitForTimeout(300);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    await page.setViewportSize({ width: 1200, height: 900 });
  },
};

// axe-core is injected by the debugger, because the page's content security policy blocks other scripts.
async function accessible(browser, name, colorScheme) {
  const { page, context } = await open(browser, name, { colorScheme, bypassCSP: true });
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  const list = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ""}`).join("\n    ")}`);
  await context.close();
  assert.deepEqual(list, []);
}

async function picture(browser, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  for (const [kind, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, narrow: { viewport: { width: 320, height: 800 } } })) {
    const { page, context } = await open(browser, name, options);
    await page.screenshot({ path: join(shots, `${name}-${kind}.png`), fullPage: true });
    if (kind === "light") await page.pdf({ path: join(shots, `${name}.pdf`), printBackground: false });
    await context.close();
  }
}

let failed = 0;
async function check(title, body) {
  try {
    await body();
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${title}\n  ${String(error.message ?? error).slice(0, 1500)}`);
  }
}

// A report.json with only a name: every panel shows what it can, and none breaks the page.
async function bare(browser) {
  const { page, context, troubles } = await open(browser, "bare");
  assert.deepEqual(troubles, []);
  assert.match(await page.innerText("main"), /Result[^]*Curves[^]*Layers[^]*Data[^]*Run/);
  await context.close();
}

const browser = await chromium.launch({ executablePath: process.env.PELLUCID_BROWSER, args: ["--no-sandbox"] });
for (const name of names) {
  assert.ok(existsSync(join(runs, name, "report.html")), `${name} has no report.html`);
  const report = JSON.parse(readFileSync(join(runs, name, "report.json"), "utf8"));
  const opened = await open(browser, name);
  for (const [title, body] of Object.entries(tests)) await check(`${name}: ${title}`, () => body({ ...opened, name, report }));
  await check(`${name}: no errors occurred during the tests`, () => tests["it makes one request and no errors"](opened));
  await opened.context.close();
  for (const scheme of ["light", "dark"]) await check(`${name}: axe-core finds nothing, ${scheme}`, () => accessible(browser, name, scheme));
  await picture(browser, name);
}
await check("a run with nearly no data still has a page", () => bare(browser));
await browser.close();
console.log(failed ? `${failed} failed` : `${names.length} pages are as they should be: ${names.join(", ")}`);
process.exit(failed ? 1 : 0);
