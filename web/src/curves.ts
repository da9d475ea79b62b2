// The Curves panel: loss and score per epoch. Not here: how the weights change (layers.ts).
import * as Plot from "@observablehq/plot";
import { chart } from "./chart";
import { h, number, panel, seconds } from "./dom";
import { scoreOf, validationScore } from "./score";
import type { Epoch, Report } from "./types";

interface Line {
  name: string;
  color: string;
  dashed: boolean;
  value: (epoch: Epoch) => number | null;
}

const finite = (x: number | null | undefined): number | null => (typeof x === "number" && Number.isFinite(x) ? x : null);

export function curves(report: Report): HTMLElement {
  const history = report.history ?? [];
  if (history.length === 0) return panel("curves", "Curves", h("p", {}, "No epoch was completed."));
  const loss: Line[] = [
    { name: "training", color: "var(--blue)", dashed: false, value: (e) => finite(e.train_loss) },
    { name: "validation", color: "var(--vermillion)", dashed: true, value: (e) => finite(e.val_loss) },
  ];
  const { name, text } = scoreOf(report);
  const score: Line = { name: `validation ${name}`, color: "var(--vermillion)", dashed: true, value: (e) => finite(validationScore(report, e)) };
  const shown = loss.filter((line) => history.some((e) => line.value(e) !== null));
  const parts = [curve("loss", lossTitle(report, history), report, shown, number, true)];
  if (history.some((e) => score.value(e) !== null)) {
    parts.push(curve("score", scoreTitle(report, history, score, text), report, [score], text, false));
  }
  const whose = report.members ? [h("p", {}, "Of the first net: member 1, by the rows that it was not trained on.")] : [];
  return panel("curves", "Curves", ...whose, h("div", { class: "charts" }, ...parts));
}

function best(report: Report, history: Epoch[]): Epoch | undefined {
  return history.find((e) => e.epoch === report.best_epoch);
}

function lossTitle(report: Report, history: Epoch[]): string {
  const kept = best(report, history);
  const last = history[history.length - 1];
  if (kept && finite(kept.val_loss) !== null) {
    return `The validation loss was ${number(kept.val_loss)} in epoch ${kept.epoch}, whose weights were kept, and ${number(last.val_loss)} at the end`;
  }
  return `The training loss went from ${number(history[0].train_loss)} to ${number(last.train_loss)} in ${last.epoch} epochs`;
}

function scoreTitle(report: Report, history: Epoch[], line: Line, text: (x: number | null) => string): string {
  const at = best(report, history) ?? history[history.length - 1];
  return `The ${line.name} was ${text(line.value(at))} in epoch ${at.epoch}`;
}

function curve(name: string, title: string, report: Report, lines: Line[], text: (x: number | null) => string, logSwitch: boolean): HTMLElement {
  const history = report.history;
  const values = lines.flatMap((line) => history.map((e) => ({ epoch: e.epoch, line, y: line.value(e) })));
  const kept = best(report, history);
  const sizes = values.map((v) => v.y).filter((y): y is number => y !== null && y > 0);
  const wide = logSwitch && Math.max(...sizes) > 1e4 * Math.min(...sizes);
  const bySwitch = h("input", { type: "checkbox", checked: wide, change: () => drawn.redraw() });
  const marks = (log: boolean) =>
    lines.flatMap((line) => {
      const own = values.filter((v) => v.line === line).map((v) => (log && (v.y ?? 0) <= 0 ? { ...v, y: null } : v));
      const look = { x: "epoch", y: "y", stroke: line.color } as const;
      const dots = own.length <= 40 ? [Plot.dot(own, { ...look, r: 2.5, fill: line.dashed ? "var(--paper)" : line.color })] : [];
      return [Plot.line(own, { ...look, strokeWidth: 2, strokeDasharray: line.dashed ? "6 4" : undefined }), ...dots];
    });
  const draw = (width: number) =>
    Plot.plot({
      width,
      height: 280,
      marginLeft: 62,
      x: { label: "epoch", tickFormat: (x: number) => (Number.isInteger(x) ? String(x) : ""), ticks: Math.min(history.length, Math.floor(width / 60)), insetLeft: 4 },
      y: { label: name === "loss" ? "loss" : lines[0].name, grid: true, type: bySwitch.checked ? "log" : "linear", tickFormat: (y: number) => (bySwitch.checked && !/^[125]/.test(y.toExponential()) ? "" : text(y)), ticks: 5, nice: !bySwitch.checked },
      marks: [
        kept ? Plot.ruleX([kept.epoch], { stroke: "var(--green)", strokeDasharray: "2 3" }) : null,
        kept ? Plot.text([kept.epoch], { x: (d: number) => d, frameAnchor: "top", text: () => "kept", fill: "var(--green)", textAnchor: kept.epoch > history.length * 0.8 ? "end" : "start", dx: kept.epoch > history.length * 0.8 ? -4 : 4 }) : null,
        ...marks(bySwitch.checked),
      ],
    });
  const drawn = chart({
    name,
    title,
    label: `${title}.`,
    draw,
    controls: logSwitch ? [h("label", {}, bySwitch, " logarithmic")] : [],
    points: history.map((e) => ({ x: e.epoch, y: lines[lines.length - 1].value(e) ?? lines[0].value(e), text: `epoch ${e.epoch}: ${lines.map((line) => `${line.name} ${text(line.value(e))}`).join(", ")}${e === kept ? ", kept" : ""}` })),
    twin: {
      caption: `${title}: every epoch`,
      header: ["epoch", ...lines.map((line) => line.name), "time"],
      rows: history.map((e) => [`${e.epoch}${e === kept ? " (kept)" : ""}`, ...lines.map((line) => text(line.value(e))), seconds(e.seconds)]),
    },
  });
  drawn.element.insertBefore(legend(lines), drawn.element.children[1]);
  return drawn.element;
}

function legend(lines: Line[]): HTMLElement {
  const items = lines.map((line) => h("li", {}, h("span", { class: `key ${line.dashed ? "dashed" : "solid"}` }), line.name));
  return h("ul", { class: "legend" }, ...items);
}
