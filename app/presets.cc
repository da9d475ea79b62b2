// The recipes. tabular: RealMLP-TD-S of Holzmüller, Grinsztajn, Steinwart, "Better by Default", NeurIPS 2024.
// Not here: its pieces, which are layers, schedules and settings like others.
#include "presets.h"

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
    {"epochs", "256", "256"},
    {"patience", "0", "0"},
    {"best_by", "score", "score"},
};

}  // namespace

void apply_preset(Sourced& sourced, bool classification) {
  if (sourced.settings.preset != "tabular") return;
  for (const Row& row : tabular) {
    const auto origin = sourced.origins.find(row.setting);
    if (origin != sourced.origins.end() && origin->second != "default") continue;
    set_setting(sourced.settings, row.setting, classification ? row.classification : row.regression, "preset tabular");
    sourced.origins[row.setting] = "preset tabular";
  }
}

}  // namespace pellucid::app
