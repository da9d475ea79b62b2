// The verdict: the result, its interval, what it has to beat, what was noticed. Not here: the panels it points to.
import { count, h, number, panel, percent, short, shown } from "./dom";
import type { Finding, Report } from "./types";

const mostFindings = 5;

export function verdict(report: Report): HTMLElement {
  const classes = report.task === "classification";
  const score = classes ? report.test_accuracy : report.test_rmse;
  const text = (x: number | null | undefined) => (classes ? percent(x) : number(x));
  const lines: (Node | false)[] = [];
  if (report.status === "diverged") {
    lines.push(h("p", { class: "headline wrong" }, "✗ Training failed: ", shown(report.failure?.[0] ?? "the loss was not finite")));
    lines.push(...(report.failure ?? []).slice(1).map((line) => h("p", {}, shown(line))));
  } else if (score === null || score === undefined) {
    lines.push(h("p", { class: "headline" }, "There were no test rows, so nothing is known about new data."));
  } else {
    lines.push(headline(report, classes, text(score)));
    lines.push(beats(report, classes, score, text));
  }
  if (report.status === "interrupted") lines.push(h("p", {}, "Training was interrupted; this is the best epoch until then."));
  return panel("verdict", "Verdict", ...lines, findings(report));
}

function headline(report: Report, classes: boolean, score: string): HTMLElement {
  const test = report.test!;
  const interval = classes
    ? `${((report.interval_low ?? 0) * 100).toFixed(1)}–${percent(report.interval_high)}`
    : `${number(report.interval_low)} to ${number(report.interval_high)}`;
  const main = classes
    ? `${score} of the test rows are right (${count(test.correct ?? 0)} of ${count(test.rows)}).`
    : `Predictions are off by ${score} (RMSE of ${count(test.rows)} test rows).`;
  const more = classes ? `Loss ${number(report.test_loss)}.` : `Mean error ${number(report.test_mae)}, R² ${number(report.test_r2)}.`;
  return h("div", {}, h("p", { class: "headline" }, main), h("p", {}, `95 % interval ${interval}. ${more}`));
}

// Beside the best constant answer and a net without hidden layers, and whether the gain is more than chance.
function beats(report: Report, classes: boolean, score: number, text: (x: number) => string): HTMLElement {
  const list = h("ul", { class: "plain" });
  const add = (...parts: (Node | string)[]) => list.append(h("li", {}, ...parts));
  if (typeof report.baseline_constant === "number") {
    add("Always answering ", h("bdi", {}, `“${short(report.constant_answer ?? "", 40)}”`), `: ${text(report.baseline_constant)}.`);
  }
  const linear = report.baseline_linear;
  if (typeof linear === "number") {
    const gain = classes ? score - linear : linear - score;
    const size = classes ? `${Math.abs(gain * 100).toFixed(1)} points` : percent(Math.abs(gain) / (linear || 1));
    const inside = linear >= (report.interval_low ?? 0) && linear <= (report.interval_high ?? 0);
    const verb = gain >= 0 ? "gain" : "lose";
    add(`Without hidden layers: ${text(linear)}. The hidden layers ${verb} ${size}, ${inside ? "which may be chance (inside the interval)" : "more than chance explains (outside the interval)"}.`);
  }
  const repeat = report.repeat ?? report.folds;
  if (repeat) add(`Over ${repeat.runs.length} ${report.repeat ? "seeds" : "folds"}: ${text(repeat.mean)} ± ${classes ? `${(repeat.deviation * 100).toFixed(2)} points` : number(repeat.deviation)}.`);
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
