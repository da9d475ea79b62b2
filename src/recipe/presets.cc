// The values of the presets. tabular: RealMLP-TD-S of Holzmüller, Grinsztajn, Steinwart, "Better by Default", NeurIPS
// 2024. Not here: what the settings do.
#include "recipe/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/settings.h"
#include "core/text.h"
#include "recipe/kind_settings.h"
#include "recipe/resolve.h"

namespace pellucid {
namespace {

struct Row {
  const char* setting;
  const char* classification;
  const char* regression;
};

constexpr Row plain[] = {
    {"activation", "relu", "relu"}, {"parametrization", "standard", "standard"},
    {"input_scale", "0", "0"},      {"optimizer", "adam", "adam"},
    {"best_by", "loss", "loss"},
};
// For members: their average needs less of each of them, so they are smaller, and they see functions of the numbers.
constexpr Row tabular_members[] = {
    {"hidden", "128,128,128", "128,128,128"},
    {"number_embedding", "periodic", "periodic"},
    {"number_embedding_scale", "0.5", "0.5"},
};
constexpr Row tabular[] = {
    {"scale", "robust", "robust"},       {"hidden", "256,256,256", "256,256,256"},
    {"activation", "selu", "mish"},      {"parametrization", "ntk", "ntk"},
    {"input_scale", "6", "6"},           {"loss", "cross_entropy(0.1)", "mse"},
    {"output", "softmax", "linear"},     {"optimizer", "adam", "adam"},
    {"optimizer.beta2", "0.95", "0.95"}, {"learning_rate", "0.04", "0.07"},
    {"schedule", "coslog4", "coslog4"},  {"patience", "0", "0"},
    {"best_by", "score", "score"},
};
// How long training goes on and which epoch is kept do not describe the net: they go with every preset.
bool is_of_length(std::string_view setting) {
  return setting == "patience" || setting == "best_by";
}

// Further settings that describe a net: a user who gives one of them wants another net than the preset's.
constexpr const char* others[] = {"init",      "dropout",    "l1",        "l2",        "momentum",
                                  "clip_norm", "clip_value", "init_from", "batch_size"};

// The published 256 epochs are more steps than a large table needs: bike sharing, California and skin segmentation lose
// nothing with 64. Members need fewer still.
struct Length {
  std::int64_t enough_steps, least_epochs, most_epochs;
};
constexpr Length length_of_one{4000, 64, 256}, length_of_members{1800, 20, 256};
constexpr std::int64_t least_rows_of_members = 300;  // with fewer, a fold has some dozen rows
constexpr std::int64_t usual_members = 2, usual_folds = 4;
constexpr std::int64_t usual_batch = 256;
constexpr std::int64_t most_rows = 100000, most_columns = 1000;  // beyond, it takes long

std::string value_of(const Recipe& recipe, const std::string& name) {
  const std::string text = setting_text(recipe, name);
  return text.empty() && is_kind_setting(name) ? kind_setting_text(recipe, name) : text;
}

// Whether the setting has a value, given by a person, a file or an earlier rule.
bool is_given(const Recipe& recipe, const std::string& setting) {
  const std::string text = setting_text(recipe, setting);
  return !text.empty() && text != "auto" && origin_of(recipe, setting) != "default";
}

std::int64_t steps_of(std::int64_t rows, std::int64_t batch) {
  return 1 + (std::max<std::int64_t>(1, rows) - 1) / batch;
}

// About 256 rows, so that the last batch is about as long: one of a few rows would move the weights as far as the
// others, by a gradient that is mostly chance. The size fits a fold of a row more or less as well.
std::int64_t even_batch(std::int64_t rows) {
  if (rows <= usual_batch) return usual_batch;
  return rows / ((rows + usual_batch / 2) / usual_batch) + 1;
}

// The preset's own settings.
Recipe tabular_recipe(bool classification) {
  Recipe recipe;
  recipe.model.preset = Preset::tabular;
  return with_kinds_settled(with_preset(std::move(recipe), classification, usual_batch));
}

// The name of a setting that was set to what the preset, whichever the task, does not say; "" where there is none.
std::string own_setting(const Recipe& recipe) {
  const Recipe presets[] = {tabular_recipe(true), tabular_recipe(false)};
  const auto differs = [&](const std::string& name) {
    if (!is_given(recipe, name)) return false;
    const std::string value = value_of(recipe, name);
    return std::none_of(std::begin(presets), std::end(presets),
                        [&](const Recipe& one) { return value_of(one, name) == value; });
  };
  for (const Row& row : tabular) {
    if (!is_of_length(row.setting) && differs(row.setting)) return row.setting;
  }
  for (const char* setting : others) {
    if (differs(setting)) return setting;
  }
  Recipe copy = recipe;
  for (const FieldState& field : list_fields(copy)) {
    if (is_kind_setting(field.info.name) && differs(field.info.name)) return field.info.name;
  }
  return "";
}

// Why a table should not get the preset tabular, or nothing.
std::string objection(const Recipe& recipe, const Table& table) {
  const auto cells = [](const Column& column) { return column.shape.rank() == 0; };
  if (!std::all_of(table.columns.begin(), table.columns.end(), cells)) return "images or arrays, not a table";
  const auto columns = static_cast<std::int64_t>(table.columns.size());
  if (table.rows > most_rows) return plural(table.rows, "row");
  if (columns > most_columns) return plural(columns, "column");
  const std::string setting = own_setting(recipe);
  return setting.empty() ? "" : setting + " is given";
}

// A setting of the preset's optimizer where another one was given.
bool belongs_elsewhere(const Recipe& recipe, const std::string& setting) {
  return is_kind_setting(setting) && !recipe.training.optimizer.is_auto() && kind_setting_text(recipe, setting).empty();
}

// Gives a setting the preset's value, unless it has one.
void put(Recipe& recipe, const std::string& setting, const std::string& value) {
  if (is_given(recipe, setting) || belongs_elsewhere(recipe, setting)) return;
  const std::string origin = "preset " + setting_text(recipe, "preset");
  set_setting(recipe, setting, value, origin);
  recipe.origins[setting] = origin;
}

}  // namespace

bool is_by_rule(std::string_view origin) {
  return origin == "default" || origin.starts_with("auto") || origin.starts_with("preset") ||
         origin.starts_with("metric") || origin.starts_with("tune:") || origin == "demo";
}

Recipe with_chosen_preset(Recipe recipe, const Table& table) {
  if (recipe.model.preset != Preset::automatic) return recipe;
  const std::string why = objection(recipe, table);
  recipe.model.preset = why.empty() ? Preset::tabular : Preset::plain;
  recipe.origins["preset"] = "auto: " + (why.empty() ? "a table" : why);
  return recipe;
}

Recipe with_preset(Recipe recipe, bool classification, std::int64_t train_rows) {
  const auto put_all = [&](const auto& rows) {
    for (const Row& row : rows) put(recipe, row.setting, classification ? row.classification : row.regression);
  };
  if (recipe.model.preset != Preset::tabular) {
    put_all(plain);
    return recipe;
  }
  put(recipe, "batch_size", std::to_string(even_batch(train_rows)));
  const bool members = trains_members(recipe);
  if (members) put_all(tabular_members);
  put_all(tabular);
  const Length& length = members ? length_of_members : length_of_one;
  const std::int64_t steps = steps_of(train_rows, recipe.training.batch_size.value_or(usual_batch));
  put(recipe, "epochs",
      std::to_string(std::clamp(length.enough_steps / steps, length.least_epochs, length.most_epochs)));
  return recipe;
}

bool trains_members(const Recipe& recipe) {
  const TrainingSettings& s = recipe.training;
  return s.members.value_or(1) > 1 || s.cross_fit.value_or(0) > 0 || s.time_limit > 0;
}

namespace {

// Why the rule for members leaves a table with one net; nullptr: it does not.
const char* objection_to_members(const Recipe& recipe, const TrainTable& data) {
  const DataSettings& rows = recipe.data;
  if (recipe.model.preset != Preset::tabular) return "not the preset tabular";
  if (!recipe.run.resume.empty() || !recipe.run.init_from.empty()) return "goes on from other weights";
  if (data.validation_rows > 0 || !is_by_rule(origin_of(recipe, "val_split"))) return "validation rows are given";
  if (!rows.time.empty() || !rows.split_column.empty()) return "a column splits the rows";
  return nullptr;
}

void put_by_rule(Recipe& recipe, const char* name, Auto<std::int64_t>& setting, std::int64_t value, const char* why) {
  if (!setting.is_auto()) return;
  setting = value;
  recipe.origins[name] = std::string("auto: ") + why;
}

}  // namespace

Recipe with_members_of_table(Recipe recipe, const TrainTable& data) {
  TrainingSettings& s = recipe.training;
  const char* why_one = objection_to_members(recipe, data);
  if (s.time_limit <= 0) {
    if (why_one == nullptr && data.table.rows < least_rows_of_members) why_one = "few rows";
    const bool one = why_one != nullptr;
    put_by_rule(recipe, "members", s.members, one ? 1 : usual_members, one ? why_one : "a table");
  }
  const char* const why_not = trains_members(recipe) ? objection_to_members(recipe, data) : "one net";
  const bool none = why_not != nullptr;
  put_by_rule(recipe, "cross_fit", s.cross_fit, none ? 0 : usual_folds, none ? why_not : "members of a table");
  return recipe;
}

Recipe with_preset_of_data(Recipe recipe) {
  if (recipe.model.preset != Preset::tabular) return recipe;
  for (const Row& row : tabular) {
    if (std::string_view(row.setting) == "scale") put(recipe, row.setting, row.classification);
  }
  return recipe;
}

}  // namespace pellucid
