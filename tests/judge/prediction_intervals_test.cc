// Prediction intervals and sets of models: their scores, worked by hand, their coverage, and when there are none.
// Not here: quantiles of scores (metrics/conformal_scores_test.cc), what the program prints (cli/interval.txt).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pellucid/layers.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/run.h"
#include "pellucid/temperature.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

std::string rows(int count = 120) {
  std::string csv = "x,z,price,cost,kind,rain,frost\n";
  for (int r = 0; r < count; ++r) {
    const int x = r * 37 % 101, z = r * 11 % 13;
    csv += std::to_string(x) + "," + std::to_string(z) + "," + std::to_string(1000.5 + x + 7 * (r % 5)) + "," +
           std::to_string(2.5 * std::exp(0.3 * z + 0.1 * (r % 3))) +
           (x > 60  ? ",red"
            : z > 6 ? ",green"
                    : ",blue") +
           (x + r % 40 > 50 ? ",yes" : ",no") + (z > 4 ? ",yes\n" : ",no\n");
  }
  return csv;
}

Split split_for(const ColumnNames& target, TargetScaling scale = TargetScaling::standard) {
  const std::vector<std::string> all = {"price", "cost", "kind", "rain", "frost"};
  PreprocessOptions how{.target_scale = scale};
  for (const std::string& column : all)
    if (std::ranges::find(target.list(), column) == target.list().end()) how.drop.push_back(column);
  return split(read_csv(rows()), {.target = target, .validation = 0.3, .test = 0.3, .preprocess = how});
}

// The k-th smallest, from 1.
double of_rank(std::vector<double> values, std::size_t k) {
  std::ranges::sort(values);
  return values[k - 1];
}

TEST(PredictionIntervals, of_a_number_are_the_prediction_plus_or_minus_the_quantile_of_its_errors) {
  const Split parts = split_for("price");
  Model model{Dense{1}};
  fit(model, parts, {.epochs = 5});
  EXPECT_TRUE(model.conformal.empty());
  fit_intervals(model, parts.validation, 1);
  const Evaluation seen = evaluate(model, parts.validation);
  std::vector<double> errors;
  for (std::size_t r = 0; r < 36; ++r)
    errors.push_back(std::abs(seen.targets[0].truth_values[r] - seen.targets[0].predicted_values[r]));
  ASSERT_EQ(model.conformal.at(0).rows(), 36);
  const double quantile = of_rank(errors, 34);  // ⌈37 · 0.9⌉
  const PredictionIntervals intervals(model, 0.9);
  for (const double prediction : {1000.0, 1050.25, -3.0}) {
    const Interval found = intervals.of(0, prediction);
    EXPECT_NEAR(found.low, prediction - quantile, 1e-9);
    EXPECT_NEAR(found.high, prediction + quantile, 1e-9);
  }
  const std::vector<IntervalCoverage> on_validation = interval_coverage(model, seen, 0.9);
  EXPECT_NEAR(on_validation.at(0).coverage, 34.0 / 36, 1.01 / 36);  // up to the row that is the quantile
  EXPECT_NEAR(on_validation[0].mean_size, 2 * quantile, 1e-9);
  EXPECT_EQ(on_validation[0].validation_rows, 36);
}

TEST(PredictionIntervals, of_a_log_target_are_made_of_logarithms) {
  const Split parts = split_for("cost", TargetScaling::log);
  Model model{Dense{1}};
  fit(model, parts, {.epochs = 5});
  fit_intervals(model, parts.validation);
  const Evaluation seen = evaluate(model, parts.validation);
  std::vector<double> errors;
  for (std::size_t r = 0; r < 36; ++r)
    errors.push_back(std::abs(std::log(seen.targets[0].truth_values[r] / seen.targets[0].predicted_values[r])));
  const double factor = std::exp(of_rank(errors, 30));  // ⌈37 · 0.8⌉
  const Interval found = PredictionIntervals(model, 0.8).of(0, 20);
  EXPECT_NEAR(found.low, 20 / factor, 1e-6);
  EXPECT_NEAR(found.high, 20 * factor, 1e-5);
}

TEST(PredictionIntervals, contain_the_prediction_even_if_no_row_was_wrong) {
  Model model{Dense{1}};
  const Split parts = split_for("cost", TargetScaling::log);
  fit(model, parts, {.epochs = 1});
  model.conformal.emplace_back(std::vector<double>(20));
  const PredictionIntervals intervals(model, 0.5);
  for (double prediction = 0.1; prediction < 1e5; prediction *= 1.37) {
    const Interval found = intervals.of(0, prediction);
    EXPECT_LE(found.low, prediction);
    EXPECT_GE(found.high, prediction);
    EXPECT_LT(found.high - found.low, 1e-12 * prediction);
  }
}

TEST(PredictionSets, hold_the_classes_whose_probability_is_high_enough_and_the_predicted_one) {
  const Split parts = split_for("kind");
  Model model{Dense{3, softmax}};
  fit(model, parts, {.epochs = 20});
  fit_intervals(model, parts.validation);
  const Evaluation seen = evaluate(model, parts.validation);
  std::vector<double> scores;
  for (std::int64_t r = 0; r < 36; ++r)
    scores.push_back(1 - seen.targets[0].probabilities_of(
                             r)[static_cast<std::size_t>(seen.targets[0].truth_labels[static_cast<std::size_t>(r)])]);
  const double quantile = of_rank(scores, 34);
  const PredictionIntervals sets(model, 0.9);
  const double likely = 1 - quantile + 1e-6, unlikely = 1 - quantile - 1e-6;
  const std::vector<double> p = {likely, unlikely, 1 - likely - unlikely};
  EXPECT_TRUE(sets.contains(0, p, 0));
  EXPECT_EQ(sets.contains(0, p, 1), argmax(p) == 1);
  // Nothing is likely enough for this low level but the prediction itself.
  EXPECT_TRUE(PredictionIntervals(model, 0.03).contains(0, std::vector<double>{0.3, 0.36, 0.34}, 1));
  EXPECT_FALSE(PredictionIntervals(model, 0.03).contains(0, std::vector<double>{0.3, 0.36, 0.34}, 2));
  const IntervalCoverage all = interval_coverage(model, seen, 0.97).at(0);  // the largest score
  EXPECT_EQ(all.coverage, 1);
  EXPECT_GE(all.mean_size, 1);
  EXPECT_LE(all.mean_size, 3);
}

TEST(PredictionSets, contain_the_class_that_the_decision_threshold_predicts) {
  const Split parts = split_for("rain");
  Model model{Dense{1, sigmoid}};
  fit(model, parts, {.epochs = 1});
  model.conformal.emplace_back(std::vector<double>(20, 0.1));  // probabilities above 0.9
  model.threshold = 0.2;
  const std::vector<double> p = {0.7, 0.3};
  EXPECT_TRUE(PredictionIntervals(model, 0.9).contains(0, p, 1));
  EXPECT_FALSE(PredictionIntervals(model, 0.9).contains(0, p, 0));
}

TEST(PredictionIntervals, are_made_for_each_target_in_the_order_of_the_evaluation) {
  const Split numbers = split_for({"price", "cost"});
  Model heads;
  heads.add(Dense{4, tanh}, "trunk").add(Dense{1}, "a", {"trunk"}).add(Dense{1}, "b", {"trunk"});
  heads.set_heads({{.layer = "a", .target = "cost"}, {.layer = "b", .target = "price"}});
  fit(heads, numbers, {.epochs = 3});
  fit_intervals(heads, numbers.validation);
  const Evaluation seen = evaluate(heads, numbers.validation);
  const std::vector<IntervalCoverage> found = interval_coverage(heads, seen, 0.9);
  ASSERT_EQ(found.size(), 2U);
  for (std::size_t t = 0; t < 2; ++t) {
    const TargetEvaluation& target = seen.targets[t];
    std::vector<double> errors;
    for (std::size_t r = 0; r < 36; ++r)
      errors.push_back(std::abs(target.truth_values[r] - target.predicted_values[r]));
    EXPECT_NEAR(found[t].mean_size, 2 * of_rank(errors, 34), 1e-6) << target.name;
  }
  const Split questions = split_for({"rain", "frost"});
  Model sigmoids{Dense{2, sigmoid}};
  fit(sigmoids, questions, {.epochs = 3});
  fit_intervals(sigmoids, questions.validation);
  EXPECT_EQ(interval_coverage(sigmoids, evaluate(sigmoids, questions.test), 0.9).size(), 2U);
}

TEST(PredictionIntervals, are_the_same_for_any_number_of_threads_and_from_given_outputs) {
  const Split parts = split_for("price");
  Model model{Dense{8, relu}, Dense{1}};
  fit(model, parts, {.epochs = 3});
  fit_intervals(model, parts.validation, 1);
  const std::vector<ConformalScores> alone = model.conformal;
  for (const std::int64_t threads : {2, 3, 7}) {
    fit_intervals(model, parts.validation, threads);
    EXPECT_EQ(model.conformal, alone);
  }
  const Tensor<float> outputs = model.predict(parts.validation);
  model.conformal.clear();
  fit_intervals(model, parts.validation, outputs.view());
  EXPECT_EQ(model.conformal, alone);
  EXPECT_EQ(refusal([&] { fit_intervals(model, parts.test.subset({}), outputs.view()); }).code(), "D17");
  EXPECT_EQ(refusal([&] { fit_intervals(model, parts.train, outputs.view()); }).code(), "U20");
}

TEST(PredictionIntervals, are_saved_with_the_model_and_end_when_it_changes) {
  const Split parts = split_for("kind");
  Model model{Dense{3, softmax}};
  fit(model, parts, {.epochs = 3});
  const std::size_t without = model.to_bytes().size();
  fit_intervals(model, parts.validation);
  const Model back = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(back.conformal, model.conformal);
  EXPECT_EQ(back.to_bytes(), model.to_bytes());
  EXPECT_LT(model.to_bytes().size(), without + 36 * 22 + 100);
  EXPECT_EQ(model.as<double>().conformal, model.conformal);
  EXPECT_EQ(model.up_to("dense1").conformal, model.conformal);
  Model cooler = model, shorter = model, again = model;
  apply_temperature(cooler, 2);
  shorter.pop();
  fit(again, parts, {.epochs = 1});
  for (const Model* const changed : {&cooler, &shorter, &again}) EXPECT_TRUE(changed->conformal.empty());
}

TEST(PredictionIntervals, that_the_model_cannot_give_are_refused_with_a_way_out) {
  const Split parts = split_for("price");
  Model model{Dense{1}};
  fit(model, parts, {.epochs = 1});
  const auto code = [&](double level) { return refusal([&] { PredictionIntervals(model, level); }).code(); };
  EXPECT_EQ(code(0.9), "D43");  // none
  fit_intervals(model, parts.validation);
  const Error high = refusal([&] { PredictionIntervals(model, 0.99); });
  EXPECT_EQ(high.code(), "D43");
  EXPECT_EQ(std::string(high.what()), "intervals of 99 % need 99 validation rows, and the model was trained with 36");
  EXPECT_EQ(high.details().at(0), "`interval = 0.972` is the highest level of this model");
  EXPECT_NO_THROW(PredictionIntervals(model, 0.972));
  for (const double level : {0.0, 1.0, 90.0, -1.0, std::nan("")}) EXPECT_EQ(code(level), "U12") << level;
  Model plain{Dense{1}};
  plain.build({2});
  EXPECT_EQ(refusal([&] { PredictionIntervals(plain, 0.9); }).code(), "U20");
}

TEST(PredictionIntervals, are_made_by_train_from_its_validation_rows_and_judged_on_its_test_rows) {
  const auto trained = [](double val_split) {
    Recipe recipe;
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"target", "price"}, {"drop", "cost,kind,rain,frost"}, {"epochs", "5"}, {"hidden", "4"}})
      set_setting(recipe, name, value, "test");
    recipe.data.val_split = val_split;
    recipe.data.test_split = 0.4;
    return train(read_csv(rows(400)), recipe);
  };
  const pellucid::Run run = trained(0.3);
  ASSERT_EQ(run.intervals.size(), 1U);
  EXPECT_EQ(run.intervals[0].validation_rows, run.validation_rows);
  EXPECT_NEAR(run.intervals[0].coverage, 0.9, 0.1);
  EXPECT_EQ(run.intervals[0].mean_size, interval_coverage(run.model, *run.test, 0.9)[0].mean_size);
  EXPECT_TRUE(trained(0).model.conformal.empty());
  EXPECT_TRUE(trained(0).intervals.empty());
}

}  // namespace
}  // namespace pellucid
