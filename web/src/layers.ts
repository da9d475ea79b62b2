// The Layers panel: the layers, their weights before and after training, the first layer's weights as images.
// Not here: gradients and steps during training (health.ts), the loss (curves.ts).
import { distribution } from "./distribution";
import { count, h, number, panel, plural, table } from "./dom";
import { loaded, tile } from "./examples";
import { health } from "./health";
import type { Distribution, Examples, Report } from "./types";

const mostCharts = 6;

export function layers(report: Report, examples: Examples | null): HTMLElement {
  const shape = (extents: number[]) => extents.join("×") || "1";
  const rows = report.layers.map((l) => [l.name, l.kind, `${shape(l.input)} → ${shape(l.output)}`, l.activation || "–", count(l.parameters)]);
  const list = table({ caption: `${plural(report.layers.length, "layer")}, ${count(report.parameters)} parameters`, header: ["layer", "kind", "shape", "activation", "parameters"], rows, words: [0, 1, 2, 3] });
  const weights = (report.weights ?? []).filter((w) => !w.name.endsWith(".bias")).slice(0, mostCharts);
  return panel("layers", "Layers", list, pictures(examples), h("div", { class: "charts" }, ...weights.map((w) => weightChart(w.name, w.first, w.kept))), health(report));
}

function weightChart(name: string, first: Distribution, kept: Distribution): HTMLElement {
  const title = `${name}: the standard deviation of the weights went from ${number(first.deviation)} to ${number(kept.deviation)}`;
  return distribution({ name: `weights-${name}`, title, noun: "weight", kept: { when: "after training", values: kept }, others: [{ when: "before training", values: first }] });
}

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
  return h("figure", {}, h("figcaption", {}, `Weights of ${all} of the first layer: orange is positive, blue negative, white zero (largest magnitude: ${number(sprite.most)})`), h("ul", { class: "weights" }, ...tiles));
}
