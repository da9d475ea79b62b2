// The Result panel: test score with interval, comparison with baselines, findings.
// Not here: the panels that it links to (curves.ts, dataset.ts, examples.ts, layers.ts).
import { count, h, panel, percent, short, shown } from "./dom";
import { r2Text, scoreNumber, scoreOf, testScore } from "./score";
import { hasSeveral } from "./targets";
import type { Finding, Report } from "./types";

const mostFindings = 5;

export function verdict(report: Report): HTMLElement {
  const score = testScore(report);
  const lines: (Node | false)[] = [];
  if (report.status === "diverged") {
    lines.push(h("p", { class: "headline wrong" }, "✗ Training failed: ", shown(report.failure?.[0] ?? "the loss was not finite")));
    lines.push(...(report.failure ?? []).slice(1).map((line) => h("p", {}, shown(line))));
  } else if (score === null || score === undefined) {
    lines.push(h("p", { class: "headline" }, "There were no test rows, so the performance on new data is unknown."));
  } else {
    lines.push(headline(report, score));
    lines.push(beats(report, score));
  }
  if (report.status === "interrupted") lines.push(h("p", {}, "Training was interrupted. This is the best epoch so far."));
  return panel("verdict", "Result", ...lines, findings(report));
}

function headline(report: Report, score: number): HTMLElement {
  const { kind, text } = scoreOf(report);
  const interval = kind === "accuracy" ? `${((report.interval_low ?? 0) * 100).toFixed(1)}–${percent(report.interval_high)}` : `${text(report.interval_low)} to ${text(report.interval_high)}`;
  const more = kind === "rmse" ? `Mean absolute error ${scoreNumber(report.test_mae)}, R² ${r2Text(report.test_r2)}.` : `Loss ${scoreNumber(report.test_loss)}.`;
  return h("div", {}, h("p", { class: "headline" }, hasSeveral(report) ? ofSeveral(report, score) : ofOne(report, text(score))), h("p", {}, `95 % interval ${interval}. ${more}`));
}

function ofOne(report: Report, score: string): string {
  const test = report.test!;
  if (report.task === "classification") return `${score} of the test rows are predicted correctly (${count(test.correct ?? 0)} of ${count(test.rows)}).`;
  return `The typical prediction error is ${score} (RMSE on ${count(test.rows)} test rows).`;
}

function ofSeveral(report: Report, score: number): string {
  const [test, targets] = [report.test!, report.targets!.length];
  if (report.task === "classification") return `${percent(score)} of all predictions are correct (${targets} targets, ${count(test.rows)} test rows); in ${percent(test.exact_match)} of the rows all targets are.`;
  return `The mean R² of the ${targets} targets is ${r2Text(score, 4)} (${count(test.rows)} test rows; 1 is perfect, 0 is no better than the mean).`;
}

// Compares the score with the best constant prediction and with a linear model, and says whether the gain may be chance.
function beats(report: Report, score: number): HTMLElement {
  const { kind, higher, text, difference } = scoreOf(report);
  const list = h("ul", { class: "plain" });
  const add = (...parts: (Node | string)[]) => list.append(h("li", {}, ...parts));
  if (typeof report.baseline_constant === "number") {
    const constant = text(report.baseline_constant);
    if (hasSeveral(report)) add(`Always predicting ${report.task === "classification" ? "the more frequent class" : "the mean"} of each target: ${kind === "r2" ? "R² " : ""}${constant}.`);
    else add("Always predicting ", h("bdi", {}, `“${short(report.constant_answer ?? "", 40)}”`), `: ${constant}.`);
  }
  const linear = report.baseline_linear;
  if (typeof linear === "number") {
    const gain = higher ? score - linear : linear - score;
    const size = kind === "rmse" ? percent(Math.abs(gain) / (linear || 1)) : difference(Math.abs(gain));
    const inside = linear >= (report.interval_low ?? 0) && linear <= (report.interval_high ?? 0);
    const compared = gain >= 0 ? "better" : "worse";
    const meaning = !inside ? "which is more than chance explains" : gain >= 0 ? "which could be chance: the linear model is as good" : "which could be chance";
    add(`A linear model (no hidden layers): ${text(linear)}. The network is ${size} ${compared}, ${meaning}.`);
  }
  const repeat = report.repeat ?? report.folds;
  if (repeat) add(`Over ${repeat.runs.length} ${report.repeat ? "seeds" : "folds"}: ${text(repeat.mean)} ± ${kind === "accuracy" ? `${(repeat.deviation * 100).toFixed(2)} points` : text(repeat.deviation)}.`);
  return list;
}

// The panel that shows what a finding is about.
function panelOf(code: string): string {
  if (code === "D07") return "examples";
  if (code.startsWith("D")) return "data";
  return /^H0[2345]/.test(code) ? "layers" : "curves";
}

// Runs of older versions have only the findings' texts.
function leveled(report: Report): Finding[] {
  if (report.noticed) return [...report.noticed].sort((a, b) => Number(b.level === "warning") - Number(a.level === "warning"));
  return (report.findings ?? []).map((whole) => {
    const code = /^[A-Z]\d\d\b/.exec(whole)?.[0] ?? "";
    return { code, level: "", text: whole.slice(code.length).trim() };
  });
}

function findings(report: Report): HTMLElement | null {
  const items = leveled(report).map(({ code, level, text }) => {
    const mark = level === "warning" ? h("strong", { class: "warning" }, "▲ warning") : level;
    return h("li", {}, mark, " ", code ? h("a", { href: `#${panelOf(code)}` }, code) : null, " ", h("bdi", {}, shown(text)));
  });
  if (items.length === 0) return null;
  const more = items.splice(mostFindings);
  return h(
    "div",
    { class: "findings" },
    h("h3", {}, "Findings"),
    h("ul", {}, ...items),
    more.length > 0 && h("details", {}, h("summary", {}, `${more.length} more`), h("ul", {}, ...more)),
  );
}
