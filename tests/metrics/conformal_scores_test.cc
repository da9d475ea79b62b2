// Quantiles of conformal scores: the rank for finite samples, what is kept of many scores, how often new scores are
// below. Not here: intervals of models (judge/prediction_intervals_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "pellucid/conformal_scores.h"
#include "pellucid/random.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

std::vector<double> first_numbers(int count) {
  std::vector<double> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.rbegin(), numbers.rend(), 1.0);  // descending: the order does not matter
  return numbers;
}

TEST(ConformalScores, the_quantile_is_the_score_of_rank_n_plus_1_times_level_rounded_up) {
  const ConformalScores nine(first_numbers(9));
  EXPECT_EQ(nine.quantile(0.9), 9);    // rank ⌈10 · 0.9⌉
  EXPECT_EQ(nine.quantile(0.5), 5);    // rank ⌈10 · 0.5⌉
  EXPECT_EQ(nine.quantile(0.51), 6);   // rank ⌈5.1⌉
  EXPECT_EQ(nine.quantile(0.001), 1);  // rank ⌈0.01⌉
  EXPECT_EQ(nine.quantile(0.91), std::nullopt);
  // 100 · 0.07 is above 7 as a double, which must not make rank 8 of it.
  EXPECT_EQ(ConformalScores(first_numbers(99)).quantile(0.07), 7);
}

TEST(ConformalScores, say_how_many_rows_a_level_needs) {
  for (const auto& [level, rows] : {std::pair{0.5, 1}, {0.8, 4}, {0.9, 9}, {0.95, 19}, {0.99, 99}, {0.1, 1}}) {
    EXPECT_EQ(ConformalScores::least_rows(level), rows) << level;
    EXPECT_TRUE(ConformalScores(first_numbers(rows)).quantile(level)) << level;
    if (rows > 1) {
      EXPECT_FALSE(ConformalScores(first_numbers(rows - 1)).quantile(level)) << level;
    }
  }
}

TEST(ConformalScores, of_many_rows_each_half_percent_is_exact_and_other_levels_take_the_next) {
  for (const int n : {200, 201, 266, 399, 1000, 1001, 12345}) {
    const ConformalScores scores(first_numbers(n));  // the score of rank k is k
    EXPECT_EQ(scores.kept().size(), 200U);
    for (int half = 1; half < 200; ++half) {
      const double exact = std::ceil((n + 1) * half / 200.0 - 1e-9);
      if (exact > n) continue;
      EXPECT_EQ(scores.quantile(half / 200.0), exact) << n << " " << half;
      const double between = scores.quantile((half - 0.4) / 200.0).value();
      EXPECT_GE(between, std::ceil((n + 1) * (half - 0.4) / 200.0)) << n;
      EXPECT_LE(between, exact) << n;
    }
  }
  EXPECT_EQ(ConformalScores(first_numbers(12345)).quantile(0.999), 12345);
}

// Scores of 60 rows, and how many of 200 new ones are at most their quantile, 400 times.
TEST(ConformalScores, new_scores_are_below_the_quantile_as_often_as_the_level_says) {
  for (const double level : {0.5, 0.8, 0.9}) {
    Random random({.seed = 5});
    double below = 0;
    for (int time = 0; time < 400; ++time) {
      std::vector<double> scores(60);
      for (double& score : scores) score = std::abs(random.normal());
      const double quantile = ConformalScores(scores).quantile(level).value();
      for (int row = 0; row < 200; ++row) below += std::abs(random.normal()) <= quantile ? 1 : 0;
    }
    const double share = below / (400 * 200);
    EXPECT_GT(share, level - 0.006) << level;
    EXPECT_LT(share, level + 1.0 / 61 + 0.006) << level;
  }
}

TEST(ConformalScores, that_cannot_be_are_refused) {
  const auto of = [](std::vector<double> scores) { return refusal([&] { (void)ConformalScores(scores); }).code(); };
  EXPECT_EQ(of({}), "U20");
  EXPECT_EQ(of({1, -1}), "U20");
  EXPECT_EQ(of({NAN}), "U20");
  EXPECT_EQ(of({std::numeric_limits<double>::infinity()}), "U20");
  const auto stored = [](std::int64_t rows, std::vector<double> kept) {
    return refusal([&] { (void)ConformalScores(rows, kept); }).code();
  };
  EXPECT_EQ(stored(3, {1, 2}), "U20");
  EXPECT_EQ(stored(1, {1, 2}), "U20");
  EXPECT_EQ(stored(2, {2, 1}), "U20");
  EXPECT_EQ(stored(0, {}), "U20");
  EXPECT_EQ(stored(std::numeric_limits<std::int64_t>::max(), std::vector<double>(200)), "U20");
  EXPECT_EQ(ConformalScores(2, {1, 2}), ConformalScores({2, 1}));
}

}  // namespace
}  // namespace pellucid
