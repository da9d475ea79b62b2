// Sentences on a run's result. Not here: computing it.
#include "result_block.h"

#include <fmt/format.h>

#include <cmath>

#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr int label_width = 10;
constexpr std::size_t most_columns = 3;  // that are named as important

std::string percent(double share) {
  return fmt::format("{:.1f}%", share * 100);
}

std::string score_text(const RunResult& result, double score) {
  return result.is_classification() ? percent(score) : short_number(score);
}

// Whether the hidden layers were worth it: the linear net's score against the interval of this one's.
std::string gain_text(const RunResult& result, double linear) {
  const Interval interval = result.interval();
  const char* place = linear >= interval.low && linear <= interval.high ? "inside" : "outside";
  if (result.is_classification()) {
    const double points = (result.score() - linear) * 100;
    if (std::abs(points) < 0.05) return "the hidden layers gain nothing";
    return fmt::format("the hidden layers {} {:.1f} points: {} the interval", points > 0 ? "gain" : "lose",
                       std::abs(points), place);
  }
  if (linear == 0) return "the hidden layers gain nothing";
  const double share = 1 - result.score() / linear;
  return fmt::format("the hidden layers {} the RMSE by {:.1f}%: {} the interval", share >= 0 ? "lower" : "raise",
                     std::abs(share) * 100, place);
}

void add_comparison(std::vector<Line>& lines, const RunResult& result) {
  const Baselines& baselines = *result.baselines;
  const bool classes = result.is_classification();
  std::string text = classes
                         ? fmt::format("always {}: {}", quote(baselines.constant_answer), percent(baselines.constant))
                         : fmt::format("always {}: {}", baselines.constant_answer, short_number(baselines.constant));
  const bool hidden = result.has_hidden_layers();
  if (baselines.linear && hidden) text += " · no hidden layer: " + score_text(result, *baselines.linear);
  lines.push_back({"compare", text});
  if (baselines.linear && hidden) lines.push_back({"", gain_text(result, *baselines.linear)});
}

void add_threshold(std::vector<Line>& lines, const RunResult& result) {
  lines.push_back({"threshold", fmt::format("{} where its probability is above {} · F1 {}",
                                            quote(result.test->class_names[1]), short_number(result.test->threshold),
                                            fmt::format("{:.3f} and {:.3f}", result.test->classes->per_class[0].f1,
                                                        result.test->classes->per_class[1].f1))});
}

void add_calibration(std::vector<Line>& lines, const RunResult& result) {
  double right = 0;  // by the most probable class, whatever the threshold
  for (const CalibrationBin& bin : result.calibration->bins) {
    right += bin.accuracy * static_cast<double>(bin.rows) / static_cast<double>(result.test->classes->rows);
  }
  lines.push_back(
      {"sure", fmt::format("{} on average, {} right: calibration error {:.1f} points",
                           percent(result.calibration->confidence), percent(right), result.calibration->error * 100)});
}

// What the score loses when a column is shuffled, the first few columns.
void add_importance(std::vector<Line>& lines, const RunResult& result) {
  const bool classes = result.is_classification();
  std::vector<std::string> parts;
  for (const ColumnImportance& column : result.importance.columns) {
    if (parts.size() == most_columns || column.loss <= 0) break;
    parts.push_back(column.column +
                    (classes ? fmt::format(" {:.1f}", column.loss * 100) : " " + short_number(column.loss)));
  }
  if (parts.empty()) return;
  lines.push_back(
      {"columns", fmt::format("shuffled, {}: {}", classes ? "points lost" : "RMSE gained", join(parts, " · "))});
}

void add_repeats(std::vector<Line>& lines, const RunResult& result) {
  for (const RepeatRecord& run : result.repeats) {
    const std::string which =
        result.folds > 0 ? fmt::format("fold {} of {}", run.fold, result.folds) : fmt::format("seed {}", run.seed);
    lines.push_back(
        {"run", fmt::format("{} · {} · loss {} · best epoch {} of {} · {}", which, score_text(result, run.score),
                            short_number(run.loss), run.best_epoch, run.epochs, duration_text(run.seconds))});
  }
  const Spread spread = spread_of(result.repeats);
  const std::string mean = result.is_classification()
                               ? fmt::format("{:.2f}% ± {:.2f} points", spread.mean * 100, spread.deviation * 100)
                               : fmt::format("RMSE {} ± {}", short_number(spread.mean), short_number(spread.deviation));
  lines.push_back({"mean", fmt::format("{} over {}", mean,
                                       plural(static_cast<std::int64_t>(result.repeats.size()),
                                              result.folds > 0 ? "fold" : "seed"))});
}

}  // namespace

std::string score_line(const Evaluation& evaluation, const Interval& interval) {
  if (evaluation.classes) {
    return fmt::format("{} correct ({} of {}) · 95% interval {:.1f}-{} · loss {}",
                       percent(evaluation.classes->accuracy), count_text(evaluation.classes->correct),
                       count_text(evaluation.classes->rows), interval.low * 100, percent(interval.high),
                       short_number(evaluation.loss));
  }
  return fmt::format("RMSE {} · 95% interval {} to {} · MAE {} · R² {:.3f}", short_number(evaluation.values->rmse),
                     short_number(interval.low), short_number(interval.high), short_number(evaluation.values->mae),
                     evaluation.values->r2);
}

std::vector<Line> result_lines(const RunResult& result, int width) {
  std::vector<Line> lines;
  if (result.test) {
    lines.push_back({"test", score_line(*result.test, result.interval())});
  } else {
    lines.push_back({"test", "no test rows"});
  }
  if (result.test && result.test->threshold != 0.5) add_threshold(lines, result);
  if (result.baselines) add_comparison(lines, result);
  if (result.calibration) add_calibration(lines, result);
  add_importance(lines, result);
  if (!result.repeats.empty()) add_repeats(lines, result);
  if (!result.page.empty()) lines.push_back({"report", result.page});
  if (!result.model.empty()) lines.push_back({"next", fmt::format("pellucid predict {} new.csv", result.model)});
  for (Line& line : lines) {
    if (line.label != "next" && line.label != "report") line.text = wrapped(line.text, width, label_width);
  }
  return lines;
}

}  // namespace pellucid::app
