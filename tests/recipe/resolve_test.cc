// Presets and the rules behind "auto".
// Not here: settings by name (set_setting_test.cc), settings without effect (unused_test.cc), training (tests/run).
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "core/settings.h"
#include "pellucid/random.h"
#include "pellucid/recipe.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"
#include "recipe/build.h"
#include "recipe/presets.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

using test::images;
using test::rows;
using Units = std::vector<HiddenLayer>;

Recipe resolved(Recipe recipe, const char* target = "kind") {
  recipe.data.target = {target};
  return resolve(recipe, rows());
}

Recipe small_recipe() {
  Recipe recipe;
  recipe.data.target = {"kind"};
  recipe.model.preset = Preset::plain;
  recipe.training.epochs = 3;
  return recipe;
}

std::string preset_of(const Recipe& given) {
  Recipe recipe = with_chosen_preset(given, rows().table);
  return setting_text(recipe, "preset") + ", " + recipe.origins["preset"];
}

TEST(Presets, a_table_gets_preset_tabular_unless_model_or_training_settings_are_given) {
  Recipe recipe;
  EXPECT_EQ(preset_of(recipe), "tabular, auto: a table");
  recipe.training.epochs = 5;
  recipe.training.patience = 3;
  EXPECT_EQ(preset_of(recipe), "tabular, auto: a table");
  recipe.model.hidden = {5};
  EXPECT_EQ(preset_of(recipe), "plain, auto: hidden is given");
  recipe = {};
  set_setting(recipe, "optimizer.beta1", "0.8", "test");
  EXPECT_EQ(preset_of(recipe), "plain, auto: optimizer.beta1 is given");
  recipe = {};
  recipe.model.hidden = {256, 256, 256};  // the same as in the preset
  EXPECT_EQ(preset_of(recipe), "tabular, auto: a table");
  recipe = {};
  recipe.training.optimizer = Adam{};  // its beta2 differs from the preset's
  EXPECT_EQ(preset_of(recipe), "plain, auto: optimizer.beta2 is given");
  recipe = {};
  recipe.model.preset = Preset::plain;
  EXPECT_EQ(preset_of(recipe), "plain, ");
}

TEST(Presets, preset_tabular_sets_what_was_not_given) {
  Recipe recipe;
  recipe.model.preset = Preset::tabular;
  recipe.model.dropout = 0.25;
  recipe = resolved(recipe);
  EXPECT_EQ(recipe.model.hidden, (Units{256, 256, 256}));
  EXPECT_EQ(recipe.model.loss.kind()->text(), "cross_entropy(0.1)");
  EXPECT_EQ(recipe.training.learning_rate, 0.04);
  EXPECT_EQ(setting_text(recipe, "optimizer.beta2"), "0.95");
  EXPECT_EQ(recipe.training.schedule.kind()->kind, "coslog4");
  EXPECT_EQ(recipe.model.parametrization, Parametrization::ntk);
  EXPECT_EQ(recipe.model.dropout, 0.25);
  EXPECT_EQ(origin_of(recipe, "hidden"), "preset tabular");
  EXPECT_EQ(origin_of(recipe, "dropout"), "code");
  EXPECT_EQ(resolved(Recipe(), "price").training.learning_rate, 0.07);
}

TEST(Presets, with_another_optimizer_preset_tabular_sets_no_optimizer_settings) {
  Recipe recipe;
  recipe.model.preset = Preset::tabular;
  set_setting(recipe, "optimizer", "sgd", "test");
  EXPECT_EQ(resolved(recipe).training.optimizer.kind()->name(), "sgd");
}

TEST(Resolve, every_auto_setting_gets_a_value_and_an_origin) {
  Recipe recipe;
  recipe.model.preset = Preset::plain;
  recipe = resolved(recipe);
  const std::map<std::string, std::pair<std::string, std::string>> expected{
      {"epochs", {"400", "auto: 140 training rows"}},
      {"batch_size", {"32", "auto: 140 training rows"}},
      {"patience", {"200", "auto: 400 epochs"}},
      {"hidden", {"128", "auto: classification"}},
      {"activation", {"relu", "preset plain"}},
      {"learning_rate", {"0.001", "auto: adam, classification"}},
      {"schedule", {"cosine", "auto: ends with small steps"}},
      {"output", {"sigmoid", "auto: classification"}},
      {"input_scale", {"0", "preset plain"}},
      {"best_by", {"loss", "preset plain"}},
  };
  for (const auto& [name, value] : expected) {
    EXPECT_EQ(setting_text(recipe, name), value.first) << name;
    EXPECT_EQ(origin_of(recipe, name), value.second) << name;
  }
}

TEST(Resolve, an_optimizer_object_keeps_its_learning_rate) {
  Recipe recipe;
  recipe.training.optimizer = Adam{.learning_rate = 0.5};
  EXPECT_EQ(resolved(recipe).training.learning_rate, 0.5);
  EXPECT_EQ(make_optimizer(resolved(recipe)).learning_rate(), 0.5);
  recipe.training.learning_rate = 0.25;  // a given learning_rate has precedence
  EXPECT_EQ(make_optimizer(resolved(recipe)).learning_rate(), 0.25);
  Recipe by_name;
  by_name.training.optimizer.choose(Adam{});
  EXPECT_EQ(make_optimizer(resolved(by_name, "price")).learning_rate(), 0.07);  // from the preset
}

TEST(Resolve, a_given_setting_of_an_automatic_loss_is_applied) {
  Recipe recipe;
  set_setting(recipe, "loss.reduction", "sum", "test");
  const Recipe done = resolved(recipe);
  EXPECT_EQ(origin_of(done, "loss"), "auto: last layer and target");
  ASSERT_FALSE(done.model.loss.is_auto());
  EXPECT_EQ(make_fit_options(done).loss->reduction(), Reduction::sum);
}

TEST(Resolve, the_recipe_that_was_given_stays_as_it_is) {
  const TrainTable data = rows();
  Recipe given;
  given.data.target = {"kind"};
  const Recipe done = resolve(given, data);
  EXPECT_EQ(done.model.preset, Preset::tabular);
  EXPECT_EQ(given.model.preset, Preset::automatic);
  EXPECT_TRUE(given.training.epochs.is_auto());
  EXPECT_TRUE(given.model.loss.is_auto());
  EXPECT_TRUE(given.origins.empty());
}

TEST(Resolve, training_a_resolved_recipe_gives_the_same_model_file) {
  const Recipe recipe = small_recipe();
  EXPECT_EQ(train(rows().table, resolve(recipe, rows())).model.to_bytes(),
            train(rows().table, recipe).model.to_bytes());
}

// How the settings of the data stand in a resolved recipe: value, origin.
using ValueAndOrigin = std::pair<std::string, std::string>;

void expect_settings(const Recipe& recipe, const std::map<std::string, ValueAndOrigin>& expected) {
  for (const auto& [name, value] : expected) {
    EXPECT_EQ(setting_text(recipe, name), value.first) << name;
    EXPECT_EQ(origin_of(recipe, name), value.second) << name;
  }
}

TEST(Resolve, settings_of_the_data_tell_what_was_found_and_are_written_where_a_value_means_the_same) {
  Recipe recipe;
  recipe.data.target = {"y"};
  recipe.model.preset = Preset::plain;
  std::string csv = "a;word;y\n";
  for (int i = 0; i < 60; ++i) {
    csv += (i % 7 == 0 ? "" : std::to_string(i % 11) + ".5") + (i % 3 == 0 ? ";red;" : ";blue;") +
           (i % 2 == 0 ? "yes\n" : "no\n");
  }
  expect_settings(resolve(recipe, {read_csv(csv), 0, "words.csv"}),
                  {{"scale", {"standard", "auto: numbers"}},
                   {"missing", {"auto", "auto: 1 column with missing values"}},
                   {"rare", {"auto", "auto: at least 1 training row"}},
                   {"task", {"auto", "auto: classification, text"}},
                   {"delimiter", {"auto", "auto: found \";\""}},
                   {"header", {"auto", "auto: found yes"}},
                   {"skip_rows", {"auto", "auto: found \"0\""}},
                   {"encoding", {"auto", "auto: found UTF-8"}},
                   {"quote", {"auto", "default"}},
                   {"image_size", {"auto", "default"}}});
  recipe.data.target = {"price"};
  expect_settings(resolve(recipe, rows()), {{"missing", {"auto", "auto: no missing values"}},
                                            {"rare", {"auto", "auto: at least 1 training row"}}});
  recipe.model.preset = Preset::tabular;
  expect_settings(resolve(recipe, rows()), {{"scale", {"robust", "preset tabular"}}});
}

TEST(Resolve, images_tell_their_size_and_colour) {
  Recipe recipe;
  recipe.data.target = {"label"};
  expect_settings(resolve(recipe, images()), {{"image_size", {"auto", "auto: found 2x3"}},
                                              {"image_color", {"auto", "auto: found grey"}},
                                              {"scale", {"auto", "auto: bytes / 255"}},
                                              {"delimiter", {"auto", "default"}}});
}

TEST(Resolve, resolving_a_resolved_recipe_changes_nothing) {
  Recipe once = resolved(Recipe()), again;
  for (const FieldState& field : list_fields(once)) {
    set_setting(again, field.info.name, field.text(), "test");
    again.origins[field.info.name] = "config.toml";
  }
  again = resolved(again);
  for (const FieldState& field : list_fields(once)) {
    EXPECT_EQ(setting_text(again, field.info.name), field.text()) << field.info.name;
  }
}

}  // namespace
}  // namespace pellucid
