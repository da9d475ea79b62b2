// Permutation importance and calibration, with hand-computed numbers. Not here: how train displays them
// (cli/train.txt).
#include "pellucid/importance.h"

#include <gtest/gtest.h>

#include "pellucid/calibration.h"
#include "pellucid/random.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

TEST(CalibrationError, is_the_mean_gap_between_confidence_and_accuracy_weighted_by_rows) {
  // Confidence 0.9 and more: rows 0, 1 and 4, of which 2 are right. Confidence 0.6 to 0.7: two rows, both right.
  const std::vector<std::int32_t> truth = {0, 1, 1, 0, 0};
  const std::vector<double> p = {0.9, 0.1, 0.9, 0.1, 0.4, 0.6, 0.65, 0.35, 0.96, 0.04};
  const Calibration found = calibration({truth, p, 2});
  ASSERT_EQ(found.bins.size(), 10u);
  EXPECT_EQ(found.bins[6].rows, 2);
  EXPECT_DOUBLE_EQ(found.bins[6].confidence, 0.625);
  EXPECT_DOUBLE_EQ(found.bins[6].accuracy, 1);
  EXPECT_EQ(found.bins[9].rows, 3);
  EXPECT_DOUBLE_EQ(found.bins[9].confidence, 0.92);
  EXPECT_DOUBLE_EQ(found.bins[9].accuracy, 2.0 / 3);
  EXPECT_NEAR(found.confidence, (0.9 + 0.9 + 0.6 + 0.65 + 0.96) / 5, 1e-15);
  EXPECT_NEAR(found.error, 0.4 * 0.375 + 0.6 * (0.92 - 2.0 / 3), 1e-15);
}

TEST(CalibrationError, a_confidence_of_one_belongs_to_the_last_bin) {
  const std::vector<std::int32_t> truth = {1};
  const std::vector<double> p = {0, 1};
  const Calibration found = calibration({truth, p, 2}, 4);
  EXPECT_EQ(found.bins[3].rows, 1);
  EXPECT_EQ(found.error, 0);
  EXPECT_EQ(refusal([&] { calibration({truth, p, 2}, 0); }).code(), "U12");
}

// y = 3a + b; `word` and c carry no information. Column a holds 0 and 1, column b -1 and 1.
Table leaning(int rows) {
  Random random({.seed = 5});
  std::string csv = "c,a,word,b,y\n";
  for (int r = 0; r < rows; ++r) {
    const int a = static_cast<int>(random.below(2)), b = static_cast<int>(random.below(2)) * 2 - 1;
    csv += std::to_string(random.uniform()) + "," + std::to_string(a) + "," + (random.below(2) == 0 ? "u" : "v") + "," +
           std::to_string(b) + "," + std::to_string(3 * a + b) + ".0\n";
  }
  return read_csv(csv);
}

struct Trained {
  Split split;
  Model model;
};

Trained trained() {
  Trained result{split(leaning(400), {.target = "y", .test = 0.5, .preprocess = {.task = Task::regression}}), {}};
  result.model.add(Dense(1, linear));
  fit(result.model, result.split, {.epochs = 300, .optimizer = Adam{.learning_rate = 0.05}});
  return result;
}

TEST(PermutationImportance, equals_the_rmse_between_two_independent_draws_of_the_column) {
  // Two independent draws of 3a differ by 3 in half of the rows, so the RMSE is 3 / √2 = 2.12; those of b by 2, so √2.
  const Trained t = trained();
  const Importance found = permutation_importance(t.model, t.split.test);
  ASSERT_EQ(found.columns.size(), 4u);
  EXPECT_EQ(found.rows, 200);
  EXPECT_EQ(found.repeats, 5);
  EXPECT_EQ(found.columns[0].column, "a");
  EXPECT_NEAR(found.columns[0].loss, 2.12, 0.15);
  EXPECT_EQ(found.columns[1].column, "b");
  EXPECT_NEAR(found.columns[1].loss, 1.41, 0.15);
  EXPECT_LT(found.columns[0].deviation, 0.2);
  EXPECT_GT(found.columns[0].deviation, 0);
  EXPECT_NEAR(found.columns[2].loss, 0, 0.02);
  EXPECT_NEAR(found.columns[3].loss, 0, 0.02);
}

TEST(PermutationImportance, is_reproducible_by_seed_with_any_number_of_threads) {
  const Trained t = trained();
  const auto losses = [&](std::uint64_t seed, std::int64_t threads) {
    std::vector<double> values;
    for (const auto& c : permutation_importance(t.model, t.split.test, {.seed = seed, .threads = threads}).columns)
      values.push_back(c.loss);
    return values;
  };
  EXPECT_EQ(losses(1, 1), losses(1, 2));
  EXPECT_NE(losses(1, 1), losses(2, 1));
}

TEST(PermutationImportance, a_work_limit_reduces_the_repeats_then_the_rows_then_skips_it) {
  const Trained t = trained();
  const double once = static_cast<double>(t.model.parameter_count()) * 4 * 200;  // work = parameters · columns · rows
  const auto with_work = [&](double work) {
    return permutation_importance(t.model, t.split.test, {.most_work = work});
  };
  EXPECT_EQ(with_work(2.5 * once).repeats, 2);
  EXPECT_EQ(with_work(2.5 * once).rows, 200);
  EXPECT_EQ(with_work(0.75 * once).rows, 150);
  EXPECT_EQ(with_work(0.75 * once).repeats, 1);
  EXPECT_TRUE(with_work(0.4 * once).columns.empty());
}

TEST(PermutationImportance, needs_a_model_with_a_preprocessor) {
  Trained t = trained();
  t.model.preprocessor.reset();
  EXPECT_EQ(refusal([&] { permutation_importance(t.model, t.split.test); }).code(), "U20");
}

}  // namespace
}  // namespace pellucid
