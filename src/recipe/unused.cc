// One rule per setting that not every training uses. Not here: what a setting does.
#include "recipe/unused.h"

#include <fmt/format.h>

#include <algorithm>

#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/presets.h"

namespace pellucid {
namespace {

[[noreturn]] void refuse(const Recipe& recipe, const char* name, const std::string& why, const std::string& way_out) {
  throw Error(
      "U35",
      fmt::format("{} = {} ({}) has no effect: {}", name, setting_text(recipe, name), origin_of(recipe, name), why),
      {way_out});
}

bool differs_from_default(const Recipe& recipe, const char* name) {
  return setting_text(recipe, name) != setting_text(Recipe(), name);
}

// Given by hand, and not what the preset would have said.
bool is_own(const Recipe& recipe, const char* name, bool classification) {
  const std::string origin = origin_of(recipe, name);
  if (is_by_rule(origin)) return false;
  Recipe usual;
  usual.model.preset = recipe.model.preset;
  apply_preset(usual, classification, 1);
  const std::string text = setting_text(recipe, name);
  return text != setting_text(usual, name) && text != setting_text(Recipe(), name);
}

void check_net(const Recipe& recipe, const Split& split) {
  const ModelSettings& net = recipe.model;
  const bool classes = split.preprocessor.is_classification();
  if (net.hidden.value().empty()) {
    const std::string why = "the net has no hidden layer",
                      way = "leave it out, or add hidden layers: " + setting_hint("hidden", "64");
    if (net.dropout > 0) refuse(recipe, "dropout", why, way);
    if (is_own(recipe, "activation", classes)) refuse(recipe, "activation", why, way);
  }
  if (differs_from_default(recipe, "embedding_size")) {
    const Model model = make_model(recipe, split.preprocessor);
    const auto& layers = model.nodes();
    const bool embeds =
        std::any_of(layers.begin(), layers.end(), [](const auto& node) { return node.layer->kind() == "embedding"; });
    if (!embeds) {
      refuse(recipe, "embedding_size", "no column has an embedding",
             fmt::format("leave it out, or embed columns with more than N categories: {} (now {})",
                         setting_hint("one_hot", "N"), recipe.data.one_hot));
    }
  }
}

void check_target(const Recipe& recipe, const Split& split) {
  const bool classes = split.preprocessor.is_classification();
  if (classes && recipe.data.target_scale != TargetScaling::standard) {
    refuse(recipe, "target_scale", "the target is a class",
           "leave it out; " + setting_hint("task", "regression") + " reads the classes as numbers");
  }
  if (!classes && recipe.data.class_weights == ClassWeights::balanced) {
    refuse(recipe, "class_weights", "the target is a number",
           "leave it out; " + setting_hint("task", "classification") + " reads the numbers as classes");
  }
}

// L-BFGS looks at all rows in every step and chooses the length of its steps itself.
void check_lbfgs(const Recipe& recipe, const Split& split) {
  const TrainingSettings& s = recipe.training;
  if (s.optimizer.kind()->name() != Lbfgs::name) return;
  const std::string why = "the optimizer lbfgs uses all rows in every step";
  const std::string way = "leave it out, or choose another optimizer: " + setting_hint("optimizer", "adam");
  const bool own_batch = !is_by_rule(origin_of(recipe, "batch_size"));
  if (own_batch && s.batch_size.value() < split.train.rows() &&
      s.batch_size.value() != auto_batch_size(split.train.rows()).value) {
    refuse(recipe, "batch_size", why, way);
  }
  if (!s.shuffle) refuse(recipe, "shuffle", why, way);
  if (recipe.model.dropout > 0)
    refuse(recipe, "dropout", "the optimizer lbfgs needs a loss without random changes", way);
}

}  // namespace

void check_used(const Recipe& recipe, const Split& split) {
  check_net(recipe, split);
  check_target(recipe, split);
  check_lbfgs(recipe, split);
  if (split.validation.empty() && recipe.training.patience.value() > 0 && !is_by_rule(origin_of(recipe, "patience"))) {
    refuse(recipe, "patience", "there are no validation rows",
           "leave it out, or set rows aside for validation: " + setting_hint("val_split", "0.15"));
  }
}

void check_shares(const DataSettings& settings, bool has_validation_rows, bool has_test_rows, bool folds) {
  const DataSettings usual;
  const auto refuse_share = [](const char* name, const char* why) {
    throw Error("U35", fmt::format("{} has no effect: {}", name, why), {fmt::format("leave {} out", name)});
  };
  if (has_validation_rows && settings.val_split != usual.val_split) {
    refuse_share("val_split", "the validation rows are given");
  }
  if (settings.test_split == usual.test_split) return;
  if (has_test_rows) refuse_share("test_split", "the test rows are given");
  if (folds) refuse_share("test_split", "each fold is the test set once");
}

}  // namespace pellucid
