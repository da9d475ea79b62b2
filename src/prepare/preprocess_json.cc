// Preprocessor as JSON and back; every double is written so that it reads back as the same double.
// Not here: the file that holds it (src/files/safetensors.cc).
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/json.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/preprocess.h"
#include "prepare/kinds.h"
#include "tables/dates.h"
#include "tables/number_form.h"

namespace pellucid {

namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error("D21", "the stored preprocessing is damaged: " + why);
}

SortedJson fill_json(const FittedColumn& column) {
  return std::isnan(column.fill) ? SortedJson() : SortedJson(column.fill);
}

SortedJson part_json(const FittedColumn& part) {
  SortedJson json{{"name", part.name}, {"offset", part.offset}, {"factor", part.factor}, {"fill", fill_json(part)},
                  {"low", part.low},   {"high", part.high},     {"mean", part.mean},     {"deviation", part.deviation}};
  if (part.squash > 0) json["squash"] = part.squash;
  return json;
}

SortedJson column_json(const FittedColumn& column) {
  const std::span<const std::int64_t> extents = column.shape.extents();
  SortedJson json{{"name", column.name},
                  {"kind", column.kind},
                  {"shape", std::vector<std::int64_t>(extents.begin(), extents.end())},
                  {"offset", column.offset},
                  {"factor", column.factor},
                  {"fill", fill_json(column)},
                  {"indicator", column.indicator},
                  {"low", column.low},
                  {"high", column.high},
                  {"mean", column.mean},
                  {"deviation", column.deviation},
                  {"categories", column.categories},
                  {"features", column.features}};
  if (column.squash > 0) json["squash"] = column.squash;
  if (!column.form.empty()) json["form"] = column.form;
  if (column.other > 0) json["other"] = column.other;
  if (column.embedded) json["embedded"] = true;
  if (!column.parts.empty()) {
    json["parts"] = SortedJson::array();
    for (const FittedColumn& part : column.parts) json["parts"].push_back(part_json(part));
  }
  return json;
}

const SortedJson& member(const SortedJson& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(std::string("no ") + key);
  return *found;
}

double number(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_number()) refuse(std::string(key) + " is no number");
  return value.get<double>();  // JSON has no way to spell what is not finite; too large a number was refused in parsing
}

std::string text(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_string()) refuse(std::string(key) + " is no text");
  return value.get<std::string>();
}

std::vector<std::string> texts(const SortedJson& object, const char* key) {
  const SortedJson& value = member(object, key);
  if (!value.is_array()) refuse(std::string(key) + " is no list");
  std::vector<std::string> result;
  for (const SortedJson& item : value) {
    if (!item.is_string()) refuse(std::string(key) + " holds something other than text");
    result.push_back(item.get<std::string>());
  }
  return result;
}

void require_distinct(const std::vector<std::string>& names, const char* what) {
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) refuse(std::string(what) + " repeat");
}

Shape shape(const SortedJson& object) {
  constexpr std::int64_t largest = std::int64_t{1} << 31;
  const SortedJson& value = member(object, "shape");
  if (!value.is_array() || value.size() > Shape::max_rank) refuse("shape is no list of at most 6 extents");
  std::vector<std::int64_t> extents;
  std::int64_t elements = 1;
  for (const SortedJson& item : value) {
    if (!item.is_number_unsigned() || item.get<std::uint64_t>() - 1 >= static_cast<std::uint64_t>(largest)) {
      refuse("shape has an extent out of range");
    }
    extents.push_back(item.get<std::int64_t>());
    if (elements > largest / extents.back()) refuse("shape is too large");
    elements *= extents.back();
  }
  return Shape(extents);
}

std::string number_form(const SortedJson& object, const char* key) {
  std::string form = text(object, key);
  if (!form_of(form)) refuse(std::string(key) + " is no way to write numbers");
  return form;
}

// What a column of numbers and a part of a date have in common.
void read_scale(FittedColumn& result, const SortedJson& object) {
  result.name = text(object, "name");
  result.offset = number(object, "offset");
  result.factor = number(object, "factor");
  if (object.contains("squash")) result.squash = number(object, "squash");
  if (!(result.squash >= 0)) refuse("squash is below 0");
  result.fill = member(object, "fill").is_null() ? std::numeric_limits<double>::quiet_NaN() : number(object, "fill");
  result.low = number(object, "low");
  result.high = number(object, "high");
  result.mean = number(object, "mean");
  result.deviation = number(object, "deviation");
}

std::vector<FittedColumn> parts(const SortedJson& object) {
  const SortedJson& list = member(object, "parts");
  if (!list.is_array()) refuse("parts is no list");
  std::vector<FittedColumn> result;
  auto next = std::begin(date_parts);
  for (const SortedJson& item : list) {
    if (!item.is_object()) refuse("a part is no object");
    FittedColumn part;
    part.kind = "number";
    read_scale(part, item);
    next = std::find(next, std::end(date_parts), part.name);
    if (next++ == std::end(date_parts)) refuse("parts are not those of a date");
    result.push_back(std::move(part));
  }
  return result;
}

void read_form(FittedColumn& result, const SortedJson& object) {
  if (object.contains("form")) {
    result.form = result.kind == "number" ? number_form(object, "form") : text(object, "form");
    if (result.kind != "number" && !is_form(result.kind, result.form)) refuse("form and kind disagree");
  }
  if ((result.kind == "boolean" || result.kind == "date") && result.form.empty()) refuse("no form");
  if (result.kind == "date") result.parts = parts(object);
  if (result.kind == "date" && result.parts.empty()) refuse("a date without parts");
}

// What models that know neither rare words nor embeddings do not have.
void read_words(FittedColumn& result, const SortedJson& object, bool words) {
  if (const auto found = object.find("other"); found != object.end()) {
    if (!words || !read_count(*found, 1, result.other)) refuse("other counts no words");
  }
  if (const auto found = object.find("embedded"); found != object.end()) {
    if (!words || *found != true) refuse("embedded is not true of words");
    result.embedded = true;
  }
}

constexpr double largest_feature = std::numeric_limits<float>::max();

FittedColumn column(const SortedJson& object) {
  if (!object.is_object()) refuse("a column is no object");
  FittedColumn result;
  read_scale(result, object);
  result.kind = text(object, "kind");
  result.shape = shape(object);
  read_form(result, object);
  const SortedJson& indicator = member(object, "indicator");
  if (!indicator.is_boolean()) refuse("indicator is neither true nor false");
  result.indicator = indicator.get<bool>();
  result.categories = texts(object, "categories");
  const bool words = result.kind == "categorical";
  const bool single = words || result.kind == "boolean" || result.kind == "date";
  if (!single && result.kind != "number" && result.kind != "bytes") refuse("no kind " + quote(result.kind));
  if (words == result.categories.empty() || (single && result.shape.rank() > 0)) refuse("kind and categories disagree");
  require_distinct(result.categories, "categories");
  if (words && result.factor != 0 && result.factor != 1) refuse("the factor of words is neither 0 nor 1");
  read_words(result, object, words);
  if (result.kind == "bytes" && !(std::abs((255 + std::abs(result.offset)) * result.factor) <= largest_feature)) {
    refuse("offset and factor give features that are not finite");
  }
  const auto categories = static_cast<std::int64_t>(result.categories.size());
  if (words && !std::isnan(result.fill) &&
      !(result.fill >= -1 && result.fill < static_cast<double>(categories) && std::floor(result.fill) == result.fill)) {
    refuse("fill is no category");
  }
  const auto dates = static_cast<std::int64_t>(result.parts.size());
  const std::int64_t hot = result.embedded ? 1 : categories + (result.other > 0 ? 1 : 0);
  result.features = (words ? hot : dates > 0 ? dates : result.shape.elements()) + (result.indicator ? 1 : 0);
  return result;
}

// One target as an object of its own; where there is but one, its members lie in the document itself, as in models
// that knew no others.
SortedJson target_json(const FittedTarget& target) {
  SortedJson json{{"name", target.name},           {"classes", target.classes}, {"mean", target.mean},
                  {"deviation", target.deviation}, {"low", target.low},         {"high", target.high}};
  if (!target.form.empty()) json["form"] = target.form;
  if (target.shift) json["shift"] = *target.shift;
  return json;
}

FittedTarget target(const SortedJson& object) {
  if (!object.is_object()) refuse("a target is no object");
  FittedTarget result;
  result.name = text(object, "name");
  result.classes = texts(object, "classes");
  result.mean = number(object, "mean");
  result.deviation = number(object, "deviation");
  result.low = number(object, "low");
  result.high = number(object, "high");
  if (object.contains("form")) result.form = number_form(object, "form");
  if (object.contains("shift")) result.shift = number(object, "shift");
  return result;
}

// What the members of a single target are called in the document.
constexpr const char* single_names[][2] = {
    {"name", "target"},    {"classes", "classes"},  {"mean", "target_mean"}, {"deviation", "target_deviation"},
    {"low", "target_low"}, {"high", "target_high"}, {"form", "target_form"}, {"shift", "target_shift"},
};

void put_targets(SortedJson& document, const std::vector<FittedTarget>& targets) {
  if (targets.size() != 1) {
    document["targets"] = SortedJson::array();
    for (const FittedTarget& one : targets) document["targets"].push_back(target_json(one));
    return;
  }
  const SortedJson json = target_json(targets.front());
  for (const auto& [own, single] : single_names) {
    if (json.contains(own)) document[single] = json[own];
  }
}

std::vector<FittedTarget> read_targets(const SortedJson& document) {
  std::vector<FittedTarget> targets;
  if (document.contains("targets")) {
    if (!document["targets"].is_array()) refuse("targets is no list");
    for (const SortedJson& item : document["targets"]) targets.push_back(target(item));
    return targets;
  }
  SortedJson json = SortedJson::object();
  for (const auto& [own, single] : single_names) {
    if (document.contains(single)) json[own] = document[single];
  }
  targets.push_back(target(json));
  return targets;
}

MissingWords missing_words_of(const Json& document) {
  MissingWords result;
  const auto found = document.find("missing_words");
  if (found == document.end()) return result;
  const Json& usual = member(*found, "usual");
  if (!usual.is_boolean()) refuse("usual is neither true nor false");
  result.usual = usual.get<bool>();
  for (std::string& word : texts(*found, "words")) result.words.insert(std::move(word));
  return result;
}

void require_consistent(const Preprocessor& found) {
  std::vector<std::string> names;
  std::int64_t features = 0;
  for (const FittedColumn& fitted : found.columns) {
    names.push_back(fitted.name);
    features += fitted.features;
    if (features > (std::int64_t{1} << 40)) refuse("too many features");
  }
  if (names.empty()) refuse("no columns");
  require_distinct(names, "columns");
  if (found.targets.empty()) refuse("no targets");
  require_distinct(found.target_names(), "targets");
  for (const FittedTarget& target : found.targets) {
    require_distinct(target.classes, "classes");
    if (found.is_classification() ? target.classes.size() < 2 : !target.classes.empty())
      refuse("task and classes disagree");
    if (found.is_multi_label() && target.classes.size() != 2) refuse("one of several targets is not of two classes");
    if (!(target.deviation > 0)) refuse("a target's deviation is not above 0");
  }
}

}  // namespace

std::string Preprocessor::to_json() const try {
  SortedJson list = SortedJson::array();
  for (const FittedColumn& fitted : columns) list.push_back(column_json(fitted));
  SortedJson json{{"task", is_classification() ? "classification" : "regression"},
                  {"task_reason", task_reason},
                  {"scale", scale},
                  {"columns", std::move(list)},
                  {"constant_columns", constant_columns},
                  {"left_out", left_out}};
  put_targets(json, targets);
  if (missing_words != MissingWords{}) {
    json["missing_words"] = {{"usual", missing_words.usual}, {"words", missing_words.words}};
  }
  return json.dump();
} catch (const SortedJson::exception&) {
  throw Error("D16", "a column name or a word of the data is no UTF-8 text and cannot be stored");
}

Preprocessor Preprocessor::from_json(std::string_view text_form) try {
  const SortedJson json = parse_json<SortedJson>(text_form);
  if (!json.is_object()) refuse("no object");
  Preprocessor result;
  const std::string task = text(json, "task");
  if (task != "classification" && task != "regression") refuse("no task " + quote(task));
  result.task = task == "classification" ? Task::classification : Task::regression;
  result.task_reason = text(json, "task_reason");
  result.targets = read_targets(json);
  result.scale = text(json, "scale");
  result.constant_columns = texts(json, "constant_columns");
  result.left_out = texts(json, "left_out");
  result.missing_words = missing_words_of(json);
  if (!member(json, "columns").is_array()) refuse("columns is no list");
  for (const SortedJson& item : json["columns"]) result.columns.push_back(column(item));
  require_consistent(result);
  // What is left over or was put otherwise than to_json puts it shows in the comparison.
  if (SortedJson::parse(result.to_json()) != json) refuse("it holds more than it should");
  return result;
} catch (const SortedJson::exception& problem) {
  refuse(problem.what());
}

}  // namespace pellucid
