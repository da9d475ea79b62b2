// Training health: heat maps (layer by epoch) of gradients, steps, dead units and saturation; outputs and gradients at
// three times. Not here: weights (layers.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { distribution } from "./distribution";
import { h, number, percent, plural } from "./dom";
import type { Health, LayerValues, Report } from "./types";

type Measure = "gradient_rms" | "step_ratio" | "dead" | "saturated";
const mostLayers = 4;
const mostTicks = 8;

interface Cell {
  epoch: number;
  layer: string;
  value: number;
}

export function health(report: Report): HTMLElement | null {
  const seen = report.health;
  if (!seen?.epochs?.length) return null;
  const strips = [
    strip(seen, "gradient_rms", "gradient", number, (first, last) => `gradients (root mean square) went from ${first} to ${last}`),
    strip(seen, "step_ratio", "step", (x) => `${number(x * 100)} %`, (first, last) => `a step changed the weights by ${first} of their size in the first epoch, by ${last} in the last`),
    strip(seen, "dead", "dead", percent, (first, last) => `dead units: ${first} after the first epoch, ${last} after the last`),
    strip(seen, "saturated", "saturated", percent, (first, last) => `saturated outputs: ${first} after the first epoch, ${last} after the last`),
  ];
  return h(
    "div",
    { class: "health" },
    h("h3", {}, "Layers during training"),
    h("p", { class: "hint" }, `Measured in ${plural(seen.epochs.length, "epoch")} on ${plural(seen.rows ?? 0, "training row")}.${none(seen, "dead") ? " No unit was dead." : ""}${none(seen, "saturated") ? " No output was saturated." : ""}`),
    h("div", { class: "charts" }, ...strips.filter((s): s is HTMLElement => s !== null)),
    values(seen),
  );
}

// Whether the measure exists and was never above 0.
function none(seen: Health, measure: Measure): boolean {
  const all = seen.epochs.flatMap(({ layers }) => layers.map((layer) => layer[measure])).filter((x) => typeof x === "number");
  return all.length > 0 && all.every((x) => x === 0);
}

// A heat map: darker is larger, on a logarithmic scale for gradients and steps.
function strip(seen: Health, measure: Measure, name: string, text: (x: number) => string, sentence: (first: string, last: string) => string): HTMLElement | null {
  const cells: Cell[] = seen.epochs.flatMap(({ epoch, layers }) =>
    layers.flatMap((layer) => (typeof layer[measure] === "number" ? [{ epoch, layer: layer.layer, value: layer[measure] }] : [])),
  );
  if (cells.length === 0 || cells.every((c) => c.value === 0)) return null;
  const layers = [...new Set(cells.map((c) => c.layer))];
  const epochs = [...new Set(cells.map((c) => c.epoch))];
  const of = cells.filter((c) => c.layer === layers[0]);
  const title = `${layers[0]}: ${sentence(text(of[0].value), text(of[of.length - 1].value))}`;
  const share = scaled(cells.map((c) => c.value), measure === "gradient_rms" || measure === "step_ratio");
  const every = Math.ceil(epochs.length / mostTicks);
  const [least, most] = [Math.min(...cells.map((c) => c.value)), Math.max(...cells.map((c) => c.value))];
  const made = chart({
    name: `health-${name}`,
    title,
    label: `${title}; over all layers ${text(least)} to ${text(most)}.`,
    draw: (w) =>
      Plot.plot({
        width: w,
        height: Math.max(130, 60 + layers.length * 26),
        marginLeft: 90,
        x: { label: "epoch", type: "band", domain: epochs, ticks: epochs.filter((_, i) => i % every === 0), padding: 0, tickSize: 3 },
        y: { label: null, domain: layers, padding: 0.08, tickFormat: (l: string) => (l.length > 12 ? `${l.slice(0, 11)}…` : l) },
        marks: [
          Plot.cell(cells, { x: "epoch", y: "layer", fill: "var(--blue)", fillOpacity: (c: Cell) => 0.08 + 0.92 * share(c.value) }),
          Plot.frame({ stroke: "var(--rule)" }),
        ],
      }),
    points: cells.map((c) => ({ x: c.epoch, y: c.layer, text: `${c.layer}, epoch ${c.epoch}: ${text(c.value)}` })),
    twin: {
      caption: title,
      header: ["epoch", ...layers],
      rows: epochs.map((epoch) => [String(epoch), ...layers.map((layer) => text(cells.find((c) => c.epoch === epoch && c.layer === layer)?.value ?? NaN))]),
    },
  });
  made.element.insertBefore(h("p", { class: "hint" }, `Light: ${text(least)}; dark: ${text(most)}.`), made.element.children[1]);
  return made.element;
}

/** Maps the range of the values to 0 … 1. */
function scaled(list: number[], logarithmic: boolean): (x: number) => number {
  const above = list.filter((x) => x > 0);
  if (!logarithmic || above.length === 0) {
    const most = Math.max(...list, 1e-12);
    return (x) => x / most;
  }
  const [low, high] = [Math.log(Math.min(...above)), Math.log(Math.max(...above))];
  return (x) => (x > 0 ? (high > low ? (Math.log(x) - low) / (high - low) : 0.5) : 0);
}

// With many layers, only the first and the last ones are shown.
function values(seen: Health): HTMLElement | null {
  const moments = seen.values;
  const kept = moments?.kept ?? [];
  if (!moments || kept.length === 0) return null;
  const chosen = kept.length <= mostLayers ? kept : [...kept.slice(0, mostLayers / 2), ...kept.slice(-mostLayers / 2)];
  const last = seen.epochs[seen.epochs.length - 1].epoch;
  const first = seen.epochs[0].epoch;
  const charts = chosen.flatMap((layer) => {
    const at = (list: LayerValues[] | undefined) => list?.find((entry) => entry.layer === layer.layer);
    const [early, late] = [at(moments.first), at(moments.last)];
    const made = (kind: "outputs" | "gradients", noun: string) => {
      if (kind === "gradients" && layer.gradients.counts.every((n) => n === 0)) return [];
      const others = early ? [{ when: `epoch ${first}`, values: early[kind] }] : [];
      if (late && last !== seen.kept?.epoch && last !== first) others.push({ when: `epoch ${last}, the last`, values: late[kind] });
      const spread = early ? `went from ${number(early[kind].deviation)} to ${number(layer[kind].deviation)}` : `is ${number(layer[kind].deviation)}`;
      return [distribution({ name: `${kind}-${layer.layer}`, title: `${layer.layer}: the standard deviation of the ${kind} ${spread}`, noun, kept: { when: `kept, epoch ${seen.kept?.epoch ?? "–"}`, values: layer[kind] }, others })];
    };
    return [...made("outputs", "output"), ...made("gradients", "gradient")];
  });
  return h("div", {}, h("h3", {}, "Outputs and gradients"), h("div", { class: "charts" }, ...charts));
}
