// Settings that a training does not use are refused. Not here: what the rules choose (resolve_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/settings.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"
#include "recipe/unused.h"
#include "support/files.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

using test::images;
using test::refusal;
using test::rows;

// How each setting that not every training uses is refused where it has no effect. The walk below asks for a case of
// each such setting.
struct Unused {
  const char* setting;
  const char* value;
  std::function<void(Recipe&)> where = [](Recipe&) {};
  const char* target = "kind";
  TrainTable (*data)() = rows;
};

// The rows of an array file: numbers that no delimiter divides.
TrainTable numbers() {
  TrainTable data = rows();
  data.table.read_as.clear();
  return data;
}

TrainTable rows_with_test() {
  TrainTable data = rows();
  data.table.test_rows = 30;
  return data;
}

TrainTable rows_with_validation() {
  TrainTable data = rows();
  data.validation_rows = data.table.validation_rows = 30;
  return data;
}

TrainTable words() {
  std::string csv = "word,kind\n";
  for (int i = 0; i < 60; ++i) csv += (i % 3 == 0 ? "red," : "blue,") + std::string(i % 2 == 0 ? "a\n" : "b\n");
  return {read_csv(csv), 0, "words.csv"};
}

TrainTable only_numbers() {
  std::string csv = "a,kind\n";
  for (int i = 0; i < 60; ++i) csv += std::to_string(i % 7) + "." + std::to_string(i % 9) + (i % 2 ? ",a\n" : ",b\n");
  return {read_csv(csv), 0, "numbers.csv"};
}

std::vector<Unused> unused_settings() {
  const auto with = [](const char* name, const char* value) {
    return [=](Recipe& r) { set_setting(r, name, value, "test"); };
  };
  const auto linear = with("hidden", "none");
  const auto all_trained = with("val_split", "0");
  return {
      {"val_split", "0.25", [](Recipe&) {}, "kind", rows_with_validation},
      {"val_split", "0.25", with("cross_fit", "5")},
      {"test_split", "0.25", [](Recipe&) {}, "kind", rows_with_test},
      {"test_split", "0.25", with("folds", "5")},
      {"scale", "minmax", [](Recipe&) {}, "kind", words},
      {"target_scale", "log"},
      {"clamp", "true"},
      {"missing", "median", [](Recipe&) {}, "label", images},
      {"soft_key", "a"},
      {"na", "none", [](Recipe&) {}, "kind", numbers},
      {"no_na", "true", [](Recipe&) {}, "kind", numbers},
      {"rare", "5", [](Recipe&) {}, "kind", only_numbers},
      {"one_hot", "5", [](Recipe&) {}, "kind", only_numbers},
      {"class_weights", "balanced", [](Recipe&) {}, "price"},
      {"delimiter", ";", [](Recipe&) {}, "kind", numbers},
      {"header", "yes", [](Recipe&) {}, "kind", numbers},
      {"skip_rows", "1", [](Recipe&) {}, "kind", numbers},
      {"quote", "none", [](Recipe&) {}, "kind", numbers},
      {"encoding", "cp1252", [](Recipe&) {}, "kind", numbers},
      {"delimiter", ";", [](Recipe&) {}, "label", images},
      {"image_size", "8x8"},
      {"image_color", "grey"},
      {"activation", "tanh", linear},
      {"parametric_activation", "true", linear},
      {"dropout", "0.5", linear},
      {"dropout", "0.5", with("optimizer", "lbfgs")},
      {"dropout", "0.5", with("hidden", "conv3x4,globalpool"), "label", images},
      {"hidden", "flip,16", with("optimizer", "lbfgs"), "label", images},
      {"embedding_size", "16"},
      {"number_embedding", "periodic", [](Recipe&) {}, "kind", words},
      {"number_embedding_size", "8"},
      {"number_embedding_scale", "1"},
      {"number_embedding_scale", "1", with("number_embedding", "piecewise")},
      {"dropout_schedule", "flat_cos"},
      {"decay_schedule", "flat_cos"},
      {"decay_schedule", "flat_cos", with("optimizer", "sgd")},
      {"patience_factor", "3", with("patience", "0")},
      {"patience_factor", "3", all_trained},
      {"batch_size", "16", with("optimizer", "lbfgs")},
      {"shuffle", "false", with("optimizer", "lbfgs")},
      {"patience", "5", all_trained},
      {"min_delta", "0.1", all_trained},
      {"keep_best", "false", all_trained},
      {"best_by", "loss", all_trained},
      {"repeat", "3", with("test_split", "0")},
      {"final", "true", with("test_split", "0")},
      {"vary", "dropout"},
      // Refused where the kind is built.
      {"momentum", "0.9", with("optimizer", "adam")},
      {"learning_rate", "0.5", with("optimizer", "lbfgs")},
      {"optimizer.beta1", "0.8", with("optimizer", "sgd")},
      {"optimizer.history", "5", with("optimizer", "adam")},
      {"schedule.gamma", "0.25", with("schedule", "cosine")},
      {"schedule.warmup", "0.25", with("schedule", "constant")},
      {"loss.delta", "2", with("loss", "cross_entropy")},
      {"loss.delta", "2"},  // the rule chooses a loss without it
  };
}

TEST(Unused, a_setting_without_effect_is_refused_never_ignored) {
  for (const Unused& unused : unused_settings()) {
    const Error error = refusal([&] {
      Recipe recipe;
      unused.where(recipe);
      recipe.data.target = {unused.target};
      set_setting(recipe, unused.setting, unused.value, "test");
      recipe.origins[unused.setting] = "--set";
      (void)resolve(recipe, unused.data());
    });
    EXPECT_EQ(error.code(), "U35") << unused.setting << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find(unused.setting), std::string::npos) << error.what();
    EXPECT_FALSE(error.details().empty()) << unused.setting;
  }
}

TEST(Unused, every_setting_has_an_effect_in_all_trainings_or_a_case_where_it_is_refused) {
  Recipe recipe;
  std::vector<std::string> names;
  for (const FieldState& field : list_fields(recipe)) names.emplace_back(field.info.name);
  std::vector<std::string> known;
  const std::vector<Unused> cases = unused_settings();
  for (const SettingUse& use : setting_uses()) {
    known.emplace_back(use.setting);
    const bool tested = std::any_of(cases.begin(), cases.end(), [&](const Unused& unused) {
      return std::string_view(use.setting) == unused.setting;
    });
    EXPECT_TRUE(use.always || tested) << use.setting;
  }
  std::sort(names.begin(), names.end());
  std::sort(known.begin(), known.end());
  EXPECT_EQ(known, names);
}

TEST(Unused, a_value_that_is_the_default_or_by_a_rule_is_never_refused) {
  Recipe recipe;
  recipe.data.target = {"kind"};
  recipe.data.val_split = 0;
  Recipe usual;  // as config.toml writes it: every setting, most of them at their defaults
  for (const FieldState& field : list_fields(usual)) {
    const std::string name = field.info.name;
    if (name == "target" || name == "val_split" || name == "data") continue;
    set_setting(recipe, name, field.text(), "test");
    recipe.origins[name] = "config.toml";
  }
  for (TrainTable (*data)() : {rows, numbers, only_numbers, words}) EXPECT_NO_THROW(resolve(recipe, data()));
  recipe.data.target = {"label"};
  EXPECT_NO_THROW(resolve(recipe, images()));
}

TEST(Unused, a_resolved_recipe_that_is_read_again_is_never_refused) {
  const std::pair<TrainTable (*)(), const char*> tables[] = {
      {rows, "kind"},    {rows, "price"},          {numbers, "kind"},      {words, "kind"},
      {images, "label"}, {rows_with_test, "kind"}, {only_numbers, "kind"}, {rows_with_validation, "price"}};
  for (const auto& [data, target] : tables) {
    Recipe recipe, again;
    recipe.data.target = {target};
    recipe = resolve(recipe, data());
    for (const FieldState& field : list_fields(recipe)) {
      set_setting(again, field.info.name, field.text(), "test");
      again.origins[field.info.name] = "config.toml";
    }
    EXPECT_NO_THROW(resolve(again, data())) << target;
  }
}

TEST(Unused, settings_with_an_effect_are_taken) {
  Recipe recipe;
  recipe.data.target = {"kind"};
  recipe.data.delimiter = ',';
  recipe.data.na = {"none"};
  recipe.data.scale = Scaling::minmax;
  recipe.data.missing = MissingCells::mean;
  EXPECT_NO_THROW(resolve(recipe, rows()));
  recipe.data.scale = Scaling::automatic;
  recipe.data.rare = 2;
  recipe.data.one_hot = 5;
  EXPECT_NO_THROW(resolve(recipe, words()));
  Recipe plateau;
  plateau.data.target = {"kind"};
  plateau.data.val_split = 0;
  plateau.training.min_delta = 0.1;
  plateau.training.schedule = Schedule{.kind = "plateau"};
  EXPECT_NO_THROW(resolve(plateau, rows()));
  Recipe of_images;
  of_images.data.target = {"label"};
  of_images.data.image_size = ImageSize{2, 3};
  EXPECT_NO_THROW(resolve(of_images, images()));
}

}  // namespace
}  // namespace pellucid
