// The table of metrics, one row a kind: a name for each number of the scores.
// Not here: how the scores are computed (classification.cc, regression.cc), reports (report.cc).
#include "pellucid/metric.h"

namespace pellucid {
namespace {

using Classes = ClassificationScores;
using Values = RegressionScores;

const MetricKind table[] = {
    {"accuracy", "share of rows whose class is right", "classification", true,
     [](const Classes& s) { return s.accuracy; }},
    {"precision", "mean over classes: of the rows called a class, the share that is", "classification", true,
     [](const Classes& s) { return s.macro.precision; }},
    {"recall", "mean over classes: of a class's rows, the share that was found", "classification", true,
     [](const Classes& s) { return s.macro.recall; }},
    {"f1", "mean over classes: harmonic mean of precision and recall", "classification", true,
     [](const Classes& s) { return s.macro.f1; }},
    {"f1_weighted", "F1, each class by its rows", "classification", true,
     [](const Classes& s) { return s.weighted.f1; }},
    {"roc_auc", "chance that a row of a class ranks above one of another", "classification", true,
     [](const Classes& s) { return s.roc_auc; }},
    {"log_loss", "mean of -ln p(true class)", "classification", false, [](const Classes& s) { return s.log_loss; }},
    {"rmse", "root of the mean squared error, in the target's unit", "regression", false, nullptr,
     [](const Values& s) { return s.rmse; }},
    {"mae", "mean absolute error, in the target's unit", "regression", false, nullptr,
     [](const Values& s) { return s.mae; }},
    {"r2", "share of the target's variance that is explained", "regression", true, nullptr,
     [](const Values& s) { return s.r2; }},
    {"max_error", "the largest absolute error", "regression", false, nullptr,
     [](const Values& s) { return s.max_error; }},
};

}  // namespace

std::vector<MetricKind> metric_kinds() {
  return {std::begin(table), std::end(table)};
}

std::string_view name_of(ScoreKind kind) noexcept {
  if (kind == ScoreKind::mean) return "mean";
  return kind == ScoreKind::accuracy ? "accuracy" : kind == ScoreKind::rmse ? "rmse" : "r2";
}

}  // namespace pellucid
