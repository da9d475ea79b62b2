// The Data panel: split, classes, columns and their importance. Not here: single rows (examples.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { count, h, label, number, panel, percent, plural, short, table } from "./dom";
import { scoreOf } from "./score";
import { hasSeveral } from "./targets";
import type { Report } from "./types";

const mostClasses = 40;
const mostColumns = 200;

export function dataset(report: Report): HTMLElement {
  const part = (name: string, n: number) => [name, count(n), percent(n / Math.max(1, report.train_rows + report.val_rows + report.test_rows))];
  const split = table({
    caption: `${plural(report.rows, "row")} of ${plural(report.columns, "column")}${report.stratified ? ", split so that each class has the same share in every split" : ""}`,
    header: ["split", "rows", "share"],
    rows: [part("training", report.train_rows), part("validation", report.val_rows), part("test", report.test_rows)],
  });
  const notes = [...(report.left_out ?? []).map((text) => `not used: ${text}`), ...(report.constant_columns?.length ? [`constant in the training rows: ${report.constant_columns.join(", ")}`] : [])];
  return panel(
    "data",
    "Data",
    h("p", {}, hasSeveral(report) ? "Targets " : "Target ", label(short(report.target, 60)), `: ${report.task}${report.task_reason ? ` (${report.task_reason})` : ""}. Scaling (fitted on the training rows): ${report.scale}.`),
    split,
    notes.length > 0 && h("ul", {}, ...notes.map((text) => h("li", {}, h("bdi", {}, short(text, 400))))),
    hasSeveral(report) ? answers(report) : classes(report),
    importance(report),
    columns(report),
  );
}

function classes(report: Report): HTMLElement | null {
  const parts = report.class_rows;
  if (!parts || parts.length !== 3) return null;
  const data = report.classes.map((name, i) => ({ name, key: `${i}: ${short(name, 14)}`, n: parts[0][i] }));
  const [least, most] = [Math.min(...data.map((d) => d.n)), Math.max(...data.map((d) => d.n))];
  const words = `Classes have from ${count(least)} to ${plural(most, "training row")}`;
  const drawn = data.slice(0, mostClasses);
  return chart({
    name: "classes",
    title: data.length > mostClasses ? `${words}; the chart shows the first ${mostClasses}` : words,
    label: `${words}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 60 + 20 * Math.max(3, drawn.length),
        marginLeft: 120,
        x: { label: "training rows", grid: true, ticks: Math.floor(w / 100) },
        y: { label: null, domain: drawn.map((d) => d.key), tickFormat: (key: string) => key.slice(key.indexOf(":") + 2) },
        marks: [Plot.barX(drawn, { y: "key", x: "n", fill: "var(--blue)", insetTop: 1, insetBottom: 1 }), Plot.ruleX([0])],
      }),
    points: drawn.map((d) => ({ x: d.n, y: d.key, text: `${d.name}: ${plural(d.n, "training row")}` })),
    twin: { caption: "Rows per class", header: ["class", "training", "validation", "test"], rows: data.map((d, i) => [label(short(d.name, 40)), ...parts.map((p) => count(p[i]))]) },
  }).element;
}

// The number of rows per class for each of several targets.
function answers(report: Report): HTMLElement | null {
  const all = report.targets!.filter((target) => target.class_rows?.length === 3);
  if (all.length === 0) return null;
  const row = (target: (typeof all)[number]) => [label(short(target.name, 40)), ...target.classes!.flatMap((name, c) => [label(short(name, 20)), count(target.class_rows![0][c])])];
  return table({ caption: "Training rows per class of each target", header: ["target", "first class", "rows", "second class", "rows"], words: [0, 1, 3], rows: all.map(row) });
}

function importance(report: Report): HTMLElement | null {
  const all = report.importance?.columns ?? [];
  const lost = (c: Record<string, unknown>): number => Number(c.accuracy_lost ?? c.rmse_gained ?? c.r2_lost ?? 0);
  const [first] = all;
  if (!first) return null;
  const { kind, name, higher, difference } = scoreOf(report);
  const points = kind === "accuracy";
  const what = `${name} ${higher ? "lost" : "gained"}`;
  const words = `The most important column is ${short(first.column, 30)}: shuffling it ${higher ? "lowers" : "raises"} ${points ? name : `the ${name}`} by ${difference(lost(first))}`;
  const { rows, repeats } = report.importance!;
  const answers = rows * (report.targets?.length ?? 1);
  const worth = points ? ` One ${(report.targets?.length ?? 1) > 1 ? "prediction" : "row"} is worth ${Number((100 / answers).toPrecision(2))} points.` : "";
  const basis = `Mean of ${plural(repeats, "shuffle")} on ${plural(rows, "test row")}.${worth}`;
  const data = all.slice(0, 20).map((c, i) => ({ key: `${i}: ${short(c.column, 14)}`, name: c.column, lost: lost(c) }));
  const made = chart({
    name: "importance",
    title: words,
    label: `${words}. ${basis}`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 60 + 20 * Math.max(3, data.length),
        marginLeft: 120,
        x: { label: points ? `${what}, points` : what, grid: true, ticks: Math.floor(w / 100), tickFormat: (x: number) => number(points ? x * 100 : x) },
        y: { label: null, domain: data.map((d) => d.key), tickFormat: (key: string) => key.slice(key.indexOf(":") + 2) },
        marks: [Plot.barX(data, { y: "key", x: "lost", fill: "var(--blue)", insetTop: 1, insetBottom: 1 }), Plot.ruleX([0])],
      }),
    points: data.map((d) => ({ x: d.lost, y: d.key, text: `${d.name}: ${difference(d.lost)}` })),
    twin: { caption: words, header: ["column", what, "standard deviation"], rows: all.slice(0, mostColumns).map((c) => [label(short(c.column, 40)), difference(lost(c)), difference(c.deviation)]) },
  });
  return h("div", {}, made.element, h("p", {}, basis));
}

function columns(report: Report): HTMLElement | null {
  const all = report.preprocessed ?? [];
  if (all.length === 0) return null;
  const rows = all.slice(0, mostColumns).map((c) => [
    label(short(c.name, 40)),
    c.kind === "categorical" ? plural(c.categories ?? 0, "category").replace("categorys", "categories") : c.kind,
    c.earliest ?? number(c.low),
    c.latest ?? number(c.high),
    number(c.mean),
    number(c.deviation),
  ]);
  const list = table({ caption: "Values in the training rows, before scaling", header: ["column", "kind", "minimum", "maximum", "mean", "standard deviation"], rows, words: [0, 1] });
  const there = report.preprocessed_columns ?? all.length;
  const words = there > mostColumns ? `The first ${mostColumns} of ${count(there)} columns` : plural(there, "column");
  return h("details", { open: all.length <= 12 }, h("summary", {}, words), list);
}
