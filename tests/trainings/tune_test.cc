// Successive halving, the significance of gains, and the search itself.
// Not here: the command (tests/cli/tune.txt).
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <functional>

#include "pellucid/tune.h"
#include "support/files.h"

namespace pellucid {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::pair<std::int64_t, std::int64_t>> rungs(std::int64_t trials, std::int64_t epochs) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const Rung& rung : halving_rungs(trials, epochs)) pairs.emplace_back(rung.trials, rung.epochs);
  return pairs;
}

TEST(Halving, the_best_third_continues_with_three_times_the_epochs) {
  using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;
  EXPECT_EQ(rungs(27, 81), (Pairs{{27, 9}, {9, 27}, {3, 81}}));
  EXPECT_EQ(rungs(10, 100), (Pairs{{10, 11}, {4, 33}, {2, 100}}));
  EXPECT_EQ(rungs(8, 30), (Pairs{{8, 10}, {3, 30}}));
  EXPECT_EQ(rungs(2, 30), (Pairs{{2, 30}}));
  EXPECT_EQ(rungs(9, 4), (Pairs{{9, 1}, {3, 1}, {1, 4}}));
}

TEST(Halving, trials_are_ranked_by_score_then_loss_then_number_and_diverged_ones_are_last) {
  const TrialScore scores[] = {{0.8, 0.5}, {nan, nan}, {0.9, 0.4}, {0.9, 0.3}, {0.8, 0.5}};
  EXPECT_EQ(best_trials(scores, 9, true), (std::vector<std::size_t>{3, 2, 0, 4, 1}));
  EXPECT_EQ(best_trials(scores, 2, true), (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(best_trials(scores, 3, false), (std::vector<std::size_t>{0, 4, 3}));
}

Evaluation numbers(const std::vector<double>& predicted) {
  TargetEvaluation e;
  e.truth_values.resize(predicted.size());
  e.predicted_values.assign(predicted.begin(), predicted.end());
  e.values = score(e.value_predictions());
  return {{e}};
}

Evaluation classes(const std::vector<int>& right) {
  TargetEvaluation e;
  e.class_names = {"no", "yes"};
  for (const int one : right) {
    e.truth_labels.push_back(1);
    e.probabilities.insert(e.probabilities.end(), {one != 0 ? 0.1 : 0.9, one != 0 ? 0.9 : 0.1});
  }
  e.classes = score(e.class_predictions());
  return {{e}};
}

// Errors of four rows with two seeds: the gains of the seeds are 0.25 and 0.75, so their mean has variance 0.0625; the
// gains of the rows are 1, 1, 0, 0, so their mean has variance 1/12; t with one degree of freedom is 12.706.
TEST(TuneGain, includes_the_noise_of_seeds_and_of_rows) {
  const Evaluation standard[] = {classes({0, 0, 1, 1}), classes({0, 0, 0, 1})};
  const Evaluation candidate[] = {classes({1, 1, 0, 1}), classes({1, 1, 1, 1})};
  const TuneGain gain = gain_over(standard, candidate);
  EXPECT_DOUBLE_EQ(gain.standard, 0.375);
  EXPECT_DOUBLE_EQ(gain.candidate, 0.875);
  EXPECT_DOUBLE_EQ(gain.gain, 0.5);
  EXPECT_NEAR(gain.interval.high - gain.gain, 12.706 * std::sqrt(0.0625 + 1.0 / 12), 1e-12);
  EXPECT_FALSE(gain.is_beyond_noise());
}

TEST(TuneGain, of_an_rmse_is_in_the_unit_of_the_rmse) {
  const Evaluation standard[] = {numbers({4, -4, 4, -4}), numbers({4, 4, 4, 4})};
  const Evaluation candidate[] = {numbers({3, 3, -3, 3}), numbers({3, 3, 3, 3})};
  const TuneGain gain = gain_over(standard, candidate);
  EXPECT_DOUBLE_EQ(gain.gain, 1);
  EXPECT_DOUBLE_EQ(gain.interval.low, 1);  // the gain is the same for all seeds and rows
  EXPECT_TRUE(gain.is_beyond_noise());
  EXPECT_FALSE(gain_over(candidate, standard).is_beyond_noise());
}

TEST(TuneGain, of_trainings_with_different_rows_is_refused) {
  const Evaluation two[] = {numbers({1, 2}), numbers({1, 2})}, other[] = {numbers({1, 2}), numbers({1, 2, 3})};
  EXPECT_EQ(test::refusal([&] { gain_over(two, other); }).code(), "U20");
  EXPECT_EQ(test::refusal([&] { gain_over({two, 1}, {two, 1}); }).code(), "U20");
}

// 120 rows of two numbers; the class says whether the first is larger.
TrainTable two_classes() {
  std::string csv = "a,b,kind\n";
  for (int i = 0; i < 120; ++i) {
    const int a = i % 17, b = i * 7 % 23;
    csv += std::to_string(a) + "," + std::to_string(b) + (a > b ? ",more\n" : ",less\n");
  }
  return {read_csv(csv), 0, "two.csv"};
}

Recipe short_recipe() {
  Recipe recipe;
  recipe.data.target = {"kind"};
  recipe.model.preset = Preset::plain;
  recipe.training.epochs = 4;
  return recipe;
}

struct Told : TuneEvents {
  void on_plan(const TuneResult& plan) override { text += "plan " + std::to_string(plan.rounds.size()) + "; "; }
  void on_trial(const TrialResult& result, const Recipe& recipe, const Recipe& trained) override {
    text += std::to_string(result.trial.number) + " for " + std::to_string(result.epochs) + "; ";
    EXPECT_EQ(recipe.training.epochs, 4);
    EXPECT_EQ(trained.training.epochs, result.epochs);
    if (stop_at == result.trial.number) stop = true;
  }
  void on_winner(const TuneResult& result) override { text += result.gain ? "too early" : "winner"; }
  std::string text;
  std::atomic<bool> stop{false};
  std::int64_t stop_at = -1;
};

TEST(Tune, reports_plan_trainings_and_winner_and_is_independent_of_threads) {
  std::vector<TuneResult> results;
  for (const std::int64_t threads : {1, 2, 3, 7}) {
    Told told;
    Recipe recipe = short_recipe();
    recipe.training.threads = threads;
    results.push_back(tune(two_classes(), recipe, told, {.trials = 3}));
    EXPECT_TRUE(told.text.starts_with("plan 2; 0 for 4; 1 for 1; 2 for 1; 3 for 1; ")) << told.text;
    EXPECT_TRUE(told.text.ends_with("for 4; winner")) << told.text;
  }
  for (const TuneResult& result : results) {
    ASSERT_EQ(result.trainings.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(result.trainings[i].trial.text(), results[0].trainings[i].trial.text());
      EXPECT_EQ(result.trainings[i].score.loss, results[0].trainings[i].score.loss);
    }
    EXPECT_EQ(setting_text(result.recipe, "hidden"), result.winner.trial.hidden_text());
  }
}

TEST(Tune, settings_given_in_the_recipe_are_not_varied) {
  Told told;
  Recipe recipe = short_recipe();
  recipe.model.hidden = {5};
  recipe.training.learning_rate = 0.25;
  for (const TrialResult& result : tune(two_classes(), recipe, told, {.trials = 3}).trainings) {
    EXPECT_EQ(result.trial.hidden_text(), "5");
    EXPECT_EQ(result.trial.learning_rate, 0.25);
  }
}

TEST(Tune, when_cancelled_ends_early_and_keeps_the_best_trial) {
  Told told;
  told.stop_at = 0;
  Recipe recipe = short_recipe();
  recipe.training.threads = 1;
  const TuneResult result = tune(two_classes(), recipe, told, {.trials = 3, .cancel = &told.stop});
  EXPECT_EQ(result.trainings.size(), 1u);
  EXPECT_EQ(result.winner.trial.number, 0);
  EXPECT_FALSE(result.gain.has_value());
}

TEST(Tune, a_dry_run_trains_nothing) {
  Told told;
  EXPECT_TRUE(tune(two_classes(), short_recipe(), told, {.dry_run = true}).trainings.empty());
  EXPECT_EQ(told.text, "plan 3; ");
}

TEST(Tune, recipes_that_cannot_be_tuned_are_refused) {
  const auto code = [](const std::function<void(Recipe&)>& change, const TuneOptions& options) {
    return test::refusal([&] {
             Told told;
             Recipe recipe = short_recipe();
             change(recipe);
             tune(two_classes(), recipe, told, options);
           })
        .code();
  };
  EXPECT_EQ(code([](Recipe& r) { r.training.folds = 5; }, {}), "U06");
  EXPECT_EQ(code([](Recipe& r) { r.run.resume = "runs/one"; }, {}), "U06");
  EXPECT_EQ(code([](Recipe& r) { r.data.val_split = 0; }, {}), "U06");
  EXPECT_EQ(code([](Recipe&) {}, {.trials = 0}), "U12");
}

}  // namespace
}  // namespace pellucid
