// Presets, the rules that decide "auto", and settings that a training does not use.
// Not here: setting by name (set_setting_test.cc), the training itself (tests/run).
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "core/settings.h"
#include "pellucid/random.h"
#include "pellucid/recipe.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/presets.h"
#include "recipe/resolve.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;
using Units = std::vector<std::int64_t>;

// 200 rows with two numeric features, a binary target that depends on them, and a numeric target.
TrainTable rows() {
  std::string csv = "a,b,kind,price\n";
  for (int i = 0; i < 200; ++i) {
    const int a = i % 17, b = i * 7 % 23;
    csv += std::to_string(a) + "." + std::to_string(i % 7) + "," + std::to_string(b) + "." + std::to_string(i % 3) +
           (a > b ? ",red," : ",blue,") + std::to_string(a * b) + "." + std::to_string(i % 9) + "\n";
  }
  return {read_csv(csv), 0, "rows.csv"};
}

Recipe resolved(Recipe recipe, const char* target = "kind") {
  const TrainTable data = rows();
  recipe.data.target = {target};
  choose_preset(recipe, data.table);
  const Split split = make_split(data, recipe, 42);
  resolve_autos(recipe, split);
  return recipe;
}

std::string preset_of(const Recipe& given) {
  Recipe recipe = given;
  choose_preset(recipe, rows().table);
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

// Settings that not every training uses, and a recipe in which each of them has no effect and so must be refused. The
// last test checks that every other setting is used by all trainings or refused elsewhere.
struct Unused {
  const char* setting;
  const char* value;
  std::function<void(Recipe&)> where;
  const char* target = "kind";
};

const std::vector<Unused>& unused_settings() {
  static const auto linear = [](Recipe& r) { r.model.hidden = Units{}; };
  static const auto with = [](const char* name, const char* value) {
    return [=](Recipe& r) { set_setting(r, name, value, "test"); };
  };
  static const std::vector<Unused> list{
      {"activation", "tanh", linear},
      {"dropout", "0.5", linear},
      {"embedding_size", "16", [](Recipe&) {}},
      {"momentum", "0.9", with("optimizer", "adam")},
      {"target_scale", "log", [](Recipe&) {}},
      {"class_weights", "balanced", [](Recipe&) {}, "price"},
      {"learning_rate", "0.5", with("optimizer", "lbfgs")},
      {"batch_size", "16", with("optimizer", "lbfgs")},
      {"shuffle", "false", with("optimizer", "lbfgs")},
      {"patience", "5", [](Recipe& r) { r.data.val_split = 0; }},
      {"test_split", "0.25", [](Recipe& r) { r.training.folds = 5; }},
      {"optimizer.beta1", "0.8", with("optimizer", "sgd")},
      {"optimizer.history", "5", with("optimizer", "adam")},
      {"schedule.gamma", "0.25", with("schedule", "cosine")},
      {"schedule.warmup", "0.25", with("schedule", "constant")},
      {"loss.delta", "2", with("loss", "cross_entropy")},
      {"loss.delta", "2", [](Recipe&) {}},  // the loss that the rule chooses has no delta
  };
  return list;
}

TEST(Unused, a_setting_without_effect_is_refused) {
  for (const Unused& unused : unused_settings()) {
    const Error error = refusal([&] {
      Recipe recipe;
      unused.where(recipe);
      set_setting(recipe, unused.setting, unused.value, "test");
      recipe.origins[unused.setting] = "--set";
      resolved(recipe, unused.target);
    });
    EXPECT_EQ(error.code(), "U35") << unused.setting << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find(unused.setting), std::string::npos) << error.what();
    EXPECT_FALSE(error.details().empty()) << unused.setting;
  }
}

TEST(Unused, every_setting_is_used_by_all_trainings_or_refused_somewhere) {
  const std::vector<std::string> by_all{"data",
                                        "target",
                                        "task",
                                        "drop",
                                        "kind",
                                        "val",
                                        "test",
                                        "group",
                                        "time",
                                        "scale",
                                        "missing",
                                        "na",
                                        "no_na",
                                        "rare",
                                        "one_hot",
                                        "preset",
                                        "hidden",
                                        "init",
                                        "parametrization",
                                        "input_scale",
                                        "l1",
                                        "l2",
                                        "loss",
                                        "output",
                                        "epochs",
                                        "optimizer",
                                        "schedule",
                                        "clip_norm",
                                        "clip_value",
                                        "seed",
                                        "repeat",
                                        "folds",
                                        "threads",
                                        "min_delta",
                                        "keep_best",
                                        "best_by",
                                        "row_block",
                                        "out",
                                        "name",
                                        "memory",
                                        "resume",
                                        "init_from",
                                        "no_test_rows",
                                        "no_report",
                                        "no_health"};
  // Refused or used elsewhere: probabilities.cc, the readers of tables, data.cc.
  const std::vector<std::string> elsewhere{"calibrate", "threshold", "val_split", "delimiter",  "header",
                                           "skip_rows", "quote",     "encoding",  "image_size", "image_color"};
  Recipe recipe;
  for (const FieldState& field : list_fields(recipe)) {
    const std::string name = field.info.name;
    const auto is_in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    const bool tested = std::any_of(unused_settings().begin(), unused_settings().end(),
                                    [&](const Unused& unused) { return name == unused.setting; });
    EXPECT_EQ(int{is_in(by_all)} + int{is_in(elsewhere)} + int{tested}, 1) << name;
  }
}

}  // namespace
}  // namespace pellucid
