// Models with several targets: training, evaluation with hand-computed numbers, gradient checks, reproducibility.
// Not here: what is learned about the targets (targets_test.cc), one target (training_test.cc), the program
// (cli/targets.txt).
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "pellucid/pellucid.h"
#include "run/baselines.h"
#include "support/files.h"
#include "support/targets.h"

namespace pellucid {
namespace {

using test::four_answers;
using test::four_rows;
using test::passes_on;
using test::refusal;
using Names = std::vector<std::string>;

std::string table_text(int rows) {
  std::string csv = "a,b,heat,cold,dry,warm\n";
  Random random({.seed = 5});
  for (int i = 0; i < rows; ++i) {
    const double a = random.uniform(), b = random.uniform();
    std::ostringstream line;
    line << a << "," << b << "," << 3 * a + b + 0.01 << "," << 1000 * (b * b + 0.01) << ","
         << (a + b > 1 ? "yes" : "no") << "," << (a > 0.5 ? 1 : 0) << "\n";
    csv += line.str();
  }
  return csv;
}

const PreprocessOptions of_numbers{.target = {"heat", "cold"}, .drop = {"dry", "warm"}};
const PreprocessOptions of_answers{.target = {"dry", "warm"}, .drop = {"heat", "cold"}};

Split parts_of(const PreprocessOptions& options, int rows = 300) {
  return split(read_csv(table_text(rows)), {.preprocess = options});
}

FitOptions short_fit() {
  FitOptions options;
  options.epochs = 12;
  options.patience = 0;
  options.optimizer = Adam{.learning_rate = 0.01};
  return options;
}

TEST(SeveralTargets, numbers_use_mse_and_answers_use_binary_cross_entropy) {
  const Split numbers = parts_of(of_numbers), answers = parts_of(of_answers);
  Model values{Dense{16, relu}, Dense{2}}, says{Dense{16, relu}, Dense{2, sigmoid}};
  fit(values, numbers, short_fit());
  fit(says, answers, short_fit());
  EXPECT_EQ(values.training->loss, "mse");
  EXPECT_EQ(says.training->loss, "binary_cross_entropy");
  EXPECT_GT(evaluate(values, numbers.test).score(), 0.9);
  EXPECT_GT(evaluate(says, answers.test).score(), 0.85);
}

TEST(SeveralTargets, training_gives_the_same_bits_with_any_number_of_threads) {
  for (const PreprocessOptions& options : {of_numbers, of_answers}) {
    const Split parts = parts_of(options, 2000);
    const auto bytes = [&](std::int64_t threads) {
      Model model{Dense{300, relu}, Dense{2, options.target.list()[0] == "dry" ? sigmoid : linear}};
      FitOptions fast = short_fit();
      fast.epochs = 2;
      fast.batch_size = 512;
      fast.threads = threads;
      fast.best_by = BestBy::score;
      fit(model, parts, fast);
      return model.to_bytes();
    };
    const std::string alone = bytes(1);
    for (const std::int64_t threads : {2, 3}) EXPECT_EQ(bytes(threads), alone) << threads;
  }
}

TEST(SeveralTargets, gradients_agree_with_differences_of_the_loss) {
  for (const PreprocessOptions& options : {of_numbers, of_answers}) {
    const Split parts = parts_of(options);
    const bool classes = parts.preprocessor.is_classification();
    BasicModel<double> model{Dense{6, tanh}, Dense{2, classes ? sigmoid : linear}};
    model.build(parts.train.row_shape(), 3);
    for (const GradientVerdict& v : check_gradients(model, parts.test, default_loss(model, parts.test))) {
      EXPECT_TRUE(v.ok) << v.name << " " << v.relative_error;
      EXPECT_GT(v.analytic_norm, 0) << v.name;
    }
  }
}

TEST(SeveralTargets, scores_of_epochs_equal_those_of_evaluate) {
  PreprocessOptions by_log = of_numbers;
  by_log.target_scale = TargetScaling::log;
  for (const PreprocessOptions& options : {of_numbers, by_log, of_answers}) {
    const Split parts = parts_of(options);
    Model model{Dense{8, relu}, Dense{2, parts.preprocessor.is_classification() ? sigmoid : linear}};
    FitOptions fast = short_fit();
    fast.epochs = 3;
    fast.keep_best = false;
    const History history = fit(model, parts, fast);
    EXPECT_NEAR(history.epochs.back().validation_score, evaluate(model, parts.validation).score(), 1e-6);
  }
}

TEST(SeveralTargets, the_best_epoch_by_score_has_the_highest_mean_score) {
  const Split parts = parts_of(of_numbers);
  Model model{Dense{8, relu}, Dense{2}};
  FitOptions options = short_fit();
  options.best_by = BestBy::score;
  options.optimizer = Adam{.learning_rate = 0.2};  // large enough that the last epoch is not the best
  const History history = fit(model, parts, options);
  double highest = -1e9;
  for (const EpochRecord& epoch : history.epochs) highest = std::max(highest, epoch.validation_score);
  EXPECT_NEAR(evaluate(model, parts.validation).score(), highest, 1e-6);
}

TEST(SeveralTargets, of_numbers_are_evaluated_by_their_mean_r2) {
  const Evaluation e = four_rows();
  ASSERT_EQ(e.targets.size(), 2u);
  EXPECT_EQ(e.kind(), ScoreKind::r2);
  EXPECT_DOUBLE_EQ(e.targets[0].values->rmse, 1);
  EXPECT_DOUBLE_EQ(e.targets[0].values->r2, 0.8);
  EXPECT_DOUBLE_EQ(e.targets[1].values->rmse, std::sqrt(50.0));
  EXPECT_DOUBLE_EQ(e.targets[1].values->r2, 0.5);
  EXPECT_DOUBLE_EQ(e.score(), 0.65);
  const std::vector<double> errors = e.row_errors();
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_DOUBLE_EQ(errors[0], 0.1);
  EXPECT_DOUBLE_EQ(errors[1], 0.6);
  const Interval interval = e.interval(42);
  EXPECT_LT(interval.low, 0.65);
  EXPECT_GT(interval.high, 0.65);
  std::ostringstream text;
  text << e;
  EXPECT_EQ(text.str(),
            "R² 0.6500, the mean of 2 targets\n0: RMSE 1 · MAE 1 · R² 0.8000 · 4 rows\n"
            "1: RMSE 7.071 · MAE 5 · R² 0.5000 · 4 rows\n");
}

TEST(SeveralTargets, the_interval_is_a_bootstrap_over_rows) {
  const std::vector<double> truth{0, 2, 4, 6, 9}, said{1, 2, 3, 7, 8}, same{0.25, 0.25, 0.25}, unlike{1, 2};
  const ValuePredictions one{truth, said};
  const Interval alone = bootstrap_r2({&one, 1}, 7);
  const std::vector<ValuePredictions> twice{one, one};
  EXPECT_DOUBLE_EQ(bootstrap_r2(twice, 7).low, alone.low);  // the mean of equal targets is that of one
  EXPECT_DOUBLE_EQ(bootstrap_r2(twice, 7).high, alone.high);
  EXPECT_LT(alone.low, alone.high);
  EXPECT_LE(alone.high, 1);
  EXPECT_EQ(bootstrap_mean(same, 7).low, 0.25);
  EXPECT_EQ(bootstrap_mean(same, 7).high, 0.25);
  const std::vector<ValuePredictions> odd{one, {unlike, unlike}};
  EXPECT_EQ(refusal([&] { bootstrap_r2(odd, 7); }).code(), "U20");
  EXPECT_EQ(refusal([&] { row_errors(odd); }).code(), "U20");
  EXPECT_EQ(refusal([] { bootstrap_r2({}, 7); }).code(), "U20");
}

TEST(SeveralTargets, a_constant_target_has_r2_zero) {
  const std::vector<float> said{1, 10, 3, 20}, truth{1, 5, 3, 5};
  EXPECT_DOUBLE_EQ(evaluate(passes_on(2, linear), Dataset::regression(said, Shape{2}, truth, 2)).score(), 0.5);
}

TEST(SeveralTargets, of_answers_are_evaluated_by_their_mean_accuracy) {
  const Evaluation e = four_answers();
  EXPECT_EQ(e.kind(), ScoreKind::accuracy);
  EXPECT_EQ(e.targets[0].classes->correct, 3);
  EXPECT_EQ(e.targets[1].classes->correct, 2);
  EXPECT_DOUBLE_EQ(e.score(), 5.0 / 8);
  EXPECT_DOUBLE_EQ(e.exact_match(), 0.5);
  EXPECT_EQ(e.row_errors(), (std::vector<double>{0, 0.5, 1, 0}));
  EXPECT_NEAR(e.targets[0].probabilities_of(1)[1], 1 / (1 + std::exp(1.0)), 1e-7);
  EXPECT_EQ(e.targets[0].classes->confusion.counts, (std::vector<std::int64_t>{2, 1, 0, 1}));
}

TEST(SeveralTargets, share_one_threshold) {
  const Evaluation e = four_answers(0.2);  // every answer is yes
  EXPECT_EQ(e.targets[0].classes->correct, 1);
  EXPECT_EQ(e.targets[1].classes->correct, 2);
}

// With threshold 0.5, the second target is wrong in the row of 0.45; in the middle of 0.45 and 0.35, both are right in
// all rows.
TEST(SeveralTargets, the_best_threshold_is_best_for_all_targets_together) {
  const std::vector<std::int32_t> truth{1, 1, 0, 0};
  const std::vector<double> first{0.2, 0.8, 0.1, 0.9, 0.7, 0.3, 0.8, 0.2};
  const std::vector<double> second{0.55, 0.45, 0.4, 0.6, 0.9, 0.1, 0.65, 0.35};
  const std::vector<ClassPredictions> targets{{truth, first, 2}, {truth, second, 2}};
  EXPECT_DOUBLE_EQ(best_threshold(targets), 0.4);  // the middle of 0.45 and 0.35
  EXPECT_DOUBLE_EQ(best_threshold(targets[0]), 0.5);
  EXPECT_EQ(refusal([] { best_threshold(std::span<const ClassPredictions>()); }).code(), "U20");
}

TEST(SeveralTargets, of_answers_refuse_softmax_and_cross_entropy) {
  const Split parts = parts_of(of_answers);
  Model shared{Dense{2, softmax}}, own{Dense{2, sigmoid}}, three{Dense{3, sigmoid}};
  EXPECT_EQ(refusal([&] { fit(shared, parts, short_fit()); }).code(), "U20");
  FitOptions wrong = short_fit();
  wrong.loss = Loss("cross_entropy");
  EXPECT_EQ(refusal([&] { fit(own, parts, wrong); }).code(), "U20");
  EXPECT_EQ(refusal([&] { fit(three, parts, short_fit()); }).code(), "U20");
  FitOptions balanced = short_fit();
  balanced.balanced_classes = true;
  EXPECT_EQ(refusal([&] { fit(own, parts, balanced); }).code(), "U20");
}

TEST(SeveralTargets, a_loaded_model_gives_the_same_results) {
  for (const PreprocessOptions& options : {of_numbers, of_answers}) {
    const Split parts = parts_of(options);
    Model model{Dense{8, relu}, Dense{2, parts.preprocessor.is_classification() ? sigmoid : linear}};
    fit(model, parts, short_fit());
    const std::string bytes = model.to_bytes();
    EXPECT_NE(bytes.find("{\\\"format\\\":2"), std::string::npos);  // which older programs refuse as newer
    const Model loaded = Model::from_bytes(bytes);
    EXPECT_EQ(loaded.to_bytes(), bytes);
    EXPECT_EQ(loaded.preprocessor->target_names(), options.target.list());
    EXPECT_EQ(evaluate(loaded, parts.test).score(), evaluate(model, parts.test).score());
    const Dataset unlabelled = loaded.preprocessor->transform(read_csv("a,b\n0.5,0.25\n"));
    const Tensor<double> said =
        parts.preprocessor.is_classification() ? predict_proba(loaded, unlabelled) : predict_values(loaded, unlabelled);
    EXPECT_EQ(said.shape(), (Shape{1, 2}));
  }
}

TEST(SeveralTargets, a_model_with_a_wrong_number_of_outputs_is_not_saved) {
  const Split parts = parts_of(of_numbers);
  Model model{Dense{3}};
  model.build(parts.train.row_shape(), 1);
  model.preprocessor = parts.preprocessor;
  const Error refused = refusal([&] { (void)model.to_bytes(); });
  EXPECT_EQ(refused.code(), "U20");
  EXPECT_STREQ(
      refused.what(),
      "the model and its preprocessor do not agree: its network has 3 outputs, but its preprocessor has 2 targets");
  EXPECT_EQ(refusal([&] { evaluate(model, parts.test); }).code(), "U20");
  EXPECT_EQ(refusal([&] { permutation_importance(model, parts.test); }).code(), "U20");
}

TEST(SeveralTargets, predicted_values_are_in_the_unit_of_each_target) {
  const Split parts = parts_of(of_numbers);
  Model model{Dense{16, relu}, Dense{2}};
  fit(model, parts, short_fit());
  const Tensor<double> said = predict_values(model, parts.test);
  double heat = 0, cold = 0;
  for (std::int64_t r = 0; r < parts.test.rows(); ++r) {
    heat += said.view()(r, 0) / static_cast<double>(parts.test.rows());
    cold += said.view()(r, 1) / static_cast<double>(parts.test.rows());
  }
  EXPECT_NEAR(heat, 2, 0.4);   // the mean of 3 a + b with a and b uniform in 0 … 1: 3/2 + 1/2
  EXPECT_NEAR(cold, 343, 80);  // the mean of 1000 (b² + 0.01): 1000 (1/3 + 0.01)
}

// Training means: 2 and 20. Test: 1 and 3 against 2 give R² 0; 20 and 30 against 20 give 1 − 100/50 = −1.
TEST(SeveralTargets, the_constant_baseline_is_the_mean_or_most_frequent_class_of_each_target) {
  Split parts;
  FittedTarget a{.name = "a"}, b{.name = "b"};
  parts.preprocessor.task = Task::regression;
  parts.preprocessor.targets = {a, b};
  const std::vector<float> x{0, 0}, train{1, 10, 3, 30}, later{1, 20, 3, 30};
  parts.train = Dataset::regression(x, Shape{1}, train, 2);
  parts.test = Dataset::regression(x, Shape{1}, later, 2);
  const Baselines means = constant_baseline(constant_evaluation(parts));
  EXPECT_EQ(means.constant_answers, (Names{"2", "20"}));
  EXPECT_DOUBLE_EQ(means.constant, -0.5);
  EXPECT_DOUBLE_EQ(means.constant_scores[0], 1);
  a.classes = {"no", "yes"};
  b.classes = {"0", "1"};
  parts.preprocessor.task = Task::classification;
  parts.preprocessor.targets = {a, b};
  const std::vector<float> three{0, 0, 0};
  const std::vector<std::int32_t> learned{1, 0, 1, 0, 0, 1}, asked{1, 1, 0, 0, 1, 1};
  parts.train = Dataset::multi_label(three, Shape{1}, learned, 2);
  parts.test = Dataset::multi_label(three, Shape{1}, asked, 2);
  const Baselines usual =
      constant_baseline(constant_evaluation(parts));  // always "yes" is right in 2 of 3 rows, always "0" in 1 of 3
  EXPECT_EQ(usual.constant_answers, (Names{"yes", "0"}));
  EXPECT_DOUBLE_EQ(usual.constant, 0.5);
}

TEST(SeveralTargets, a_gain_is_the_difference_of_the_mean_scores) {
  const std::vector<float> good{1, 10, 3, 10, 5, 30, 7, 30}, truth{0, 10, 2, 10, 4, 30, 6, 30};
  const Evaluation better = evaluate(passes_on(2, linear), Dataset::regression(good, Shape{2}, truth, 2));
  const Evaluation one[] = {four_rows(), four_rows()}, other[] = {better, better};
  const TuneGain gain = gain_over(one, other);
  EXPECT_NEAR(gain.gain, better.score() - four_rows().score(), 1e-12);
  EXPECT_NEAR(gain.gain, 0.25, 1e-12);
}

TEST(SeveralTargets, the_importance_of_a_column_counts_all_targets) {
  const Split parts = parts_of(of_numbers);
  Model model{Dense{16, relu}, Dense{2}};
  fit(model, parts, short_fit());
  const Importance found = permutation_importance(model, parts.test, {.repeats = 3});
  ASSERT_EQ(found.columns.size(), 2u);
  EXPECT_EQ(found.columns[0].column, "b");  // the second target depends only on b, the first partly
  EXPECT_GT(found.columns[0].loss, 0.5);
  EXPECT_GT(found.columns[1].loss, 0.1);
}

TEST(SeveralTargets, overfitting_is_reported) {
  History history;
  history.best_epoch = 1;
  history.epochs.push_back({.epoch = 1, .train_loss = 0.1, .validation_loss = 0.5, .validation_score = 0.4});
  history.health.emplace();
  history.health->rows = history.health->validation_rows = 400;
  history.health->kept_score = 0.95;
  const auto faults = find_training_faults(history, ScoreKind::r2);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].code, "H07");
  EXPECT_NE(faults[0].text.find("by 0.55 of R²"), std::string::npos) << faults[0].text;
  history.health->kept_score = 0.45;
  EXPECT_TRUE(find_training_faults(history, ScoreKind::r2).empty());
}

}  // namespace
}  // namespace pellucid
