// The small net of a run (setting distill), and the rows that are made up for it.
// Not here: soft targets in a loss (tests/train/soft_targets_test.cc), its lines and files (tests/cli/distill.txt).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"
#include "run/made_up_rows.h"
#include "run/prediction_cost.h"

namespace pellucid {
namespace {

// 160 rows: a number, a category, a number with missing cells; the target depends on the first two.
TrainTable table(bool classes) {
  std::string csv = "a,colour,b,y\n";
  for (int i = 0; i < 160; ++i) {
    const int a = i * 37 % 40, colour = i * 7 % 3;
    csv += std::to_string(a) + ".5," +
           (colour == 0   ? "red"
            : colour == 1 ? "blue"
                          : "green") +
           "," + (i % 5 == 0 ? "" : std::to_string(i % 11) + ".25") + ",";
    csv += classes ? (a > 12 * (colour + 1) ? "yes\n" : "no\n") : std::to_string(a * (colour + 1)) + ".5\n";
  }
  return {read_csv(csv, "rows.csv"), 0, "rows.csv"};
}

Recipe recipe_for(std::vector<std::int64_t> distill) {
  Recipe recipe;
  recipe.data.target = {"y"};
  recipe.model.preset = Preset::plain;
  recipe.model.distill = std::move(distill);
  recipe.training.epochs = 40;
  recipe.run.no_health = true;
  return recipe;
}

Run trained(TrainTable data, const Recipe& recipe) {
  Events silent;
  return train(std::move(data), recipe, silent);
}

TEST(Distill, the_small_net_is_a_model_like_any_other_beside_an_unchanged_one) {
  for (const bool classes : {true, false}) {
    const auto run = trained(table(classes), recipe_for({6, 4}));
    ASSERT_TRUE(run.small && run.distilled);
    EXPECT_EQ(run.model.to_bytes(), trained(table(classes), recipe_for({})).model.to_bytes());
    const Distilled& record = *run.distilled;
    EXPECT_EQ(record.hidden, (std::vector<std::int64_t>{6, 4}));
    EXPECT_EQ(record.test->score(), evaluate(*run.small, run.split.test).score());
    EXPECT_TRUE(record.alone_score.has_value());
    EXPECT_EQ(record.parameters, run.small->parameter_count());
    EXPECT_LT(record.multiplications, record.model_multiplications);
    EXPECT_GT(record.microseconds, 0);
    const Tensor<float> again = Model::from_bytes(run.small->to_bytes()).predict(run.split.test);
    EXPECT_TRUE(std::ranges::equal(again.values(), run.small->predict(run.split.test).values()));
    EXPECT_EQ(run.small->preprocessor->target_names(), std::vector<std::string>{"y"});
  }
}

TEST(Distill, the_small_net_scores_better_than_one_trained_alone) {
  Recipe recipe = recipe_for({8});
  recipe.training.epochs = 300;
  const auto run = trained(table(false), recipe);
  EXPECT_LT(run.distilled->test->score(), *run.distilled->alone_score);
}

TEST(Distill, the_bits_do_not_depend_on_threads) {
  std::string expected;
  for (const std::int64_t threads : {1, 2, 3, 7}) {
    Recipe recipe = recipe_for({5});
    recipe.training.threads = threads;
    recipe.training.epochs = 8;
    const std::string bytes = trained(table(true), recipe).small->to_bytes();
    if (threads == 1) expected = bytes;
    EXPECT_EQ(bytes, expected) << threads;
  }
}

TEST(Distill, without_test_rows_there_is_a_small_net_and_no_score) {
  Recipe recipe = recipe_for({5});
  recipe.data.test_split = recipe.data.val_split = 0;
  recipe.training.epochs = 5;
  const auto run = trained(table(true), recipe);
  ASSERT_TRUE(run.small && run.distilled);
  EXPECT_FALSE(run.distilled->test || run.distilled->alone_score);
}

TEST(Distill, a_written_run_holds_the_small_net) {
  Recipe recipe = recipe_for({5});
  recipe.training.epochs = 5;
  auto run = trained(table(true), recipe);
  const std::string folder = testing::TempDir() + "distilled_run";
  std::filesystem::remove_all(folder);
  run.write(folder);
  EXPECT_EQ(Model::load(folder + "/small.safetensors").to_bytes(), run.small->to_bytes());
}

TEST(Distill, multiplications_are_those_of_the_weights) {
  Model model{Dense{4, relu}, Dense{2, softmax}};
  model.build(Shape{3}, 1);
  EXPECT_EQ(multiplications_per_row(model), 3 * 4 + 4 * 2);
}

TEST(MadeUpRows, each_column_is_that_of_one_of_two_rows_and_stays_whole) {
  const auto run = trained(table(true), recipe_for({}));
  const Dataset& rows = run.split.train;
  const Dataset more = with_made_up_rows(rows, run.preprocessor, 500, 1);
  ASSERT_EQ(more.rows(), rows.rows() + 500);
  // Features: a, colour=blue, colour=green, colour=red, b, b is missing.
  const auto width = static_cast<std::size_t>(rows.row_shape().elements());
  std::set<std::vector<float>> colours, missing, whole;
  std::vector<float> row(width);
  std::int64_t fresh = 0;
  for (std::int64_t r = 0; r < more.rows(); ++r) {
    more.read_row(r, row.data());
    const std::vector<float> colour(row.begin() + 1, row.begin() + 4), b(row.begin() + 4, row.end());
    if (r < rows.rows()) {
      std::vector<float> same(width);
      rows.read_row(r, same.data());
      EXPECT_EQ(row, same);
      EXPECT_EQ(more.label(r), rows.label(r));
      colours.insert(colour);
      missing.insert(b);
      whole.insert(row);
    } else {
      EXPECT_TRUE(colours.contains(colour) && missing.contains(b)) << r;
      fresh += whole.contains(row) ? 0 : 1;
    }
  }
  EXPECT_GT(fresh, 200);
  std::vector<float> again(width);
  with_made_up_rows(rows, run.preprocessor, 500, 1).read_row(more.rows() - 1, again.data());
  EXPECT_EQ(again, row) << "the same seed, the same rows";
}

TEST(MadeUpRows, bytes_and_single_rows_get_none) {
  auto block = std::make_shared<Block>();
  block->shape = Shape{2};
  block->bytes = {1, 2, 3, 4};
  auto targets = std::make_shared<Targets>();
  targets->labels = {0, 1};
  targets->classes = 2;
  const Dataset bytes(block, targets);
  EXPECT_EQ(with_made_up_rows(bytes, Preprocessor(), 5, 1).rows(), 2);
}

}  // namespace
}  // namespace pellucid
