// Log-scaled targets: the scale by hand, and scores in the unit of the target.
// Not here: standardised targets (preprocess_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "pellucid/table_predictor.h"
#include "pellucid/trainer.h"
#include "run/baselines.h"
#include "support/files.h"
#include "support/tables.h"

namespace pellucid {
namespace {

using test::fitted;
using test::refusal;

Preprocessor fit_rows(const std::string& csv, TargetScaling scale) {
  return fitted(read_csv(csv, "x.csv"), {.target = "y", .target_scale = scale});
}

// ln 1 = 0, ln 10 = 2.302585, ln 100 = 4.605170: mean 2.302585, deviation 2.302585·√(2/3).
TEST(TargetScale, a_log_scaled_target_is_its_standardised_logarithm) {
  const Preprocessor p = fit_rows("x,y\n1,1.0\n2,10.0\n3,100.0\n", TargetScaling::log);
  EXPECT_EQ(p.targets[0].shift, 0);
  EXPECT_NEAR(p.targets[0].mean, 2.302585092994046, 1e-15);
  EXPECT_NEAR(p.targets[0].deviation, 2.302585092994046 * std::sqrt(2.0 / 3), 1e-15);
  EXPECT_NEAR(p.targets[0].for_net(10), 0, 1e-15);
  EXPECT_NEAR(p.targets[0].for_net(100), std::sqrt(1.5), 1e-15);
  EXPECT_NEAR(p.targets[0].of_net(std::sqrt(1.5)), 100, 1e-12);
  EXPECT_EQ(p.targets[0].low, 1);
  EXPECT_EQ(p.targets[0].high, 100);
}

TEST(TargetScale, one_is_added_if_a_target_is_0) {
  const Preprocessor p = fit_rows("x,y\n1,0\n2,1.5\n3,99\n", TargetScaling::log);
  EXPECT_EQ(p.targets[0].shift, 1);
  EXPECT_NEAR(p.targets[0].of_net(p.targets[0].for_net(0)), 0, 1e-14);
  EXPECT_NEAR(p.targets[0].of_net(p.targets[0].for_net(1.5)), 1.5, 1e-14);
}

TEST(TargetScale, a_huge_output_gives_a_finite_prediction) {
  EXPECT_TRUE(std::isfinite(fit_rows("x,y\n1,1.0\n2,10.0\n3,100.0\n", TargetScaling::log).targets[0].of_net(1e6)));
}

TEST(TargetScale, negative_targets_are_refused) {
  const Error below = refusal([] { fit_rows("x,y\n1,-0.5\n2,1\n3,2\n", TargetScaling::log); });
  EXPECT_EQ(below.code(), "U12");
  EXPECT_STREQ(below.what(), "`target_scale = log` needs targets ≥ 0; the smallest \"y\" is -0.5");
  const Preprocessor p = fit_rows("x,y\n1,1.5\n2,10\n3,100\n", TargetScaling::log);
  const Error later = refusal([&] { p.transform(read_csv("x,y\n1,2\n2,-3\n", "new.csv")); });
  EXPECT_EQ(later.code(), "D15");
  EXPECT_EQ(std::string(later.what()).find("new.csv:3, column \"y\": -3"), 0u) << later.what();
}

TEST(TargetScale, is_read_back_from_a_model_file) {
  const Preprocessor p = fit_rows("x,y\n1,0\n2,1.5\n3,99\n", TargetScaling::log),
                     q = Preprocessor::from_json(p.to_json());
  EXPECT_EQ(q.to_json(), p.to_json());
  EXPECT_EQ(q.targets[0].of_net(0.7), p.targets[0].of_net(0.7));
  const auto plain = nlohmann::json::parse(fit_rows("x,y\n1,0\n2,1.5\n3,99\n", TargetScaling::standard).to_json());
  EXPECT_FALSE(plain.contains("target_shift"));
}

// The targets are 1, 10 and 100: mean 37.
TEST(TargetScale, clamped_predictions_stay_in_the_range_of_the_training_rows) {
  for (const TargetScaling scale : {TargetScaling::standard, TargetScaling::log}) {
    const Preprocessor p = fitted(read_csv("x,y\n1,1.0\n2,10.0\n3,100.0\n", "x.csv"),
                                  {.target = "y", .target_scale = scale, .clamp = true});
    const FittedTarget& target = p.targets[0];
    EXPECT_EQ(target.prediction(50), 100);
    EXPECT_EQ(target.prediction(-50), 1);
    EXPECT_EQ(target.prediction(0.1), target.of_net(0.1));
    EXPECT_GT(target.of_net(50), 100);  // a true value may be outside
    const Preprocessor q = Preprocessor::from_json(p.to_json());
    EXPECT_EQ(q.to_json(), p.to_json());
    EXPECT_EQ(q.targets[0].prediction(50), 100);
    auto damaged = nlohmann::json::parse(p.to_json());
    damaged["target_low"] = 200;
    EXPECT_EQ(refusal([&] { Preprocessor::from_json(damaged.dump()); }).code(), "D21");
    damaged["target_low"] = 1;
    damaged["target_clamped"] = 1;
    EXPECT_EQ(refusal([&] { Preprocessor::from_json(damaged.dump()); }).code(), "D21");
  }
  const auto usual = nlohmann::json::parse(fit_rows("x,y\n1,0\n2,1.5\n3,99\n", TargetScaling::standard).to_json());
  EXPECT_FALSE(usual.contains("target_clamped"));
}

// A linear net with slope 1 on rows 1 … 3, asked about the rows -9 … 13.
TEST(TargetScale, scores_are_those_of_clamped_predictions) {
  Model model{Dense{1}};
  const Split parts = split(read_csv("x,y\n1,1.0\n2,2.5\n3,3.0\n1,1.0\n2,2.5\n3,3.0\n"),
                            {.target = "y", .validation = 0, .test = 0, .preprocess = {.clamp = true}});
  model.build(parts.train.row_shape());
  model.parameter("dense1.weight").data()[0] = 1;
  model.preprocessor = parts.preprocessor;
  const Table far = read_csv("x,y\n-9,0.0\n13,5.0\n");
  const Evaluation evaluation = evaluate(model, parts.preprocessor.transform(far));
  ASSERT_EQ(evaluation.targets[0].predicted_values, (std::vector<double>{1, 3}));
  EXPECT_EQ(evaluation.targets[0].truth_values, (std::vector<double>{0, 5}));
  EXPECT_NEAR(evaluation.score(), std::sqrt(2.5), 1e-12);  // the errors are 1 and 2
  TablePredictor predictor(model);
  EXPECT_EQ(predictor.predict(far)[0].values, (std::vector<double>{1, 3}));
}

// y = 3·2^x, which is a straight line on the log scale.
Split doubling(TargetScaling scale) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 200; ++i) csv += std::to_string(i % 11) + "," + std::to_string(3 * (1 << (i % 11))) + ".0\n";
  return split(read_csv(csv), {.target = "y", .preprocess = {.task = Task::regression, .target_scale = scale}});
}

TEST(TargetScale, scores_during_training_and_of_evaluate_are_in_the_unit_of_the_target) {
  const Split parts = doubling(TargetScaling::log);
  Model model{Dense{1}};
  FitOptions options;
  options.epochs = 3;
  options.keep_best = false;
  options.patience = 0;
  const History history = fit(model, parts, options);
  const Evaluation seen = evaluate(model, parts.validation);
  EXPECT_NEAR(history.epochs.back().validation_score, seen.score(), 1e-9 * seen.score());
  EXPECT_GT(seen.score(), 1);
  for (std::int64_t r = 0; r < parts.validation.rows(); ++r) {
    const std::int64_t x = parts.validation.indices()[r] % 11;
    EXPECT_NEAR(seen.targets[0].truth_values[r], 3 << x, 1e-9 * (3 << x));
  }
}

TEST(TargetScale, exponential_growth_is_learned_by_a_linear_model) {
  const auto rmse = [](TargetScaling scale) {
    const Split parts = doubling(scale);
    Model model{Dense{1}};
    FitOptions options;
    options.epochs = 300;
    options.optimizer = Adam{.learning_rate = 0.05};
    fit(model, parts, options);
    return evaluate(model, parts.test).score();
  };
  EXPECT_LT(rmse(TargetScaling::log), 20);
  EXPECT_GT(rmse(TargetScaling::standard), 300);
}

TEST(TargetScale, the_constant_baseline_is_the_mean_of_the_targets_not_of_their_logarithms) {
  const Baselines by_log = constant_baseline(constant_evaluation(doubling(TargetScaling::log))),
                  plain = constant_baseline(constant_evaluation(doubling(TargetScaling::standard)));
  EXPECT_NEAR(by_log.constant, plain.constant, 1e-9 * plain.constant);
  EXPECT_EQ(by_log.constant_answers, plain.constant_answers);
}

TEST(TargetScale, a_skewed_target_is_noted_and_a_symmetric_one_is_not) {
  const auto notes = [](const Split& parts) {
    return std::count_if(parts.notes.begin(), parts.notes.end(),
                         [](auto& n) { return n.code == "D32" && n.columns == std::vector<std::string>{"y"}; });
  };
  EXPECT_EQ(notes(doubling(TargetScaling::standard)), 1);
  EXPECT_EQ(notes(doubling(TargetScaling::log)), 0);
  std::string csv = "x,y\n", below = csv;
  for (int i = 0; i < 200; ++i) {
    csv += std::to_string(i % 11) + "," + std::to_string(i % 23) + ".5\n";
    below += std::to_string(i % 11) + "," + std::to_string((3 << i % 11) - 100) + ".5\n";
  }
  EXPECT_EQ(notes(split(read_csv(csv), {.target = "y"})), 0);
  EXPECT_EQ(notes(split(read_csv(below), {.target = "y"})), 0);  // some targets are negative
}

}  // namespace
}  // namespace pellucid
