// Health: what is measured in the layers, the findings made from it, and that measuring does not change the training.
// Not here: how findings are displayed (cli transcripts), larger runs (bench/findings.py).
#include "pellucid/health_findings.h"
#include "pellucid/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "pellucid/random.h"

namespace pellucid {
namespace {

// Three clusters in two columns. `shift` is added to all columns; with `flip` = n, every n-th row gets a wrong label.
Dataset clusters(std::int64_t rows, double noise = 0.4, double shift = 0, std::int64_t flip = 0) {
  Random random({.seed = 7});
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto label = static_cast<std::int32_t>(r % 3);
    x.push_back(static_cast<float>(2.0 * (label - 1) + noise * random.normal() + shift));
    x.push_back(static_cast<float>(2.0 * (label == 1) + noise * random.normal() + shift));
    y.push_back(flip > 0 && r % flip == 0 ? (label + 1) % 3 : label);
  }
  return Dataset::classification(x, {2}, y, 3);
}

FitOptions watched(FitOptions options = {.epochs = 8, .batch_size = 16, .patience = 0}) {
  options.health = true;
  return options;
}

std::set<std::string> codes(const std::vector<Finding>& findings) {
  std::set<std::string> found;
  for (const Finding& finding : findings) found.insert((finding.warning ? "" : "note ") + finding.code);
  return found;
}

std::set<std::string> found_in(Model model, const Dataset& train, const Dataset& validation, FitOptions options) {
  return codes(find_training_faults(fit(model, train, validation, watched(std::move(options))), ScoreKind::accuracy));
}

using Codes = std::set<std::string>;

TEST(Health, watching_does_not_change_the_model_with_any_number_of_threads) {
  const auto trained = [](bool health, std::int64_t threads) {
    Model model{Dense(16, relu), Dropout(0.2), Dense(8, tanh), Dense(3, softmax)};
    FitOptions options{.epochs = 5, .batch_size = 16, .threads = threads};
    options.health = health;
    fit(model, clusters(700), clusters(90), options);
    return model.to_bytes();
  };
  const std::string plain = trained(false, 1);
  EXPECT_EQ(plain, trained(true, 1));
  EXPECT_EQ(plain, trained(true, 3));
}

TEST(Health, measurements_are_the_same_with_any_number_of_threads) {
  const auto seen = [](std::int64_t threads) {
    Model model{Dense(64, relu), Dense(3, softmax)};
    return *fit(model, clusters(700), {}, watched({.epochs = 3, .batch_size = 16, .threads = threads})).health;
  };
  const Health one = seen(1), three = seen(3);
  ASSERT_EQ(one.epochs.size(), three.epochs.size());
  for (std::size_t e = 0; e < one.epochs.size(); ++e) {
    EXPECT_EQ(one.epochs[e].layers[0].gradient_rms, three.epochs[e].layers[0].gradient_rms);
  }
  EXPECT_EQ(one.own_probability, three.own_probability);
}

TEST(Health, step_and_gradient_are_those_of_the_training) {
  class Reader : public Observer {
   public:
    void on_step(std::int64_t, const Values<float>& values) override {
      const View<const float> g = values.read("dense1.weight.gradient");
      for (std::int64_t i = 0; i < g.rows * g.columns; ++i) squares += static_cast<double>(g.data[i]) * g.data[i];
    }
    double squares = 0;
  } reader;
  Model model{Dense(4, tanh), Dense(3, softmax)};
  const Dataset data = clusters(60);
  model.build({2});
  double size = 0;
  for (const float w : model.parameter("dense1.weight").values()) size += static_cast<double>(w) * w;
  FitOptions options = watched({.epochs = 1, .batch_size = 60, .optimizer = Sgd{.learning_rate = 1e-3}});
  options.observers = {&reader};
  options.keep = {"dense1.weight.gradient"};
  const Health health = *fit(model, data, {}, options).health;
  ASSERT_EQ(health.epochs.size(), 1u);
  const LayerHealth& layer = health.epochs[0].layers[0];
  EXPECT_EQ(layer.layer, "dense1");
  EXPECT_NEAR(layer.step_ratio, 1e-3 * std::sqrt(reader.squares / size), 1e-6);
  // After such a small step, the gradient over all rows is almost the same as before it.
  EXPECT_NEAR(layer.gradient_rms, std::sqrt(reader.squares / 8), 1e-3 * layer.gradient_rms);
}

TEST(Health, a_good_training_has_no_findings) {
  EXPECT_EQ(found_in({Dense(16, relu), Dense(3, softmax)}, clusters(300), clusters(90), {.epochs = 20}), Codes{});
}

TEST(Health, units_that_never_activate_are_counted_and_reported) {
  Model model{Dense(4, relu), Dense(3, softmax)};
  model.build({2});
  const auto bias = model.parameter("dense1.bias").values();
  bias[0] = bias[1] = bias[2] = -1000;
  const History history = fit(model, clusters(90), {}, watched());
  EXPECT_EQ(history.health->kept.layers[0].dead, 0.75);
  EXPECT_TRUE(codes(find_training_faults(history, ScoreKind::accuracy)).contains("H02"));
}

TEST(Health, deep_sigmoid_layers_have_vanishing_gradients_and_do_not_learn) {
  Model model;
  for (int i = 0; i < 8; ++i) model.add(Dense(16, sigmoid));
  model.add(Dense(3, softmax));
  const Codes found = found_in(model, clusters(300), clusters(90), {.epochs = 4, .batch_size = 32});
  EXPECT_TRUE(found.contains("H03"));
  EXPECT_TRUE(found.contains("H06"));
}

TEST(Health, steps_that_are_too_large_or_too_small_are_reported) {
  const auto found = [](double rate) {
    return found_in({Dense(16, relu), Dense(3, softmax)}, clusters(300), clusters(90),
                    {.epochs = 4, .batch_size = 16, .optimizer = Adam{.learning_rate = rate}});
  };
  EXPECT_TRUE(found(1).contains("H05"));
  EXPECT_FALSE(found(1e-3).contains("H05"));
  EXPECT_TRUE(found(1e-7).contains("H05"));
}

TEST(Health, saturated_outputs_give_a_note) {
  const Codes found =
      found_in({Dense(16, tanh), Dense(3, softmax)}, clusters(300, 0.4, 60), clusters(90, 0.4, 60), {.epochs = 2});
  EXPECT_TRUE(found.contains("note H04"));
}

TEST(Health, random_labels_are_reported_as_overfitting) {
  Random random({.seed = 3});
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (int r = 0; r < 160; ++r) {
    for (int c = 0; c < 10; ++c) x.push_back(static_cast<float>(random.normal()));
    y.push_back(r % 2);
  }
  const Dataset all = Dataset::classification(x, {10}, y, 2);
  std::vector<std::int64_t> rows(160);
  for (int r = 0; r < 160; ++r) rows[static_cast<std::size_t>(r)] = r;
  const std::span<const std::int64_t> order(rows);
  const Dataset train = all.subset(order.subspan(0, 80)), validation = all.subset(order.subspan(80));
  FitOptions options{.epochs = 60, .batch_size = 16, .optimizer = Adam{.learning_rate = 0.01}, .patience = 0};
  options.keep_best = false;
  EXPECT_TRUE(found_in({Dense(64, relu), Dense(2, softmax)}, train, validation, options).contains("H07"));
}

TEST(Health, a_validation_loss_that_rose_after_the_best_epoch_gives_a_note) {
  History history;
  history.epochs = {{.epoch = 1, .train_loss = 0.5, .validation_loss = 0.50, .validation_score = 0.9},
                    {.epoch = 2, .train_loss = 0.1, .validation_loss = 0.54, .validation_score = 0.9}};
  history.best_epoch = 1;
  history.health.emplace().kept_score = 0.95;
  history.health->rows = 500;
  history.health->validation_rows = 500;
  EXPECT_EQ(codes(find_training_faults(history, ScoreKind::accuracy)), Codes{});
  history.epochs[1].validation_loss = 0.56;
  EXPECT_EQ(codes(find_training_faults(history, ScoreKind::accuracy)), Codes{"note H07"});
  history.epochs[0].validation_score = 0.8;
  EXPECT_EQ(codes(find_training_faults(history, ScoreKind::accuracy)), Codes{"H07"});
  history.health->validation_rows = 20;  // with 20 rows, a difference of 15 points may be chance
  EXPECT_EQ(codes(find_training_faults(history, ScoreKind::accuracy)), Codes{"note H07"});
}

TEST(Health, the_constant_loss_is_the_class_entropy_or_the_target_variance) {
  Model classes{Dense(3, softmax)};
  EXPECT_NEAR(fit(classes, clusters(300), {}, watched()).health->constant_loss, std::log(3.0), 1e-6);
  std::vector<float> x = {0, 1, 2, 3}, y = {0, 0, 2, 2};
  Model line{Dense(1)};
  const Health health = *fit(line, Dataset::regression(x, {1}, y), {}, watched()).health;
  EXPECT_NEAR(health.constant_loss, 1, 1e-6);
  EXPECT_NEAR(health.constant_score, 1, 1e-6);
}

TEST(Health, flipped_labels_have_the_lowest_probabilities) {
  Model model{Dense(16, relu), Dense(3, softmax)};
  const History history = fit(model, clusters(300, 0.4, 0, 10), {}, watched({.epochs = 15, .batch_size = 16}));
  const std::vector<LabelSuspect> suspects = label_suspects(*history.health, 30);
  ASSERT_EQ(suspects.size(), 30u);
  int flipped = 0;
  for (const LabelSuspect& suspect : suspects) flipped += suspect.position % 10 == 0;
  EXPECT_GE(flipped, 28);
  EXPECT_LE(suspects.front().probability, suspects.back().probability);
}

TEST(Health, flipped_labels_are_also_found_with_label_smoothing) {
  for (const Activation& last : {softmax, sigmoid}) {
    const bool two = last.kind().name == sigmoid.kind().name;
    const Dataset three = clusters(300, 0.4, 0, 10);
    std::vector<std::int32_t> labels;
    std::vector<float> x(three.features().floats.begin(), three.features().floats.end());
    for (std::int64_t r = 0; r < 300; ++r) labels.push_back(three.label(r) == 0);
    const Dataset train = two ? Dataset::classification(x, {2}, labels, 2) : three;
    Model model{Dense(16, relu), Dense(two ? 1 : 3, last)};
    FitOptions options{.epochs = 60, .batch_size = 16, .optimizer = Adam{.learning_rate = 0.01}};
    options.loss = two ? Loss::parse("binary_cross_entropy(0.1)") : Loss::parse("cross_entropy(0.1)");
    const Health health = *fit(model, train, {}, watched(options)).health;
    // The share that label smoothing takes is given back: the outputs themselves reach at most 0.93 or 0.95.
    EXPECT_GT(*std::ranges::max_element(health.own_probability), 0.97);
    for (const LabelSuspect& suspect : label_suspects(health, two ? 15 : 25)) {
      EXPECT_EQ(suspect.position % 10, 0) << "row " << suspect.position;
      EXPECT_LT(suspect.probability, 0.5);
    }
  }
}

TEST(Health, a_last_layer_that_starts_at_zero_is_judged_only_once_it_learns) {
  DenseOptions zeros;
  zeros.weight_initializer = Initializer("zeros");
  Model model{Dense(32, selu), Dense(32, selu), Dense(3, softmax, zeros)};
  const History history =
      fit(model, clusters(300), {},
          watched({.epochs = 40, .batch_size = 300, .optimizer = Adam{.learning_rate = 0.003}, .patience = 0}));
  const EpochHealth& first = history.health->epochs.front();
  EXPECT_GT(first.epoch, 3);
  EXPECT_LE(first.epoch, latest_first_look);
  EXPECT_TRUE(first.begun);
  EXPECT_TRUE(find_early_faults(first).empty());
  Model short_one{Dense(32, selu), Dense(32, selu), Dense(3, softmax, zeros)};
  const History ended = fit(short_one, clusters(300), {}, watched({.epochs = 1, .batch_size = 300}));
  EXPECT_FALSE(ended.health->epochs.front().begun);
  EXPECT_FALSE(codes(find_training_faults(ended, ScoreKind::accuracy)).contains("H03"));
}

TEST(Health, lbfgs_training_has_no_row_probabilities_and_no_step_findings) {
  Model model{Dense(8, tanh), Dense(3, softmax)};
  const History history = fit(model, clusters(90), {}, watched({.epochs = 10, .optimizer = Lbfgs{}}));
  EXPECT_TRUE(history.health->own_probability.empty());
  EXPECT_TRUE(std::isnan(history.health->epochs.front().layers[0].step_ratio));
  EXPECT_TRUE(label_suspects(*history.health).empty());
}

TEST(Health, a_distribution_ignores_values_that_are_not_finite) {
  const double values[] = {0, 1, 2, std::nan(""), INFINITY};
  const Distribution d = distribution_of(values);
  EXPECT_EQ(d.low, 0);
  EXPECT_EQ(d.high, 2);
  EXPECT_EQ(d.mean, 1);
  EXPECT_EQ(d.counts.front() + d.counts[12] + d.counts.back(), 3);
}

}  // namespace
}  // namespace pellucid
