// The lines about the result of a run. Not here: computing the result (src/run/train.cc).
#include "app/text/result_block.h"

#include <fmt/format.h>

#include <cmath>

#include <utility>

#include "app/cli/flag_text.h"
#include "app/text/member_text.h"
#include "app/text/run_profile.h"
#include "app/text/score_text.h"
#include "core/convert.h"
#include "core/shell.h"
#include "core/text.h"
#include "run/verdict.h"

namespace pellucid::app {
namespace {

constexpr double clear_difference = 5;  // points between confidence and accuracy
constexpr int label_width = 10;
constexpr std::size_t most_columns = 3;   // that are shown as most important
constexpr std::size_t most_targets = 12;  // that are shown, one line each
constexpr std::size_t longest_name = 16;
constexpr double few_answers = 100;  // with fewer, one prediction is worth a percentage point or more

// "90%", "99.5%"
std::string level_text(double level) {
  return number_text(ties_away(level * 100, 2)) + "%";
}

// One line where there is only a model to compare with its baselines, otherwise the leaderboard.
void add_comparison(std::vector<Line>& lines, const RunResult& result, int width) {
  const Baselines& baselines = *result.baselines;
  const ScoreKind kind = result.kind();
  const bool has_linear = baselines.linear && result.has_hidden_layers();
  const char* label = "compare";
  if (result.members || result.distilled) {
    for (const std::string& line : leaderboard_table(result, width - label_width)) {
      lines.push_back({std::exchange(label, ""), line});
    }
  } else {
    std::string text =
        fmt::format("always predicting {}: {}", constant_text(result), named_score(kind, baselines.constant));
    if (has_linear) text += " · linear model: " + named_score(kind, *baselines.linear);
    lines.push_back({label, text});
  }
  if (has_linear) lines.push_back({"", with_flags(comparison_with_linear(result))});
}

void add_targets(std::vector<Line>& lines, const RunResult& result, int width) {
  const Baselines* baselines = result.baselines ? &*result.baselines : nullptr;
  const char* label = "targets";
  for (const std::string& line : target_table(*result.test, baselines, most_targets, width - label_width)) {
    lines.push_back({std::exchange(label, ""), line});
  }
}

void add_threshold(std::vector<Line>& lines, const RunResult& result) {
  const TargetEvaluation& test = result.test->targets.front();
  const std::string above = "is predicted if its probability is above " + short_number(test.threshold);
  if (result.has_several_targets()) {
    lines.push_back({"threshold", "the second class of each target " + above});
    return;
  }
  lines.push_back({"threshold", fmt::format("{} {} · F1 of {} {:.3f}, of {} {:.3f}", quote(test.class_names[1]), above,
                                            quote(test.class_names[0]), test.classes->per_class[0].f1,
                                            quote(test.class_names[1]), test.classes->per_class[1].f1)});
}

// Well calibrated: the average confidence lies inside the confidence interval of the accuracy. With few test rows the
// interval is wide, so a difference of several points inside it proves nothing.
void add_calibration(std::vector<Line>& lines, const RunResult& result) {
  const double confidence = result.calibrations.front().confidence, accuracy = result.score();
  const Interval interval = result.interval();
  const double points = ties_away(std::abs(confidence - accuracy) * 100, 1);
  const bool tells = points <= clear_difference;
  std::string judged = tells ? "well calibrated" : "too few test rows to judge the calibration";
  if (confidence > interval.high) judged = fmt::format("probabilities are {:.1f} points too high on average", points);
  if (confidence < interval.low) judged = fmt::format("probabilities are {:.1f} points too low on average", points);
  const bool off = confidence > interval.high || confidence < interval.low;
  if (off && !result.temperature) judged += "; --calibrate temperature corrects that";
  lines.push_back({"confident", fmt::format("average confidence {}, accuracy {}: {}", percent(confidence),
                                            percent(accuracy), judged)});
}

// The most important columns: how much worse the score becomes when the column is shuffled.
void add_importance(std::vector<Line>& lines, const RunResult& result) {
  const ScoreKind kind = result.kind();
  std::vector<std::string> parts;
  for (const ColumnImportance& column : result.importance.columns) {
    if (parts.size() == most_columns || column.loss <= 0) break;
    parts.push_back(column.column + " " + difference_text(kind, column.loss));
  }
  if (parts.empty()) return;
  const char* what = kind == ScoreKind::accuracy ? "points of accuracy lost"
                     : kind == ScoreKind::rmse   ? "RMSE gained"
                                                 : "R² lost";
  std::string text = fmt::format("most important ({} when shuffled): {}", what, join(parts, " · "));
  const auto answers =
      static_cast<double>(result.importance.rows) * static_cast<double>(result.preprocessor.targets.size());
  if (kind == ScoreKind::accuracy && answers < few_answers) {
    const char* one = result.has_several_targets() ? "prediction" : "test row";
    text += fmt::format("; one {} is {:.2g} points", one, 100 / answers);
  }
  lines.push_back({"columns", text});
}

// Whether the run is judged by another metric than the one that its line "test" begins with.
bool has_own_metric(const RunResult& result) {
  return result.metric && result.metric->name != name_of(result.kind());
}

void add_metric(std::vector<Line>& lines, const MetricRecord& metric) {
  const auto number = [&](double value) { return metric_number(metric.name, value); };
  std::string text = fmt::format("{} {}", metric_label(metric.name), number(metric.value));
  if (metric.interval) {
    text += fmt::format(" · 95% interval {} to {}", number(metric.interval->low), number(metric.interval->high));
  }
  if (metric.linear) text += " · linear model: " + number(*metric.linear);
  lines.push_back({"metric", text});
}

// The small net; its score is in the leaderboard.
void add_distilled(std::vector<Line>& lines, const RunResult& result) {
  const Distilled& small = *result.distilled;
  std::string text = fmt::format("{}: {} multiplications per row (the model: {})", small_net_name(small),
                                 count_text(small.multiplications), count_text(small.model_multiplications));
  if (small.alone_score) {
    text += " · trained without the model: " + named_score(result.kind(), *small.alone_score);
  }
  lines.push_back({"distilled", text});
  if (!small.file.empty()) lines.push_back({"", small.file});
}

void add_repeats(std::vector<Line>& lines, const RunResult& result) {
  for (const RepeatRecord& run : result.repeats) {
    const std::string which =
        result.folds > 0 ? fmt::format("fold {} of {}", run.fold, result.folds) : fmt::format("seed {}", run.seed);
    lines.push_back({"run", fmt::format("{} · {} · loss {} · best epoch {} of {} · {}", which,
                                        named_score(result.kind(), run.score), short_number(run.loss), run.best_epoch,
                                        run.epochs, duration_text(run.seconds))});
  }
  const Spread spread = spread_of(result.repeats);
  const std::string mean =
      result.is_classification()
          ? fmt::format("{:.2f}% ± {:.2f} points", spread.mean * 100, spread.deviation * 100)
          : fmt::format("{} {} ± {}", score_name(result.kind()), score_text(result.kind(), spread.mean),
                        score_text(result.kind(), spread.deviation));
  lines.push_back({"mean", fmt::format("{} over {}", mean,
                                       plural(static_cast<std::int64_t>(result.repeats.size()),
                                              result.folds > 0 ? "fold" : "seed"))});
  if (!has_own_metric(result)) return;
  const std::string& name = result.metric->name;
  const std::optional<Spread> metric = metric_spread(result.repeats);
  if (!metric) return;
  lines.push_back({"", fmt::format("{} {} ± {}", metric_label(name), metric_number(name, metric->mean),
                                   metric_number(name, metric->deviation))});
}

}  // namespace

std::string score_line(const Evaluation& evaluation, const Interval& interval) {
  const std::string loss = " · loss " + short_number(evaluation.loss);
  const auto targets = static_cast<std::int64_t>(evaluation.targets.size());
  if (evaluation.kind() == ScoreKind::r2) {
    return fmt::format("R² {:.4f}, mean of {} · 95% interval {:.4f} to {:.4f}", ties_away(evaluation.score(), 4),
                       plural(targets, "target"), ties_away(interval.low, 4), ties_away(interval.high, 4)) +
           loss;
  }
  if (evaluation.kind() == ScoreKind::rmse) {
    const RegressionScores& scores = *evaluation.targets.front().values;
    return fmt::format("RMSE {} · 95% interval {} to {} · MAE {} · R² {:.3f}", short_number(scores.rmse),
                       short_number(interval.low), short_number(interval.high), short_number(scores.mae),
                       ties_away(scores.r2, 3));
  }
  std::int64_t correct = 0;
  for (const TargetEvaluation& target : evaluation.targets) correct += target.classes->correct;
  const std::int64_t answers = targets * evaluation.rows();
  const std::string chance =
      fmt::format(" · 95% interval {:.1f}-{}", ties_away(interval.low * 100, 1), percent(interval.high));
  if (targets == 1) {
    return fmt::format("{} correct ({} of {})", percent(evaluation.score()), count_text(correct), count_text(answers)) +
           chance + loss;
  }
  return fmt::format("{} correct ({} of {} predictions) · all {} of a row correct: {}", percent(evaluation.score()),
                     count_text(correct), count_text(answers), targets, percent(evaluation.exact_match())) +
         chance + loss;
}

std::vector<std::string> coverage_lines(const Evaluation& evaluation, const std::vector<IntervalCoverage>& intervals) {
  std::vector<std::string> parts;
  for (std::size_t t = 0; t < std::min(intervals.size(), most_targets); ++t) {
    const TargetEvaluation& target = evaluation.targets[t];
    const IntervalCoverage& one = intervals[t];
    const std::string of = intervals.size() > 1 ? printable(target.name, longest_name) + ": " : "";
    parts.push_back(target.classes
                        ? fmt::format("{}{} sets contain the true class of {} of the rows · {:.2f} classes on average",
                                      of, level_text(one.level), percent(one.coverage), one.mean_size)
                        : fmt::format("{}{} intervals contain the true value of {} of the rows · mean width {}", of,
                                      level_text(one.level), percent(one.coverage), short_number(one.mean_size)));
  }
  if (intervals.size() > most_targets) parts.push_back(fmt::format("… {} more", intervals.size() - most_targets));
  return parts;
}

std::vector<Line> result_lines(const RunResult& result, int width) {
  std::vector<Line> lines;
  if (has_own_metric(result)) add_metric(lines, *result.metric);
  if (result.test) {
    lines.push_back({"test", score_line(*result.test, result.interval())});
  } else {
    lines.push_back({"test", "no test rows"});
  }
  if (!result.intervals.empty() && !result.is_classification()) {
    const char* label = "intervals";
    for (const std::string& line : coverage_lines(*result.test, result.intervals)) {
      lines.push_back({std::exchange(label, ""), line});
    }
  }
  if (result.test && result.has_several_targets()) add_targets(lines, result, width);
  if (result.test && result.test->targets.front().threshold != 0.5) add_threshold(lines, result);
  for (const Line& line : member_result_lines(result)) lines.push_back(line);
  if (result.baselines) add_comparison(lines, result, width);
  if (result.calibrations.size() == 1) add_calibration(lines, result);
  add_importance(lines, result);
  if (result.distilled) add_distilled(lines, result);
  if (result.final_training_rows > 0) {
    lines.push_back({"final", fmt::format("the model was trained again on {}, the test rows among them; the figures "
                                          "above are those of the model that has not seen the test rows",
                                          plural(result.final_training_rows, "row"))});
  }
  if (!result.repeats.empty()) add_repeats(lines, result);
  if (!result.page_file.empty()) lines.push_back({"report", result.page_file});
  if (!result.model_file.empty())
    lines.push_back({"next", fmt::format("pellucid predict {} new.csv", shell_word(result.model_file))});
  for (Line& line : lines) {
    if (line.label != "next" && line.label != "report") line.text = wrapped(line.text, width, label_width);
  }
  return lines;
}

}  // namespace pellucid::app
