// The listing of train's settings, and the names they go by.
// Not here: values from flags, variables and files (setting_sources.cc).
#include "pellucid/recipe.h"

#include <fmt/format.h>

#include "core/number_hint.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"
#include "pellucid/initializer.h"
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"

namespace pellucid {
namespace {

constexpr Range at_least_one{1};
constexpr Range share{0, 1, false, true};
// What stands for a number that may be auto, as `unit`.
constexpr const char* whole_unit = "auto|N";
constexpr const char* real_unit = "auto|X";

void describe_data(Recipe& s, Fields& f) {
  f.field({"data", "the rows to learn from", {}, "DATA"}, s.data);
  f.field({"target", "column to learn, or several (default: label, target, class or y)", {}, "COL,…"}, s.target);
  f.field({"task", "what kind of target it is", {}, "", "auto|classification|regression"}, s.task);
  f.field({"drop", "columns to leave out", {}, "COL,…"}, s.drop);
  f.field({"kind", "read columns as number, categorical, boolean, date, drop …", {}, "COL=KIND,…"}, s.kind);
  f.field({"val_split", "share of the rows for validation", share, "X"}, s.val_split);
  f.field({"test_split", "share of the rows for the final test", share, "X"}, s.test_split);
  f.field({"val", "validation rows from a file of their own", {}, "FILE"}, s.val);
  f.field({"test", "test rows from a file of their own", {}, "FILE"}, s.test);
  f.field({"group", "rows of equal cells in this column stay in one part", {}, "COL"}, s.group);
  f.field({"time", "train on the earliest rows by this column, test on the latest", {}, "COL"}, s.time);
  f.field({"scale", "how numbers are scaled", {}, "", "auto|standard|minmax|robust|none"}, s.scale);
  f.field({"target_scale", "log: a number is learned by its logarithm", {}, "", "standard|log"}, s.target_scale);
  f.field({"missing", "what a missing cell becomes", {}, "", "auto|error|mean|median|most-frequent|drop"}, s.missing);
  f.field({"na", "words that count as missing too; COL:WORD in one column", {}, "WORD,…"}, s.na);
  f.field({"no_na", "only blank cells and --na words count as missing, not NA, null, none …", {}, ""}, s.no_na);
  f.field({"rare", "training rows a category needs; words of fewer are put together", at_least_one, whole_unit},
          s.rare);
  f.field({"one_hot", "columns of more categories are embedded; 0: none", not_negative, "N"}, s.one_hot);
  f.field({"class_weights", "balanced: all classes count the same", {}, "", "none|balanced"}, s.class_weights);
  f.field({"delimiter", "what separates the cells (tab: tab)", {}, "CHAR"}, s.delimiter);
  f.field({"header", "whether the first line names the columns", {}, "", "auto|yes|no"}, s.header);
  f.field(
      {"skip_rows", "lines above the header to pass over; auto: titles and units are found", not_negative, whole_unit},
      s.skip_rows);
  f.field({"quote", "what encloses cells; none: quotes are text; auto: \"", {}, "auto|none|CHAR"}, s.quote);
  f.field({"encoding", "of the text; auto: UTF-8, or Windows-1252 where it is not", {}, "", "auto|utf-8|cp1252|utf-16"},
          s.encoding);
  f.field({"image_size", "images are resized to this, height x width", {}, "auto|HxW"}, s.image_size);
  f.field({"image_color", "images as grey or colour; auto: grey if all are", {}, "", "auto|grey|rgb"}, s.image_color);
}

void describe_model(Recipe& s, Fields& f) {
  f.field({"preset",
           "a whole recipe, for what is not set otherwise; auto: tabular for tables",
           {},
           "",
           "auto|plain|tabular"},
          s.preset);
  f.field({"hidden", "units of the hidden layers; none: no hidden layer", {}, "auto|none|N,…"}, s.hidden);
  f.field({"activation", "of the hidden layers", {}, "KIND"}, s.activation);
  f.field({"init", "how weights begin", {}, "KIND"}, s.init);
  f.field(
      {"parametrization", "ntk: weights are learned times the root of the inputs' number", {}, "", "auto|standard|ntk"},
      s.parametrization);
  f.field({"input_scale", "learns a factor for each input, so many times as fast; 0: none", not_negative, real_unit},
          s.input_scale);
  f.field({"embedding_size", "learned numbers for each category of an embedded column", at_least_one, "N"},
          s.embedding_size);
  f.field({"dropout", "share of hidden outputs zeroed in training", fraction, "X"}, s.dropout);
  f.field({"l1", "adds l1 · sum of |weights| to the loss", not_negative, "X"}, s.l1);
  f.field({"l2", "adds l2 · half the sum of squared weights to the loss", not_negative, "X"}, s.l2);
  f.field({"loss", "what training makes small", {}, "KIND"}, s.loss);
  f.field({"output", "activation of the last layer", {}, "KIND"}, s.output);
  f.field({"calibrate",
           "temperature: probabilities made as sure as the validation rows say; auto: if labels are smoothed",
           {},
           "",
           "auto|none|temperature"},
          s.calibrate);
  f.field({"threshold", "two classes: the second is said above this probability", {0, 1, true, true}, real_unit},
          s.threshold);
}

void describe_training(Recipe& s, Fields& f) {
  f.field({"epochs", "passes over the training rows", at_least_one, whole_unit}, s.epochs);
  f.field({"batch_size", "rows a step", at_least_one, whole_unit}, s.batch_size);
  f.field({"lr", "learning rate", positive, real_unit}, s.lr);
  f.field({"optimizer", "rule of the steps", {}, "KIND"}, s.optimizer);
  f.field({"momentum", "of optimizer momentum (or sgd)", fraction, real_unit}, s.momentum);
  f.field({"schedule", "how the learning rate changes", {}, "", "auto|constant|step|cosine|plateau|onecycle|coslog4"},
          s.schedule);
  f.field({"clip_norm", "longest gradient allowed; 0: any", not_negative, "X"}, s.clip_norm);
  f.field({"clip_value", "largest gradient component allowed; 0: any", not_negative, "X"}, s.clip_value);
  f.field({"patience", "epochs without a better validation loss; 0: off", not_negative, whole_unit}, s.patience);
  f.field({"seed", "of splits, first weights, shuffles and dropout", not_negative, "N"}, s.seed);
  f.field({"repeat", "trainings with seeds seed, seed+1, …", at_least_one, "N"}, s.repeat);
  f.field({"folds", "trainings, each with another of so many folds as test rows; 0: off", not_negative, "N"}, s.folds);
  f.field({"threads", "threads that share the work; 0: all CPUs; the bits stay the same", {0, 64}, "N"}, s.threads);
  f.field({"min_delta", "what counts as a better validation loss", not_negative, "X"}, s.min_delta);
  f.field({"keep_best", "keep the weights of the best epoch", {}, ""}, s.keep_best);
  f.field({"best_by", "what makes an epoch the best: validation loss, or accuracy (RMSE)", {}, "", "auto|loss|score"},
          s.best_by);
  f.field({"shuffle", "new order of the rows each epoch", {}, ""}, s.shuffle);
  f.field({"row_block", "rows whose gradients are summed in one go", at_least_one, "N"}, s.row_block);
}

void describe_run(Recipe& s, Fields& f) {
  f.field({"out", "folder of the runs", {}, "DIR"}, s.out);
  f.field({"name", "name of the run (default: DATA-NNN)", {}, "NAME"}, s.name);
  f.field({"memory", "data in memory, the rest in temporary files; auto: half of what is free", {}, "auto|SIZE"},
          s.memory);
  f.field({"resume", "go on with an interrupted run", {}, "RUN"}, s.resume);
  f.field({"init_from", "begin with the weights of a model", {}, "MODEL"}, s.init_from);
  f.field({"no_test_rows", "keep no training rows in the model file", {}, ""}, s.no_test_rows);
  f.field({"no_report", "write no report.html and no examples.json", {}, ""}, s.no_report);
  f.field({"no_health", "do not look at the layers on the way", {}, ""}, s.no_health);
}

template <class Kinds>
std::vector<std::string> names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto* kind : kinds) names.emplace_back(kind->name);
  return names;
}

}  // namespace

void Recipe::describe(Fields& fields) {
  describe_data(*this, fields);
  describe_model(*this, fields);
  describe_training(*this, fields);
  describe_run(*this, fields);
}

std::string setting_group(std::string_view name) {
  // The first setting of each group, in the order of describe().
  static constexpr const char* first[][2] = {
      {"data", "Data"}, {"preset", "Model"}, {"epochs", "Training"}, {"min_delta", ""}, {"out", "Run"}};
  Recipe settings;
  const char* group = "";
  for (const FieldState& field : list_fields(settings)) {
    for (const auto& [start, title] : first) {
      if (std::string_view(start) == field.info.name) group = title;
    }
    if (name == field.info.name) return group;
  }
  return "";
}

std::string setting_flags(std::string_view name) {
  if (name == "lr") return "--lr,--learning-rate";
  if (name == "batch_size") return "--batch-size,--batch";
  std::string flag = "--" + std::string(name);
  for (char& c : flag) {
    if (c == '_') c = '-';
  }
  return flag;
}

std::vector<std::string> setting_words(std::string_view name) {
  if (name == "activation" || name == "output") return names_of(activation_kinds());
  if (name == "init") return names_of(initializer_kinds());
  if (name == "loss") return names_of(loss_kinds());
  if (name == "optimizer") {
    std::vector<std::string> names;
    for (const Optimizer& optimizer : optimizer_kinds()) names.emplace_back(optimizer.name());
    return names;
  }
  Recipe settings;
  for (const FieldState& field : list_fields(settings)) {
    if (name == field.info.name) return split_text(field.info.choices, '|');
  }
  return {};
}

void check_auto_numbers(Recipe& settings, const std::string& what) {
  for (const FieldState& field : list_fields(settings)) {
    const std::string unit = field.info.unit;
    if (unit != whole_unit && unit != real_unit) continue;
    const std::string text = field.text();
    if (text == "auto") continue;
    double real = 0;
    std::int64_t whole = 0;
    const bool read = unit == whole_unit ? parse_integer(text, whole) : parse_number(text, real);
    if (!read) {
      throw Error("U02", fmt::format("{}: {} takes {} or auto, got {}{}", what, field.info.name,
                                     unit == whole_unit ? "a whole number" : "a number", quote(text),
                                     number_hint(text, unit == whole_unit)));
    }
    const double value = unit == whole_unit ? static_cast<double>(whole) : real;
    if (!field.info.range.contains(value)) {
      throw Error("U12", fmt::format("{}: {} takes {} or auto, got {}", what, field.info.name, field.range(), text));
    }
  }
}

std::optional<double> number_or_auto(const std::string& text) {
  double value = 0;
  if (text == "auto" || !parse_number(text, value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole_or_auto(const std::string& text) {
  std::int64_t value = 0;
  if (text == "auto" || !parse_integer(text, value)) return std::nullopt;
  return value;
}

}  // namespace pellucid
