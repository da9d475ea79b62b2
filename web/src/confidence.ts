// How far the net's certainty can be believed. Not here: the rows it was certain of (examples.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { count, h, panel, percent, plural } from "./dom";
import type { Report } from "./types";

export function confidence(report: Report, showCertain: () => void): HTMLElement | null {
  const calibration = report.calibration;
  if (!calibration) return null;
  const n = calibration.bins.length;
  const bins = calibration.bins.map((b, i) => ({ from: i / n, to: (i + 1) / n, rows: b.rows, share: b.accuracy, mean: b.confidence })).filter((b) => b.rows > 0);
  const off = calibration.error;
  const sure = bins.filter((b) => b.from >= 0.9);
  const words = sure.length > 0 ? `Where the net was over 90 % sure, it was right in ${percent(sure[0].share)} of ${plural(sure[0].rows, "row")}` : "The net was never over 90 % sure";
  const draw = (w: number) =>
    Plot.plot({
      width: w,
      height: 280,
      marginLeft: 50,
      x: { label: "probability given to the answer", domain: [0, 1], tickFormat: (x: number) => `${Math.round(x * 100)} %`, ticks: w < 400 ? 5 : 10 },
      y: { label: "share that was right", domain: [0, 1], grid: true, tickFormat: (x: number) => `${Math.round(x * 100)} %`, ticks: 5 },
      marks: [
        Plot.rectY(bins, { x1: "from", x2: "to", y: "share", fill: "var(--blue)", fillOpacity: 0.75, insetLeft: 1, insetRight: 1 }),
        Plot.line([0, 1], { x: (d: number) => d, y: (d: number) => d, stroke: "var(--vermillion)", strokeDasharray: "6 4", strokeWidth: 1.5 }),
        Plot.text(bins, { x: (b) => (b.from + b.to) / 2, y: "share", text: (b) => count(b.rows), dy: -6, fill: "var(--ink)" }),
        Plot.ruleY([0]),
      ],
    });
  const made = chart({
    name: "reliability",
    title: words,
    label: `${words}. On average probability and share differ by ${percent(off)}.`,
    draw,
    points: bins.map((b) => ({ x: (b.from + b.to) / 2, y: b.share, text: `${percent(b.from, 0)} to ${percent(b.to, 0)}: ${percent(b.share)} right of ${plural(b.rows, "row")}` })),
    twin: {
      caption: words,
      header: ["probability", "rows", "share right", "mean probability"],
      rows: bins.map((b) => [`${percent(b.from, 0)} to ${percent(b.to, 0)}`, count(b.rows), percent(b.share), percent(b.mean)]),
    },
  });
  return panel(
    "confidence",
    "Confidence",
    h("p", {}, `Bars on the dashed line would be honest: 80 % sure, right 8 times in 10. On average they are off by ${percent(off)} (expected calibration error, ${n} bins).`),
    made.element,
    h("p", {}, h("button", { type: "button", click: showCertain }, "Show what it was certain of and wrong")),
  );
}
