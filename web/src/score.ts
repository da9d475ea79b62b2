// The main score of a run: accuracy, RMSE, or the mean R² of several targets.
// Not here: the scores of each of several targets (targets.ts).
import { count, percent } from "./dom";
import type { Epoch, Report } from "./types";

export interface Score {
  kind: "accuracy" | "rmse" | "r2";
  name: string; // as used in sentences: "accuracy", "RMSE", "R²"
  higher: boolean; // whether a higher score is better
  text: (x: number | null | undefined) => string;
  /** The difference of two scores: "1.2 points". */
  difference: (x: number) => string;
}

/** Formats a score exactly as the program's terminal output does. */
export function scoreNumber(x: number | null | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  const size = Math.abs(x);
  if (size >= 1000 && size < 1e15) return count(Math.sign(x) * Math.round(size));
  if (Number.isInteger(x) && size < 1000) return String(x);
  if (size < 1e-4) return x.toExponential(1);
  return size < 1 ? x.toFixed(4) : x.toPrecision(4);
}

/** R² with three decimals; the mean of several targets has four, as in the program's output. */
export const r2Text = (x: number | null | undefined, digits = 3): string => (x === null || x === undefined ? "–" : x.toFixed(digits));

const accuracy: Score = { kind: "accuracy", name: "accuracy", higher: true, text: (x) => percent(x), difference: (x) => `${(x * 100).toFixed(1)} points` };
const rmse: Score = { kind: "rmse", name: "RMSE", higher: false, text: scoreNumber, difference: scoreNumber };
const r2: Score = { kind: "r2", name: "R²", higher: true, text: (x) => r2Text(x, 4), difference: (x) => r2Text(x, 4) };

export function scoreOf(report: Report): Score {
  if (report.task === "classification") return accuracy;
  return (report.targets?.length ?? 1) > 1 ? r2 : rmse;
}

export const testScore = (report: Report): number | null | undefined => report[`test_${scoreOf(report).kind}`];

export const validationScore = (report: Report, epoch: Epoch): number | null | undefined => epoch[`val_${scoreOf(report).kind}`];
