// Sentences about a result. Not here: the output in the terminal (tests/cli/train.txt).
#include "run/verdict.h"

#include <gtest/gtest.h>

#include "run/score_text.h"

namespace pellucid {
namespace {

// 100 test rows of two classes, of which `correct` are predicted correctly.
RunResult result_with(int correct) {
  RunResult result;
  FittedTarget target;
  target.name = "answer";
  target.classes = {"no", "yes"};
  result.preprocessor.task = Task::classification;
  result.preprocessor.targets = {target};
  TargetEvaluation answers;
  answers.name = "answer";
  answers.class_names = target.classes;
  for (int row = 0; row < 100; ++row) {
    answers.truth_labels.push_back(0);
    const double right = row < correct ? 0.9 : 0.1;
    answers.probabilities.push_back(right);
    answers.probabilities.push_back(1 - right);
  }
  answers.classes = score(answers.class_predictions());
  result.test = Evaluation{.targets = {answers}};
  result.baselines = Baselines{.constant_answers = {"no"}, .constant_scores = {0.5}, .constant = 0.5, .linear = 0.8};
  for (const char* name : {"dense1", "output"}) result.layers.push_back({name, "dense", "relu", {}, {}, 0});
  return result;
}

TEST(Verdict, has_the_score_its_interval_and_the_baselines) {
  EXPECT_EQ(
      verdict_of(result_with(84)),
      "The model predicts 84.0% of 100 test rows correctly (95% interval 75.6% to 89.9%).\n"
      "Always predicting \"no\" reaches 50.0%.\n"
      "The model is 4.0 points better than a linear model, which could be chance: the linear model is as good.\n");
}

TEST(Verdict, says_whether_the_hidden_layers_help_or_harm) {
  RunResult result = result_with(96);
  result.baselines->linear_p = 0.0012;
  EXPECT_EQ(comparison_with_linear(result), "16.0 points better than a linear model: more than chance (p = 0.0012)");
  result = result_with(60);
  result.baselines->linear_p = 0.01;
  EXPECT_EQ(
      comparison_with_linear(result),
      "20.0 points worse than a linear model, more than chance (p = 0.01); use the linear model, which is simpler: "
      "`hidden = none`");
  EXPECT_EQ(comparison_with_linear(result_with(80)), "as good as a linear model: the hidden layers bring nothing");
}

TEST(Verdict, says_if_there_was_no_evaluation) {
  RunResult result = result_with(80);
  result.test.reset();
  result.status = "interrupted";
  result.history.epochs.push_back({.epoch = 3});
  EXPECT_EQ(verdict_of(result),
            "Training was interrupted after epoch 3.\nThe model was not tested: there are no test rows.\n");
}

TEST(ScoreText, has_at_most_four_digits) {
  EXPECT_EQ(score_text(ScoreKind::accuracy, 0.97441), "97.4%");
  EXPECT_EQ(score_text(ScoreKind::rmse, 21340.4), "21,340");
  EXPECT_EQ(named_score(ScoreKind::r2, 0.96126), "R² 0.9613");
  EXPECT_EQ(score_text(ScoreKind::rmse, std::numeric_limits<double>::quiet_NaN()), "–");
}

}  // namespace
}  // namespace pellucid
