// The settings soft_target and soft_key: columns and files of probabilities, in train(), resolve() and tune().
// Not here: what the loss does with them (tests/train/soft_targets_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"
#include "pellucid/tune.h"
#include "support/files.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

using test::refusal;

// 120 rows; three classes, of which each row has its own with 0.8 and the next one with 0.2.
std::string csv(bool with_target, const std::string& first_row = "") {
  static const char* const names[] = {"ant", "bee", "cow"};
  std::string text = "id,a,b,p_cow,p_ant,p_bee" + std::string(with_target ? ",kind\n" : "\n") + first_row;
  for (int i = 0; i < 120; ++i) {
    const int own = i % 3, next = (own + 1) % 3;
    const auto p = [&](int c) { return std::string(c == own ? "0.8" : c == next ? "0.2" : "0"); };
    text += "k" + std::to_string(i) + "," + std::to_string(own) + ".5," + std::to_string(i % 7) + ".25," + p(2) + "," +
            p(0) + "," + p(1) + (with_target ? std::string(",") + names[own] + "\n" : "\n");
  }
  return text;
}

TrainTable table(const std::string& text) {
  return {read_csv(text, "rows.csv"), 0, "rows.csv"};
}

Recipe recipe_for(const std::string& soft_target) {
  Recipe recipe;
  recipe.data.target = {"kind"};
  recipe.data.drop = {"id"};
  recipe.data.soft_target = soft_target;
  recipe.model.preset = Preset::plain;
  recipe.training.epochs = 60;
  recipe.run.no_health = true;
  return recipe;
}

Run trained(TrainTable data, const Recipe& recipe) {
  Events silent;
  return train(std::move(data), recipe, silent);
}

std::string note_of(const Run& run) {
  const auto found = std::ranges::find_if(run.findings, [](const Finding& f) { return f.text.starts_with("soft"); });
  return found == run.findings.end() ? "" : found->text;
}

Error refused(const std::string& text, const Recipe& recipe) {
  return refusal([&] { (void)trained(table(text), recipe); });
}

std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(SoftTargetSetting, a_net_learns_the_probabilities_of_the_columns_and_not_the_classes) {
  Recipe recipe = recipe_for("p_*");
  recipe.training.epochs = 400;
  recipe.training.learning_rate = 0.02;
  const auto run = trained(table(csv(true)), recipe);
  EXPECT_EQ(run.preprocessor.targets.front().classes, (std::vector<std::string>{"ant", "bee", "cow"}));
  EXPECT_EQ(run.split.train.row_shape().elements(), 2) << "the probabilities are no features";
  const Tensor<double> p = predict_proba(run.model, run.split.test);
  for (std::int64_t r = 0; r < p.view().rows; ++r) {
    const auto own = run.split.test.label(r);
    EXPECT_NEAR(p.view()(r, own), 0.8, 0.03);
    EXPECT_NEAR(p.view()(r, (own + 1) % 3), 0.2, 0.03);
  }
  EXPECT_EQ(run.score(), 1);
  EXPECT_FALSE(run.split.test.has_soft_targets());
  EXPECT_NE(note_of(run).find("judged by \"kind\""), std::string::npos) << note_of(run);
}

TEST(SoftTargetSetting, without_a_target_column_the_likeliest_class_stands_for_it) {
  const auto run = trained(table(csv(false)), recipe_for("p_*"));
  EXPECT_EQ(run.score(), 1);
  EXPECT_NE(note_of(run).find("no column \"kind\""), std::string::npos) << note_of(run);
  EXPECT_EQ(run.model.to_bytes(), trained(table(csv(true)), recipe_for("p_*")).model.to_bytes());
}

TEST(SoftTargetSetting, the_preset_then_smooths_no_labels) {
  Recipe recipe = recipe_for("p_*");
  recipe.model.preset = Preset::tabular;
  EXPECT_EQ(resolve(recipe, table(csv(true))).model.loss.kind()->text(), "cross_entropy");
  recipe.data.soft_target = "";
  EXPECT_EQ(resolve(recipe, table(csv(true))).model.loss.kind()->text(), "cross_entropy(0.1)");
}

TEST(SoftTargetSetting, a_class_that_only_the_soft_targets_know_is_learned) {
  std::string text = "a,b,p_1,p_2,p_10,kind\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i % 2) + ".5,1.5,0.6,0.3,0.1," + (i % 2 ? "1\n" : "2\n");
  Recipe recipe = recipe_for("p_*");
  recipe.data.drop.clear();
  EXPECT_EQ(trained(table(text), recipe).preprocessor.targets.front().classes,
            (std::vector<std::string>{"1", "2", "10"}));
}

TEST(SoftTargetSetting, a_file_is_joined_by_row_order_or_by_a_key) {
  const std::string whole = csv(true);
  const Table rows = read_csv(whole);
  std::string ordered = "row,prediction,p_ant,p_bee,p_cow\n", keyed = "id,p_ant,p_bee,p_cow\n", plain = "id,a,b,kind\n";
  const auto cell = [&](const char* column, std::int64_t row) {
    const Column& c = rows.columns[static_cast<std::size_t>(rows.require(column))];
    if (c.type == Column::Type::text) return c.words[static_cast<std::size_t>(c.codes[static_cast<std::size_t>(row)])];
    return std::to_string(c.numbers[static_cast<std::size_t>(row)]);
  };
  for (std::int64_t r = 0; r < rows.rows; ++r) {
    const std::int64_t back = rows.rows - 1 - r;
    const auto p = [&](std::int64_t at) {
      return cell("p_ant", at) + "," + cell("p_bee", at) + "," + cell("p_cow", at);
    };
    ordered += std::to_string(r + 1) + ",ant," + p(r) + "\n";
    keyed += cell("id", back) + "," + p(back) + "\n";
    plain += cell("id", r) + "," + cell("a", r) + "," + cell("b", r) + "," + cell("kind", r) + "\n";
  }
  const std::string expected = trained(table(whole), recipe_for("p_*")).model.to_bytes();
  const std::string file = file_with("soft_ordered.csv", ordered), by_key = file_with("soft_keyed.csv", keyed);
  const auto run = trained(table(plain), recipe_for(file));
  EXPECT_EQ(run.model.to_bytes(), expected);
  EXPECT_NE(note_of(run).find("by row order"), std::string::npos);
  Recipe recipe = recipe_for(by_key);
  recipe.data.drop.clear();
  recipe.data.soft_key = "id";
  EXPECT_EQ(trained(table(plain), recipe).model.to_bytes(), expected);

  EXPECT_EQ(refused(plain + "k120,1,1,ant\n", recipe_for(file)).code(), "D54");
  const Error unknown = refused(plain + "k120,1,1,ant\n", recipe);
  EXPECT_EQ(unknown.code(), "D54");
  EXPECT_NE(std::string(unknown.what()).find("rows.csv:122"), std::string::npos) << unknown.what();
  recipe.data.soft_target = file_with("soft_twice.csv", keyed + "k7,1,0,0\n");
  EXPECT_EQ(refused(plain, recipe).code(), "D54");
}

TEST(SoftTargetSetting, numbers_that_are_no_probabilities_are_refused_with_their_row) {
  for (const char* const row : {"k,1,1,0.5,0.5,0.2,ant\n", "k,1,1,1.5,-0.5,0,ant\n", "k,1,1,0.5,0.5,,ant\n"}) {
    const Error error = refused(csv(true, row), recipe_for("p_*"));
    EXPECT_EQ(error.code(), "D44") << row;
    EXPECT_NE(std::string(error.what()).find("rows.csv:2"), std::string::npos) << error.what();
  }
}

TEST(SoftTargetSetting, columns_that_do_not_fit_the_classes_are_refused) {
  EXPECT_EQ(refused(csv(true), recipe_for("q_*")).code(), "D54");
  EXPECT_EQ(refused(csv(true), recipe_for("p_*_*")).code(), "U02");
  EXPECT_EQ(refused(csv(true, "k,1,1,0.5,0.5,0,dog\nk,1,1,0,0,1,dog\nk,2,1,0,0,1,dog\n"), recipe_for("p_*")).code(),
            "D54");
  Recipe number = recipe_for("p_*");
  number.data.target = {"a"};
  number.data.task = Task::regression;
  const Error error = refused(csv(true), number);
  EXPECT_EQ(error.code(), "U06");
  EXPECT_NE(error.details().front().find("target = COLUMN"), std::string::npos);
}

TEST(SoftTargetSetting, tune_learns_them_too) {
  Recipe recipe = recipe_for("p_*");
  recipe.training.epochs = 8;
  recipe.training.threads = 1;
  TuneEvents silent;
  const TuneResult result = tune(table(csv(false)), recipe, silent, {.trials = 2});
  EXPECT_EQ(result.targets, std::vector<std::string>{"kind"});
}

}  // namespace
}  // namespace pellucid
