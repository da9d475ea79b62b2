// Entry point of the report page: reads the run's data from the page and lays out the panels.
// Not here: the panels (verdict.ts, curves.ts, confusion.ts and others).
import { confidence } from "./confidence";
import { confusion } from "./confusion";
import { curves } from "./curves";
import { dataset } from "./dataset";
import { count, h, label, panel, plural, short, shown } from "./dom";
import { errors } from "./errors";
import { examplePanel } from "./examples";
import { layers } from "./layers";
import { leaderboard } from "./leaderboard";
import { members } from "./members";
import { repeats } from "./repeats";
import { run } from "./run";
import { examplesOf, hasSeveral, reportOf, targets } from "./targets";
import type { Examples, Report } from "./types";
import { verdict } from "./verdict";

const data = JSON.parse(document.getElementById("pellucid-run")!.textContent!) as { report: Partial<Report>; examples: Examples | null };
const examples = data.examples;
const nothing = { run: "", model: "", status: "", stopped: "", data: "", target: "", task: "", scale: "", stratified: false };
const none = { rows: 0, columns: 0, train_rows: 0, val_rows: 0, test_rows: 0, parameters: 0, best_epoch: 0, epochs: 0, train_seconds: 0, seconds: 0 };
const report: Report = { ...nothing, ...none, classes: [], layers: [], settings: {}, findings: [], history: [], ...data.report };

// A run of another version may lack data. Then the panel that needs them says so, and the other panels are not affected.
function made<T>(name: string, make: () => T | null | undefined): T | HTMLElement | null | undefined {
  try {
    return make();
  } catch (error) {
    return panel(name.toLowerCase(), name, h("p", {}, `The data for this panel are missing in this run (${String(error)}).`));
  }
}

// The panels of one target: of the only one, or of the selected one.
function ofTarget(one: Report, examples: Examples | null): (HTMLElement | null | undefined)[] {
  const browser = made("Examples", () => examplePanel(one, examples));
  const open = browser instanceof HTMLElement ? null : browser;
  return [
    made("Confusion", () => confusion(one, (cell) => open?.filter(cell))),
    made("Errors", () => errors(one, examples)),
    made("Confidence", () => confidence(one, () => open?.certainWrong())),
    browser instanceof HTMLElement ? browser : browser?.element,
  ];
}

const several = hasSeveral(report);

function ofChosen(index: number): HTMLElement[] {
  const shownOnes = (several ? ofTarget(reportOf(report, index), examplesOf(examples, index)) : ofTarget(report, examples)).filter(isPanel);
  if (several) shownOnes.forEach((one) => one.querySelector("h2")!.append(": ", label(short(report.targets![index].name, 30))));
  return shownOnes;
}

const isPanel = (element: HTMLElement | null | undefined): element is HTMLElement => Boolean(element);
let chosen = ofChosen(0);

// Replaces the panels of the previous target by those of the selected one.
function choose(index: number) {
  const next = ofChosen(index);
  next.forEach((one, i) => chosen[i].replaceWith(one));
  chosen = next;
}

const panels = [
  made("Result", () => verdict(report)),
  made("Leaderboard", () => leaderboard(report)),
  made("Members", () => members(report)),
  made("Curves", () => curves(report)),
  made("Repeats", () => repeats(report)),
  made("Targets", () => targets(report, choose)),
  ...chosen,
  made("Layers", () => layers(report, examples)),
  made("Data", () => dataset(report)),
  made("Run", () => run(report)),
].filter(isPanel);

const link = (panel: HTMLElement) => h("li", {}, h("a", { href: `#${panel.id}` }, panel.querySelector("h2")!.firstChild!.textContent));
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
