// A run as JSON: the events of --json, the lines of metrics.jsonl, report.json. A field never changes its name or unit.
// Not here: when they are written (run_log.h, folder.h, app/cli/run_printer.h).
#pragma once

#include "core/settings.h"
#include "pellucid/run_result.h"

namespace pellucid {

/// Fields: epoch train_loss val_loss val_accuracy|val_rmse|val_r2 train_seconds seconds best. Without validation rows
/// the val_ fields are null.
Json epoch_json(const EpochRecord& record, ScoreKind kind);
/// What is known before the first step: data, rows, columns, classes, split, settings, layers.
Json start_json(const RunResult& result);
/// The fields of the `end` event.
Json end_json(const RunResult& result);
/// The same, from the report of a run that was evaluated before.
Json end_json(const Json& report);
/// The complete report.json.
Json report_json(const RunResult& result);
/// JSON as text. Bytes that are not UTF-8, which column names may contain, become U+FFFD.
std::string json_text(const Json& json, int indent = -1);
/// An event of the stream: {"v":1,"event":name, …}.
Json event_json(const char* name, const Json& fields);

/// {code, level, text}, and columns and rows if there are any (rows from 1, as in predictions.csv).
Json finding_json(const Finding& finding);

/// Scores on labelled rows: all metrics, loss, interval, and for classes also the scores per class and the confusion
/// matrix. With several targets: the score, exact_match for classes, loss, interval, and a list `targets` with the
/// rest.
Json evaluation_json(const Evaluation& evaluation, std::uint64_t seed);
/// Adds how the intervals or sets of one target fit its rows: prediction_interval {level, validation_rows, coverage,
/// mean_width}, or prediction_set with mean_size.
void add_coverage(Json& json, const TargetEvaluation& target, const IntervalCoverage& intervals);

}  // namespace pellucid
