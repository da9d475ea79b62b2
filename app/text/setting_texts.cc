// Explanations of the words that settings take. tests/documents_test.py checks that none is missing.
// Not here: names, defaults and ranges of the settings (src/recipe/recipe.cc), schedules (src/optimizers/schedule.cc).
#include "app/text/setting_texts.h"

#include <algorithm>

#include "app/cli/flag_text.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid::app {
namespace {

struct Choice {
  const char* setting;
  const char* word;
  const char* help;
  const char* formula = "";
  const char* source = "";
};

constexpr const char* tabular_source = "Holzmüller, Grinsztajn, Steinwart, \"Better by Default\", NeurIPS 2024";

constexpr Choice choices[] = {
    {"task", "classification", "the target is a class: text, or few different whole numbers"},
    {"task", "regression", "the target is a number: predictions are in its unit"},
    {"scale", "standard", "each number column gets mean 0 and standard deviation 1 on the training rows",
     "(x - mean) / standard deviation"},
    {"scale", "minmax", "each number column is mapped to 0 … 1 on the training rows; one outlier squeezes all others",
     "(x - least) / (greatest - least)"},
    {"scale", "robust", "each number column is scaled by its median and quartiles, and outliers are drawn in",
     "z = (x - median) / (upper quartile - lower quartile), then z / √(1 + (z/3)²)", tabular_source},
    {"scale", "none", "numbers are used as they are; for columns that are on one scale already"},
    {"target_scale", "standard", "the model learns the target shifted and scaled to mean 0 and standard deviation 1"},
    {"target_scale", "log",
     "the model learns the logarithm of the target; for positive targets whose errors grow with their size, such as "
     "prices"},
    {"missing", "error", "a missing cell ends the command with D14"},
    {"missing", "mean", "a missing number becomes the mean of the training rows"},
    {"missing", "median", "a missing number becomes the median of the training rows, which outliers do not move"},
    {"missing", "most-frequent", "a missing cell becomes the most frequent value of the training rows"},
    {"missing", "drop", "rows with a missing cell are left out"},
    {"class_weights", "balanced", "rows of rare classes weigh more, so that all classes count the same in the loss",
     "weight of a row = rows / (classes · rows of its class)"},
    {"class_weights", "none", "every row weighs the same"},
    {"preset", "plain",
     "one hidden layer of 128 relu units (64 and 32 to predict numbers) with Adam and a cosine schedule: quicker, and "
     "less accurate on most tables"},
    {"preset", "tabular",
     "three hidden layers of 256 units with a learnable scale per input, NTK parametrisation and the schedule coslog4; "
     "the best choice for most tables",
     "", tabular_source},
    {"parametrization", "standard", "weights are used as they are"},
    {"parametrization", "ntk",
     "the layer multiplies its weights by 1/√inputs, so that one learning rate suits layers of any width",
     "y = W x / √inputs + b", "Jacot, Gabriel, Hongler, NeurIPS 2018"},
    {"number_embedding", "none", "numbers reach the first layer as they are, scaled"},
    {"number_embedding", "periodic",
     "each number is joined by 3 learned sums of 16 cosines whose frequencies are learned, too (layer "
     "periodic_embedding)",
     "[x, W cos(2π f x + p) + b]", "Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024 (PBLD)"},
    {"number_embedding", "cosine",
     "each number and 16 cosines of it, times factors that start at 0 (layer cosine_embedding)",
     "a [x, cos(2π (f x + p))] + c", "TabPack, ICML 2026"},
    {"number_embedding", "piecewise",
     "each number becomes 16 learned piecewise linear functions of it, with kinks at up to 49 quantiles of the "
     "training "
     "rows (layer piecewise_linear_embedding)",
     "w x + b + W PLE(x)", "Gorishniy, Rubachev, Babenko, NeurIPS 2022"},
    {"calibrate", "temperature",
     "probabilities are calibrated on the validation rows by dividing the logits by one number", "softmax(logits / T)",
     "Guo, Pleiss, Sun, Weinberger, ICML 2017"},
    {"calibrate", "none", "probabilities are left as training made them"},
    {"best_by", "loss", "the best epoch is the one with the lowest validation loss"},
    {"best_by", "score", "the best epoch is the one with the best validation accuracy, or RMSE for numbers"},
    {"header", "yes", "the first line names the columns"},
    {"header", "no", "the first line is a row; columns are named c1, c2, …"},
    {"quote", "none", "quotes are ordinary characters"},
    {"encoding", "utf-8", "the usual encoding of text"},
    {"encoding", "cp1252", "Windows-1252: what older programs for Windows write"},
    {"encoding", "utf-16", "two bytes per character: \"Unicode text\" of some spreadsheets"},
    {"image_color", "grey", "images become one number per pixel"},
    {"image_color", "rgb", "images become three numbers per pixel: red, green and blue"},
    {"kind", "number", "the column's cells are numbers with a decimal point"},
    {"kind", "decimal-comma", "the column's cells are numbers with a decimal comma: 1,5"},
    {"kind", "categorical",
     "the column's cells are names, even if they look like numbers: postal codes, product codes"},
    {"kind", "boolean", "the column's cells have two values, such as yes and no"},
    {"kind", "date",
     "the column's cells are dates; year, month, weekday, hour and the days since 1970 become features"},
    {"kind", "day-first", "the column's cells are dates that begin with the day: 31.1.2026"},
    {"kind", "month-first", "the column's cells are dates that begin with the month: 1/31/2026"},
    {"kind", "year-first", "the column's cells are dates that begin with the year: 2026-01-31"},
    {"kind", "drop", "the column is left out"},
};

// The name behind the last dot: "data.scale" and "scale" are the same setting.
std::string last_name(std::string_view name) {
  return std::string(name.substr(name.rfind('.') + 1));
}

// The words of a setting that have an explanation, in the order of the table above.
std::vector<const Choice*> choices_of(std::string_view setting) {
  std::vector<const Choice*> found;
  for (const Choice& choice : choices) {
    if (choice.setting == setting) found.push_back(&choice);
  }
  return found;
}

KindText setting_text(const FieldState& field) {
  KindText text{last_name(field.info.name), "setting", with_flags(field.info.help), "", "", "", {}};
  const std::string value = field.text(), range = field.range();
  text.settings.push_back("default: " + (value.empty() ? "none" : value));
  if (!range.empty()) text.settings.push_back("takes: " + range);
  for (const Choice* choice : choices_of(text.name)) {
    text.settings.push_back(std::string(choice->word) + ": " + choice->help);
  }
  return text;
}

}  // namespace

void add_settings(std::vector<KindText>& texts) {
  Recipe recipe;
  for (const FieldState& field : list_fields(recipe)) texts.push_back(setting_text(field));
  for (const Choice& choice : choices) {
    texts.push_back(
        {choice.word, std::string("value of ") + choice.setting, choice.help, choice.formula, "", choice.source, {}});
  }
}

}  // namespace pellucid::app
