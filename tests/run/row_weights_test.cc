// Weights of rows (TrainTable::weights) in train().
// Not here: weights of classes (tests/recipe), weights in a training (tests/train).
#include <gtest/gtest.h>

#include <limits>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/events.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"

namespace pellucid {
namespace {

// Rows whose target is 0 and 1 in turn, whatever their feature is.
TrainTable rows(std::int64_t count) {
  TrainTable data;
  data.table.source = data.name = "<memory>";
  data.table.rows = count;
  Column feature{.name = "a"}, target{.name = "y"};
  for (std::int64_t r = 0; r < count; ++r) {
    feature.numbers.push_back(static_cast<double>(r / 2 % 2));
    target.numbers.push_back(static_cast<double>(r % 2));
  }
  data.table.columns = {std::move(feature), std::move(target)};
  return data;
}

Recipe linear_recipe() {
  Recipe recipe;
  recipe.data.task = Task::regression;
  recipe.data.test_split = recipe.data.val_split = 0;
  recipe.model.preset = Preset::plain;
  recipe.model.hidden = std::vector<HiddenLayer>{};
  recipe.training.epochs = 200;
  recipe.training.learning_rate = 0.05;
  return recipe;
}

Run trained(TrainTable data, Recipe recipe) {
  Events silent;
  return train(std::move(data), std::move(recipe), silent);
}

std::string code_of(TrainTable data, Recipe recipe) {
  try {
    (void)trained(std::move(data), std::move(recipe));
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

TEST(RowWeights, a_row_with_the_weight_3_counts_like_three_rows) {
  TrainTable data = rows(80);
  for (std::int64_t r = 0; r < 80; ++r) data.weights.push_back(r % 2 == 1 ? 1.5F : 0.5F);
  const auto run = trained(std::move(data), linear_recipe());
  const Tensor<double> predicted = predict_values(run.model, run.split.train);
  for (const double value : predicted.values()) EXPECT_NEAR(value, 0.75, 0.03);
}

TEST(RowWeights, equal_weights_change_no_bit) {
  TrainTable data = rows(40);
  const std::string expected = trained(data, linear_recipe()).model.to_bytes();
  data.weights.assign(40, 1.0F);
  EXPECT_EQ(trained(std::move(data), linear_recipe()).model.to_bytes(), expected);
}

TEST(RowWeights, a_wrong_number_of_weights_and_weights_that_are_no_weights_are_refused) {
  TrainTable data = rows(40);
  data.weights.assign(3, 1.0F);
  EXPECT_EQ(code_of(data, linear_recipe()), "U20");
  data.weights.assign(40, 1.0F);
  data.weights[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(code_of(data, linear_recipe()), "U20");
  data.weights[7] = -1;
  EXPECT_EQ(code_of(data, linear_recipe()), "U20");
}

TEST(RowWeights, they_cannot_be_combined_with_balanced_classes) {
  TrainTable data = rows(40);
  data.weights.assign(40, 1.0F);
  Recipe recipe = linear_recipe();
  recipe.data.task = Task::classification;
  recipe.data.class_weights = ClassWeights::balanced;
  EXPECT_EQ(code_of(data, recipe), "U06");
}

}  // namespace
}  // namespace pellucid
