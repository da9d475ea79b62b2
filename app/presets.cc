// The recipes. tabular: RealMLP-TD-S of Holzmüller, Grinsztajn, Steinwart, "Better by Default", NeurIPS 2024.
// Not here: its pieces, which are layers, schedules and settings like others.
#include "presets.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace pellucid::app {
namespace {

struct Row {
  const char* setting;
  const char* classification;
  const char* regression;
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
    {"batch_size", "256", "256"},
    {"patience", "0", "0"},
    {"best_by", "score", "score"},
};
// What else a net is described by: who says one of these wants a net of their own.
constexpr const char* others[] = {"scale",    "init",      "dropout",    "l1",       "l2",
                                  "momentum", "clip_norm", "clip_value", "init_from"};

// The published 256 epochs are more steps than a large table needs: bike sharing and California lose nothing with 64.
constexpr std::int64_t enough_steps = 4000, least_epochs = 32, most_epochs = 256;
constexpr std::int64_t most_rows = 100000, most_columns = 1000;  // beyond, it takes long

bool is_given(const Sourced& sourced, const std::string& setting) {
  const auto origin = sourced.origins.find(setting);
  return origin != sourced.origins.end() && origin->second != "default";
}

std::string setting_of_a_net(const Sourced& sourced) {
  for (const Row& row : tabular) {
    if (is_given(sourced, row.setting)) return row.setting;
  }
  for (const char* setting : others) {
    if (is_given(sourced, setting)) return setting;
  }
  return sourced.settings.details.empty() ? "" : sourced.settings.details.begin()->first;
}

// Why a net should not be the recipe's, or nothing.
std::string objection(const Sourced& sourced, const Table& table) {
  const auto cells = [](const Column& column) { return column.shape.rank() == 0; };
  if (!std::all_of(table.columns.begin(), table.columns.end(), cells)) return "no table of single cells";
  const auto columns = static_cast<std::int64_t>(table.columns.size());
  if (table.rows > most_rows) return plural(table.rows, "row");
  if (columns > most_columns) return plural(columns, "column");
  const std::string setting = setting_of_a_net(sourced);
  return setting.empty() ? "" : setting + " is given";
}

}  // namespace

void choose_preset(Sourced& sourced, const Table& table) {
  if (sourced.settings.preset != "auto") return;
  const std::string why = objection(sourced, table);
  sourced.settings.preset = why.empty() ? "tabular" : "plain";
  sourced.origins["preset"] = "auto: " + (why.empty() ? "a table" : why);
}

void apply_preset(Sourced& sourced, bool classification, std::int64_t train_rows) {
  if (sourced.settings.preset != "tabular") return;
  const auto put = [&](const std::string& setting, const std::string& value) {
    if (is_given(sourced, setting)) return;
    set_setting(sourced.settings, setting, value, "preset tabular");
    sourced.origins[setting] = "preset tabular";
  };
  for (const Row& row : tabular) put(row.setting, classification ? row.classification : row.regression);
  std::int64_t batch = 256;
  parse_integer(sourced.settings.batch_size, batch);
  const std::int64_t steps = std::max<std::int64_t>(1, (train_rows + batch - 1) / batch);
  put("epochs", std::to_string(std::clamp(enough_steps / steps, least_epochs, most_epochs)));
}

}  // namespace pellucid::app
