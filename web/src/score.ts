// The one number a run is judged by: accuracy, RMSE, or the mean R² of several targets. Not here: scores of one target of
// several (targets.ts).
import { number, percent } from "./dom";
import type { Epoch, Report } from "./types";

export interface Score {
  kind: "accuracy" | "rmse" | "r2";
  name: string; // in a sentence: "accuracy", "RMSE", "R²"
  higher: boolean; // is better
  text: (x: number | null | undefined) => string;
  /** A difference of two: "1.2 points". */
  difference: (x: number) => string;
}

const accuracy: Score = { kind: "accuracy", name: "accuracy", higher: true, text: (x) => percent(x), difference: (x) => `${(x * 100).toFixed(1)} points` };
const rmse: Score = { kind: "rmse", name: "RMSE", higher: false, text: number, difference: number };
const r2: Score = { kind: "r2", name: "R²", higher: true, text: number, difference: number };

export function scoreOf(report: Report): Score {
  if (report.task === "classification") return accuracy;
  return (report.targets?.length ?? 1) > 1 ? r2 : rmse;
}

export const testScore = (report: Report): number | null | undefined => report[`test_${scoreOf(report).kind}`];

export const validationScore = (report: Report, epoch: Epoch): number | null | undefined => epoch[`val_${scoreOf(report).kind}`];
