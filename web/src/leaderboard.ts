// The Leaderboard panel: everything that the run compares on its test rows, with intervals and costs.
// Not here: the members one by one (members.ts), whether a difference may be chance (verdict.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { h, number, panel, seconds, short, table } from "./dom";
import { scoreNumber, scoreOf } from "./score";
import { hasSeveral } from "./targets";
import type { LeaderboardEntry, Report } from "./types";

interface Row {
  name: string;
  score: number;
  low: number | null;
  high: number | null;
  entry: LeaderboardEntry;
}

export const metricNames: Record<string, string> = { log_loss: "log loss", roc_auc: "ROC AUC", mae: "MAE", r2: "R²" };

export function nameOf(entry: LeaderboardEntry, report: Report): string {
  const { members, distilled } = report;
  if (entry.name === "constant") return hasSeveral(report) ? "constant prediction" : `always “${short(report.constant_answer ?? "", 16)}”`;
  if (entry.name === "linear") return "linear model";
  if (entry.name === "distilled") return `small net ${distilled?.hidden.join(",") ?? ""}`;
  if (!members) return "the model";
  if (entry.name === "best_member") return `best member, ${members.best}`;
  return members.chosen.length > 1 ? `average of ${members.chosen.length} members` : `member ${members.best}`;
}

export function leaderboard(report: Report): HTMLElement | null {
  const entries = report.leaderboard ?? [];
  if (entries.length < 2) return null;
  const { kind, name: scoreName, text: scoreText } = scoreOf(report);
  const metric = report.metric && report.metric !== kind ? report.metric : null;
  const text = (x: number | null | undefined): string => (metric === null ? scoreText(x) : metric === "mae" || typeof x !== "number" ? scoreNumber(x) : x.toFixed(4));
  const head = metric ? (metricNames[metric] ?? metric) : scoreName;
  const rows: Row[] = entries.map((entry) => ({
    name: nameOf(entry, report),
    score: entry[`test_${metric ?? kind}`] as number,
    low: (metric ? entry.metric_low : entry.interval_low) ?? null,
    high: (metric ? entry.metric_high : entry.interval_high) ?? null,
    entry,
  }));
  const interval = (row: Row) => (row.low === null ? "–" : !metric && kind === "accuracy" ? `${(row.low * 100).toFixed(1)}–${text(row.high)}` : `${text(row.low)} to ${text(row.high)}`);
  const trained = (row: Row) => typeof row.entry.microseconds_per_row === "number";
  return panel(
    "leaderboard",
    "Leaderboard",
    h(
      "div",
      { class: "charts" },
      table({
        caption: "Scores on the test rows",
        header: ["", head, "95 % interval", "training", "µs per row"],
        rows: rows.map((row) => [row.name, text(row.score), interval(row), trained(row) ? seconds(row.entry.seconds) : "–", micro(row.entry)]),
      }),
      picture(rows.filter((row) => row.entry.name !== "constant"), head, text, interval),
    ),
  );
}

// Measured on one thread, so that two digits say all.
export function micro(entry: LeaderboardEntry | undefined): string {
  const time = entry?.microseconds_per_row;
  return time ? number(Number(time.toPrecision(2))) : "–";
}

// The constant prediction is left out: it is so far away that nothing else could be told apart.
function picture(rows: Row[], head: string, text: (x: number) => string, interval: (row: Row) => string): HTMLElement | null {
  if (rows.length < 2 || rows.some((row) => !Number.isFinite(row.score))) return null;
  const model = rows.find((row) => row.entry.name === "model")!;
  const title = `The model has ${head} ${text(model.score)}${rows[0].entry.name === "linear" ? `, the linear model ${text(rows[0].score)}` : ""}`;
  const bars = rows.filter((row) => row.low !== null && row.high !== null);
  return chart({
    name: "leaderboard",
    title,
    label: `${title}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: Math.max(130, 60 + rows.length * 28),
        marginLeft: 150,
        marginRight: 24,
        marginBottom: 42,
        x: { label: `${head} and its 95 % interval`, grid: true, ticks: w < 450 ? 2 : 4, tickFormat: text, nice: true, inset: 8 },
        y: { label: null, domain: rows.map((row) => row.name), type: "band", tickSize: 0 },
        marks: [
          Plot.ruleY(bars, { y: "name", x1: "low", x2: "high", stroke: "var(--blue)", strokeWidth: 2 }),
          Plot.dot(rows, { x: "score", y: "name", fill: "var(--blue)", r: 5 }),
        ],
      }),
    points: rows.map((row) => ({ x: row.score, y: row.name, text: `${row.name}: ${text(row.score)}, interval ${interval(row)}` })),
    twin: { caption: title, header: ["", head, "95 % interval"], rows: rows.map((row) => [row.name, text(row.score), interval(row)]) },
  }).element;
}
