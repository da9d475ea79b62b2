// The setting metric: what it decides, what it leaves alone, what the result says; and metrics by name.
// Not here: the metrics themselves (metrics/metrics_test.cc), the lines of the result (cli/metric.txt).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/evaluation.h"
#include "pellucid/recipe.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"
#include "pellucid/tune.h"
#include "recipe/build.h"
#include "support/files.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

using test::refusal;

using Settings = std::vector<std::pair<std::string, std::string>>;

Recipe recipe_of(const std::string& target, const std::string& metric, const Settings& more = {}) {
  Recipe recipe;
  recipe.data.target = {target};
  set_setting(recipe, "metric", metric, "test");
  recipe.origins["metric"] = "test";
  for (const auto& [name, value] : more) {
    set_setting(recipe, name, value, "test");
    recipe.origins[name] = "test";
  }
  return recipe;
}

Recipe resolved(const std::string& target, const std::string& metric, const Settings& more = {}) {
  return resolve(recipe_of(target, metric, more), test::rows());
}

TEST(Metric, of_probabilities_keeps_the_epoch_of_the_lowest_loss_and_smooths_no_labels) {
  for (const char* const metric : {"log_loss", "roc_auc"}) {
    const Recipe recipe = resolved("kind", metric, {{"preset", "tabular"}});
    EXPECT_EQ(setting_text(recipe, "loss"), "cross_entropy") << metric;
    EXPECT_EQ(setting_text(recipe, "best_by"), "loss");
    EXPECT_EQ(origin_of(recipe, "loss"), std::string("metric ") + metric);
    EXPECT_EQ(origin_of(recipe, "best_by"), std::string("metric ") + metric);
    EXPECT_EQ(make_fit_options(recipe).loss->parameter(), 0);
  }
  const Recipe accuracy = resolved("kind", "accuracy", {{"preset", "tabular"}});
  EXPECT_EQ(make_fit_options(accuracy).loss->parameter(), 0.1);  // as the preset says
  EXPECT_EQ(setting_text(accuracy, "best_by"), "score");
  EXPECT_EQ(setting_text(resolved("kind", "accuracy", {{"preset", "plain"}}), "best_by"), "score");
}

TEST(Metric, of_numbers_decides_the_loss_and_the_best_epoch) {
  const Recipe mae = resolved("price", "mae");
  EXPECT_EQ(setting_text(mae, "loss"), "mae");
  EXPECT_EQ(setting_text(mae, "best_by"), "loss");
  EXPECT_EQ(origin_of(mae, "loss"), "metric mae");
  for (const char* const metric : {"rmse", "r2"}) {
    EXPECT_EQ(setting_text(resolved("price", metric), "loss"), "mse");
    EXPECT_EQ(setting_text(resolved("price", metric), "best_by"), "score");
  }
}

TEST(Metric, leaves_what_somebody_has_set) {
  const Recipe recipe = resolved("kind", "roc_auc", {{"loss", "cross_entropy(0.2)"}, {"best_by", "score"}});
  EXPECT_EQ(make_fit_options(recipe).loss->parameter(), 0.2);
  EXPECT_EQ(setting_text(recipe, "best_by"), "score");
  EXPECT_EQ(origin_of(recipe, "best_by"), "test");
  EXPECT_EQ(setting_text(resolved("price", "mae", {{"loss", "huber"}}), "loss").substr(0, 5), "huber");
}

TEST(Metric, that_the_targets_do_not_have_is_refused) {
  const Error classes = refusal([] { resolved("price", "roc_auc"); });
  EXPECT_EQ(classes.code(), "U06");
  EXPECT_EQ(std::string(classes.what()), "`metric = roc_auc` is for classes, \"price\" is a number");
  EXPECT_EQ(classes.details().at(0), "choose: `metric = rmse` | `metric = mae` | `metric = r2`");
  EXPECT_EQ(refusal([] { resolved("kind", "mae"); }).code(), "U06");
  EXPECT_EQ(refusal([] { tune(test::rows(), recipe_of("kind", "log_loss"), *std::make_unique<TuneEvents>()); }).code(),
            "U06");
}

TEST(Metric, is_the_headline_of_the_run_and_of_its_repetitions) {
  const pellucid::Run run =
      train(test::rows().table, recipe_of("kind", "log_loss", {{"epochs", "3"}, {"repeat", "2"}}));
  ASSERT_TRUE(run.metric);
  EXPECT_EQ(run.metric->name, "log_loss");
  EXPECT_EQ(run.metric->value, run.test->targets[0].classes->log_loss);
  ASSERT_TRUE(run.metric->interval);
  EXPECT_LT(run.metric->interval->low, run.metric->value);
  EXPECT_GT(run.metric->interval->high, run.metric->value);
  ASSERT_EQ(run.repeats.size(), 2U);
  EXPECT_EQ(run.repeats[0].metric, run.metric->value);
  EXPECT_NEAR(metric_spread(run.repeats)->mean, (*run.repeats[0].metric + *run.repeats[1].metric) / 2, 1e-12);
}

TargetEvaluation yes_or_no(const std::vector<double>& p, const std::vector<std::int32_t>& truth) {
  TargetEvaluation target;
  target.class_names = {"no", "yes"};
  for (const double yes : p) {
    target.probabilities.push_back(1 - yes);
    target.probabilities.push_back(yes);
  }
  for (const std::int32_t label : truth) target.truth_labels.push_back(label);
  target.classes = score(target.class_predictions());
  return target;
}

TEST(MetricOf, worked_examples_and_their_intervals) {
  // Of 6 pairs of a yes and a no, 4 are in the right order: AUC 2/3.
  const Evaluation two{.targets = {yes_or_no({0.9, 0.4, 0.6, 0.1, 0.5}, {1, 1, 0, 0, 0})}};
  EXPECT_NEAR(metric_of(two, "roc_auc"), 4.0 / 6, 1e-15);
  // Hanley and McNeil: Q1 = A/(2 − A) = 1/2, Q2 = 2A²/(1 + A) = 8/15, A² = 4/9; variance
  // (2/9 + 1 · 1/18 + 2 · 4/45) / 6 = 0.0759; 2/3 − 1.96 · 0.2755 = 0.1266; the upper end is above 1.
  const std::optional<Interval> interval = metric_interval(two, "roc_auc", 1);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 2.0 / 3 - 1.959963984540054 * std::sqrt((2.0 / 9 + 1.0 / 18 + 8.0 / 45) / 6), 1e-12);
  EXPECT_EQ(interval->high, 1);
  EXPECT_NEAR(metric_of(two, "log_loss"),
              -(std::log(0.9) + std::log(0.4) + std::log(0.4) + std::log(0.9) + std::log(0.5)) / 5, 1e-12);
  EXPECT_EQ(metric_interval(two, "accuracy", 1)->low, two.interval(1).low);
  EXPECT_FALSE(metric_interval(two, "f1", 1));
  EXPECT_EQ(refusal([&] { metric_of(two, "mae"); }).code(), "U02");
  EXPECT_EQ(refusal([&] { metric_of(two, "aucc"); }).code(), "U11");
  const Evaluation both{.targets = {two.targets[0], yes_or_no({0.9, 0.8, 0.2, 0.1, 0.3}, {1, 1, 0, 0, 0})}};
  EXPECT_NEAR(metric_of(both, "roc_auc"), (2.0 / 3 + 1) / 2, 1e-15);
  EXPECT_FALSE(metric_interval(both, "roc_auc", 1));
  const std::optional<Interval> of_both = metric_interval(both, "log_loss", 1);
  EXPECT_LT(of_both->low, metric_of(both, "log_loss"));
  EXPECT_GT(of_both->high, metric_of(both, "log_loss"));
}

}  // namespace
}  // namespace pellucid
