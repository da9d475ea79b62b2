// The Errors panel for regression: error histogram, predicted against actual values, residuals per column.
// Not here: single rows (examples.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { count, h, number, panel, plural, short, shown } from "./dom";
import { r2Text, scoreNumber } from "./score";
import type { Example, Examples, Report } from "./types";

export function errors(report: Report, examples: Examples | null): HTMLElement | null {
  if (report.task === "classification" || !report.test) return null;
  const rows = (examples?.rows ?? []).filter((r) => Number.isFinite(r.truth) && Number.isFinite(r.prediction));
  const sampled = examples && rows.length < examples.test_rows ? `The charts of single rows show ${count(rows.length)} of ${plural(examples.test_rows, "test row")}: the largest errors and a regular sample of the others.` : "";
  return panel(
    "errors",
    "Errors",
    sampled && h("p", { class: "hint" }, sampled),
    h("div", { class: "charts" }, histogram(report), rows.length > 0 && against(report, rows), rows.length > 0 && residuals(rows, examples!)),
  );
}

function histogram(report: Report): HTMLElement | null {
  const bins = report.test!.errors;
  if (!bins) return null;
  const width = (bins.high - bins.low) / bins.counts.length || 1;
  const data = bins.counts.map((n, i) => ({ n, from: bins.low + i * width, to: bins.low + (i + 1) * width }));
  const words = `Errors (predicted minus actual) are between ${number(bins.low)} and ${number(bins.high)}; the mean absolute error is ${scoreNumber(report.test_mae)}`;
  return chart({
    name: "error-histogram",
    title: words,
    label: `${words}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 260,
        marginLeft: 50,
        x: { label: "predicted − actual", tickFormat: number, ticks: Math.floor(w / 80) },
        y: { label: "rows", grid: true },
        marks: [Plot.rectY(data, { x1: "from", x2: "to", y: "n", fill: "var(--blue)", inset: 0.5 }), Plot.ruleX([0], { stroke: "var(--ink)" }), Plot.ruleY([0])],
      }),
    points: data.map((d) => ({ x: (d.from + d.to) / 2, y: d.n, text: `${number(d.from)} to ${number(d.to)}: ${plural(d.n, "row")}` })),
    twin: { caption: words, header: ["from", "to", "rows"], rows: data.map((d) => [number(d.from), number(d.to), count(d.n)]), words: [] },
  }).element;
}

const dotOf = (rows: number) => ({ r: rows > 600 ? 1.8 : 2.8, fill: "var(--blue)", fillOpacity: rows > 600 ? 0.45 : 0.7 });

function against(report: Report, rows: Example[]): HTMLElement {
  const words = `Predicted against actual ${short(report.target, 40)}: points on the line are correct, R² ${r2Text(report.test_r2)}`;
  const ends = [Math.min(...rows.map((r) => Math.min(r.truth, r.prediction))), Math.max(...rows.map((r) => Math.max(r.truth, r.prediction)))];
  const sorted = [...rows].sort((a, b) => a.truth - b.truth);
  return chart({
    name: "predicted-actual",
    title: words,
    label: `${words}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: Math.min(360, Math.max(260, w)),
        marginLeft: 64,
        x: { label: "actual", tickFormat: number, ticks: Math.floor(w / 90), grid: true },
        y: { label: "predicted", tickFormat: number, grid: true },
        marks: [
          Plot.dot(rows, { x: "truth", y: "prediction", ...dotOf(rows.length) }),
          Plot.line(ends, { x: (d: number) => d, y: (d: number) => d, stroke: "var(--vermillion)", strokeDasharray: "6 4", strokeWidth: 1.5 }),
        ],
      }),
    points: sorted.map((r) => ({ x: r.truth, y: r.prediction, text: `row ${r.row}: actual ${number(r.truth)}, predicted ${number(r.prediction)}` })),
    twin: { caption: words, header: ["row", "actual", "predicted", "error"], rows: sorted.slice(0, 500).map((r) => [String(r.row), number(r.truth), number(r.prediction), number(r.prediction - r.truth)]) },
  }).element;
}

function residuals(rows: Example[], examples: Examples): HTMLElement | null {
  const columns = examples.columns.map((name, index) => ({ name, index })).filter(({ index }) => rows.some((r) => typeof r.cells?.[index] === "number"));
  if (columns.length === 0) return null;
  const choice = h("select", { change: () => rebuild() }, ...columns.map(({ name, index }) => h("option", { value: index }, short(name, 40))));
  const choose = h("label", {}, "column ", choice);
  const holder = h("div", { class: "chart-holder" });
  function rebuild() {
    const index = Number(choice.value);
    const name = shown(examples.columns[index]);
    const data = rows.filter((r) => typeof r.cells?.[index] === "number").map((r) => ({ row: r.row, x: r.cells![index] as number, y: r.prediction - r.truth })).sort((a, b) => a.x - b.x);
    const words = `The error against ${short(name, 40)}: correlation ${correlation(data).toFixed(2)} (0 means no linear relation is left to learn)`;
    const made = chart({
      name: "residuals",
      title: words,
      label: `${words}.`,
      controls: [choose],
      draw: (w) =>
        Plot.plot({
          width: w,
          height: 280,
          marginLeft: 64,
          x: { label: short(name, 30), tickFormat: number, ticks: Math.floor(w / 90) },
          y: { label: "predicted − actual", tickFormat: number, grid: true },
          marks: [Plot.dot(data, { x: "x", y: "y", ...dotOf(data.length) }), Plot.ruleY([0], { stroke: "var(--ink)" })],
        }),
      points: data.map((d) => ({ x: d.x, y: d.y, text: `row ${d.row}: ${name} ${number(d.x)}, error ${number(d.y)}` })),
      twin: { caption: words, header: ["row", name, "error"], rows: data.slice(0, 500).map((d) => [String(d.row), number(d.x), number(d.y)]) },
    });
    const focused = document.activeElement === choice;
    holder.replaceChildren(made.element);
    if (focused) choice.focus();
  }
  rebuild();
  return holder;
}

function correlation(data: { x: number; y: number }[]): number {
  const mean = (key: "x" | "y") => data.reduce((sum, d) => sum + d[key], 0) / data.length;
  const [mx, my] = [mean("x"), mean("y")];
  const product = (a: "x" | "y", b: "x" | "y") => data.reduce((sum, d) => sum + (d[a] - (a === "x" ? mx : my)) * (d[b] - (b === "x" ? mx : my)), 0);
  const size = Math.sqrt(product("x", "x") * product("y", "y"));
  return size > 0 ? product("x", "y") / size : 0;
}
