// The Run panel: how to repeat the run, its settings with their origins, times and versions.
// Not here: the results (verdict.ts).
import { count, h, panel, seconds, shown, table } from "./dom";
import type { Report } from "./types";

export function run(report: Report): HTMLElement {
  const settings = Object.entries(report.settings ?? {});
  const row = ([name, s]: (typeof settings)[number]) => [name, h("bdi", {}, shown(s.value)), h("bdi", {}, shown(s.origin))];
  const chosen = settings.filter(([, s]) => s.origin !== "default");
  const rest = settings.filter(([, s]) => s.origin === "default");
  const header = ["setting", "value", "origin"];
  const command = `pellucid train --config ${/^[\w./-]+$/.test(report.run) ? report.run : `'${report.run.replaceAll("'", "'\\''")}'`}/config.toml`;
  const epochs = Math.max(1, report.history?.length ?? 1);
  const facts: [string, string][] = [
    ["status", report.status],
    ["stopped", report.stopped],
    ["epochs", `${count(report.epochs)}, kept ${report.best_epoch || "the last"}`],
    ["time", `${seconds(report.seconds)} in total, training steps alone ${seconds(report.train_seconds)} (${seconds(report.train_seconds / epochs)} per epoch)`],
    ["model", report.model],
    ...(report.model_sha256 ? ([["SHA-256 of the model", report.model_sha256]] as [string, string][]) : []),
    ["pellucid", `${report.pellucid ?? "–"}${report.cpu ? `, kernels for ${report.cpu}` : ""}`],
  ];
  return panel(
    "run",
    "Run",
    h("p", {}, "To repeat this run: ", h("code", {}, command)),
    h("dl", {}, ...facts.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, h("bdi", {}, shown(text)))])),
    table({ caption: "Settings chosen by you or derived from the data", header, rows: chosen.map(row), words: [0, 1, 2] }),
    h("details", {}, h("summary", {}, `${rest.length} settings with default values`), table({ caption: "Defaults", header, rows: rest.map(row), words: [0, 1, 2] })),
  );
}
