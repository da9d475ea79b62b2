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

}  // namespace pellucid::app
