// The fields of a run's JSON. NaN becomes null.
// Not here: sentences for people (app/text/result_block.cc).
#include "run/run_json.h"

#include <algorithm>
#include <cmath>

#include "core/convert.h"
#include "core/text.h"
#include "pellucid/version.h"
#include "run/distilled_json.h"
#include "run/health_json.h"
#include "run/leaderboard.h"
#include "run/member_json.h"
#include "run/model_json.h"
#include "run/run_files.h"
#include "run/weight_record.h"

namespace pellucid {
namespace {

constexpr std::int32_t most_confused = 200;  // with more classes, the confusion matrix is not written

// "val_accuracy", "test_rmse", …
std::string score_field(const char* part, ScoreKind kind) {
  return part + std::string(name_of(kind));
}

Json shape_json(const Shape& shape) {
  Json extents = Json::array();
  for (const std::int64_t extent : shape.extents()) extents.push_back(extent);
  return extents;
}

Json layers_json(const RunResult& result) {
  Json layers = Json::array();
  for (const LayerRecord& layer : result.layers) {
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"activation", layer.activation},
                      {"input", shape_json(layer.input)},
                      {"output", shape_json(layer.output)},
                      {"parameters", layer.parameters}});
  }
  return layers;
}

Json settings_json(const RunResult& result) {
  Json settings = Json::object();
  for (const SettingRecord& setting : result.settings) {
    settings[setting.name] = {{"value", setting.value}, {"origin", setting.origin}};
  }
  return settings;
}

Json class_json(const ClassScore& score) {
  return {{"precision", score.precision}, {"recall", score.recall}, {"f1", score.f1}, {"support", score.support}};
}

Json confusion_json(const ConfusionMatrix& matrix) {
  Json rows = Json::array();
  for (std::int32_t truth = 0; truth < matrix.classes; ++truth) {
    Json row = Json::array();
    for (std::int32_t predicted = 0; predicted < matrix.classes; ++predicted)
      row.push_back(matrix.at(truth, predicted));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json repeats_json(const RunResult& result) {
  Json runs = Json::array();
  for (const RepeatRecord& run : result.repeats) {
    runs.push_back({result.folds > 0 ? Json::array({"fold", run.fold}) : Json::array({"seed", run.seed}),
                    {score_field("test_", result.kind()), run.score},
                    {"test_loss", run.loss},
                    {"best_epoch", run.best_epoch},
                    {"epochs", run.epochs},
                    {"seconds", run.seconds}});
    if (run.metric && result.metric) runs.back()["test_" + result.metric->name] = *run.metric;
  }
  const Spread spread = spread_of(result.repeats);
  Json json = {{"runs", runs}, {"mean", spread.mean}, {"deviation", spread.deviation}};
  if (const std::optional<Spread> metric = metric_spread(result.repeats)) {
    json["metric_mean"] = metric->mean;
    json["metric_deviation"] = metric->deviation;
  }
  return json;
}

Json columns_json(const RunResult& result) {
  Json columns = Json::array();
  for (const FittedColumn& column : result.preprocessor.columns) {
    Json entry = column_json(column);
    const auto missing = result.missing.find(column.name);
    if (missing != result.missing.end()) entry["missing"] = missing->second;
    columns.push_back(std::move(entry));
  }
  return columns;
}

// Histogram of the errors (prediction - true value) of all test rows.
Json errors_json(const TargetEvaluation& target) {
  std::vector<double> errors;
  for (std::size_t r = 0; r < target.truth_values.size(); ++r) {
    const double error = target.predicted_values[r] - target.truth_values[r];
    if (std::isfinite(error)) errors.push_back(error);
  }
  if (errors.empty()) return {};
  const auto [low, high] = std::minmax_element(errors.begin(), errors.end());
  std::vector<std::int64_t> counts(30);
  const Bins bin(*low, *high, counts.size());
  for (const double error : errors) ++counts[bin(error)];
  return {{"low", *low}, {"high", *high}, {"counts", counts}};
}

void add_scores(Json& json, const RunResult& result) {
  if (!result.test) return;
  const Evaluation& test = *result.test;
  json[score_field("test_", test.kind())] = test.score();
  if (test.kind() == ScoreKind::rmse) {
    json["test_mae"] = test.targets.front().values->mae;
    json["test_r2"] = test.targets.front().values->r2;
  }
  const Interval interval = result.interval();
  json["test_loss"] = test.loss;
  json["interval_low"] = interval.low;
  json["interval_high"] = interval.high;
}

// The metric by which the run is judged: its name, test_NAME and its interval.
void add_metric(Json& json, const MetricRecord& metric) {
  json["metric"] = metric.name;
  json["test_" + metric.name] = metric.value;
  if (metric.interval) {
    json["metric_low"] = metric.interval->low;
    json["metric_high"] = metric.interval->high;
  }
  if (metric.linear) json["baseline_linear_metric"] = *metric.linear;
}

Json calibration_json(const Calibration& calibration) {
  Json bins = Json::array();
  for (const CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"rows", bin.rows}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  }
  return {{"error", calibration.error}, {"confidence", calibration.confidence}, {"bins", bins}};
}

Json importance_json(const RunResult& result) {
  const char* what = result.kind() == ScoreKind::accuracy ? "accuracy_lost"
                     : result.kind() == ScoreKind::rmse   ? "rmse_gained"
                                                          : "r2_lost";
  Json columns = Json::array();
  for (const ColumnImportance& column : result.importance.columns) {
    columns.push_back({{"column", column.column}, {what, column.loss}, {"deviation", column.deviation}});
  }
  return {{"rows", result.importance.rows}, {"repeats", result.importance.repeats}, {"columns", columns}};
}

// The findings, each with its level.
Json noticed_json(const RunResult& result) {
  Json list = Json::array();
  for (const Finding& finding : result.findings) {
    list.push_back(finding_json(finding));
  }
  return list;
}

Json suspects_json(const RunResult& result) {
  Json list = Json::array();
  for (const SuspectRecord& suspect : result.suspects) {
    list.push_back({{"row", suspect.row + 1}, {"label", suspect.label}, {"probability", suspect.probability}});
  }
  return list;
}

// Adds details about one target on the test rows, besides its scores.
void add_test_details(Json& json, const RunResult& result, std::size_t target) {
  const TargetEvaluation& test = result.test->targets[target];
  if (test.values) json["errors"] = errors_json(test);
  if (target < result.intervals.size()) add_coverage(json, test, result.intervals[target]);
  if (!result.has_several_targets()) return;
  if (target < result.calibrations.size()) json["calibration"] = calibration_json(result.calibrations[target]);
  if (!result.baselines) return;
  json["constant_answer"] = result.baselines->constant_answers[target];
  json[test.classes ? "constant_accuracy" : "constant_rmse"] = result.baselines->constant_scores[target];
}

Json test_json(const RunResult& result) {
  Json json = evaluation_json(*result.test, result.seed);
  for (std::size_t t = 0; t < result.test->targets.size(); ++t) {
    add_test_details(result.has_several_targets() ? json["targets"][t] : json, result, t);
  }
  return json;
}

void add_targets(Json& json, const RunResult& result) {
  const std::vector<FittedTarget>& targets = result.preprocessor.targets;
  json["target"] = join(result.preprocessor.target_names(), ", ");
  if (targets.size() > 1) json["targets"] = targets_json(result.preprocessor);
  json["task"] = result.is_classification() ? "classification" : "regression";
  json["task_reason"] = result.preprocessor.task_reason;
  json["classes"] = targets.size() == 1 ? targets.front().classes : std::vector<std::string>();
}

void add_class_rows(Json& json, const RunResult& result) {
  if (result.class_rows.empty()) return;
  if (!result.has_several_targets()) {
    json["class_rows"] = result.class_rows.front();
    return;
  }
  for (std::size_t t = 0; t < result.class_rows.size(); ++t) json["targets"][t]["class_rows"] = result.class_rows[t];
}

}  // namespace

void add_coverage(Json& json, const TargetEvaluation& target, const IntervalCoverage& intervals) {
  json[target.classes ? "prediction_set" : "prediction_interval"] = {
      {"level", intervals.level},
      {"validation_rows", intervals.validation_rows},
      {"coverage", intervals.coverage},
      {target.classes ? "mean_size" : "mean_width", intervals.mean_size}};
}

Json finding_json(const Finding& finding) {
  Json json = {{"code", finding.code}, {"level", finding.warning ? "warning" : "note"}, {"text", finding.text}};
  if (!finding.columns.empty()) json["columns"] = finding.columns;
  for (const std::int64_t row : finding.rows) json["rows"].push_back(row + 1);
  return json;
}

Json epoch_json(const EpochRecord& record, ScoreKind kind) {
  return {{"epoch", record.epoch},
          {"train_loss", record.train_loss},
          {"val_loss", record.validation_loss},
          {score_field("val_", kind), record.validation_score},
          {"train_seconds", record.train_seconds},
          {"seconds", record.seconds},
          {"best", record.best}};
}

Json start_json(const RunResult& result) {
  Json json = {{"data", result.data}, {"rows", result.rows}, {"columns", result.data_columns}};
  add_targets(json, result);
  json.update(Json{{"train_rows", result.train_rows},
                   {"val_rows", result.validation_rows},
                   {"test_rows", result.test_rows},
                   {"stratified", result.stratified},
                   {"scale", result.preprocessor.scale},
                   {"parameters", result.parameters},
                   {"layers", layers_json(result)},
                   {"settings", settings_json(result)}});
  return json;
}

Json end_json(const RunResult& result) {
  Json json = {{"run", result.folder},
               {"model", result.model_file},
               {"status", result.status},
               {"parameters", result.parameters}};
  add_scores(json, result);
  if (result.metric) add_metric(json, *result.metric);
  if (result.baselines) {
    json["baseline_constant"] = result.baselines->constant;
    json["baseline_linear"] = result.baselines->linear ? Json(*result.baselines->linear) : Json();
    if (result.baselines->linear) json["baseline_linear_p"] = result.baselines->linear_p;
  }
  json["best_epoch"] = result.history.best_epoch;
  json["epochs"] = result.history.epochs.empty() ? 0 : result.history.epochs.back().epoch;
  json["train_seconds"] = result.history.train_seconds;
  json["seconds"] = result.history.seconds;
  if (result.members) json["members"] = members_json(*result.members, result.kind(), false);
  Json findings = Json::array();
  for (const Finding& finding : result.findings) {
    findings.push_back(finding.code.empty() ? finding.text : finding.code + " " + finding.text);
  }
  json["findings"] = std::move(findings);
  if (!result.repeats.empty()) json[result.folds > 0 ? "folds" : "repeat"] = repeats_json(result);
  return json;
}

Json end_json(const Json& report) {
  Json end = Json::object();
  for (const auto& [name, value] : report.items()) {
    if (name == "data") break;  // the fields of the `start` event begin here
    if (name != "v") end[name] = value;
  }
  return end;
}

Json report_json(const RunResult& result) {
  // A higher version, so that programs that know only one target refuse the report instead of misreading it.
  Json json = {{"v", result.has_several_targets() ? report_version : 1}};
  json.update(end_json(result));
  json.update(start_json(result));
  json["stopped"] = result.history.stopped;
  json["pellucid"] = version();
  json["cpu"] = cpu_target();
  if (!result.model_sha256.empty()) json["model_sha256"] = result.model_sha256;
  if (!result.failure.empty()) json["failure"] = result.failure;
  json["noticed"] = noticed_json(result);
  json["constant_columns"] = result.preprocessor.constant_columns;
  json["left_out"] = result.preprocessor.left_out;
  json["preprocessed"] = columns_json(result);
  add_class_rows(json, result);
  json["weights"] = weights_json(result.weights);
  if (result.members) json["members"] = members_json(*result.members, result.kind(), true);
  if (result.history.health) json["health"] = health_json(*result.history.health);
  if (!result.suspects.empty()) json["suspects"] = suspects_json(result);
  if (result.baselines) json["constant_answer"] = join(result.baselines->constant_answers, ", ");
  if (result.test) json["test"] = test_json(result);
  if (!result.leaderboard.empty()) json["leaderboard"] = leaderboard_json(result);
  if (result.distilled) json["distilled"] = distilled_json(result);
  if (result.final_training_rows > 0) json["final"] = {{"rows", result.final_training_rows}};
  if (result.temperature) json["temperature"] = *result.temperature;
  if (result.calibrations.size() == 1) json["calibration"] = calibration_json(result.calibrations.front());
  if (!result.importance.columns.empty()) json["importance"] = importance_json(result);
  Json history = Json::array();
  for (const EpochRecord& record : result.history.epochs) {
    history.push_back(epoch_json(record, result.kind()));
  }
  json["history"] = std::move(history);
  return json;
}

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json event_json(const char* name, const Json& fields) {
  Json json = {{"v", 1}, {"event", name}};
  json.update(fields);
  return json;
}

namespace {

Json target_scores(const TargetEvaluation& target) {
  Json json = Json::object();
  if (target.values) {
    json["rows"] = target.values->rows;
    for (const MetricKind& metric : metric_kinds()) {
      if (metric.of_values != nullptr) json[std::string(metric.name)] = metric.of_values(*target.values);
    }
    return json;
  }
  const ClassificationScores& scores = *target.classes;
  json["rows"] = scores.rows;
  json["correct"] = scores.correct;
  for (const MetricKind& metric : metric_kinds()) {
    if (metric.of_classes != nullptr) json[std::string(metric.name)] = metric.of_classes(scores);
  }
  Json per_class = Json::array();
  for (std::size_t c = 0; c < scores.per_class.size(); ++c) {
    Json entry = {{"class", target.class_names[c]}};
    entry.update(class_json(scores.per_class[c]));
    per_class.push_back(std::move(entry));
  }
  json["per_class"] = std::move(per_class);
  json["macro"] = class_json(scores.macro);
  json["weighted"] = class_json(scores.weighted);
  if (scores.confusion.classes <= most_confused) json["confusion"] = confusion_json(scores.confusion);
  if (target.threshold != 0.5) json["threshold"] = target.threshold;
  return json;
}

}  // namespace

Json evaluation_json(const Evaluation& evaluation, std::uint64_t seed) {
  const bool several = evaluation.targets.size() > 1;
  Json json = several ? Json{{"rows", evaluation.rows()}} : target_scores(evaluation.targets.front());
  if (several) json[std::string(name_of(evaluation.kind()))] = evaluation.score();
  if (several && evaluation.is_classification()) json["exact_match"] = evaluation.exact_match();
  const Interval interval = evaluation.interval(seed);
  json["loss"] = evaluation.loss;
  json["interval_low"] = interval.low;
  json["interval_high"] = interval.high;
  if (!several) return json;
  json["targets"] = Json::array();
  for (const TargetEvaluation& target : evaluation.targets) {
    Json entry = {{"target", target.name}};
    entry.update(target_scores(target));
    json["targets"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace pellucid
