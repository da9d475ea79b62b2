// Greedy selection, worked by hand. Not here: whole trainings (members_test.cc).
#include "trainings/selection.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/layers.h"

namespace pellucid {
namespace {

// A model of one output, of which only the meaning of the output counts.
Model built(Activation end, std::int64_t outputs) {
  Model model{Dense(outputs, std::move(end))};
  model.build(Shape{1});
  return model;
}

TEST(Selection, takes_the_best_then_what_improves_the_mean_most) {
  const Model model = built(linear, 1);
  const Dataset data = Dataset::regression(std::vector<float>{0, 0, 0, 0}, Shape{1}, std::vector<float>{0, 0, 1, 1});
  AnswerJudge judge(model, data);
  // Errors of each: 0 is best alone (RMSE 0.2), 1 has the opposite errors (0.3), 2 the same as 0 but larger.
  const std::vector<Answers> answers = {{0.2, 0.2, 1.2, 1.2}, {-0.3, -0.3, 0.7, 0.7}, {0.4, 0.4, 1.4, 1.4}, {}};
  EXPECT_NEAR(judge.loss(answers[0]), 0.2, 1e-12);
  EXPECT_NEAR(judge.loss({-0.1, -0.1, 1.9, 1.9}, 2), 0.05, 1e-12);
  // {0, 1}: error −0.05. {0, 1, 2}: error 0.1, worse.
  EXPECT_EQ(choose_members(answers, judge), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(choose_members(answers, judge, 1), (std::vector<std::size_t>{0}));
}

TEST(Selection, equal_ones_go_to_the_lower_number_and_are_taken_once) {
  const Model model = built(linear, 1);
  const Dataset data = Dataset::regression(std::vector<float>{0, 0}, Shape{1}, std::vector<float>{0, 1});
  const AnswerJudge judge(model, data);
  EXPECT_EQ(choose_members(std::vector<Answers>{{0.5, 1}, {0.5, 1}, {0.5, 1}}, judge), (std::vector<std::size_t>{0}));
}

TEST(Selection, compares_classes_by_their_log_loss) {
  const Model model = built(softmax, 2);
  const std::vector<std::int32_t> labels = {0, 1, 1};
  const Dataset data = Dataset::classification(std::vector<float>{0, 0, 0}, Shape{1}, labels, 2);
  AnswerJudge judge(model, data);
  Tensor<float> outputs(Shape{3, 2});
  const float values[] = {0.75F, 0.25F, 0.5F, 0.5F, 0.75F, 0.25F};
  std::copy_n(values, 6, outputs.data());
  const Answers answers = judge.read(outputs.view());
  EXPECT_EQ(answers, (Answers{0.75, 0.5, 0.25}));
  EXPECT_NEAR(judge.loss(answers), -(std::log(0.75) + std::log(0.5) + std::log(0.25)) / 3, 1e-12);
}

TEST(Selection, rows_count_by_their_weights) {
  const Model model = built(linear, 1);
  const Dataset data =
      Dataset::regression(std::vector<float>{0, 0}, Shape{1}, std::vector<float>{0, 0}).with_weights({3, 1});
  const AnswerJudge judge(model, data);
  EXPECT_NEAR(judge.loss({1, 3}), std::sqrt((3 * 1 + 1 * 9) / 4.0), 1e-12);
}

}  // namespace
}  // namespace pellucid
