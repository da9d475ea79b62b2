// Writes CSV cells, predictions.csv and splits.csv as text. Not here: files (run_log.cc).
#include "run/csv_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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

std::vector<std::size_t> likeliest_classes(std::span<const double> probabilities, std::size_t count) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  const auto likelier = [&](std::size_t a, std::size_t b) {
    return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), likelier);
  order.resize(count);
  return order;
}

std::string probability_header(const std::vector<std::string>& classes) {
  std::string text;
  if (classes.size() > most_classes_written) {
    text = ",p";
    for (std::size_t n = 2; n <= likeliest_written; ++n) text += fmt::format(",prediction_{0},p_{0}", n);
    return text;
  }
  for (const std::string& name : classes) text += "," + csv_cell("p_" + name);
  return text;
}

std::string probability_cells(const std::vector<std::string>& classes, std::span<const double> probabilities) {
  std::string text;
  if (classes.size() > most_classes_written) {
    for (const std::size_t c : likeliest_classes(probabilities, likeliest_written)) {
      if (!text.empty()) text += "," + csv_cell(classes[c]);
      text += "," + number_text(probabilities[c]);
    }
    return text;
  }
  for (const double p : probabilities) text += "," + number_text(p);
  return text;
}

namespace {

// Column names for one target: "truth,prediction,p_CLASS…". With several targets, the names contain the name of the
// target.
std::string target_header(const TargetEvaluation& target, bool several) {
  const std::string which = several ? "_" + target.name : "";
  std::string text = "," + csv_cell("truth" + which) + "," + csv_cell("prediction" + which);
  if (several && target.classes) return text + "," + csv_cell("p" + which + "=" + target.class_names[1]);
  return text + probability_header(target.class_names);
}

std::string target_cells(const TargetEvaluation& target, std::size_t row, bool several) {
  if (!target.classes) {
    return "," + number_text(target.truth_values[row]) + "," + number_text(target.predicted_values[row]);
  }
  const auto at = static_cast<std::int64_t>(row);
  const std::span<const double> p = target.probabilities_of(at);
  std::string text = "," + csv_cell(target.class_names[static_cast<std::size_t>(target.truth_labels[row])]);
  text += "," + csv_cell(target.class_names[static_cast<std::size_t>(target.predicted_class(at))]);
  return text + (several ? "," + number_text(p[1]) : probability_cells(target.class_names, p));
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
  LargeVector<std::uint8_t> part_of;  // number of the row's split, from 1; 0: the row is in no split
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
