// The Confidence panel: a reliability diagram. Not here: confident mistakes (examples.ts).
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
  const words = sure.length > 0 ? `Of ${plural(sure[0].rows, "row")} predicted with over 90 % confidence, ${percent(sure[0].share)} are correct` : "No prediction has over 90 % confidence";
  const draw = (w: number) =>
    Plot.plot({
      width: w,
      height: 280,
      marginLeft: 50,
      x: { label: "probability of the predicted class", domain: [0, 1], tickFormat: (x: number) => `${Math.round(x * 100)} %`, ticks: w < 400 ? 5 : 10 },
      y: { label: "share correct", domain: [0, 1], grid: true, tickFormat: (x: number) => `${Math.round(x * 100)} %`, ticks: 5 },
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
    label: `${words}. Probability and share of correct predictions differ by ${percent(off)} on average.`,
    draw,
    points: bins.map((b) => ({ x: (b.from + b.to) / 2, y: b.share, text: `${percent(b.from, 0)} to ${percent(b.to, 0)}: ${percent(b.share)} of ${plural(b.rows, "row")} correct` })),
    twin: {
      caption: words,
      header: ["probability", "rows", "share correct", "mean probability"],
      rows: bins.map((b) => [`${percent(b.from, 0)} to ${percent(b.to, 0)}`, count(b.rows), percent(b.share), percent(b.mean)]),
    },
  });
  return panel(
    "confidence",
    "Confidence",
    h("p", {}, `Bars on the dashed line mean well calibrated: of the predictions with 80 % confidence, 80 % are correct. The average distance is ${percent(off)} (expected calibration error, ${n} bins).`),
    made.element,
    h("p", {}, h("button", { type: "button", click: showCertain }, "Show confident mistakes")),
  );
}
