// Reading and splitting as train's settings say. Not here: formats and fitting (the library).
#include "recipe/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/soft_targets.h"

namespace pellucid {
namespace {

// What a setting may say of a column; "text" is for reading only.
std::vector<std::string> kind_names() {
  const auto all = choices_of<AskedKind>();
  return {all.begin(), all.end() - 1};
}

[[noreturn]] void refuse_kind(const NamedValue& part, const std::string& all) {
  const std::vector<std::string> known = kind_names();
  std::vector<std::string> ways;
  if (part.assigned) {
    const std::string near = closest(part.value, known);
    if (!near.empty()) ways.push_back("did you mean " + kind_hint(part.name, near) + "?");
  } else if (const std::size_t equals = all.rfind('='); equals != std::string::npos) {
    ways.push_back("a name that contains a comma stands in double quotes: " +
                   kind_hint(all.substr(0, equals), all.substr(equals + 1)));
  }
  ways.push_back("kinds: " + join(known, ", "));
  throw Error("U02", "kind takes COL=KIND, got " + quote(part.name + (part.assigned ? "=" + part.value : "")), ways);
}

// Whether the column is wanted though it is no feature. A list of targets may be one text, which is split later.
bool is_used(const DataSettings& settings, const std::string& column) {
  const auto names = [&](const std::string& target) {
    const std::vector<std::string> parts = split_names(target);
    return target == column || std::find(parts.begin(), parts.end(), column) != parts.end();
  };
  return column == settings.group || column == settings.time ||
         std::any_of(settings.target.begin(), settings.target.end(), names);
}

bool has_cells(std::span<const double> numbers) {
  return !std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
}

// A further file holds what the first one's columns hold. A column without a cell may hold anything.
void read_like(ReadOptions& options, const Table& table) {
  options.missing_words = table.missing_words;
  for (const Column& column : table.columns) {
    options.forms[column.name] = column.form;
    options.expected.push_back(column.name);
    const bool text = column.type == Column::Type::text;
    const bool numbers = column.type == Column::Type::number && column.cell() == 1 && has_cells(column.numbers);
    const auto asked = options.kinds.find(column.name);
    if (text && asked == options.kinds.end()) {
      const FoundKind found = find_kind(table, column);
      const bool dates = found.kind == ColumnKind::date;
      if (dates) options.forms[column.name] = text_of(found.date);
      options.kinds[column.name] = dates ? AskedKind::date : AskedKind::text;
    }
    if (numbers) options.kinds.try_emplace(column.name, AskedKind::number);
  }
}

// The formats in which the model's columns and targets write numbers and dates.
std::map<std::string, std::string> forms_of(const Preprocessor& preprocessor) {
  std::map<std::string, std::string> forms;
  for (const FittedTarget& target : preprocessor.targets) {
    if (!target.form.empty()) forms[target.name] = target.form;
  }
  for (const FittedColumn& column : preprocessor.columns) {
    if (const DateColumn* const date = column.date()) forms[column.name] = text_of(date->form);
    const NumberColumn* const number = column.number();
    if (number != nullptr && !number->form.empty()) forms[column.name] = number->form;
  }
  return forms;
}

// Columns that are asked for by name: the line that names them is the header.
std::vector<std::string> names_to_find(const DataSettings& settings) {
  std::vector<std::string> names = settings.target;
  for (const std::string& target : settings.target) {
    for (const std::string& part : split_names(target)) names.push_back(part);
  }
  for (const std::string& name : {settings.group, settings.time}) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

// What is a column as it stands is one; all else is a list of names.
std::vector<std::string> target_names(const Table& table, const std::vector<std::string>& asked) {
  std::vector<std::string> names;
  for (const std::string& text : asked) {
    const auto parts = table.find(text) >= 0 ? std::vector<std::string>{text} : split_names(text);
    names.insert(names.end(), parts.begin(), parts.end());
  }
  return names;
}

}  // namespace

// The last '=' divides, so that a column's name may hold one.
std::map<std::string, AskedKind> parse_kinds(const std::string& text) {
  std::map<std::string, AskedKind> kinds;
  for (const NamedValue& part : split_named_values(text)) {
    const auto kind = find_choice<AskedKind>(part.value);
    if (!kind || kind == AskedKind::text) refuse_kind(part, text);
    kinds[part.name] = *kind;
  }
  return kinds;
}

char parse_delimiter(const std::string& text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1) return text[0];
  throw Error("U02", "delimiter takes one character, tab or auto, got " + quote(text));
}

std::string delimiter_text(char delimiter) {
  return delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

char parse_quote(const std::string& text) {
  if (text == "none") return 0;
  if (text.size() == 1 && text[0] > ' ') return text[0];
  throw Error("U02", "quote takes one character, none or auto, got " + quote(text));
}

std::string quote_text(char quote) {
  return quote == 0 ? "none" : std::string(1, quote);
}

ImageSize parse_image_size(const std::string& text) {
  const std::vector<std::string> sides = split_text(text, 'x');
  ImageSize size;
  const bool read = sides.size() == 2 && parse_integer(sides[0], size.height) && parse_integer(sides[1], size.width);
  if (!read || size.height < 1 || size.width < 1) {
    throw Error("U02", "image_size takes height x width, such as 28x28, or auto; got " + quote(text));
  }
  return size;
}

std::string image_size_text(ImageSize size) {
  return fmt::format("{}x{}", size.height, size.width);
}

double parse_duration(const std::string& text) {
  if (text == "none") return 0;
  constexpr std::string_view units = "smh";
  constexpr double unit_seconds[] = {1, 60, 3600};
  const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
  const bool has_unit = unit != std::string_view::npos;
  double number = 0;
  const bool read = parse_number(std::string_view(text).substr(0, text.size() - (has_unit ? 1 : 0)), number);
  const double seconds = number * unit_seconds[has_unit ? unit : 0];
  if (read && seconds >= 0 && seconds <= 1e9) return seconds;
  throw Error("U02", "time_limit takes a time, such as 90s, 2m, 1h, or none; got " + quote(text));
}

std::string duration_setting_text(double seconds) {
  if (seconds == 0) return "none";
  for (const auto& [unit, size] : {std::pair{'h', 3600.0}, std::pair{'m', 60.0}}) {
    if (std::floor(seconds / size) * size == seconds) return number_text(seconds / size) + unit;
  }
  return number_text(seconds) + "s";
}

MissingWords missing_words_of(const std::vector<std::string>& na, bool no_na) {
  MissingWords result;
  result.usual = !no_na;
  for (const std::string& list : na) {
    for (std::string& word : split_names(list)) result.words.insert(std::move(word));
  }
  return result;
}

ReadOptions read_options(const Recipe& recipe) {
  const DataSettings& settings = recipe.data;
  ReadOptions options;
  options.missing_words = missing_words_of(settings.na, settings.no_na);
  options.delimiter = settings.delimiter.value_or(0);
  options.header = settings.header.is_auto() ? -1 : settings.header.value() ? 1 : 0;
  options.skip_rows = settings.skip_rows.value_or(options.skip_rows);
  options.quote = settings.quote.is_auto() ? -1 : settings.quote.value();
  options.encoding = settings.encoding.value_or("auto");
  options.missing_error = settings.missing == MissingCells::error;
  options.image_channels = settings.image_color == ImageColor::grey  ? 1
                           : settings.image_color == ImageColor::rgb ? 3
                                                                     : 0;
  if (!settings.image_size.is_auto()) {
    options.image_height = settings.image_size.value().height;
    options.image_width = settings.image_size.value().width;
  }
  options.expected = names_to_find(settings);
  options.kinds = settings.kind;
  for (const std::string& column : settings.drop) options.kinds[column] = AskedKind::drop;
  return options;
}

void want_images(ReadOptions& options, const Shape& shape) {
  const bool grey = shape.rank() == 2 || (shape.rank() == 3 && shape[2] == 1);
  if (!grey && !(shape.rank() == 3 && shape[2] == 3)) return;
  options.image_height = shape[0];
  options.image_width = shape[1];
  options.image_channels = grey ? 1 : 3;
}

PreprocessOptions preprocess_options(const Recipe& recipe, const Table& table) {
  const DataSettings& settings = recipe.data;
  PreprocessOptions options;
  options.target = target_names(table, settings.target);
  options.task = settings.task;
  options.drop = settings.drop;
  options.kinds = settings.kind;
  options.scale = settings.scale;
  options.missing = settings.missing;
  options.rare = settings.rare.value_or(options.rare);
  options.one_hot = settings.one_hot;
  options.target_scale = settings.target_scale;
  options.clamp = settings.clamp;
  return options;
}

TrainTable read_train_table(const Recipe& recipe) {
  const DataSettings& settings = recipe.data;
  ReadOptions options = read_options(recipe);
  for (const auto& [column, kind] : options.kinds) {
    if (kind == AskedKind::drop && !is_used(settings, column)) options.without.insert(column);
  }
  TrainTable data{read_table(settings.file, options), 0, settings.file};
  data.validation_rows = data.table.validation_rows;
  if (!settings.test.empty() && data.table.test_rows > 0) {
    throw Error("U06", setting_hint("test") + ": " + settings.file + " already contains test rows");
  }
  const std::int64_t given_tests = data.table.test_rows;
  if (const int pixels = data.table.find("pixels"); pixels >= 0) {
    want_images(options, data.table.columns[static_cast<std::size_t>(pixels)].shape);
  }
  read_like(options, data.table);
  if (!settings.val.empty()) {
    if (data.validation_rows > 0) {
      throw Error("U06", setting_hint("val") + ": " + settings.file + " already contains validation rows");
    }
    if (given_tests > 0) {
      throw Error("U06", setting_hint("val") + " cannot be combined with the test rows of " + settings.file);
    }
    const Table rows = read_table(settings.val, options);
    data.table.append(rows);
    data.table.validation_rows = data.validation_rows = rows.rows;
  }
  if (!settings.test.empty()) {
    const Table rows = read_table(settings.test, options);
    data.table.append(rows);
    data.table.test_rows = rows.rows;
  }
  return data;
}

bool takes_words(const FittedColumn& column) {
  const CategoricalColumn* const words = column.categorical();
  return words != nullptr ? !words->codes : column.is(ColumnKind::boolean) || column.is(ColumnKind::date);
}

void read_as_trained(ReadOptions& options, const Preprocessor& preprocessor) {
  options.forms = forms_of(preprocessor);
  const MissingWords& learned = preprocessor.missing_words;
  options.missing_words.usual = options.missing_words.usual && learned.usual;
  options.missing_words.words.insert(learned.words.begin(), learned.words.end());
}

ReadOptions options_to_predict(const Preprocessor& preprocessor, ReadOptions options) {
  read_as_trained(options, preprocessor);
  options.expected = preprocessor.target_names();
  for (const FittedColumn& column : preprocessor.columns) {
    options.expected.push_back(column.name);
    const bool bytes = column.is(ColumnKind::bytes);
    if (!bytes) options.kinds[column.name] = takes_words(column) ? AskedKind::text : AskedKind::number;
    if (bytes && column.name == "pixels") want_images(options, column.shape);
  }
  return options;
}

TrainTable sample_table(const std::string& file, std::string_view csv, const Recipe& settings) {
  return {read_csv(csv, file, read_options(settings)), 0, file};
}

SplitPlan make_plan(const TrainTable& data, const Recipe& recipe, std::uint64_t seed, std::int64_t fold) {
  const DataSettings& settings = recipe.data;
  const std::int64_t folds = recipe.training.folds;
  if (!data.weights.empty() && std::ssize(data.weights) != data.table.rows) {
    throw Error("U20",
                fmt::format("{} for {}", plural(std::ssize(data.weights), "weight"), plural(data.table.rows, "row")));
  }
  if (folds != 0 && recipe.training.repeat > 1) {
    throw Error("U06", setting_hint("folds") + " and " + setting_hint("repeat") + ": choose one of them");
  }
  if (data.validation_rows > 0 && (folds != 0 || !settings.group.empty() || !settings.time.empty())) {
    throw Error("U06", "validation rows are given, so the rows cannot be split by " + setting_hint("folds") + ", " +
                           setting_hint("group") + " or " + setting_hint("time"));
  }
  SplitOptions options;
  options.validation = settings.val_split;
  options.validation_rows = data.validation_rows;
  options.test = settings.test_split;
  options.seed = seed;
  options.preprocess = preprocess_options(recipe, data.table);
  options.group = settings.group;
  options.time = settings.time;
  options.folds = folds;
  options.fold = fold;
  options.cross_fit = recipe.training.cross_fit.value_or(0);
  if (!data.soft.classes.empty() && settings.task == Task::automatic) options.preprocess.task = Task::classification;
  SplitPlan plan = plan_split(data.table, options);
  settle_soft_classes(plan, data);
  return plan;
}

std::vector<Dataset*> learned_parts(Split& split) {
  std::vector<Dataset*> parts = {&split.train, &split.validation, &split.out_of_fold};
  for (Split::Fold& fold : split.folds) parts.insert(parts.end(), {&fold.train, &fold.validation});
  return parts;
}

void set_row_weights(Split& split, const TrainTable& data, const Recipe& settings) {
  if (data.weights.empty()) return;
  if (settings.data.class_weights == ClassWeights::balanced) {
    throw Error("U06", "weights of rows and " + setting_hint("class_weights", "balanced") + ": choose one of them");
  }
  std::vector<Dataset*> parts = learned_parts(split);
  parts.push_back(&split.test);
  for (Dataset* part : parts) {
    if (part->empty()) continue;
    LargeVector<float> weights;
    for (const std::int64_t row : part->indices()) {
      const float weight = data.weights[static_cast<std::size_t>(row)];
      if (!std::isfinite(weight)) throw Error("U20", fmt::format("the weight of row {} is not finite", row + 1));
      weights.push_back(weight);
    }
    *part = part->with_weights(std::move(weights));
  }
}

Split make_split(const TrainTable& data, const Recipe& settings, std::uint64_t seed, std::int64_t fold) {
  Split split = split_by(data.table, make_plan(data, settings, seed, fold));
  set_row_weights(split, data, settings);
  set_soft_targets(split, data);
  return split;
}

}  // namespace pellucid
