// A run as JSON: the events of --json, the lines of metrics.jsonl, report.json. A field keeps its name and unit for
// good. Not here: when they are written (run_log.h, app/cli/progress.h).
#pragma once

#include "core/settings.h"
#include "pellucid/run_result.h"

namespace pellucid {

/// epoch train_loss val_loss val_accuracy|val_rmse|val_r2 train_seconds seconds best; absent validation is null.
Json epoch_json(const EpochRecord& record, ScoreKind kind);
/// What training begins with: data, rows, columns, classes, split, settings, layers.
Json start_json(const RunResult& result);
/// The fields of the `end` event.
Json end_json(const RunResult& result);
/// The same, from the report of a run that was judged before.
Json end_json(const Json& report);
/// Everything.
Json report_json(const RunResult& result);
/// As text; bytes that are no UTF-8 (other people's column names) become U+FFFD instead of an exception.
std::string json_text(const Json& json, int indent = -1);
/// An event of the stream: {"v":1,"event":name, …}.
Json event_json(const char* name, const Json& fields);

/// Metrics of labelled rows: all metric kinds, loss, interval, per-class scores and confusion where there are classes.
/// Of several targets: the score, exact_match of classes, loss, interval, and `targets` with the rest of each.
Json evaluation_json(const Evaluation& evaluation, std::uint64_t seed);

}  // namespace pellucid
