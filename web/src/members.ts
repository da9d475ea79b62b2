// The Members panel: each member's settings and score, which were chosen, how alike they err, what the average costs.
// Not here: the comparison on the test rows (leaderboard.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { count, h, number, panel, plural, seconds, table } from "./dom";
import { metricNames, micro } from "./leaderboard";
import { scoreOf } from "./score";
import type { Member, Members, Report } from "./types";

const mostLabelled = 10; // with more members, the cells of the heat map have no numbers

export function members(report: Report): HTMLElement | null {
  const all = report.members;
  if (!all?.list?.length) return null;
  const chosen = new Set(all.chosen);
  return panel(
    "members",
    "Members",
    ...sentences(report, all),
    h("div", { class: "charts" }, scores(report, all, chosen), likeness(all)),
    list(report, all, chosen),
  );
}

const scoreIn = (report: Report, one: Member): number => one[`val_${scoreOf(report).kind}`] as number;
const rowsOf = (all: Members): string => (all.folds > 0 ? "validation rows, each predicted by nets that have not seen it" : "validation rows");

function sentences(report: Report, all: Members): HTMLElement[] {
  const { kind, name, text } = scoreOf(report);
  const together = text(all[`val_${kind}`] as number);
  const best = text(all[`best_val_${kind}`] as number);
  const many = all.chosen.length > 1;
  const nets = all.folds > 0 ? `, each of ${all.folds} nets (one per fold)` : "";
  const cost = (which: string) => micro(report.leaderboard?.find((entry) => entry.name === which));
  const by = report.metric ?? (kind === "accuracy" ? "log_loss" : kind);
  return [
    h("p", {}, many ? `The model averages ${all.chosen.length} of ${plural(all.trained, "member")}${nets}. Their average has ${name} ${together} on the ${rowsOf(all)}.` : `The model is member ${all.best} of ${plural(all.trained, "member")}${nets}: no average with another one was better on the ${rowsOf(all)}.`),
    h("p", {}, `Members are chosen by their ${metricNames[by] ?? name}. The best single one by it, member ${all.best}, has ${name} ${best}.`),
    ...(many && report.leaderboard ? [h("p", {}, `The prediction of a row takes ${cost("model")} µs (${count(report.parameters)} parameters), by the best single member ${cost("best_member")} µs (${count(all.best_parameters)} parameters).`)] : []),
  ];
}

function scores(report: Report, all: Members, chosen: Set<number>): HTMLElement | null {
  const { kind, name, text } = scoreOf(report);
  const dots = all.list!.filter((one) => !one.diverged && Number.isFinite(scoreIn(report, one))).map((one) => ({ key: String(one.member), score: scoreIn(report, one), chosen: chosen.has(one.member) }));
  if (dots.length < 2) return null;
  const together = all[`val_${kind}`] as number;
  const values = dots.map((dot) => dot.score);
  const title = `The members have ${name} ${text(Math.min(...values))} to ${text(Math.max(...values))}, the average of the chosen ones ${text(together)}`;
  const made = chart({
    name: "members",
    title,
    label: `${title}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 240,
        marginLeft: 60,
        marginBottom: 40,
        x: { label: "member", type: "band", domain: dots.map((dot) => dot.key), ticks: dots.filter((_, i) => i % Math.ceil(dots.length / 20) === 0).map((dot) => dot.key) },
        y: { label: `validation ${name}`, grid: true, ticks: 5, tickFormat: text, nice: true },
        marks: [
          Plot.ruleY([together], { stroke: "var(--vermillion)", strokeDasharray: "6 4", strokeWidth: 2 }),
          Plot.dot(dots, { x: "key", y: "score", fill: (dot: { chosen: boolean }) => (dot.chosen ? "var(--blue)" : "var(--paper)"), stroke: "var(--blue)", strokeWidth: 2, r: 5 }),
        ],
      }),
    points: dots.map((dot) => ({ x: dot.key, y: dot.score, text: `member ${dot.key}: ${text(dot.score)}${dot.chosen ? ", chosen" : ""}` })),
    twin: { caption: title, header: ["member", name, "chosen"], rows: dots.map((dot) => [dot.key, text(dot.score), dot.chosen ? "✓" : ""]) },
  });
  made.element.insertBefore(h("p", { class: "hint" }, "Filled: chosen members. Dashed line: their average."), made.element.children[1]);
  return made.element;
}

// A heat map of the correlations of errors of each two chosen members.
function likeness(all: Members): HTMLElement | null {
  const matrix = all.error_correlations;
  if (!matrix || matrix.length < 2) return null;
  const names = all.chosen.map(String);
  const cells = matrix.flatMap((row, i) => row.map((value, j) => ({ a: names[j], b: names[i], value })).filter((_, j) => j !== i));
  const values = cells.map((cell) => cell.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const title = `The errors of two chosen members have a correlation of ${number(Number(mean.toFixed(2)))} on average`;
  const share = (x: number) => (most > least ? (x - least) / (most - least) : 0.5);
  const digits = (x: number) => x.toFixed(2);
  const made = chart({
    name: "likeness",
    title,
    label: `${title}; the least alike have ${digits(least)}, the most alike ${digits(most)}.`,
    draw: (w) =>
      Plot.plot({
        width: Math.min(w, 160 + names.length * 56),
        height: Math.max(160, 60 + names.length * 34),
        marginLeft: 60,
        marginBottom: 40,
        x: { label: "member", type: "band", domain: names, padding: 0.06 },
        y: { label: "member", type: "band", domain: names, padding: 0.06 },
        marks: [
          Plot.cell(cells, { x: "a", y: "b", fill: "var(--blue)", fillOpacity: (cell: { value: number }) => 0.08 + 0.47 * share(cell.value) }),
          ...(names.length <= mostLabelled ? [Plot.text(cells, { x: "a", y: "b", text: (cell: { value: number }) => digits(cell.value), fill: "var(--ink)" })] : []),
        ],
      }),
    points: cells.map((cell) => ({ x: cell.a, y: cell.b, text: `members ${cell.b} and ${cell.a}: ${digits(cell.value)}` })),
    twin: { caption: title, header: ["member", ...names], rows: matrix.map((row, i) => [names[i], ...row.map(digits)]) },
  });
  made.element.insertBefore(h("p", { class: "hint" }, "1: they err on the same rows in the same way, and averaging brings nothing. The lower, the more it brings."), made.element.children[1]);
  return made.element;
}

// The epochs that the nets kept: one number, or the smallest and the largest.
function epochs(one: Member): string {
  const kept = one.nets.map((net) => net.best_epoch);
  const [low, high] = [Math.min(...kept), Math.max(...kept)];
  return low === high ? String(low) : `${low} to ${high}`;
}

function list(report: Report, all: Members, chosen: Set<number>): HTMLElement {
  const { name, text } = scoreOf(report);
  const row = (one: Member) => [
    String(one.member),
    one.diverged ? "diverged" : chosen.has(one.member) ? "✓" : "",
    text(scoreIn(report, one)),
    number(one.selection_loss),
    epochs(one),
    seconds(one.nets.reduce((sum, net) => sum + net.seconds, 0)),
    h("span", { class: "answer" }, one.settings || "those of the run"),
  ];
  const whole = table({
    caption: "Score and loss are on the validation rows; members are chosen by the loss",
    header: ["member", "chosen", name, "loss", "kept epoch", "training", "settings"],
    rows: all.list!.map(row),
    words: [0, 6],
  });
  if (all.list!.length > 20) whole.classList.add("tall");
  return whole;
}
