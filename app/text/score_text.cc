// Tables of scores as text. Not here: computing the scores (the library).
#include "app/text/score_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/cli/terminal.h"
#include "app/text/run_profile.h"
#include "core/convert.h"
#include "core/text.h"

namespace pellucid::app {
namespace {

constexpr std::size_t longest_name = 16;

using Cells = std::vector<std::string>;

std::string padding(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ');
}

// Pads each column to its widest cell; the first `left` columns are aligned to the left, the others to the right.
std::vector<std::string> aligned(const std::vector<Cells>& rows, std::size_t left) {
  std::vector<int> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], text_width(row[c]));
  }
  std::vector<std::string> lines;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad = padding(row[c], widths[c]);
      line += (c > 0 ? "  " : "") + (c < left ? row[c] + pad : pad + row[c]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

void drop_column(std::vector<Cells>& rows, const std::string& head) {
  const auto at = std::find(rows.front().begin(), rows.front().end(), head) - rows.front().begin();
  for (Cells& row : rows) row.erase(row.begin() + at);
}

std::string share(double x) {
  return std::isnan(x) ? "–" : fmt::format("{:.3f}", ties_away(x, 3));
}

Cells cells_of(const TargetEvaluation& target) {
  Cells cells = {printable(target.name, longest_name)};
  if (target.values) {
    const RegressionScores& s = *target.values;
    cells.insert(cells.end(), {short_number(s.rmse), short_number(s.mae), fmt::format("{:.4f}", ties_away(s.r2, 4)),
                               short_number(s.max_error)});
    return cells;
  }
  const ClassificationScores& s = *target.classes;
  for (const double x : {s.accuracy, s.macro.precision, s.macro.recall, s.macro.f1, s.roc_auc})
    cells.push_back(share(x));
  return cells;
}

// "43.0-80.3%", "1.2 to 1.4"
std::string interval_text(const Interval& interval, ScoreKind kind) {
  if (kind == ScoreKind::accuracy)
    return fmt::format("{:.1f}-{}", ties_away(interval.low * 100, 1), percent(interval.high));
  return fmt::format("{} to {}", score_text(kind, interval.low), score_text(kind, interval.high));
}

std::string predictor_name(const LeaderboardEntry& entry, const RunResult& result) {
  if (entry.name == "constant") {
    const bool one_class = result.is_classification() && !result.has_several_targets();
    const std::string& answer = result.baselines->constant_answers.front();
    return "always " + (one_class ? quote(printable(answer, longest_name)) : constant_text(result));
  }
  if (entry.name == "linear") return "linear model";
  if (entry.name == "distilled") return small_net_name(*result.distilled);
  if (!result.members) return "model";
  const std::int64_t best = result.members->members[result.members->best].number;
  if (entry.name == "best_member") return fmt::format("best member, {}", best);
  const std::int64_t chosen = result.members->chosen();
  return chosen > 1 ? fmt::format("average of {} members", chosen) : fmt::format("member {}", best);
}

}  // namespace

const char* score_head(ScoreKind kind) {
  return kind == ScoreKind::accuracy ? "val acc" : kind == ScoreKind::rmse ? "val RMSE" : "val R²";
}

std::vector<std::string> target_table(const Evaluation& evaluation, const Baselines* baselines, std::size_t most,
                                      int width) {
  const bool classes = evaluation.is_classification();
  std::vector<Cells> rows = {classes ? Cells{"target", "accuracy", "precision", "recall", "f1", "roc_auc"}
                                     : Cells{"target", "rmse", "mae", "r2", "max_error"}};
  if (baselines != nullptr) rows.front().push_back(classes ? "always" : "rmse of mean");
  for (std::size_t t = 0; t < std::min(most, evaluation.targets.size()); ++t) {
    rows.push_back(cells_of(evaluation.targets[t]));
    if (baselines == nullptr) continue;
    const double constant = baselines->constant_scores[t];
    rows.back().push_back(classes ? share(constant) : short_number(constant));
  }
  std::vector<std::string> lines = aligned(rows, 1);
  for (const char* least : classes ? std::array{"precision", "recall"} : std::array{"max_error", "mae"}) {
    if (text_width(lines.front()) <= width) break;
    drop_column(rows, least);
    lines = aligned(rows, 1);
  }
  if (evaluation.targets.size() > most) lines.push_back(fmt::format("… {} more", evaluation.targets.size() - most));
  return lines;
}

std::vector<std::string> target_classes_table(const Evaluation& evaluation) {
  std::vector<Cells> rows = {{"target", "class", "precision", "recall", "f1", "rows"}};
  for (const TargetEvaluation& target : evaluation.targets) {
    for (std::size_t c = 0; c < target.classes->per_class.size(); ++c) {
      const ClassScore& s = target.classes->per_class[c];
      rows.push_back({c == 0 ? printable(target.name, longest_name) : "",
                      printable(target.class_names[c], longest_name), share(s.precision), share(s.recall), share(s.f1),
                      count_text(s.support)});
    }
  }
  return aligned(rows, 2);
}

std::vector<std::string> leaderboard_table(const RunResult& result, int width) {
  const ScoreKind kind = result.kind();
  const bool by_metric = result.metric && result.metric->name != name_of(kind);
  const std::string metric = by_metric ? result.metric->name : "";
  constexpr const char *interval_head = "95% interval", *time_head = "training", *cost_head = "µs per row";
  std::vector<Cells> rows = {
      {"on the test rows", by_metric ? metric_label(metric) : score_name(kind), interval_head, time_head, cost_head}};
  for (const LeaderboardEntry& entry : result.leaderboard) {
    std::string score = score_text(kind, entry.score), interval = interval_text(entry.interval, kind);
    if (by_metric) {
      score = metric_number(metric, entry.metric.value_or(std::nan("")));
      interval = entry.metric_interval ? fmt::format("{} to {}", metric_number(metric, entry.metric_interval->low),
                                                     metric_number(metric, entry.metric_interval->high))
                                       : "–";
    }
    const bool trained = entry.microseconds_per_row > 0;
    rows.push_back({predictor_name(entry, result), score, interval, trained ? duration_text(entry.seconds) : "–",
                    trained ? fmt::format("{:.2g}", entry.microseconds_per_row) : "–"});
  }
  for (const char* head : {interval_head, cost_head, time_head}) {
    if (text_width(aligned(rows, 1).front()) > width) drop_column(rows, head);
  }
  return aligned(rows, 1);
}

std::string constant_text(const RunResult& result) {
  const std::vector<std::string>& answers = result.baselines->constant_answers;
  if (answers.size() > 1) return result.is_classification() ? "the most frequent classes" : "the means";
  return result.is_classification() ? quote(answers.front()) : answers.front();
}

std::string small_net_name(const Distilled& small) {
  std::vector<std::string> units;
  for (const std::int64_t n : small.hidden) units.push_back(std::to_string(n));
  return "small net " + join(units, ",");
}

const char* metric_label(const std::string& name) {
  return name == "log_loss" ? "log loss" : name == "roc_auc" ? "ROC AUC" : name == "mae" ? "MAE" : "R²";
}

std::string metric_number(const std::string& name, double value) {
  if (std::isnan(value)) return "–";
  return name == "mae" ? short_number(value) : fmt::format("{:.4f}", ties_away(value, 4));
}

}  // namespace pellucid::app
