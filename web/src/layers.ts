// The net: its layers, its weights before training and as kept, the first layer's weights as pictures.
// Not here: how the loss went (curves.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { count, h, number, panel, plural, table } from "./dom";
import { loaded, tile } from "./examples";
import type { Distribution, Examples, Report } from "./types";

const mostCharts = 6;

export function layers(report: Report, examples: Examples | null): HTMLElement {
  const shape = (extents: number[]) => extents.join("×") || "1";
  const rows = report.layers.map((l) => [l.name, l.kind, `${shape(l.input)} → ${shape(l.output)}`, l.activation || "–", count(l.parameters)]);
  const list = table({ caption: `${plural(report.layers.length, "layer")}, ${count(report.parameters)} parameters`, header: ["layer", "kind", "shape", "activation", "parameters"], rows, words: [0, 1, 2, 3] });
  const weights = (report.weights ?? []).filter((w) => !w.name.endsWith(".bias")).slice(0, mostCharts);
  return panel("layers", "Layers", list, pictures(examples), h("div", { class: "charts" }, ...weights.map((w) => distribution(w.name, w.first, w.kept))));
}

const bins = (d: Distribution) => {
  const width = (d.high - d.low) / d.counts.length || 1;
  const all = d.counts.reduce((a, b) => a + b, 0) || 1;
  return d.counts.map((n, i) => ({ n, share: n / all / width, from: d.low + i * width, to: d.low + (i + 1) * width }));
};

function distribution(name: string, first: Distribution, kept: Distribution): HTMLElement {
  const [before, after] = [bins(first), bins(kept)];
  const words = `${name}: the weights' spread went from ${number(first.deviation)} to ${number(kept.deviation)}`;
  const row = (what: string, d: Distribution) => [what, number(d.low), number(d.high), number(d.mean), number(d.deviation)];
  const made = chart({
    name: `weights-${name}`,
    title: words,
    label: `${words}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: 200,
        marginLeft: 50,
        x: { label: "weight", tickFormat: number, ticks: Math.floor(w / 80) },
        y: { label: "density", grid: true, ticks: 4, tickFormat: number },
        marks: [
          Plot.rectY(after, { x1: "from", x2: "to", y: "share", fill: "var(--blue)", fillOpacity: 0.75 }),
          Plot.line(outline(before), { x: "x", y: "y", stroke: "var(--vermillion)", strokeWidth: 2, strokeDasharray: "6 4" }),
          Plot.ruleY([0]),
        ],
      }),
    points: after.map((b) => ({ x: (b.from + b.to) / 2, y: b.share, text: `${number(b.from)} to ${number(b.to)}: ${plural(b.n, "weight")} as kept` })),
    twin: { caption: words, header: ["when", "least", "greatest", "mean", "deviation"], rows: [row("before training", first), row("as kept", kept)] },
  });
  const legend = h("ul", { class: "legend" }, h("li", {}, h("span", { class: "key dashed" }), "before training"), h("li", {}, h("span", { class: "key filled" }), "as kept"));
  made.element.insertBefore(legend, made.element.children[1]);
  return made.element;
}

const outline = (list: { from: number; to: number; share: number }[]) => [
  { x: list[0].from, y: 0 },
  ...list.flatMap((b) => [{ x: b.from, y: b.share }, { x: b.to, y: b.share }]),
  { x: list[list.length - 1].to, y: 0 },
];

function pictures(examples: Examples | null): HTMLElement | null {
  const sprite = examples?.weights;
  if (!sprite) return null;
  const shown = Math.min(sprite.units, 64);
  const sheet = loaded(sprite);
  const tiles = Array.from({ length: shown }, (_, unit) => {
    const canvas = tile(sprite, unit, sheet);
    canvas.setAttribute("aria-label", `unit ${unit + 1}`);
    return h("li", {}, canvas);
  });
  const all = shown === sprite.units ? `the ${shown} units` : `${shown} of ${sprite.units} units`;
  return h("figure", {}, h("figcaption", {}, `What ${all} of the first layer look for: orange counts for it, blue against, white not at all (strongest: ${number(sprite.most)})`), h("ul", { class: "weights" }, ...tiles));
}
