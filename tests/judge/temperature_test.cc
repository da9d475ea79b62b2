// Temperature scaling: its definition, and how it is stored in the model.
// Not here: the calibration error (metrics_test.cc), the program's setting (cli/presets.txt).
#include "pellucid/temperature.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

// A model of one column x that outputs softmax(0, w·x), or sigmoid(w·x).
Model net(float w, bool one_output) {
  Model model{Dense(one_output ? 1 : 2, one_output ? sigmoid : softmax)};
  model.build({1});
  auto weights = model.parameters()[0].value.values();
  std::fill(weights.begin(), weights.end(), 0.0F);
  weights[weights.size() - 1] = w;
  return model;
}

// `rows` rows with x = 1, of which `ones` are of class 1.
Dataset rows_of(std::int64_t rows, std::int64_t ones) {
  std::vector<float> x(static_cast<std::size_t>(rows), 1.0F);
  std::vector<std::int32_t> y;
  for (std::int64_t r = 0; r < rows; ++r) y.push_back(r < ones);
  return Dataset::classification(x, {1}, y, 2);
}

// All rows are alike, so the best probability is the mean target, (75·(101/102) + 25·(1/102)) / 100, and w/T is its
// logit.
TEST(Temperature, makes_the_probability_equal_to_the_share_of_right_rows) {
  const double wanted = (75 * 101.0 / 102 + 25 / 102.0) / 100;
  for (const bool one_output : {true, false}) {
    for (const float w : {0.3F, 1.0F, 4.0F}) {
      Model model = net(w, one_output);
      const double t = fit_temperature(model, rows_of(100, 75));
      EXPECT_NEAR(t, w / std::log(wanted / (1 - wanted)), 1e-5 * t) << w;
      apply_temperature(model, t);
      EXPECT_NEAR(predict_proba(model, rows_of(1, 1)).data()[1], wanted, 1e-6);
    }
  }
}

TEST(Temperature, perfectly_predicted_rows_do_not_give_a_probability_of_one) {
  Model model = net(1, false);
  apply_temperature(model, fit_temperature(model, rows_of(20, 20)));
  EXPECT_NEAR(predict_proba(model, rows_of(1, 1)).data()[1], 21.0 / 22, 1e-6);
}

// Two binary targets in 50 rows, each right in 40 rows: as above, with 100 answers.
TEST(Temperature, several_binary_targets_share_one_temperature) {
  Model model{Dense(2, sigmoid)};
  model.build({1});
  for (float& w : model.parameters()[0].value.values()) w = 3;
  const std::vector<float> x(50, 1.0F);
  std::vector<std::int32_t> answers;
  for (int r = 0; r < 50; ++r) answers.insert(answers.end(), {r < 40, r >= 10});
  const Dataset rows = Dataset::multi_label(x, {1}, answers, 2);
  const double wanted = (80 * 101.0 / 102 + 20 / 102.0) / 100;
  EXPECT_NEAR(fit_temperature(model, rows), 3 / std::log(wanted / (1 - wanted)), 1e-5);
}

TEST(Temperature, is_limited_to_its_range) {
  EXPECT_NEAR(fit_temperature(net(1, true), rows_of(100, 50)), 20, 1e-6);
  EXPECT_NEAR(fit_temperature(net(0.01F, true), rows_of(1000, 999)), 0.05, 1e-6);
}

TEST(Temperature, lowers_the_log_loss_and_keeps_the_predicted_classes) {
  Random random({.seed = 3});
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (int r = 0; r < 600; ++r) {
    y.push_back(r % 3);
    for (int c = 0; c < 2; ++c) x.push_back(static_cast<float>(r % 3 == c) + static_cast<float>(random.normal()));
  }
  const Dataset data = Dataset::classification(x, {2}, y, 3);
  Model model{Dense(32, relu), Dense(3, softmax)};
  FitOptions options{.epochs = 20, .optimizer = Adam{.learning_rate = 0.01}};
  options.loss = Loss::parse("cross_entropy(0.3)");
  fit(model, data, {}, options);
  const Evaluation before = evaluate(model, data);
  const double t = fit_temperature(model, data, 1);
  EXPECT_LT(t, 0.9);  // label smoothing made the model underconfident
  EXPECT_EQ(t, fit_temperature(model, data, 3));
  apply_temperature(model, t);
  const Evaluation after = evaluate(model, data);
  EXPECT_LT(after.targets[0].classes->log_loss, before.targets[0].classes->log_loss);
  EXPECT_EQ(after.targets[0].classes->correct, before.targets[0].classes->correct);
}

TEST(Temperature, models_without_logits_are_refused) {
  const Dataset rows = rows_of(10, 5);
  Model linear_end{Dense(2, linear)}, bent{Dense(2, softmax), relu};
  for (Model* model : {&linear_end, &bent}) {
    model->build({1});
    EXPECT_FALSE(takes_temperature(*model, rows));
    EXPECT_THROW(fit_temperature(*model, rows), Error);
    EXPECT_THROW(apply_temperature(*model, 2), Error);
  }
  Model model = net(1, true);
  EXPECT_THROW(fit_temperature(model, rows.subset({})), Error);
  EXPECT_THROW(fit_temperature(model, Dataset::regression(std::vector<float>{1}, {1}, std::vector<float>{1})), Error);
  Model sigmoids{Dense(3, sigmoid)};
  sigmoids.build({1});
  EXPECT_FALSE(takes_temperature(sigmoids, Dataset::classification(std::vector<float>{1}, {1}, std::vector{2}, 3)));
  EXPECT_THROW(apply_temperature(model, 0), Error);
  EXPECT_THROW(apply_temperature(model, NAN), Error);
}

}  // namespace
}  // namespace pellucid
