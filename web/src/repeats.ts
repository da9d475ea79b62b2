// Scores of repeated trainings (seeds or cross-validation folds): how much they vary.
// Not here: the result of the run itself (verdict.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { number, panel, plural } from "./dom";
import { scoreOf } from "./score";
import type { Report } from "./types";

export function repeats(report: Report): HTMLElement | null {
  const all = report.folds ?? report.repeat;
  if (!all || !Array.isArray(all.runs) || all.runs.length < 2) return null;
  const what = report.folds ? "fold" : "seed";
  const { kind, name, text } = scoreOf(report);
  const runs = all.runs.map((run) => ({ key: String(run[what]), score: run[`test_${kind}`], loss: run.test_loss, best: run.best_epoch }));
  const scores = runs.map((run) => run.score);
  const title = `${plural(runs.length, what)}: ${text(Math.min(...scores))} to ${text(Math.max(...scores))}, mean ${text(all.mean)}`;
  const made = chart({
    name: "repeats",
    title,
    label: `${title}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 220,
        marginLeft: 60,
        marginBottom: 40,
        x: { label: what, type: "band", domain: runs.map((run) => run.key), ticks: runs.filter((_, i) => i % Math.ceil(runs.length / 20) === 0).map((run) => run.key) },
        y: { label: `test ${name}`, grid: true, ticks: 5, tickFormat: text, nice: true },
        marks: [
          Plot.ruleY([all.mean], { stroke: "var(--vermillion)", strokeDasharray: "6 4" }),
          Plot.dot(runs, { x: "key", y: "score", fill: "var(--blue)", r: 4 }),
        ],
      }),
    points: runs.map((run) => ({ x: run.key, y: run.score, text: `${what} ${run.key}: ${text(run.score)}` })),
    twin: { caption: title, header: [what, "score", "loss", "best epoch"], rows: runs.map((run) => [run.key, text(run.score), number(run.loss), String(run.best)]) },
  });
  return panel("repeats", report.folds ? "Cross-validation" : "Seeds", made.element);
}
