// The recipes. tabular: RealMLP-TD-S of Holzmüller, Grinsztajn, Steinwart, "Better by Default", NeurIPS 2024.
// Not here: its pieces, which are layers, schedules and settings like others.
#include "recipe/presets.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/loss.h"
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
constexpr Row tabular[] = {
    {"hidden", "256,256,256", "256,256,256"},
    {"activation", "selu", "mish"},
    {"parametrization", "ntk", "ntk"},
    {"input_scale", "6", "6"},
    {"loss", "cross_entropy(0.1)", "mse"},
    {"output", "softmax", "linear"},
    {"optimizer", "adam", "adam"},
    {"optimizer.beta2", "0.95", "0.95"},
    {"lr", "0.04", "0.07"},
    {"schedule", "coslog4", "coslog4"},
    {"patience", "0", "0"},
    {"best_by", "score", "score"},
};
// How long training goes on and which epoch is kept are no matter of the net: they go with every recipe.
bool is_of_length(std::string_view setting) {
  return setting == "patience" || setting == "best_by";
}

// What else describes a net: whoever sets one of these wants a net of their own.
constexpr const char* others[] = {"scale",    "init",      "dropout",    "l1",        "l2",
                                  "momentum", "clip_norm", "clip_value", "init_from", "batch_size"};

// The published 256 epochs are more steps than a large table needs: bike sharing, California and skin segmentation lose
// nothing with 64.
constexpr std::int64_t enough_steps = 4000, least_epochs = 64, most_epochs = 256;
constexpr std::int64_t usual_batch = 256;
constexpr std::int64_t most_rows = 100000, most_columns = 1000;  // beyond, it takes long

std::string value_of(Recipe& settings, const std::string& name) {
  if (const auto detail = settings.details.find(name); detail != settings.details.end()) return detail->second;
  for (const FieldState& field : list_fields(settings)) {
    if (name == field.info.name) return field.text();
  }
  return "auto";
}

// Whether somebody said what this shall be.
bool is_given(Recipe& recipe, const std::string& setting) {
  const auto origin = recipe.origins.find(setting);
  return origin != recipe.origins.end() && origin->second != "default" && value_of(recipe, setting) != "auto";
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

// The recipe's own settings, with those of its optimizer, schedule and loss.
Recipe tabular_recipe(bool classification) {
  Recipe recipe;
  recipe.preset = "tabular";
  apply_preset(recipe, classification, usual_batch);
  note_details(recipe);
  const Loss loss = Loss::parse(recipe.loss);
  recipe.details["loss.reduction"] = "mean";
  if (const char* parameter = loss.kind().parameter.name)
    recipe.details[std::string("loss.") + parameter] = number_text(loss.parameter());
  return recipe;
}

// Something that was set to what the recipe, whichever the task, does not say.
std::string own_setting(Recipe& recipe) {
  Recipe recipes[] = {tabular_recipe(true), tabular_recipe(false)};
  const auto differs = [&](const std::string& name) {
    if (!is_given(recipe, name)) return false;
    const std::string value = value_of(recipe, name);
    return std::none_of(std::begin(recipes), std::end(recipes),
                        [&](Recipe& one) { return value_of(one, name) == value; });
  };
  for (const Row& row : tabular) {
    if (!is_of_length(row.setting) && differs(row.setting)) return row.setting;
  }
  for (const char* setting : others) {
    if (differs(setting)) return setting;
  }
  for (const auto& [name, value] : recipe.details) {
    if (differs(name)) return name;
  }
  return "";
}

// Why a net should not be the recipe's, or nothing.
std::string objection(Recipe& recipe, const Table& table) {
  const auto cells = [](const Column& column) { return column.shape.rank() == 0; };
  if (!std::all_of(table.columns.begin(), table.columns.end(), cells)) return "no table of single cells";
  const auto columns = static_cast<std::int64_t>(table.columns.size());
  if (table.rows > most_rows) return plural(table.rows, "row");
  if (columns > most_columns) return plural(columns, "column");
  const std::string setting = own_setting(recipe);
  return setting.empty() ? "" : setting + " is given";
}

}  // namespace

void choose_preset(Recipe& recipe, const Table& table) {
  if (recipe.preset != "auto") return;
  const std::string why = objection(recipe, table);
  recipe.preset = why.empty() ? "tabular" : "plain";
  recipe.origins["preset"] = "auto: " + (why.empty() ? "a table" : why);
}

void apply_preset(Recipe& recipe, bool classification, std::int64_t train_rows) {
  const std::string preset = recipe.preset, origin = "preset " + preset;
  const auto put = [&](const std::string& setting, const std::string& value) {
    if (is_given(recipe, setting)) return;
    set_setting(recipe, setting, value, origin);
    recipe.origins[setting] = origin;
  };
  const auto put_all = [&](const auto& rows) {
    for (const Row& row : rows) put(row.setting, classification ? row.classification : row.regression);
  };
  if (preset != "tabular") return put_all(plain);
  put("batch_size", std::to_string(even_batch(train_rows)));
  put_all(tabular);
  std::int64_t batch = usual_batch;
  parse_integer(recipe.batch_size, batch);
  put("epochs", std::to_string(std::clamp(enough_steps / steps_of(train_rows, batch), least_epochs, most_epochs)));
}

}  // namespace pellucid
