// The loss and the score of the best constant prediction, with hand-computed numbers, and the finding H07, which uses
// the score as a scale. Not here: constant baselines on test rows (prepare/target_scale_test.cc), what health measures
// (health_test.cc).
#include "judge/constant_loss.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "judge/scorer.h"
#include "pellucid/health_findings.h"
#include "pellucid/random.h"
#include "pellucid/trainer.h"
#include "support/tables.h"

namespace pellucid {
namespace {

const std::string three_rows = "x,y\n1,1.0\n2,10.0\n3,100.0\n";

struct Regression {
  Model model{Dense{1}};
  Dataset data{};
};

Regression regression(TargetScaling scale) {
  Regression made;
  const Table table = read_csv(three_rows);
  made.model.preprocessor = test::fitted(table, {.target = "y", .task = Task::regression, .target_scale = scale});
  made.data = made.model.preprocessor->transform(table);
  made.model.build(made.data.row_shape());
  return made;
}

double loss_of(TargetScaling scale, const Loss& loss) {
  const Regression made = regression(scale);
  return constant_loss(made.model, made.data, loss);
}

// 1, 10 and 100 have mean 37; the squared distances from it are 1296, 729 and 3969, with mean 1998.
TEST(ConstantScore, of_a_log_scaled_target_is_in_the_unit_of_the_target) {
  for (const TargetScaling scale : {TargetScaling::log, TargetScaling::standard}) {
    const Regression made = regression(scale);
    const Scorer scorer(made.model, made.data, Loss("mse"), OutputSource::prediction);
    EXPECT_NEAR(scorer.constant_score(), std::sqrt(1998.0), 1e-5);
  }
}

// The loss is computed on the scale of the network, where the target has mean 0 and variance 1.
TEST(ConstantLoss, is_on_the_scale_of_the_network) {
  EXPECT_NEAR(loss_of(TargetScaling::log, Loss("mse")), 1, 1e-6);
  EXPECT_NEAR(loss_of(TargetScaling::standard, Loss("mse")), 1, 1e-6);
}

// The median of 1, 10 and 100 is 10 with mean absolute distance (9 + 0 + 90) / 3 = 33; the mean, 37, would have (36 +
// 27 + 63) / 3 = 42. On the scale of the network, both are divided by the standard deviation.
TEST(ConstantLoss, is_that_of_the_median_where_the_loss_is_the_mean_absolute_error) {
  EXPECT_NEAR(loss_of(TargetScaling::standard, Loss("mae")), 33 / std::sqrt(1998.0), 1e-6);
}

// Targets around e³ that do not depend on any column: a wide network can only memorise the training rows.
std::string skewed_noise(int rows) {
  Random random({.seed = 11});
  std::string csv = "a,b,c,d,y\n";
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < 4; ++c) csv += fmt::format("{:.4f},", random.normal());
    csv += fmt::format("{:.6f}\n", std::exp(3 + 0.5 * random.normal()));
  }
  return csv;
}

TEST(H07, of_a_log_scaled_target_reports_the_gap_of_r2_in_the_unit_of_the_target) {
  const Split parts =
      split(read_csv(skewed_noise(240)), {.target = "y", .preprocess = {.target_scale = TargetScaling::log}});
  ASSERT_TRUE(parts.preprocessor.targets[0].shift.has_value());
  Model model{Dense{64, relu}, Dense{1}};
  FitOptions options{.epochs = 400, .optimizer = Adam{.learning_rate = 0.01}, .patience = 0};
  options.keep_best = false;
  options.health = true;
  const History history = fit(model, parts, options);

  // Both RMSEs and the variance of the training targets, computed from the predictions.
  const Evaluation train = evaluate(model, parts.train), validation = evaluate(model, parts.validation);
  const auto& truth = train.targets[0].truth_values;
  double mean = 0, variance = 0;
  for (const double y : truth) mean += y / static_cast<double>(truth.size());
  for (const double y : truth) variance += (y - mean) * (y - mean) / static_cast<double>(truth.size());
  EXPECT_NEAR(history.health->constant_score, std::sqrt(variance), 1e-5 * std::sqrt(variance));
  EXPECT_NEAR(history.health->kept_score, train.score(), 1e-6 * train.score());
  const double gap = (validation.score() * validation.score() - train.score() * train.score()) / variance;
  const std::vector<Finding> findings = find_training_faults(history, ScoreKind::rmse);
  const auto found = std::find_if(findings.begin(), findings.end(), [](auto& f) { return f.code == "H07"; });
  ASSERT_NE(found, findings.end());
  const std::string told = fmt::format("by {:.2f} of R²", gap);
  EXPECT_NE(found->text.find(told), std::string::npos) << found->text << ", expected: " << told;
  EXPECT_LT(gap, 1000);
}

}  // namespace
}  // namespace pellucid
