// The decision threshold: the positive class is predicted for probabilities above it.
// Not here: other metrics (metrics_test.cc).
#include <gtest/gtest.h>

#include <limits>

#include "pellucid/calibration.h"
#include "pellucid/metric.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

// Adds the probability of class 0, so that each row has two probabilities.
std::vector<double> pairs(const std::vector<double>& ones) {
  std::vector<double> both;
  for (const double p : ones) both.insert(both.end(), {1 - p, p});
  return both;
}

TEST(Threshold, the_second_of_two_classes_is_predicted_only_above_the_threshold) {
  EXPECT_EQ(predicted_class(pairs({0.5})), 0);
  EXPECT_EQ(predicted_class(pairs({0.50001})), 1);
  EXPECT_EQ(predicted_class(pairs({0.3}), 0.3), 0);
  EXPECT_EQ(predicted_class(pairs({0.31}), 0.3), 1);
  EXPECT_EQ(predicted_class(std::vector<double>{0.2, 0.5, 0.3}, 0.1), 1);  // of three classes, the most probable one
}

TEST(Threshold, scores_use_the_threshold) {
  const std::vector<std::int32_t> truth{0, 1, 1};
  const std::vector<double> p = pairs({0.2, 0.4, 0.7});
  EXPECT_EQ(score(ClassPredictions{truth, p, 2}).correct, 2);
  EXPECT_EQ(score(ClassPredictions{truth, p, 2, 0.3}).correct, 3);
  EXPECT_EQ(score(ClassPredictions{truth, p, 2, 0.9}).correct, 1);
}

TEST(Threshold, confidence_and_accuracy_are_those_of_the_predicted_class) {
  const std::vector<std::int32_t> truth{0, 1, 1, 0};
  const std::vector<double> p{0.9, 0.1, 0.7, 0.3, 0.4, 0.6, 0.8, 0.2};
  // Predicted 0, 1, 1, 0, all right; the second one with probability 0.3.
  const ClassPredictions said{truth, p, 2, 0.25};
  EXPECT_EQ(score(said).accuracy, 1);
  const Calibration found = calibration(said);
  double right = 0;
  for (const CalibrationBin& bin : found.bins) right += bin.accuracy * static_cast<double>(bin.rows) / 4;
  EXPECT_DOUBLE_EQ(right, 1);
  EXPECT_DOUBLE_EQ(found.confidence, (0.9 + 0.3 + 0.6 + 0.8) / 4);
}

//   p(1)   0.9  0.6  0.35  0.3  0.1  0.05
//   truth   1    0    1     1    0    0
// Above 0.5, class 1 is predicted twice, once correctly: F1 2·1/(2+3) = 0.4, of class 0 2·2/(4+3) = 4/7; mean 0.486.
// Above 0.2, it is predicted 4 times, 3 times correctly: F1 2·3/(4+3) = 6/7 and 2·2/(2+3) = 0.8; mean 0.829, the
// highest.
TEST(Threshold, the_best_one_has_the_highest_mean_f1_of_both_classes) {
  const std::vector<std::int32_t> truth{1, 0, 1, 1, 0, 0};
  const std::vector<double> p = pairs({0.9, 0.6, 0.35, 0.3, 0.1, 0.05});
  const double best = best_threshold({truth, p, 2});
  EXPECT_DOUBLE_EQ(best, 0.2);
  EXPECT_DOUBLE_EQ(score(ClassPredictions{truth, p, 2, best}).macro.f1, (6.0 / 7 + 0.8) / 2);
}

TEST(Threshold, the_best_one_is_at_least_as_good_as_all_others_on_noisy_rows) {
  std::vector<std::int32_t> truth;
  std::vector<double> ones;
  for (int i = 0; i < 97; ++i) {
    truth.push_back(i * 37 % 11 < 3);
    ones.push_back((i * 53 % 101 + 40.0 * truth.back()) / 150);
  }
  const std::vector<double> p = pairs(ones);
  const double best = best_threshold({truth, p, 2});
  const double highest = score(ClassPredictions{truth, p, 2, best}).macro.f1;
  for (int i = 1; i < 1000; ++i) EXPECT_LE(score(ClassPredictions{truth, p, 2, i / 1000.0}).macro.f1, highest) << i;
}

TEST(Threshold, the_best_one_is_0_5_if_no_other_is_better) {
  const std::vector<std::int32_t> truth{0, 0, 1, 1};
  EXPECT_EQ(best_threshold({truth, pairs({0.1, 0.2, 0.8, 0.9}), 2}), 0.5);
  EXPECT_EQ(best_threshold({truth, pairs({0.5, 0.5, 0.5, 0.5}), 2}), 0.5);
  EXPECT_EQ(best_threshold({std::vector<std::int32_t>{1}, pairs({0.2}), 2}), 0.5);
}

TEST(Threshold, three_classes_have_no_threshold) {
  const std::vector<std::int32_t> truth{2};
  EXPECT_EQ(refusal([&] { best_threshold({truth, std::vector<double>{0, 0, 1}, 3}); }).code(), "U20");
}

Model answers_with(double threshold) {
  Model model{Dense{1, sigmoid}};
  model.build(Shape{1}, 1);
  model.parameter("dense1.weight").data()[0] = 1;
  model.threshold = threshold;
  return model;
}

TEST(Threshold, a_model_saves_its_threshold_and_evaluate_uses_it) {
  const std::vector<float> x{-2, -1, 1};  // sigmoid: 0.12, 0.27, 0.73
  const std::vector<std::int32_t> labels{0, 1, 1};
  const Dataset rows = Dataset::classification(x, Shape{1}, labels, 2);
  const Model usual = answers_with(0.5);
  EXPECT_EQ(usual.to_bytes().find("threshold"), std::string::npos);
  EXPECT_EQ(evaluate(usual, rows).targets[0].classes->correct, 2);
  const Model loaded = Model::from_bytes(answers_with(0.2).to_bytes());
  EXPECT_EQ(loaded.threshold, 0.2);
  EXPECT_EQ(loaded.as<double>().threshold, 0.2);
  EXPECT_EQ(evaluate(loaded, rows).targets[0].classes->correct, 3);
  EXPECT_EQ(evaluate(loaded, rows).targets[0].threshold, 0.2);
}

TEST(Threshold, a_threshold_that_is_not_a_probability_is_refused_in_a_file) {
  EXPECT_EQ(refusal([] { Model::from_bytes(answers_with(1.5).to_bytes()); }).code(), "D21");
}

}  // namespace
}  // namespace pellucid
