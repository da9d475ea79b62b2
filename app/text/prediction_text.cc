// Writes predictions as CSV and JSON lines. Copied cells stay as they are in the data; predicted numbers are written
// with all digits, in the same way in both formats.
// Not here: reading the rows (row_source.cc).
#include "app/text/prediction_text.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
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

// The probabilities of one of several targets. Of two classes the second one's is enough.
std::vector<std::string> probability_names(const FittedTarget& target) {
  const std::vector<std::string>& classes = target.classes;
  std::vector<std::string> names;
  if (classes.size() > most_classes_written) return names;
  for (std::size_t c = classes.size() == 2 ? 1 : 0; c < classes.size(); ++c)
    names.push_back("p_" + target.name + "=" + classes[c]);
  return names;
}

// Separates the classes of a set in CSV.
constexpr const char* set_separator = "|";

void require_csv_sets(const std::vector<FittedTarget>& targets) {
  for (const FittedTarget& target : targets) {
    for (const std::string& name : target.classes) {
      if (name.find(set_separator) == std::string::npos) continue;
      throw Error("U02", "--interval: the class " + quote(name) + " contains |, which separates the classes of a set",
                  {"--json writes sets as lists"});
    }
  }
}

}  // namespace

std::vector<std::string> set_of(const PredictionIntervals& intervals, std::size_t target,
                                const std::vector<std::string>& classes, std::span<const double> p) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < p.size(); ++c) {
    if (intervals.contains(target, p, static_cast<std::int32_t>(c))) names.push_back(classes[c]);
  }
  return names;
}

void add_interval(Json& json, const std::string& name, const Interval& interval) {
  (name.empty() ? json["low"] : json["low"][name]) = interval.low;
  (name.empty() ? json["high"] : json["high"][name]) = interval.high;
}

void add_set(Json& json, const std::string& name, std::vector<std::string> classes) {
  (name.empty() ? json["set"] : json["set"][name]) = std::move(classes);
}

Json json_probabilities(const std::vector<std::string>& classes, std::span<const double> p) {
  Json json;
  const std::size_t shown = p.size() > most_classes_written ? likeliest_written : 0;
  for (const std::size_t c : likeliest_classes(p, shown)) json[classes[c]] = p[c];
  for (std::size_t c = 0; shown == 0 && c < p.size(); ++c) json[classes[c]] = p[c];
  return json;
}

PredictionText::PredictionText(const Model& model, PredictionFormat format)
    : model_(model), format_(std::move(format)) {
  if (format_.interval) intervals_.emplace(model, *format_.interval);
  if (format_.interval && !format_.json) require_csv_sets(targets());
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

// The column names that the predictions use themselves.
std::vector<std::string> PredictionText::own_names() const {
  std::vector<std::string> names = {"row", "prediction", "p"};
  if (format_.json && intervals_) names.insert(names.end(), {"low", "high", "set"});
  if (format_.json) return names;
  for (const FittedTarget& target : targets()) {
    for (std::string& name : interval_names(target)) names.push_back(std::move(name));
    const std::vector<std::string>& classes = target.classes;
    if (has_several()) {
      names.push_back(column_of(target));
      for (std::string& name : probability_names(target)) names.push_back(std::move(name));
    } else if (classes.size() > most_classes_written) {
      for (std::size_t n = 2; n <= likeliest_written; ++n) {
        names.push_back("prediction_" + std::to_string(n));
        names.push_back("p_" + std::to_string(n));
      }
    } else {
      for (const std::string& name : classes) names.push_back("p_" + name);
    }
  }
  return names;
}

// The columns of a target's interval: low and high, or set; of several targets behind the target's name.
std::vector<std::string> PredictionText::interval_names(const FittedTarget& target) const {
  std::vector<std::string> names;
  if (intervals_)
    names = target.classes.empty() ? std::vector<std::string>{"low", "high"} : std::vector<std::string>{"set"};
  for (std::string& name : names) name = has_several() ? target.name + "_" + name : name;
  return names;
}

std::string PredictionText::csv_interval(std::size_t t, const TargetPredictions& target, std::int64_t r) const {
  if (!intervals_) return "";
  if (!target.class_names.empty()) {
    return "," + cell(join(set_of(*intervals_, t, target.class_names, target.probabilities_of(r)), set_separator));
  }
  const Interval interval = intervals_->of(t, target.values[static_cast<std::size_t>(r)]);
  return "," + number_text(interval.low) + "," + number_text(interval.high);
}

void PredictionText::add_json_interval(Json& json, std::size_t t, const TargetPredictions& target,
                                       std::int64_t r) const {
  if (!intervals_) return;
  const std::string name = has_several() ? target.name : "";
  if (target.class_names.empty()) {
    add_interval(json, name, intervals_->of(t, target.values[static_cast<std::size_t>(r)]));
  } else {
    add_set(json, name, set_of(*intervals_, t, target.class_names, target.probabilities_of(r)));
  }
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
  for (const FittedTarget& target : targets()) {
    if (has_several()) text += "," + cell(column_of(target));
    for (const std::string& name : interval_names(target)) text += "," + cell(name);
    if (!format_.probabilities || target.classes.empty()) continue;
    if (!has_several()) text += probability_header(target.classes);
    if (!has_several()) continue;
    for (const std::string& name : probability_names(target)) text += "," + csv_cell(name);
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

std::string PredictionText::row(std::int64_t at, std::int64_t number, Predictions predictions, std::int64_t r) const {
  return format_.json ? json_row(at, number, predictions, r) : csv_row(at, number, predictions, r);
}

std::string PredictionText::csv_probabilities(const TargetPredictions& target, std::int64_t r) const {
  const std::span<const double> p = target.probabilities_of(r);
  if (!has_several()) return probability_cells(target.class_names, p);
  std::string text;
  if (p.size() > most_classes_written) return text;
  for (std::size_t c = p.size() == 2 ? 1 : 0; c < p.size(); ++c) text += "," + number_text(p[c]);
  return text;
}

std::string PredictionText::csv_row(std::int64_t at, std::int64_t number, Predictions predictions,
                                    std::int64_t r) const {
  std::string text = std::to_string(number);
  for (const Column* const column : kept_) text += "," + cell(cell_text(*column, at));
  for (std::size_t t = 0; t < predictions.size(); ++t) {
    const TargetPredictions& target = predictions[t];
    const bool is_class = !target.class_names.empty();
    text += "," + (is_class ? cell(target.class_name(r)) : number_text(target.values[static_cast<std::size_t>(r)]));
    text += csv_interval(t, target, r);
    if (format_.probabilities && is_class) text += csv_probabilities(target, r);
  }
  return text + "\n";
}

std::string PredictionText::json_row(std::int64_t at, std::int64_t number, Predictions predictions,
                                     std::int64_t r) const {
  Json json = {{"row", number}};
  for (std::size_t k = 0; k < kept_.size(); ++k) json[kept_names_[k]] = cell_text(*kept_[k], at);
  for (std::size_t t = 0; t < predictions.size(); ++t) {
    const TargetPredictions& target = predictions[t];
    Json& predicted = has_several() ? json["prediction"][target.name] : json["prediction"];
    const bool is_class = !target.class_names.empty();
    predicted = is_class ? Json(target.class_name(r)) : Json(target.values[static_cast<std::size_t>(r)]);
    add_json_interval(json, t, target, r);
    if (!format_.probabilities || !is_class) continue;
    (has_several() ? json["p"][target.name] : json["p"]) =
        json_probabilities(target.class_names, target.probabilities_of(r));
  }
  return json_text(json) + "\n";
}

}  // namespace pellucid::app
