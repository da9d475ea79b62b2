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

Dataset labelled(const std::vector<std::int32_t>& labels, std::int32_t classes) {
  return Dataset::classification(std::vector<float>(labels.size()), Shape{1}, labels, classes);
}

TEST(Selection, by_accuracy_takes_the_best_order_of_right_rows_and_then_the_smaller_loss) {
  const Model model = built(softmax, 2);
  const Dataset data = labelled({1, 1, 0, 0}, 2);
  const AnswerJudge judge(model, data, "accuracy");
  // The probabilities of both classes, row by row. 0: 3 of 4 rows right, one of them badly wrong. 1: 2 right, small
  // loss. 2: as 0, with a smaller loss.
  const std::vector<Answers> answers = {{0.4, 0.6, 0.4, 0.6, 0.6, 0.4, 0.01, 0.99},
                                        {0.1, 0.9, 0.51, 0.49, 0.9, 0.1, 0.49, 0.51},
                                        {0.3, 0.7, 0.3, 0.7, 0.7, 0.3, 0.1, 0.9}};
  EXPECT_DOUBLE_EQ(judge.value(answers[0]), 0.25);
  EXPECT_DOUBLE_EQ(judge.value(answers[1]), 0.5);
  EXPECT_DOUBLE_EQ(judge.value({0.8, 1.2, 0.8, 1.2, 1.2, 0.8, 0.02, 1.98}, 2), 0.25);
  EXPECT_NEAR(judge.loss(answers[2]), -(3 * std::log(0.7) + std::log(0.1)) / 4, 1e-12);
  // 1 joins 2: all rows but the last right as before, with a smaller loss (the mean of 0.9 and 0.51 for its wrong
  // class).
  EXPECT_EQ(choose_members(answers, judge), (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(AnswerJudge(model, data).read(Tensor<float>(Shape{4, 2}).view()).size(),
            4U);  // the true class of each row alone
}

TEST(Selection, by_roc_auc_only_the_order_of_the_rows_counts) {
  const Model model = built(softmax, 2);
  const Dataset data = labelled({1, 1, 0, 0}, 2);
  const AnswerJudge judge(model, data, "roc_auc");
  // p(1) of 0: 0.3 0.4 | 0.1 0.35, three of four pairs in order, and a large loss; of 1: 0.9 0.5 | 0.6 0.6.
  const std::vector<Answers> answers = {{0.7, 0.3, 0.6, 0.4, 0.9, 0.1, 0.65, 0.35},
                                        {0.1, 0.9, 0.5, 0.5, 0.4, 0.6, 0.4, 0.6}};
  EXPECT_DOUBLE_EQ(judge.value(answers[0]), 0.25);
  EXPECT_DOUBLE_EQ(judge.value(answers[1]), 0.5);
  EXPECT_EQ(choose_members(answers, judge, 1), (std::vector<std::size_t>{0}));
  // Together: 0.6 0.45 | 0.35 0.475, again three of four; the loss decides, and that of the mean is smaller.
  EXPECT_LT(judge.loss({0.8, 1.2, 1.1, 0.9, 1.3, 0.7, 1.05, 0.95}, 2), judge.loss(answers[0]));
  EXPECT_EQ(choose_members(answers, judge), (std::vector<std::size_t>{0, 1}));
}

TEST(Selection, roc_auc_of_rows_of_one_class_is_unknown_so_that_the_loss_decides) {
  const Model model = built(softmax, 2);
  const Dataset data = labelled({1, 1}, 2);
  const AnswerJudge judge(model, data, "roc_auc");
  EXPECT_NEAR(judge.value({0.5, 0.5, 0.25, 0.75}), -(std::log(0.5) + std::log(0.75)) / 2, 1e-12);
}

TEST(Selection, by_the_mean_absolute_error_one_large_error_counts_less) {
  const Model model = built(linear, 1);
  const Dataset data = Dataset::regression(std::vector<float>{0, 0, 0, 0}, Shape{1}, std::vector<float>{0, 0, 1, 1});
  const AnswerJudge by_loss(model, data), by_mae(model, data, "mae");
  const std::vector<Answers> answers = {{0, 0, 1, 2}, {0.3, 0.3, 1.3, 1.3}};  // RMSE 0.5 and 0.3, MAE 0.25 and 0.3
  EXPECT_DOUBLE_EQ(by_mae.value(answers[0]), 0.25);
  EXPECT_EQ(choose_members(answers, by_mae, 1), (std::vector<std::size_t>{0}));
  EXPECT_EQ(choose_members(answers, by_loss, 1), (std::vector<std::size_t>{1}));
}

TEST(Selection, correlations_say_how_alike_members_err) {
  const Model model = built(linear, 1);
  const Dataset data = Dataset::regression(std::vector<float>{0, 0, 0, 0}, Shape{1}, std::vector<float>{0, 0, 1, 1});
  const AnswerJudge judge(model, data);
  // Errors: +1 −1 +1 −1, three times as many and one more, the opposite, +1 +1 −1 −1, always 1.
  const std::vector<Answers> answers = {{1, -1, 2, 0}, {4, -2, 5, -1}, {-1, 1, 0, 2}, {1, 1, 0, 0}, {1, 1, 2, 2}};
  const std::vector<std::vector<double>> all = error_correlations(answers, judge);
  const double expected[5][5] = {
      {1, 1, -1, 0, 0}, {1, 1, -1, 0, 0}, {-1, -1, 1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 0, 0, 1}};
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) EXPECT_NEAR(all[i][j], expected[i][j], 1e-12) << i << " " << j;
  }
  const Model classes = built(softmax, 2);
  const Dataset rows = labelled({1, 0}, 2);
  EXPECT_EQ(AnswerJudge(classes, rows, "accuracy").errors({0.25, 0.75, 0.5, 0.5}), (std::vector<double>{-0.25, -0.5}));
}

}  // namespace
}  // namespace pellucid
