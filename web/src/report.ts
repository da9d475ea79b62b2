// The page of a run: reads what the program put into it and lays out the panels. Not here: the panels.
import { confidence } from "./confidence";
import { confusion } from "./confusion";
import { curves } from "./curves";
import { dataset } from "./dataset";
import { count, h, label, plural, shown } from "./dom";
import { errors } from "./errors";
import { examplePanel } from "./examples";
import { layers } from "./layers";
import { run } from "./run";
import type { Examples, Report } from "./types";
import { verdict } from "./verdict";

const { report, examples } = JSON.parse(document.getElementById("pellucid-run")!.textContent!) as { report: Report; examples: Examples | null };

const browser = examplePanel(report, examples);
const panels = [
  verdict(report),
  curves(report),
  confusion(report, (cell) => browser?.filter(cell)),
  errors(report, examples),
  confidence(report, examples, () => browser?.certainWrong()),
  browser?.element,
  layers(report, examples),
  dataset(report),
  run(report),
].filter((panel): panel is HTMLElement => Boolean(panel));

const link = (panel: HTMLElement) => h("li", {}, h("a", { href: `#${panel.id}` }, panel.querySelector("h2")!.textContent));
document.title = `${shown(report.run || report.data)} – pellucid`;
document.body.append(
  h(
    "header",
    {},
    h("h1", {}, label(report.run || report.data)),
    h("p", {}, label(report.data), ` · ${plural(report.rows, "row")} · ${plural(report.layers.length, "layer")}, ${count(report.parameters)} parameters`),
    h("nav", { "aria-label": "Panels" }, h("ul", {}, ...panels.map(link))),
  ),
  h("main", {}, ...panels),
);
