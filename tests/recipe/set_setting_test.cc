// Settings by name: types, spellings, origins, settings of kinds (such as optimizer.beta1), refusals.
// Not here: what "auto" becomes (resolve_test.cc), flags and files (tests/cli/settings.txt).
#include <gtest/gtest.h>

#include "core/settings.h"
#include "pellucid/recipe.h"
#include "recipe/kind_settings.h"
#include "recipe/resolve.h"
#include "recipe/setting_differences.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;
using Units = std::vector<std::int64_t>;

Recipe with(const std::string& name, const std::string& text) {
  Recipe recipe;
  set_setting(recipe, name, text, "test");
  return recipe;
}

TEST(Auto, has_a_value_or_a_list_or_is_auto) {
  Auto<std::int64_t> epochs;
  EXPECT_TRUE(epochs.is_auto());
  EXPECT_EQ(epochs.value_or(7), 7);
  EXPECT_EQ(refusal([&] { (void)epochs.value(); }).code(), "U36");
  epochs = 5;
  EXPECT_EQ(epochs.value(), 5);
  epochs = {};
  EXPECT_TRUE(epochs.is_auto());
  Auto<Units> hidden = {64, 32};
  EXPECT_EQ(hidden.value(), (Units{64, 32}));
  hidden = Units{};  // a linear model; an empty list is not "auto"
  EXPECT_FALSE(hidden.is_auto());
}

TEST(SetSetting, every_setting_can_read_the_text_that_it_writes) {
  Recipe recipe;
  recipe.data.drop = {"a", "b, c"};
  recipe.data.kind = {{"x=y", AskedKind::number}};
  recipe.data.delimiter = '\t';
  recipe.data.quote = '\0';
  recipe.data.header = false;
  recipe.data.image_size = ImageSize{28, 14};
  recipe.model.hidden = {64, 32};
  recipe.model.activation = leaky_relu(0.25);
  recipe.model.loss = Loss("huber", {.parameter = 2});
  recipe.model.threshold = {};
  recipe.training.best_by = BestBy::score;
  recipe.training.optimizer = AdamW{.weight_decay = 0.5};
  recipe.training.schedule = Schedule{.kind = "step", .gamma = 0.25};
  Recipe read;
  const std::vector<FieldState> written = list_fields(recipe);
  for (const FieldState& field : written) set_setting(read, field.info.name, field.text(), "test");
  for (const FieldState& field : written) {
    EXPECT_EQ(setting_text(read, field.info.name), field.text()) << field.info.name;
  }
  EXPECT_EQ(read.data.drop, recipe.data.drop);
  EXPECT_EQ(read.data.kind, recipe.data.kind);
  EXPECT_EQ(read.data.delimiter, '\t');
  EXPECT_EQ(read.model.hidden, recipe.model.hidden);
  EXPECT_EQ(setting_text(read, "optimizer.weight_decay"), "0.5");
  EXPECT_EQ(setting_text(read, "schedule.gamma"), "0.25");
}

TEST(SetSetting, a_wrong_value_is_refused_with_what_the_setting_takes) {
  const auto message = [](const std::string& name, const std::string& text) {
    const Error error = refusal([&] { with(name, text); });
    return error.code() + " " + error.what();
  };
  EXPECT_EQ(message("epochs", "0"), "U12 test: epochs takes ≥ 1 or auto, got 0");
  EXPECT_EQ(message("epochs", "2.5"), "U02 test: epochs takes a whole number or auto, got \"2.5\"");
  EXPECT_EQ(message("lr", "fast"), "U02 test: learning_rate takes a number or auto, got \"fast\"");
  EXPECT_EQ(message("hidden", "64,-1"), "U12 test: hidden takes ≥ 1 or auto, got -1");
  EXPECT_EQ(message("hidden", "wide"),
            "U02 test: hidden takes layers such as 64,32 or conv3x32,pool,128, none or auto, got \"wide\"");
  EXPECT_EQ(message("task", "guess"), "U12 test: task takes auto|classification|regression, got guess");
  EXPECT_EQ(message("optimizer", "adm"), "U11 test: no optimizer \"adm\"");
  EXPECT_EQ(message("epoch", "3"), "U05 test: no setting \"epoch\"; did you mean epochs?");
  EXPECT_EQ(message("optimizer.beta3", "1"), "U05 test: no setting \"optimizer.beta3\"; did you mean optimizer.beta1?");
  EXPECT_EQ(message("optimizer.beta1", "3"), "U12 test: beta1 takes 0 ≤ x < 1, got 3");
  EXPECT_EQ(message("image-size", "28"),
            "U02 test: image_size takes height x width, such as 28x28, or auto; got \"28\"");
}

TEST(SetSetting, a_setting_accepts_its_other_spellings) {
  for (const char* name : {"lr", "learning_rate", "learning-rate", "optimizer.learning_rate"}) {
    EXPECT_EQ(with(name, "0.5").training.learning_rate, 0.5) << name;
  }
  EXPECT_EQ(with("schedule.kind", "step").training.schedule.kind()->kind, "step");
  EXPECT_EQ(with("optimizer.momentum", "0.8").training.momentum, 0.8);
  EXPECT_EQ(with("batch", "8").training.batch_size, 8);
  EXPECT_EQ(setting_json_name("learning_rate"), "lr");
}

TEST(Choice, settings_of_a_kind_can_be_set_before_the_kind) {
  Recipe recipe;
  set_setting(recipe, "optimizer.beta1", "0.8", "test");
  EXPECT_TRUE(recipe.training.optimizer.is_auto());
  EXPECT_EQ(setting_text(recipe, "optimizer.beta1"), "0.8");
  set_setting(recipe, "optimizer", "adamw", "test");
  set_setting(recipe, "optimizer.weight_decay", "0.25", "test");
  recipe = with_kinds_settled(recipe);
  EXPECT_TRUE(recipe.training.optimizer.settings.empty());
  EXPECT_EQ(setting_text(recipe, "optimizer.beta1"), "0.8");
  EXPECT_EQ(setting_text(recipe, "optimizer.weight_decay"), "0.25");
  EXPECT_EQ(setting_text(recipe, "optimizer.epsilon"), "1e-08");
}

TEST(Choice, a_setting_of_another_kind_is_refused_with_the_kinds_that_have_it) {
  const auto settled = [](const std::string& owner, const std::string& kind, const std::string& name,
                          const std::string& value) {
    return refusal([&] {
      Recipe recipe;
      set_setting(recipe, owner, kind, "test");
      set_setting(recipe, name, value, "test");
      recipe = with_kinds_settled(recipe);
    });
  };
  const Error error = settled("optimizer", "sgd", "optimizer.beta1", "0.8");
  EXPECT_EQ(error.code(), "U35");
  EXPECT_STREQ(error.what(), "optimizer.beta1 has no effect with the optimizer sgd");
  EXPECT_EQ(error.details().front(), "it belongs to the optimizer adam, adamw; leave it out, or choose that optimizer");
  EXPECT_EQ(settled("schedule", "cosine", "schedule.gamma", "0.1").code(), "U35");
  EXPECT_EQ(settled("loss", "mse", "loss.delta", "2").code(), "U35");
  EXPECT_EQ(settled("optimizer", "adam", "momentum", "0.9").code(), "U35");
  EXPECT_EQ(settled("optimizer", "lbfgs", "learning_rate", "0.1").code(), "U35");
}

TEST(Choice, a_setting_of_another_schedule_is_ignored_at_its_default) {
  Recipe recipe = with("schedule", "cosine");
  set_setting(recipe, "schedule.gamma", "0.5", "a config.toml of an earlier version");
  recipe = with_kinds_settled(recipe);
  EXPECT_EQ(setting_text(recipe, "schedule.gamma"), "");
  EXPECT_EQ(setting_text(recipe, "schedule.minimum"), "0");
}

TEST(Choice, sgd_with_momentum_becomes_the_optimizer_momentum) {
  Recipe recipe = with("optimizer", "sgd");
  recipe.training.momentum = 0.75;
  recipe = with_kinds_settled(recipe);
  EXPECT_EQ(recipe.training.optimizer.kind()->name(), "momentum");
}

TEST(Origins, a_value_assigned_in_code_has_the_origin_code) {
  Recipe recipe;
  EXPECT_EQ(origin_of(recipe, "epochs"), "default");
  recipe.training.epochs = 5;
  recipe.training.optimizer = Adam{.beta1 = 0.5};
  EXPECT_EQ(origin_of(recipe, "epochs"), "code");
  EXPECT_EQ(origin_of(recipe, "optimizer"), "code");
  EXPECT_EQ(origin_of(recipe, "optimizer.beta1"), "code");
  EXPECT_EQ(origin_of(recipe, "optimizer.beta2"), "code");  // an object sets all of its settings
  recipe.origins["epochs"] = "--epochs";
  EXPECT_EQ(origin_of(recipe, "epochs"), "--epochs");
}

TEST(SettingDifferences, spellings_of_earlier_versions_are_no_differences) {
  Recipe now = with("optimizer", "adam");
  now.training.learning_rate = 0.5;
  now.training.schedule = Schedule{.kind = "cosine"};
  now = with_kinds_settled(now);
  EXPECT_TRUE(setting_differences({{"lr", "0.5"},
                                   {"optimizer", "adam"},
                                   {"optimizer.beta1", "0.9"},
                                   {"schedule", "cosine"},
                                   {"schedule.gamma", "0.5"},
                                   {"a setting of long ago", "1"}},
                                  now)
                  .empty());
  const auto found = setting_differences({{"lr", "0.25"}, {"optimizer.beta1", "0.8"}}, now);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name + " " + found[0].then + " " + found[0].now, "learning_rate 0.25 0.5");
  EXPECT_EQ(found[1].name + " " + found[1].then + " " + found[1].now, "optimizer.beta1 0.8 0.9");
}

}  // namespace
}  // namespace pellucid
