// The Targets panel for runs with several targets: their scores, and the selection of one target.
// Not here: the panels of the selected target (confusion.ts, errors.ts, confidence.ts, examples.ts).
import { count, h, label, number, panel, percent, plural, short, table } from "./dom";
import { r2Text, scoreNumber } from "./score";
import type { Examples, Report } from "./types";

export const hasSeveral = (report: Report): boolean => (report.targets?.length ?? 0) > 1;

/** The report reduced to target `index`, as if it were the only one. */
export function reportOf(report: Report, index: number): Report {
  const target = report.targets![index];
  const test = report.test?.targets?.[index];
  return {
    ...report,
    target: target.name,
    targets: undefined,
    classes: target.classes ?? [],
    class_rows: target.class_rows,
    test: test && { ...test, loss: null, interval_low: null, interval_high: null },
    test_mae: test?.mae as number | undefined,
    test_r2: test?.r2 as number | undefined,
    calibration: test?.calibration,
  };
}

/** The examples with the actual and predicted values of target `index` only. */
export function examplesOf(examples: Examples | null, index: number): Examples | null {
  if (!examples) return null;
  const own = <T>(x: T): T => (Array.isArray(x) ? (x[index] as T) : x);
  const rows = examples.rows.map((r) => ({ ...r, truth: own(r.truth), prediction: own(r.prediction), p: own(r.p), p_truth: own(r.p_truth) }));
  return { ...examples, rows };
}

/** Makes the panel; calls `choose` when the user selects a target. */
export function targets(report: Report, choose: (index: number) => void): HTMLElement | null {
  if (!hasSeveral(report)) return null;
  const names = report.targets!.map((target) => target.name);
  const choice = h("select", { change: () => choose(Number(choice.value)) }, ...names.map((name, i) => h("option", { value: i }, short(name, 40))));
  const chooser = h("div", { class: "tools" }, h("label", {}, "show below: ", choice));
  return panel("targets", "Targets", scores(report), report.test ? chooser : null);
}

function scores(report: Report): HTMLElement {
  const tests = report.test?.targets ?? [];
  const at = (i: number, metric: string): number | undefined => tests[i]?.[metric] as number | undefined;
  const name = (i: number) => label(short(report.targets![i].name, 40));
  const rows = report.targets!.map((_, i) => i);
  if (report.task === "classification") {
    return table({
      caption: `Scores of ${plural(rows.length, "target")}; precision, recall and F1 are means of both classes; baseline: always predicting the more frequent class`,
      header: ["target", "accuracy", "precision", "recall", "F1", "ROC AUC", "baseline", "second class", "its rows"],
      words: [0, 7],
      rows: rows.map((i) => [
        name(i),
        percent(at(i, "accuracy")),
        ...["precision", "recall", "f1"].map((metric) => percent(at(i, metric))),
        number(at(i, "roc_auc")),
        percent(at(i, "constant_accuracy")),
        label(short(report.targets![i].classes?.[1] ?? "", 20)),
        count(tests[i]?.per_class?.[1]?.support ?? 0),
      ]),
    });
  }
  return table({
    caption: `Scores of ${plural(rows.length, "target")}, in the unit of each target (R² has none)`,
    header: ["target", "RMSE", "mean absolute error", "R²", "largest error", "RMSE of predicting the mean", "minimum", "maximum"],
    rows: rows.map((i) => [name(i), ...["rmse", "mae", "r2", "max_error", "constant_rmse"].map((metric) => (metric === "r2" ? r2Text(at(i, metric), 4) : scoreNumber(at(i, metric)))), number(report.targets![i].low), number(report.targets![i].high)]),
  });
}
