// Writes predictions as CSV and JSON lines. Copied cells stay as they are in the data; predicted numbers are written
// with all digits, in the same way in both formats.
// Not here: reading the rows (row_source.cc).
#include "app/text/prediction_text.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/metric.h"
#include "run/csv_text.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

// A cell as it is in the CSV file; for other formats the number with all digits.
std::string cell_text(const Column& column, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (column.type == Column::Type::text) {
    return column.codes[at] < 0 ? "" : column.words[static_cast<std::size_t>(column.codes[at])];
  }
  if (column.type == Column::Type::bytes) return std::to_string(column.bytes[at]);
  return column.numbers[at] != column.numbers[at] ? "" : number_text(column.numbers[at]);
}

// Whether a spreadsheet would read the text as a formula; numbers such as -1 are safe.
bool is_formula(const std::string& text) {
  double ignored = 0;
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos &&
         !parse_number(text, ignored);
}

// The name of the output column of one of several targets; the name "row" is used for the row number already.
std::string column_of(const FittedTarget& target) {
  return target.name == "row" ? "prediction_row" : target.name;
}

}  // namespace

PredictionText::PredictionText(const Model& model, PredictionFormat format)
    : model_(model), format_(std::move(format)) {
  std::vector<std::string> taken = own_names(), once;
  for (const std::string& column : format_.keep) {
    if (std::find(once.begin(), once.end(), column) == once.end()) once.push_back(column);
  }
  format_.keep = std::move(once);
  for (const std::string& column : format_.keep) {
    std::string name = column;
    while (std::find(taken.begin(), taken.end(), name) != taken.end()) name = "data_" + name;
    if (name != column) renamed_.emplace_back(column, name);
    taken.push_back(name);
    kept_names_.push_back(std::move(name));
  }
}

bool PredictionText::has_several() const {
  return model_.preprocessor->targets.size() > 1;
}

// The column names that the predictions use themselves.
std::vector<std::string> PredictionText::own_names() const {
  std::vector<std::string> names = {"row", "prediction", "p"};
  if (format_.json) return names;
  const std::vector<FittedTarget>& targets = model_.preprocessor->targets;
  for (std::size_t n = 2; n <= likeliest_written; ++n) {
    if (targets.front().classes.size() <= most_classes_written) break;
    names.push_back("prediction_" + std::to_string(n));
    names.push_back("p_" + std::to_string(n));
  }
  for (const FittedTarget& target : targets) {
    if (has_several()) names.push_back(column_of(target));
    if (has_several() && !target.classes.empty()) names.push_back("p_" + target.name + "=" + target.classes[1]);
    for (const std::string& name : target.classes) {
      if (!has_several() && target.classes.size() <= most_classes_written) names.push_back("p_" + name);
    }
  }
  return names;
}

std::string PredictionText::cell(std::string text) const {
  if (format_.spreadsheet_safe && is_formula(text)) text.insert(0, 1, '\'');
  return csv_cell(text);
}

std::string PredictionText::header() const {
  if (format_.json) return "";
  std::string text = "row";
  for (const std::string& name : kept_names_) text += "," + cell(name);
  if (!has_several()) text += ",prediction";
  for (const FittedTarget& target : model_.preprocessor->targets) {
    if (has_several()) text += "," + cell(column_of(target));
    if (has_several() && format_.probabilities) text += "," + csv_cell("p_" + target.name + "=" + target.classes[1]);
    if (!has_several() && format_.probabilities) text += probability_header(target.classes);
  }
  return text + "\n";
}

void PredictionText::take_from(const Table& table) {
  kept_.clear();
  for (const std::string& name : format_.keep) {
    const auto same = [&](const Column& column) { return column.name == name; };
    const auto copy = std::find_if(table.verbatim.begin(), table.verbatim.end(), same);
    const Column& column =
        copy != table.verbatim.end() ? *copy : table.columns[static_cast<std::size_t>(table.require(name))];
    if (column.shape.rank() > 0)
      throw Error("U02", "--keep " + quote(name) + ": the column has more than one number per row");
    kept_.push_back(&column);
  }
}

std::string PredictionText::row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const {
  return format_.json ? json_row(at, number, numbers) : csv_row(at, number, numbers);
}

// The predicted class of a target. `numbers`: the probabilities of its classes or, for several targets, the
// probability of each target's second class.
const std::string& PredictionText::class_of(std::size_t target, std::span<const double> numbers) const {
  const std::vector<std::string>& classes = model_.preprocessor->targets[target].classes;
  if (has_several()) return classes[numbers[target] > model_.threshold ? 1 : 0];
  return classes[static_cast<std::size_t>(predicted_class(numbers, model_.threshold))];
}

std::string PredictionText::csv_row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const {
  std::string text = std::to_string(number);
  for (const Column* const column : kept_) text += "," + cell(cell_text(*column, at));
  const std::vector<FittedTarget>& targets = model_.preprocessor->targets;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    text += "," + (targets[t].classes.empty() ? number_text(numbers[t]) : cell(class_of(t, numbers)));
    if (!format_.probabilities) continue;
    text += has_several() ? "," + number_text(numbers[t]) : probability_cells(targets[t].classes, numbers);
  }
  return text + "\n";
}

std::string PredictionText::json_row(std::int64_t at, std::int64_t number, std::span<const double> numbers) const {
  Json json = {{"row", number}};
  for (std::size_t k = 0; k < kept_.size(); ++k) json[kept_names_[k]] = cell_text(*kept_[k], at);
  const std::vector<FittedTarget>& targets = model_.preprocessor->targets;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    Json& said = has_several() ? json["prediction"][targets[t].name] : json["prediction"];
    said = targets[t].classes.empty() ? Json(numbers[t]) : Json(class_of(t, numbers));
  }
  if (!format_.probabilities) return json_text(json) + "\n";
  if (!has_several()) {
    const std::vector<std::string>& classes = targets.front().classes;
    const std::size_t shown = classes.size() > most_classes_written ? likeliest_written : 0;
    for (const std::size_t c : likeliest_classes(numbers, shown)) json["p"][classes[c]] = numbers[c];
    for (std::size_t c = 0; shown == 0 && c < classes.size(); ++c) json["p"][classes[c]] = numbers[c];
    return json_text(json) + "\n";
  }
  for (std::size_t t = 0; t < targets.size(); ++t) {
    json["p"][targets[t].name] = {{targets[t].classes[0], 1 - numbers[t]}, {targets[t].classes[1], numbers[t]}};
  }
  return json_text(json) + "\n";
}

}  // namespace pellucid::app
