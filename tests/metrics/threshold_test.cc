// From which probability on the second of two classes is said.
// Not here: other scores (metrics_test.cc).
#include <gtest/gtest.h>

#include <limits>

#include "pellucid/calibration.h"
#include "pellucid/metric.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

// Two columns from the second.
std::vector<double> pairs(const std::vector<double>& ones) {
  std::vector<double> both;
  for (const double p : ones) both.insert(both.end(), {1 - p, p});
  return both;
}

TEST(Threshold, of_two_classes_the_second_is_said_above_it_and_not_at_it) {
  EXPECT_EQ(predicted_class(pairs({0.5})), 0);
  EXPECT_EQ(predicted_class(pairs({0.50001})), 1);
  EXPECT_EQ(predicted_class(pairs({0.3}), 0.3), 0);
  EXPECT_EQ(predicted_class(pairs({0.31}), 0.3), 1);
  EXPECT_EQ(predicted_class(std::vector<double>{0.2, 0.5, 0.3}, 0.1), 1);  // of three, the most probable
}

TEST(Threshold, a_score_follows_it) {
  const std::vector<std::int32_t> truth{0, 1, 1};
  const std::vector<double> p = pairs({0.2, 0.4, 0.7});
  EXPECT_EQ(score(ClassPredictions{truth, p, 2}).correct, 2);
  EXPECT_EQ(score(ClassPredictions{truth, p, 2, 0.3}).correct, 3);
  EXPECT_EQ(score(ClassPredictions{truth, p, 2, 0.9}).correct, 1);
}

//   p(1)   0.9  0.6  0.35  0.3  0.1  0.05
//   truth   1    0    1     1    0    0
// above 0.5: 2 said, 1 right: F1 of class 1 2·1/(2+3) = 0.4, of class 0 2·2/(4+3) = 4/7; mean 0.486
// above 0.2: 4 said, 3 right: 2·3/(4+3) = 6/7 and 2·2/(2+3) = 0.8; mean 0.829, the highest
TEST(Threshold, confidence_and_accuracy_speak_of_the_same_answers) {
  const std::vector<std::int32_t> truth{0, 1, 1, 0};
  const std::vector<double> p{0.9, 0.1, 0.7, 0.3, 0.4, 0.6, 0.8, 0.2};
  const ClassPredictions said{truth, p, 2, 0.25};  // answers 0, 1, 1, 0, all right; the second with 0.3
  EXPECT_EQ(score(said).accuracy, 1);
  const Calibration found = calibration(said);
  double right = 0;
  for (const CalibrationBin& bin : found.bins) right += bin.accuracy * static_cast<double>(bin.rows) / 4;
  EXPECT_DOUBLE_EQ(right, 1);
  EXPECT_DOUBLE_EQ(found.confidence, (0.9 + 0.3 + 0.6 + 0.8) / 4);
}

TEST(Threshold, the_best_one_has_the_highest_mean_f1_of_both_classes) {
  const std::vector<std::int32_t> truth{1, 0, 1, 1, 0, 0};
  const std::vector<double> p = pairs({0.9, 0.6, 0.35, 0.3, 0.1, 0.05});
  const double best = best_threshold({truth, p, 2});
  EXPECT_DOUBLE_EQ(best, 0.2);
  EXPECT_DOUBLE_EQ(score(ClassPredictions{truth, p, 2, best}).macro.f1, (6.0 / 7 + 0.8) / 2);
}

TEST(Threshold, no_other_one_is_better_on_rows_of_noise) {
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

TEST(Threshold, stays_in_the_middle_where_nothing_is_better) {
  const std::vector<std::int32_t> truth{0, 0, 1, 1};
  EXPECT_EQ(best_threshold({truth, pairs({0.1, 0.2, 0.8, 0.9}), 2}), 0.5);
  EXPECT_EQ(best_threshold({truth, pairs({0.5, 0.5, 0.5, 0.5}), 2}), 0.5);
  EXPECT_EQ(best_threshold({std::vector<std::int32_t>{1}, pairs({0.2}), 2}), 0.5);
}

TEST(Threshold, of_three_classes_there_is_none) {
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

TEST(Threshold, of_a_model_comes_back_from_its_file_and_is_followed_by_evaluate) {
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

TEST(Threshold, that_is_no_probability_is_refused_in_a_file) {
  EXPECT_EQ(refusal([] { Model::from_bytes(answers_with(1.5).to_bytes()); }).code(), "D21");
}

}  // namespace
}  // namespace pellucid
