// A chart of several distributions: bars for the kept model, lines for other times.
// Not here: the values (layers.ts, health.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { h, number, plural } from "./dom";
import type { Distribution } from "./types";

export interface Moment {
  when: string;
  values: Distribution;
}

const bins = (d: Distribution) => {
  const all = d.counts.reduce((a, b) => a + b, 0) || 1;
  if (d.high <= d.low) return [{ n: all, share: 1, from: d.low - 0.5, to: d.low + 0.5 }];
  const width = (d.high - d.low) / d.counts.length;
  return d.counts.map((n, i) => ({ n, share: n / all / width, from: d.low + i * width, to: d.low + (i + 1) * width }));
};

const outline = (list: { from: number; to: number; share: number }[]) => [
  { x: list[0].from, y: 0 },
  ...list.flatMap((b) => [{ x: b.from, y: b.share }, { x: b.to, y: b.share }]),
  { x: list[list.length - 1].to, y: 0 },
];

const styles = [
  { key: "dashed", stroke: "var(--vermillion)", dashes: "6 4" },
  { key: "dotted", stroke: "var(--green)", dashes: "2 3" },
];

export interface DistributionOptions {
  name: string;
  title: string;
  noun: string; // "weight", "output"
  kept: Moment;
  others: Moment[]; // at most two
}

export function distribution({ name, title, noun, kept, others }: DistributionOptions): HTMLElement {
  const bars = bins(kept.values);
  const row = ({ when, values: d }: Moment) => [when, number(d.low), number(d.high), number(d.mean), number(d.deviation)];
  const lines = others.map(({ values }, i) =>
    Plot.line(outline(bins(values)), { x: "x", y: "y", stroke: styles[i].stroke, strokeWidth: 2, strokeDasharray: styles[i].dashes }),
  );
  const made = chart({
    name,
    title,
    label: `${title}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 200,
        marginLeft: 50,
        x: { label: noun, tickFormat: number, ticks: Math.floor(w / 80) },
        y: { label: "density", grid: true, ticks: 4, tickFormat: number },
        marks: [Plot.rectY(bars, { x1: "from", x2: "to", y: "share", fill: "var(--blue)", fillOpacity: 0.75 }), ...lines, Plot.ruleY([0])],
      }),
    points: bars.map((b) => ({ x: (b.from + b.to) / 2, y: b.share, text: `${number(b.from)} to ${number(b.to)}: ${plural(b.n, noun)} ${kept.when}` })),
    twin: { caption: title, header: ["when", "minimum", "maximum", "mean", "standard deviation"], rows: [...others.map(row), row(kept)] },
  });
  const legend = h(
    "ul",
    { class: "legend" },
    ...others.map(({ when }, i) => h("li", {}, h("span", { class: `key ${styles[i].key}` }), when)),
    h("li", {}, h("span", { class: "key filled" }), kept.when),
  );
  made.element.insertBefore(legend, made.element.children[1]);
  return made.element;
}
