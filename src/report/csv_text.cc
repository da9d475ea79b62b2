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

void predictions_csv(const Evaluation& evaluation, const Dataset& test, const TextSink& out) {
  std::string text = "row,truth,prediction";
  for (const std::string& name : evaluation.class_names) text += "," + csv_cell("p_" + name);
  out(text + "\n");
  const std::size_t classes = evaluation.class_names.size();
  for (std::size_t r = 0; r < static_cast<std::size_t>(test.rows()); ++r) {
    text = std::to_string(test.indices()[r] + 1);
    if (!evaluation.classes) {
      text += "," + number_text(evaluation.truth_values[r]) + "," + csv_number(evaluation.predicted_values[r]);
      out(text + "\n");
      continue;
    }
    const std::span<const double> row(evaluation.probabilities.data() + r * classes, classes);
    text += "," + csv_cell(evaluation.class_names[static_cast<std::size_t>(evaluation.truth_labels[r])]);
    text += "," + csv_cell(evaluation.class_names[static_cast<std::size_t>(said_class(row, evaluation.threshold))]);
    for (const double p : row) text += "," + csv_number(p);
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
