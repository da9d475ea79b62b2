// The headline score, worked by hand, and that validation and evaluation agree on it.
// Not here: metrics of given predictions (metrics_test.cc), several heads (heads_test.cc).
#include "judge/scorer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "judge/judge.h"
#include "pellucid/evaluation.h"
#include "pellucid/trainer.h"
#include "support/tables.h"
#include "support/targets.h"

namespace pellucid {
namespace {

using test::passes_on;

double score_of(const Model& model, const Dataset& data, const Loss& loss) {
  Scorer scorer(model, data, loss, OutputSource::prediction);
  const Tensor<float> outputs = model.predict(data);
  scorer.add<float>(outputs.view(), 0);
  return scorer.score();
}

TEST(HeadlineScore, is_the_share_of_all_answers_the_rmse_the_mean_r2_or_the_mean_of_both_kinds) {
  const TargetScore three_of_four{.is_class = true, .right = 3}, one_of_four{.is_class = true, .right = 1};
  const TargetScore number{.rmse = 2, .r2 = 0.5}, other{.rmse = 9, .r2 = 0.7};
  EXPECT_EQ(headline_score(std::vector{three_of_four}, 4), 0.75);
  EXPECT_EQ(headline_score(std::vector{three_of_four, one_of_four}, 4), 0.5);
  EXPECT_EQ(headline_score(std::vector{number}, 4), 2);
  EXPECT_DOUBLE_EQ(headline_score(std::vector{number, other}, 4), 0.6);
  EXPECT_DOUBLE_EQ(headline_score(std::vector{number, three_of_four}, 4), (0.5 + 0.75) / 2);
  EXPECT_TRUE(std::isnan(headline_score({}, 4)));
}

TEST(Scorer, measures_worked_numbers_in_one_piece_or_in_several) {
  const std::vector<float> x = {1, 2, 3, 4}, y = {1, 2, 5, 4};
  const Model model = passes_on(1, linear);
  const Dataset data = Dataset::regression(x, {1}, y);
  EXPECT_DOUBLE_EQ(score_of(model, data, Loss("mse")), 1) << "errors 0, 0, 2 and 0: root of 4 / 4";
  Scorer scorer(model, data, Loss("mse"), OutputSource::prediction);
  const Tensor<float> outputs = model.predict(data);
  const View<const float> all = outputs.view();
  scorer.add<float>({all.row(0), 3, 1, all.stride}, 0);
  scorer.add<float>({all.row(3), 1, 1, all.stride}, 3);
  EXPECT_DOUBLE_EQ(scorer.score(), 1);
  EXPECT_DOUBLE_EQ(scorer.error(), 1);
  EXPECT_DOUBLE_EQ(scorer.constant_score(), 1.5811388300841898) << "mean 3, distances 2, 1, 2, 1: root of 10 / 4";
  scorer.clear();
  EXPECT_EQ(scorer.score(), 0) << "no row, no error";
}

TEST(Scorer, of_two_numbers_is_the_mean_r2_and_a_target_that_never_varies_counts_0) {
  const std::vector<float> x = {1, 1, 2, 1, 3, 1, 4, 1}, y = {1, 7, 2, 7, 5, 7, 4, 7};
  const Dataset data = Dataset::regression(x, {2}, y, 2);
  EXPECT_DOUBLE_EQ(score_of(passes_on(2, linear), data, Loss("mse")), (1 - 4.0 / 10) / 2);
}

TEST(Scorer, predicts_by_the_models_decision_threshold_as_an_evaluation_does) {
  const std::vector<float> x = {0.2F, 0.4F, 0.6F, 0.9F};
  const std::vector<std::int32_t> labels = {0, 1, 1, 1};
  const Dataset data = Dataset::classification(x, {1}, labels, 2);
  Model model = passes_on(1, linear);
  EXPECT_EQ(score_of(model, data, Loss("mse")), 0.75);
  model.threshold = 0.3;
  EXPECT_EQ(score_of(model, data, Loss("mse")), 1);
  model.threshold = 0.7;
  EXPECT_EQ(score_of(model, data, Loss("mse")), 0.5);
}

// Before, validation always asked whether the probability is above one half.
TEST(Judge, has_the_score_of_an_evaluation_for_a_model_with_a_decision_threshold) {
  std::string csv = "x,y\n";
  for (int r = 0; r < 200; ++r) csv += std::to_string(r * 37 % 101) + (r * 37 % 101 + r % 40 > 70 ? ",yes\n" : ",no\n");
  const Split parts = split(read_csv(csv), {.target = "y"});
  Model model{Dense{1, sigmoid}};
  fit(model, parts, {.epochs = 3, .patience = 0});
  for (const double threshold : {0.5, 0.3, 0.62}) {
    model.threshold = threshold;
    const double judged = Judge<float>(model, parts.validation, Loss("binary_cross_entropy"))().score;
    EXPECT_EQ(judged, evaluate(model, parts.validation).score()) << threshold;
  }
}

// Logits: above 0 is above one half; a threshold of 0.3 is a logit of -0.847.
TEST(OutputReader, takes_a_threshold_on_the_probability_of_a_logit) {
  Model model = passes_on(1, linear);
  model.training.emplace().loss = "binary_cross_entropy";
  for (const auto& [threshold, logit, expected] :
       {std::tuple(0.5, -0.01F, 0), std::tuple(0.5, 0.01F, 1), std::tuple(0.3, -0.8F, 1), std::tuple(0.3, -0.9F, 0)}) {
    model.threshold = threshold;
    OutputReader reader(model, TargetForm::classes);
    reader.read(std::span<const float>(&logit, 1));
    EXPECT_EQ(reader.predicted_class(0), expected) << threshold << " " << logit;
    EXPECT_NEAR(reader.probabilities(0)[1], 1 / (1 + std::exp(-static_cast<double>(logit))), 1e-12);
  }
}

// The squares of such numbers are beyond a double: they are measured in a power of two of the target's unit.
TEST(Scorer, of_a_logarithmic_target_of_huge_numbers_is_finite) {
  std::string csv = "x,y\n";
  for (int r = 0; r < 40; ++r)
    csv += std::to_string(r) + "," + std::to_string(1 + r % 7) + "e" + std::to_string(160 + r) + "\n";
  const Table table = read_csv(csv);
  Model model{Dense{1}};
  model.preprocessor =
      test::fitted(table, {.target = "y", .task = Task::regression, .target_scale = TargetScaling::log});
  const Dataset data = model.preprocessor->transform(table);
  model.build(data.row_shape());
  const double judged = Judge<float>(model, data, Loss("mse"))().score, evaluated = evaluate(model, data).score();
  EXPECT_TRUE(std::isfinite(judged));
  EXPECT_NEAR(judged / evaluated, 1, 1e-12);
}

}  // namespace
}  // namespace pellucid
