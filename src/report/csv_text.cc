// CSV cells and the two tables of a run. Not here: files (run_log.cc).
#include "report/csv_text.h"

#include <charconv>
#include <cmath>

#include "core/text.h"

namespace pellucid {

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_number(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<float>(value)).ptr;
  return std::string(buffer, end);
}

namespace {

// The names of a target's cells: "truth,prediction,p_CLASS…"; where there are several targets, theirs are in the names.
std::string target_header(const TargetEvaluation& target, bool several) {
  const std::string which = several ? "_" + target.name : "";
  std::string text = "," + csv_cell("truth" + which) + "," + csv_cell("prediction" + which);
  if (several && target.classes) return text + "," + csv_cell("p" + which + "=" + target.class_names[1]);
  for (const std::string& name : target.class_names) text += "," + csv_cell("p_" + name);
  return text;
}

std::string target_cells(const TargetEvaluation& target, std::size_t row, bool several) {
  if (!target.classes) {
    return "," + number_text(target.truth_values[row]) + "," + csv_number(target.predicted_values[row]);
  }
  const auto at = static_cast<std::int64_t>(row);
  const std::span<const double> p = target.probabilities_of(at);
  std::string text = "," + csv_cell(target.class_names[static_cast<std::size_t>(target.truth_labels[row])]);
  text += "," + csv_cell(target.class_names[static_cast<std::size_t>(target.said(at))]);
  for (const double x : several ? p.last(1) : p) text += "," + csv_number(x);
  return text;
}

}  // namespace

void predictions_csv(const Evaluation& evaluation, const Dataset& test, const TextSink& out) {
  const bool several = evaluation.targets.size() > 1;
  std::string text = "row";
  for (const TargetEvaluation& target : evaluation.targets) text += target_header(target, several);
  out(text + "\n");
  for (std::size_t r = 0; r < static_cast<std::size_t>(test.rows()); ++r) {
    text = std::to_string(test.indices()[r] + 1);
    for (const TargetEvaluation& target : evaluation.targets) text += target_cells(target, r, several);
    out(text + "\n");
  }
}

void splits_csv(const Split& split, const TextSink& out) {
  const std::pair<const Dataset*, const char*> parts[] = {
      {&split.train, "train"}, {&split.validation, "val"}, {&split.test, "test"}};
  LargeVector<std::uint8_t> part_of;  // from 1; 0: the row is in none
  for (std::uint8_t p = 0; p < std::size(parts); ++p) {
    for (const std::int64_t row : parts[p].first->indices()) {
      if (static_cast<std::size_t>(row) >= part_of.size()) part_of.resize(static_cast<std::size_t>(row) + 1);
      part_of[static_cast<std::size_t>(row)] = static_cast<std::uint8_t>(p + 1);
    }
  }
  out("row,split\n");
  for (std::size_t row = 0; row < part_of.size(); ++row) {
    const char* const name = part_of[row] == 0 ? "none" : parts[part_of[row] - 1].second;
    out(std::to_string(row + 1) + "," + name + "\n");
  }
}

}  // namespace pellucid
