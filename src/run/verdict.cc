// Sentences about a result. Not here: its lines in the terminal (app/text/result_block.cc).
#include "run/verdict.h"

#include <fmt/format.h>

#include <cmath>

#include "core/convert.h"
#include "core/text.h"
#include "pellucid/setting_hint.h"
#include "run/score_text.h"

namespace pellucid {
namespace {

// How much better the model is than the linear one, as text without a sign; empty if the difference rounds to 0.
std::string distance_text(const RunResult& result, double linear) {
  const double score = result.score();
  if (result.kind() == ScoreKind::accuracy) {
    const double points = std::abs(score - linear) * 100;
    return points < 0.05 ? "" : fmt::format("{:.1f} points", ties_away(points, 1));
  }
  if (result.kind() == ScoreKind::r2) {
    const double gain = std::abs(score - linear);
    return gain < 0.00005 ? "" : fmt::format("{:.4f} of R²", gain);
  }
  const double share = linear == 0 ? 0 : std::abs(1 - score / linear) * 100;
  if (share >= 1000) return fmt::format("{:.0f} times", score / linear);
  return share < 0.05 ? "" : fmt::format("{:.1f}% of RMSE", share);
}

std::string constant_sentence(const RunResult& result) {
  const Baselines& baselines = *result.baselines;
  const std::string reached = named_score(result.kind(), baselines.constant);
  if (baselines.constant_answers.size() > 1) {
    return fmt::format("The best constant predictions reach {}.", reached);
  }
  const std::string& answer = baselines.constant_answers.front();
  return result.is_classification()
             ? fmt::format("Always predicting {} reaches {}.", quote(answer), reached)
             : fmt::format("Always predicting the mean {} gives an RMSE of {}.", answer, reached);
}

std::string score_sentence(const RunResult& result) {
  const Interval interval = result.interval();
  const ScoreKind kind = result.kind();
  const std::string rows = plural(result.test->rows(), "test row");
  const std::string between =
      fmt::format("(95% interval {} to {})", score_text(kind, interval.low), score_text(kind, interval.high));
  if (kind == ScoreKind::accuracy) {
    return fmt::format("The model predicts {} of {} correctly {}.", percent(result.score()),
                       result.has_several_targets() ? "all answers of " + rows : rows, between);
  }
  return fmt::format("On {} the model reaches {} of {} {}.", rows, kind == ScoreKind::r2 ? "a mean R²" : "an RMSE",
                     score_text(kind, result.score()), between);
}

}  // namespace

std::string comparison_with_linear(const RunResult& result) {
  const double linear = *result.baselines->linear;
  const std::string distance = distance_text(result, linear);
  if (distance.empty()) return "as good as a linear model: the hidden layers bring nothing";
  const bool better = result.kind() == ScoreKind::rmse ? result.score() < linear : result.score() > linear;
  const double p = result.baselines->linear_p;
  const bool chance = !(p < 0.05);
  const std::string worse = "; use the linear model, which is simpler: " + setting_hint("hidden", "none");
  return fmt::format("{} {} than a linear model{}", distance, better ? "better" : "worse",
                     chance && better ? ", which could be chance: the linear model is as good"
                     : chance         ? ", which could be chance" + worse
                     : better         ? fmt::format(": more than chance (p = {:.2g})", p)
                                      : fmt::format(", more than chance (p = {:.2g})", p) + worse);
}

std::string verdict_of(const RunResult& result) {
  std::string text;
  if (result.status == "interrupted") {
    const std::int64_t epoch = result.history.epochs.empty() ? 0 : result.history.epochs.back().epoch;
    text += fmt::format("Training was interrupted after epoch {}.\n", epoch);
  }
  if (!result.test) return text + "The model was not tested: there are no test rows.\n";
  text += score_sentence(result) + "\n";
  if (!result.baselines) return text;
  text += constant_sentence(result) + "\n";
  if (result.baselines->linear && result.has_hidden_layers()) {
    text += "The model is " + comparison_with_linear(result) + ".\n";
  }
  return text;
}

}  // namespace pellucid
