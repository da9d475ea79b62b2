// Preprocessor to JSON and back; every double is written so that the same double is read.
// Not here: the file that contains the JSON (src/files/safetensors.cc).
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/text.h"
#include "pellucid/preprocess.h"
#include "prepare/json_members.h"
#include "prepare/target_json.h"

namespace pellucid {

namespace {

using namespace members;

// `fill` NaN: missing cells are refused; stored as null.
void put_scale(SortedJson& json, double offset, double factor, double fill) {
  json["offset"] = offset;
  json["factor"] = factor;
  json["fill"] = std::isnan(fill) ? SortedJson() : SortedJson(fill);
}

constexpr double refused = std::numeric_limits<double>::quiet_NaN();

void put_range(SortedJson& json, const ValueRange& range) {
  json["low"] = range.low;
  json["high"] = range.high;
  json["mean"] = range.mean;
  json["deviation"] = range.deviation;
}

void put_number_scale(SortedJson& json, const NumberScale& scale) {
  put_scale(json, scale.offset, scale.factor, scale.fill);
  if (scale.squash > 0) json["squash"] = scale.squash;
  put_range(json, scale);
}

// Every kind of column has the members of a number column too, as in earlier versions.
struct ColumnWriter {
  SortedJson& json;

  void operator()(const NumberColumn& column) const {
    put_number_scale(json, column.scale);
    if (!column.form.empty()) json["form"] = column.form;
  }
  void operator()(const BytesColumn& column) const { put_number_scale(json, column.scale); }
  void operator()(const BooleanColumn& column) const {
    put_number_scale(json, column.scale);
    json["form"] = text_of(column.form);
  }
  void operator()(const DateColumn& column) const {
    put_scale(json, 0, column.parts.back().scale.factor, column.refuses_missing ? refused : 0);
    put_range(json, column.range);
    json["form"] = text_of(column.form);
    json["parts"] = SortedJson::array();
    for (const DateColumn::Part& part : column.parts) {
      SortedJson& item = json["parts"].emplace_back(SortedJson{{"name", text_of(part.part)}});
      put_number_scale(item, part.scale);
    }
  }
  void operator()(const CategoricalColumn& column) const {
    put_scale(json, 0, column.varies ? 1 : 0, column.refuses_missing ? refused : static_cast<double>(column.fill));
    put_range(json, {.mean = column.other_share});
    json["categories"] = column.categories;
    if (column.codes) json["form"] = "code";
    if (column.other > 0) json["other"] = column.other;
    if (column.embedded) json["embedded"] = true;
  }
};

SortedJson column_json(const FittedColumn& column) {
  const std::span<const std::int64_t> extents = column.shape.extents();
  SortedJson json{{"name", column.name},
                  {"kind", text_of(column.kind())},
                  {"shape", std::vector<std::int64_t>(extents.begin(), extents.end())},
                  {"indicator", column.indicator},
                  {"categories", SortedJson::array()},
                  {"features", column.features}};
  std::visit(ColumnWriter{json}, column.learned);
  return json;
}

void require_distinct(const std::vector<std::string>& names, const char* what) {
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) refuse(std::string(what) + " repeat");
}

Shape shape(const SortedJson& object) {
  constexpr std::int64_t largest = std::int64_t{1} << 31;
  const SortedJson& value = member(object, "shape");
  if (!value.is_array() || value.size() > Shape::max_rank) refuse("shape is not a list of at most 6 extents");
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

ValueRange read_range(const SortedJson& object) {
  return {number(object, "low"), number(object, "high"), number(object, "mean"), number(object, "deviation")};
}

NumberScale read_scale(const SortedJson& object) {
  NumberScale result{read_range(object)};
  result.offset = number(object, "offset");
  result.factor = number(object, "factor");
  if (object.contains("squash")) result.squash = number(object, "squash");
  if (!(result.squash >= 0)) refuse("squash is below 0");
  result.fill = member(object, "fill").is_null() ? std::numeric_limits<double>::quiet_NaN() : number(object, "fill");
  return result;
}

template <class Choice>
Choice read_choice(const SortedJson& object, const char* key) {
  const std::string name = text(object, key);
  if (const auto found = find_choice<Choice>(name)) return *found;
  refuse(std::string("no ") + key + " " + quote(name));
}

NumberColumn read_numbers(const SortedJson& object) {
  NumberColumn result{read_scale(object)};
  if (object.contains("form")) result.form = number_form(object, "form");
  return result;
}

constexpr double largest_feature = std::numeric_limits<float>::max();

BytesColumn read_bytes(const SortedJson& object) {
  const NumberScale scale = read_scale(object);
  if (!(std::abs((255 + std::abs(scale.offset)) * scale.factor) <= largest_feature)) {
    refuse("offset and factor give features that are not finite");
  }
  return {scale};
}

DateColumn read_dates(const SortedJson& object) {
  DateColumn result;
  result.range = read_range(object);
  result.form = read_choice<DateForm>(object, "form");
  result.refuses_missing = member(object, "fill").is_null();
  const SortedJson& list = member(object, "parts");
  if (!list.is_array() || list.empty()) refuse("a date without parts");
  for (const SortedJson& item : list) {
    if (!item.is_object()) refuse("a part is not an object");
    const auto part = read_choice<DatePart>(item, "name");
    if (!result.parts.empty() && part <= result.parts.back().part) refuse("parts are not those of a date");
    result.parts.push_back({part, read_scale(item)});
  }
  return result;
}

CategoricalColumn read_words(const SortedJson& object) {
  CategoricalColumn result;
  const NumberScale stored = read_scale(object);
  result.categories = texts(object, "categories");
  if (result.categories.empty()) refuse("kind and categories disagree");
  require_distinct(result.categories, "categories");
  if (stored.factor != 0 && stored.factor != 1) refuse("the factor of words is neither 0 nor 1");
  result.varies = stored.factor == 1;
  result.other_share = stored.mean;
  result.codes = object.contains("form");
  if (result.codes && text(object, "form") != "code") refuse("form and kind disagree");
  result.refuses_missing = std::isnan(stored.fill);
  const auto categories = static_cast<double>(result.categories.size());
  if (!result.refuses_missing) {
    if (!(stored.fill >= -1 && stored.fill < categories && std::floor(stored.fill) == stored.fill)) {
      refuse("fill is no category");
    }
    result.fill = static_cast<std::int64_t>(stored.fill);
  }
  // Models from versions without rare words or embeddings lack these members.
  if (const auto found = object.find("other"); found != object.end()) {
    if (!read_count(*found, 1, result.other)) refuse("other counts no words");
  }
  if (const auto found = object.find("embedded"); found != object.end()) {
    if (*found != true) refuse("embedded is not true");
    result.embedded = true;
  }
  return result;
}

// Reads the kind's own members; returns the number of features without the indicator.
std::int64_t read_learned(FittedColumn& result, const SortedJson& object, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::number:
      result.learned = read_numbers(object);
      return result.shape.elements();
    case ColumnKind::bytes:
      result.learned = read_bytes(object);
      return result.shape.elements();
    case ColumnKind::boolean:
      result.learned = BooleanColumn{read_scale(object), read_choice<BooleanForm>(object, "form")};
      return 1;
    case ColumnKind::date:
      result.learned = read_dates(object);
      return static_cast<std::int64_t>(result.date()->parts.size());
    case ColumnKind::categorical:
      result.learned = read_words(object);
      return result.categorical()->embedded ? 1 : result.categorical()->one_hot_features();
    case ColumnKind::drop:
      break;
  }
  refuse("a column that is not used");
}

FittedColumn column(const SortedJson& object) {
  if (!object.is_object()) refuse("a column is not an object");
  FittedColumn result;
  result.name = text(object, "name");
  result.shape = shape(object);
  const auto kind = read_choice<ColumnKind>(object, "kind");
  const bool blocks = kind == ColumnKind::number || kind == ColumnKind::bytes;
  if (!blocks && result.shape.rank() > 0) refuse("kind and shape disagree");
  const SortedJson& indicator = member(object, "indicator");
  if (!indicator.is_boolean()) refuse("indicator is neither true nor false");
  result.indicator = indicator.get<bool>();
  result.features = read_learned(result, object, kind) + (result.indicator ? 1 : 0);
  return result;
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
    if (target.clamped && (found.is_classification() || !(target.low <= target.high)))
      refuse("a target's predictions are limited to a range that it does not have");
  }
}

}  // namespace

std::string Preprocessor::to_json() const try {
  SortedJson list = SortedJson::array();
  for (const FittedColumn& fitted : columns) list.push_back(column_json(fitted));
  SortedJson json{{"task", text_of(is_classification() ? Task::classification : Task::regression)},
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
  throw Error("D16", "a column name or a word of the data is not UTF-8 text and cannot be stored");
}

Preprocessor Preprocessor::from_json(std::string_view text_form) try {
  const SortedJson json = parse_json<SortedJson>(text_form);
  if (!json.is_object()) refuse("it is not an object");
  Preprocessor result;
  result.task = read_choice<Task>(json, "task");
  if (result.task == Task::automatic) refuse("it has no task");
  result.task_reason = text(json, "task_reason");
  result.targets = read_targets(json);
  result.scale = text(json, "scale");
  result.constant_columns = texts(json, "constant_columns");
  result.left_out = texts(json, "left_out");
  result.missing_words = missing_words_of(json);
  if (!member(json, "columns").is_array()) refuse("columns is not a list");
  for (const SortedJson& item : json["columns"]) result.columns.push_back(column(item));
  require_consistent(result);
  // Writing the result again must give the same document: this finds unknown members and values of a wrong form.
  if (SortedJson::parse(result.to_json()) != json) refuse("it contains unknown members");
  return result;
} catch (const SortedJson::exception& problem) {
  refuse(problem.what());
}

}  // namespace pellucid
