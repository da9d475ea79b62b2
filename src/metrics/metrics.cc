// The table of metrics, one row per metric: a name for each number in the scores.
// Not here: how the scores are computed (classification.cc, regression.cc), reports (report.cc).
#include "pellucid/metric.h"

namespace pellucid {
namespace {

using Classes = ClassificationScores;
using Values = RegressionScores;

const MetricKind table[] = {
    {"accuracy", "share of rows whose predicted class is right", "classification", true,
     [](const Classes& s) { return s.accuracy; }, nullptr, "right rows / rows"},
    {"precision", "of the rows predicted as a class, the share that belongs to it", "classification", true,
     [](const Classes& s) { return s.macro.precision; }, nullptr,
     "mean over classes of TP / (TP + FP): rows rightly predicted as the class / rows predicted as it"},
    {"recall", "of the rows of a class, the share that is predicted as it", "classification", true,
     [](const Classes& s) { return s.macro.recall; }, nullptr,
     "mean over classes of TP / (TP + FN): rows rightly predicted as the class / rows of the class"},
    {"f1", "harmonic mean of precision and recall, averaged over classes", "classification", true,
     [](const Classes& s) { return s.macro.f1; }, nullptr,
     "mean over classes of 2 · precision · recall / (precision + recall)"},
    {"f1_weighted", "F1 averaged over classes, each class weighted by its number of rows", "classification", true,
     [](const Classes& s) { return s.weighted.f1; }, nullptr, "sum over classes of F1 · rows of the class / rows"},
    {"roc_auc", "probability that a row of a class ranks above a row of another class", "classification", true,
     [](const Classes& s) { return s.roc_auc; }, nullptr,
     "P(a row of the class gets a higher probability than another row); equal ones count half"},
    {"log_loss", "how wrong the probabilities are: 0 is perfect, 0.693 is guessing between two classes",
     "classification", false, [](const Classes& s) { return s.log_loss; }, nullptr,
     "mean of -ln p(true class), p between 1e-15 and 1"},
    {"rmse", "root of the mean squared error, in the target's unit", "regression", false, nullptr,
     [](const Values& s) { return s.rmse; }, "√(mean of (prediction - truth)²)"},
    {"mae", "mean absolute error, in the target's unit", "regression", false, nullptr,
     [](const Values& s) { return s.mae; }, "mean of |prediction - truth|"},
    {"r2", "share of the target's variance that is explained: 1 is perfect, 0 is the constant mean", "regression", true,
     nullptr, [](const Values& s) { return s.r2; }, "1 - Σ (prediction - truth)² / Σ (truth - mean truth)²"},
    {"max_error", "the largest absolute error", "regression", false, nullptr,
     [](const Values& s) { return s.max_error; }, "max of |prediction - truth|"},
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
