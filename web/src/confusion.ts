// The Confusion panel: the confusion matrix, whose cells filter the examples, and the scores per class.
// Not here: the examples (examples.ts).
import * as Plot from "@observablehq/plot";
import { download } from "./chart";
import { count, h, label, panel, percent, plural, short, shown, table } from "./dom";
import type { Report } from "./types";

const manyClasses = 20; // with more classes the column names are set upright

export interface Cell {
  truth: number;
  predicted: number;
}

export function confusion(report: Report, filter: (cell: Cell) => void): HTMLElement | null {
  const matrix = report.test?.confusion;
  if (!matrix) return null;
  return panel("confusion", "Confusion", figure(report, matrix, filter), frequent(report, matrix, filter), perClass(report));
}

function mistakes(matrix: number[][]): (Cell & { n: number })[] {
  return matrix
    .flatMap((row, truth) => row.map((n, predicted) => ({ truth, predicted, n })))
    .filter((cell) => cell.truth !== cell.predicted && cell.n > 0)
    .sort((a, b) => b.n - a.n);
}

function title(report: Report, matrix: number[][]): string {
  const [most] = mistakes(matrix);
  if (!most) return `All ${count(report.test!.rows)} test rows are predicted correctly`;
  return `The most frequent mistake: ${short(report.classes[most.truth])} predicted as ${short(report.classes[most.predicted])}, ${plural(most.n, "time")}`;
}

function figure(report: Report, matrix: number[][], filter: (cell: Cell) => void): HTMLElement {
  const words = title(report, matrix);
  const save = h("button", { type: "button", click: () => download("confusion", svg(report, matrix)) }, "save SVG");
  return h(
    "figure",
    { class: "chart", "data-chart": "confusion", "aria-label": words },
    h("figcaption", {}, words),
    h("p", { class: "hint" }, "Rows: actual class; columns: predicted class. Select a cell to see its examples (arrow keys move, Enter selects)."),
    grid(report, matrix, filter),
    h("div", { class: "tools" }, save),
  );
}

function grid(report: Report, matrix: number[][], filter: (cell: Cell) => void): HTMLElement {
  const names = report.classes;
  const totals = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  const body = matrix.map((row, truth) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, label(short(names[truth], 16))),
      ...row.map((n, predicted) => {
        const share = totals[truth] > 0 ? n / totals[truth] : 0;
        const cell = h("td", { class: n === 0 ? "none" : truth === predicted ? "right" : "wrong" });
        cell.style.setProperty("--share", String(n === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(share)));
        const words = `${plural(n, "row")} of ${shown(names[truth])}, predicted ${shown(names[predicted])}: show the examples`;
        if (n > 0) cell.append(h("button", { type: "button", tabindex: -1, "data-cell": `${truth},${predicted}`, "aria-label": words, click: () => filter({ truth, predicted }) }, count(n)));
        return cell;
      }),
    ),
  );
  const header = h("tr", {}, h("th", { scope: "col" }, "actual \\ predicted"), ...names.map((name) => h("th", { scope: "col" }, label(short(name, 16)))));
  const whole = h("table", { class: names.length > manyClasses ? "confusion many" : "confusion" }, h("caption", {}, "Number of test rows by actual and predicted class"), h("thead", {}, header), h("tbody", {}, ...body));
  rove(whole, names.length);
  return h("div", { class: "scroll tall", role: "region", tabindex: 0, "aria-label": "Confusion matrix" }, whole);
}

// The matrix is a single stop of the Tab key; arrow keys move to the next cell that has rows.
function rove(whole: HTMLElement, classes: number) {
  const at = (truth: number, predicted: number) => whole.querySelector<HTMLButtonElement>(`[data-cell="${truth},${predicted}"]`);
  const first = whole.querySelector<HTMLButtonElement>("[data-cell]");
  if (first) first.tabIndex = 0;
  whole.addEventListener("focusin", (event) => {
    whole.querySelectorAll<HTMLButtonElement>("[data-cell]").forEach((b) => (b.tabIndex = b === event.target ? 0 : -1));
  });
  whole.addEventListener("keydown", (event) => {
    const step: Record<string, [number, number]> = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const from = (event.target as HTMLElement).dataset.cell?.split(",").map(Number);
    if (!from || !(event.key in step)) return;
    event.preventDefault();
    const [down, right] = step[event.key];
    for (let t = from[0] + down, s = from[1] + right; t >= 0 && s >= 0 && t < classes && s < classes; t += down, s += right) {
      const next = at(t, s);
      if (next) return next.focus();
    }
  });
}

// The same matrix as SVG, drawn when the user saves it.
function svg(report: Report, matrix: number[][]): SVGElement {
  const names = report.classes.map((name, i) => `${i}: ${short(name, 14)}`);
  const cells = matrix.flatMap((row, t) => row.map((n, s) => ({ truth: names[t], predicted: names[s], n, share: n / Math.max(1, row.reduce((a, b) => a + b, 0)), right: t === s })));
  const side = Math.max(320, Math.min(1600, 120 + names.length * 40));
  return Plot.plot({
    width: side + 60,
    height: side,
    marginLeft: 110,
    marginBottom: 90,
    x: { label: "predicted", domain: names, tickRotate: -40 },
    y: { label: "actual", domain: names },
    marks: [
      Plot.cell(cells, { x: "predicted", y: "truth", fill: (d) => (d.right ? "var(--blue)" : "var(--vermillion)"), fillOpacity: (d) => d.share * 0.6 }),
      Plot.text(cells.filter((d) => d.n > 0), { x: "predicted", y: "truth", text: (d) => count(d.n), fill: "var(--ink)" }),
    ],
  }) as unknown as SVGElement;
}

function frequent(report: Report, matrix: number[][], filter: (cell: Cell) => void): HTMLElement | null {
  const list = mistakes(matrix).slice(0, 5);
  if (list.length === 0) return null;
  const item = (cell: Cell & { n: number }) =>
    h("li", {}, h("button", { type: "button", click: () => filter(cell) }, label(short(report.classes[cell.truth])), " predicted as ", label(short(report.classes[cell.predicted])), `: ${count(cell.n)}`));
  return h("div", {}, h("h3", {}, "Most frequent mistakes"), h("ul", { class: "buttons" }, ...list.map(item)));
}

function perClass(report: Report): HTMLElement | null {
  const test = report.test!;
  if (!test.per_class) return null;
  const row = (name: Node | string, s: { precision: number; recall: number; f1: number; support: number }) => [name, percent(s.precision), percent(s.recall), percent(s.f1), count(s.support)];
  const rows = test.per_class.map((s) => row(label(short(s.class ?? "", 40)), s));
  if (test.macro) rows.push(row("mean of all classes", test.macro));
  const whole = table({
    caption: "Precision: share of the rows predicted as this class that are it; recall: share of the rows of this class that were found",
    header: ["class", "precision", "recall", "F1", "rows"],
    rows,
  });
  if (rows.length > manyClasses) whole.classList.add("tall");
  return whole;
}
