// The verdict: the result, its interval, what it has to beat, what was noticed. Not here: the panels it points to.
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
    lines.push(h("p", { class: "headline" }, "There were no test rows, so nothing is known about new data."));
  } else {
    lines.push(headline(report, score));
    lines.push(beats(report, score));
  }
  if (report.status === "interrupted") lines.push(h("p", {}, "Training was interrupted; this is the best epoch until then."));
  return panel("verdict", "Verdict", ...lines, findings(report));
}

function headline(report: Report, score: number): HTMLElement {
  const { kind, text } = scoreOf(report);
  const interval = kind === "accuracy" ? `${((report.interval_low ?? 0) * 100).toFixed(1)}–${percent(report.interval_high)}` : `${text(report.interval_low)} to ${text(report.interval_high)}`;
  const more = kind === "rmse" ? `Mean error ${scoreNumber(report.test_mae)}, R² ${r2Text(report.test_r2)}.` : `Loss ${scoreNumber(report.test_loss)}.`;
  return h("div", {}, h("p", { class: "headline" }, hasSeveral(report) ? ofSeveral(report, score) : ofOne(report, text(score))), h("p", {}, `95 % interval ${interval}. ${more}`));
}

function ofOne(report: Report, score: string): string {
  const test = report.test!;
  if (report.task === "classification") return `${score} of the test rows are right (${count(test.correct ?? 0)} of ${count(test.rows)}).`;
  return `Predictions are off by ${score} (RMSE of ${count(test.rows)} test rows).`;
}

function ofSeveral(report: Report, score: number): string {
  const [test, targets] = [report.test!, report.targets!.length];
  if (report.task === "classification") return `${percent(score)} of all answers are right (${targets} targets, ${count(test.rows)} test rows); in ${percent(test.exact_match)} of the rows all of them.`;
  return `The ${targets} targets are told with R² ${r2Text(score, 4)} on average (${count(test.rows)} test rows; 1 is all of what varies, 0 the mean).`;
}

// Beside the best constant answer and a net without hidden layers, and whether the gain is more than chance.
function beats(report: Report, score: number): HTMLElement {
  const { kind, higher, text, difference } = scoreOf(report);
  const list = h("ul", { class: "plain" });
  const add = (...parts: (Node | string)[]) => list.append(h("li", {}, ...parts));
  if (typeof report.baseline_constant === "number") {
    const constant = text(report.baseline_constant);
    if (hasSeveral(report)) add(`Always answering ${report.task === "classification" ? "the more frequent class" : "the mean"} of each target: ${kind === "r2" ? "R² " : ""}${constant}.`);
    else add("Always answering ", h("bdi", {}, `“${short(report.constant_answer ?? "", 40)}”`), `: ${constant}.`);
  }
  const linear = report.baseline_linear;
  if (typeof linear === "number") {
    const gain = higher ? score - linear : linear - score;
    const size = kind === "rmse" ? percent(Math.abs(gain) / (linear || 1)) : difference(Math.abs(gain));
    const inside = linear >= (report.interval_low ?? 0) && linear <= (report.interval_high ?? 0);
    const verb = gain >= 0 ? "gain" : "lose";
    add(`Without hidden layers: ${text(linear)}. The hidden layers ${verb} ${size}, ${inside ? "which may be chance (inside the interval)" : "more than chance explains (outside the interval)"}.`);
  }
  const repeat = report.repeat ?? report.folds;
  if (repeat) add(`Over ${repeat.runs.length} ${report.repeat ? "seeds" : "folds"}: ${text(repeat.mean)} ± ${kind === "accuracy" ? `${(repeat.deviation * 100).toFixed(2)} points` : text(repeat.deviation)}.`);
  return list;
}

// Data are looked at in one panel, training in another.
function panelOf(code: string): string {
  if (code === "D07") return "examples";
  if (code.startsWith("D")) return "data";
  return /^H0[2345]/.test(code) ? "layers" : "curves";
}

// Runs of older versions know the words alone.
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
    h("h3", {}, "Noticed"),
    h("ul", {}, ...items),
    more.length > 0 && h("details", {}, h("summary", {}, `${more.length} more`), h("ul", {}, ...more)),
  );
}
