// Paired tests of two models on the same rows, with hand-computed numbers.
// Not here: comparisons of runs (run/run_comparison_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "pellucid/evaluation.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

// The models differ on 6 rows; the first is right on 5 of them: p = 2 · (1 + 6) / 2^6 = 14 / 64.
TEST(PairedTest, for_right_and_wrong_answers_is_the_exact_sign_test) {
  const std::vector<double> a = {0, 0, 0, 0, 0, 1, 0, 1}, b = {1, 1, 1, 1, 1, 0, 0, 1};
  const PairedTest test = paired_test(a, b, true);
  EXPECT_EQ(test.first_better, 5);
  EXPECT_EQ(test.second_better, 1);
  EXPECT_NEAR(test.p, 14.0 / 64, 1e-12);
  EXPECT_FALSE(test.more_than_chance());
  const PairedTest other = paired_test(b, a, true);
  EXPECT_EQ(other.first_better, 1);
  EXPECT_NEAR(other.p, test.p, 1e-15);
}

// Six differing rows, all won by one model: 2 / 2^6 = 0.03125 is below 0.05. Five rows: 2 / 2^5 = 0.0625 is not.
TEST(PairedTest, six_wins_of_six_are_significant_but_five_of_five_are_not) {
  EXPECT_NEAR(paired_test(std::vector<double>(6, 0), std::vector<double>(6, 1), true).p, 0.03125, 1e-12);
  EXPECT_TRUE(paired_test(std::vector<double>(6, 0), std::vector<double>(6, 1), true).more_than_chance());
  EXPECT_FALSE(paired_test(std::vector<double>(5, 0), std::vector<double>(5, 1), true).more_than_chance());
}

// Both win equally often: the doubled sum would exceed 1 and is limited to 1.
TEST(PairedTest, of_equally_good_models_has_p_1) {
  EXPECT_EQ(paired_test(std::vector<double>{0, 1}, std::vector<double>{1, 0}, true).p, 1);
  EXPECT_EQ(paired_test(std::vector<double>{1, 0, 1}, std::vector<double>{1, 0, 1}, true).p, 1);
  EXPECT_EQ(paired_test(std::vector<double>{0.5, 2}, std::vector<double>{0.5, 2}, false).p, 1);
  EXPECT_EQ(paired_test(std::vector<double>{1, 3}, std::vector<double>{3, 1}, false).p, 1);
  EXPECT_EQ(paired_test({}, {}, true).p, 1);
}

// The differences -1, -2, -3, -2 have mean -2 and variance 2/3; z = 2 / √(2/3 / 4) = 4.898979, and a standard normal
// variable is that far from 0 with probability 9.6340e-7.
TEST(PairedTest, for_sizes_of_errors_is_the_normal_test_of_their_mean_difference) {
  const std::vector<double> a = {1, 1, 1, 1}, b = {2, 3, 4, 3};
  const PairedTest test = paired_test(a, b, false);
  EXPECT_EQ(test.first_better, 4);
  EXPECT_EQ(test.second_better, 0);
  EXPECT_NEAR(test.p, std::erfc(std::sqrt(24.0) / std::sqrt(2.0)), 1e-18);
  EXPECT_NEAR(test.p, 9.634e-7, 1e-10);
}

// With the same difference in every row, the variance of the difference is 0.
TEST(PairedTest, of_a_constant_nonzero_difference_has_p_0) {
  EXPECT_EQ(paired_test(std::vector<double>{1, 2, 3}, std::vector<double>{2, 3, 4}, false).p, 0);
}

TEST(PairedTest, needs_errors_of_the_same_rows) {
  const Error error = refusal([] { paired_test(std::vector<double>{1, 2}, std::vector<double>{1}, true); });
  EXPECT_EQ(error.code(), "U20");
  EXPECT_STREQ(error.what(), "a paired test takes the errors of the same rows, got 2 and 1");
}

Evaluation of_classes(const std::vector<std::int32_t>& truth, const std::vector<double>& of_second) {
  Evaluation result;
  TargetEvaluation& target = result.targets.emplace_back();
  target.class_names = {"no", "yes"};
  target.truth_labels = {truth.begin(), truth.end()};
  for (const double p : of_second) target.probabilities.insert(target.probabilities.end(), {1 - p, p});
  target.classes = score(target.class_predictions());
  return result;
}

Evaluation of_values(const std::vector<double>& truth, const std::vector<double>& predicted) {
  Evaluation result;
  TargetEvaluation& target = result.targets.emplace_back();
  target.truth_values = {truth.begin(), truth.end()};
  target.predicted_values = {predicted.begin(), predicted.end()};
  target.values = score(target.value_predictions());
  return result;
}

TEST(PairedTest, of_two_evaluations_compares_their_rows) {
  const std::vector<std::int32_t> truth = {0, 1, 0, 1};
  const Evaluation good = of_classes(truth, {0.1, 0.9, 0.2, 0.8}), bad = of_classes(truth, {0.9, 0.9, 0.7, 0.1});
  const PairedTest classes = paired_test(good, bad);
  EXPECT_EQ(classes.first_better, 3);
  EXPECT_EQ(classes.second_better, 0);
  EXPECT_NEAR(classes.p, 2.0 / 8, 1e-12);

  const PairedTest values = paired_test(of_values({1, 2, 3}, {1, 2, 4}), of_values({1, 2, 3}, {2, 4, 3}));
  EXPECT_EQ(values.first_better, 2);
  EXPECT_EQ(values.second_better, 1);

  EXPECT_EQ(refusal([&] { paired_test(good, of_values({1, 2, 3, 4}, {1, 2, 3, 4})); }).code(), "U20");
}

}  // namespace
}  // namespace pellucid
