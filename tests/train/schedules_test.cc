// Schedules of dropout and weight decay, decay by groups, and patience that grows with the best epoch.
// Not here: the factors of the schedules (optimizers/schedule_test.cc), the settings of a recipe (tests/recipe).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

// Three noisy clusters in which every fifth label is wrong, so that a net overfits.
Dataset clusters(std::int64_t count, std::uint64_t seed) {
  Random random({.seed = seed});
  std::vector<float> x;
  std::vector<std::int32_t> y;
  for (std::int64_t r = 0; r < count; ++r) {
    const auto label = static_cast<std::int32_t>(r % 3);
    x.push_back(static_cast<float>(label + 0.6 * random.normal()));
    x.push_back(static_cast<float>(label == 1 ? 2 : 0.6 * random.normal()));
    y.push_back(r % 5 == 0 ? (label + 1) % 3 : label);
  }
  return Dataset::classification(x, {2}, y, 3);
}

constexpr FactorSchedule flat_cos = FactorSchedule::flat_cos;

// What dropout multiplies its inputs by, in each step.
struct Masks : Observer {
  std::vector<std::vector<float>> steps;
  void on_step(std::int64_t, const Values<float>& values) override {
    const auto mask = values.read("dropout1.mask");
    steps.emplace_back(mask.data, mask.data + mask.rows * mask.columns);
  }
};

TEST(DropoutSchedule, the_rate_and_the_scaling_follow_the_factor_of_each_step) {
  Model model{Dense{64, relu}, Dropout{0.5}, Dense{3, softmax}};
  Masks masks;
  FitOptions options{.epochs = 4, .batch_size = 60, .dropout_schedule = flat_cos};
  options.observers = {&masks};
  options.keep = {"dropout1.mask"};
  fit(model, clusters(120, 1), Dataset{}, options);
  ASSERT_EQ(masks.steps.size(), 8u);
  // Steps 0 to 4 have the factor 1; then ½(1 + cos(π(2t − 1))) with t = 5/8, 6/8, 7/8.
  const double factors[] = {1, 1, 1, 1, 1, (1 + std::sqrt(0.5)) / 2, 0.5, (1 - std::sqrt(0.5)) / 2};
  for (std::size_t s = 0; s < 8; ++s) {
    const double rate = 0.5 * factors[s];
    double zeros = 0;
    for (const float m : masks.steps[s]) {
      if (m == 0)
        ++zeros;
      else
        EXPECT_NEAR(m, 1 / (1 - rate), 1e-6);
    }
    EXPECT_NEAR(zeros / 3840, rate, 0.03) << s;  // 3,840 numbers: the standard deviation is at most 0.008
  }
}

std::string trained(FitOptions options, std::int64_t rows = 120) {
  Model model{Dense{16, tanh}, Dropout{0.3}, Dense{3, softmax}};
  options.optimizer = AdamW{.weight_decay = 0.1, .decays = "groups"};
  options.dropout_schedule = options.decay_schedule = flat_cos;
  fit(model, clusters(rows, 1), clusters(60, 2), options);
  return model.to_bytes();
}

TEST(DropoutSchedule, the_bits_depend_neither_on_threads_nor_on_an_interruption) {
  std::vector<std::string> checkpoints;
  FitOptions options{.epochs = 8, .batch_size = 16, .patience = 0};
  options.checkpoint = [&](const Checkpoint& state) { checkpoints.push_back(state()); };
  const std::string whole = trained(options);
  options.checkpoint = {};
  options.resume = checkpoints[5];
  EXPECT_EQ(trained(options), whole);
  options.resume.reset();
  // Long batches are computed in chunks of rows.
  options = {.epochs = 3, .batch_size = 1200, .row_block = 256, .threads = 1};
  const std::string alone = trained(options, 2400);
  for (const std::int64_t threads : {2, 3, 7}) {
    options.threads = threads;
    EXPECT_EQ(trained(options, 2400), alone) << threads;
  }
}

TEST(DropoutSchedule, a_training_cannot_be_resumed_with_another_one) {
  Model model{Dense{16, tanh}, Dropout{0.3}, Dense{3, softmax}};
  FitOptions options{.epochs = 3, .patience = 0};
  std::string state;
  options.checkpoint = [&](const Checkpoint& checkpoint) { state = checkpoint(); };
  fit(model, clusters(120, 1), clusters(60, 2), options);
  options.resume = state;
  options.dropout_schedule = flat_cos;
  const Error error = test::refusal([&] { fit(model, clusters(120, 1), clusters(60, 2), options); });
  EXPECT_NE(error.text().find("dropout_schedule: was constant, now flat_cos"), std::string::npos) << error.text();
}

// One row that the net already predicts exactly, so that the optimizer moves nothing and only decay remains.
std::vector<double> decayed(AdamW optimizer, std::int64_t epochs = 1, FactorSchedule decay = FactorSchedule::constant) {
  BasicModel<double> model{Scale{6}, Dense{1, linear, {.parametrization = "ntk", .bias_rate = 0.1}}};
  model.build({4});
  for (auto& parameter : model.parameters()) {
    for (double& value : parameter.value.values()) value = 0.5;  // the prediction is 4 · 0.5 · 0.5 + 0.5
  }
  const std::vector<float> x{1, 1, 1, 1}, y{1.5F};
  const Dataset data = Dataset::regression(x, {4}, y);
  fit(model, data, Dataset{},
      BasicFitOptions<double>{.epochs = epochs, .optimizer = optimizer, .decay_schedule = decay});
  std::vector<double> values;
  for (const auto& parameter : model.parameters()) values.push_back(parameter.value.data()[0] / 0.5);
  return values;  // of factor, weight, bias, as shares of what they were
}

TEST(WeightDecay, applies_to_weights_by_the_rate_of_the_layer_or_to_groups_by_their_squared_factors) {
  // In the NTK parametrisation, 1/√4 of the learning rate moves a weight: 1 − 0.1 · 0.5 · 0.2.
  const std::vector<double> weights = decayed({.learning_rate = 0.1, .weight_decay = 0.2});
  EXPECT_EQ(weights[0], 1);
  EXPECT_NEAR(weights[1], 0.99, 1e-15);
  EXPECT_EQ(weights[2], 1);
  // The scales have the factor 6: 1 − 0.1 · 36 · 0.2. The weights: 1 − 0.1 · 0.2. Biases do not decay.
  const std::vector<double> groups = decayed({.learning_rate = 0.1, .weight_decay = 0.2, .decays = "groups"});
  EXPECT_NEAR(groups[0], 0.28, 1e-15);
  EXPECT_NEAR(groups[1], 0.98, 1e-15);
  EXPECT_EQ(groups[2], 1);
  EXPECT_EQ(test::refusal([] { decayed({.decays = "all"}); }).code(), "U12");
}

TEST(WeightDecay, follows_its_schedule) {
  // A gradient appears with the first decay, but its steps are tiny beside the decay.
  const AdamW optimizer{.learning_rate = 1e-6, .weight_decay = 1e3};
  // The factors of four steps are 1, 1, 1, ½: 1 − 1e-6 · 0.5 · 1e3 = 0.9995.
  const double expected = std::pow(0.9995, 3) * 0.99975;
  EXPECT_NEAR(decayed(optimizer, 4, flat_cos)[1], expected, 2e-5);
  EXPECT_NEAR(decayed(optimizer, 4)[1], std::pow(0.9995, 4), 2e-5);
}

History stopped(double factor, std::string* state = nullptr, const std::string& from = "") {
  Model model{Dense{16, tanh}, Dense{3, softmax}};
  FitOptions options{.epochs = 300, .batch_size = 16, .optimizer = Adam{.learning_rate = 0.02}, .patience = 3};
  options.patience_factor = factor;
  if (state) options.checkpoint = [=](const Checkpoint& checkpoint) { *state = checkpoint(); };
  if (!from.empty()) options.resume = from;
  return fit(model, clusters(120, 1), clusters(60, 2), options);
}

TEST(Patience, grows_with_the_best_epoch_by_the_factor) {
  std::string state;
  const History usual = stopped(1, &state), patient = stopped(2.5);
  const auto epochs = [](const History& history) { return static_cast<double>(history.epochs.size()); };
  EXPECT_EQ(epochs(usual), usual.best_epoch + 3);
  EXPECT_EQ(epochs(patient), std::ceil(2.5 * static_cast<double>(patient.best_epoch) + 3));
  EXPECT_EQ(patient.stopped,
            "no better val loss for " + std::to_string(patient.epochs.size() - patient.best_epoch) + " epochs");
  // A stopped training continues with a larger factor, as if it had never stopped.
  const History longer = stopped(2.5, &state, state);
  EXPECT_EQ(longer.epochs.size(), patient.epochs.size());
  EXPECT_EQ(longer.epochs.back().train_loss, patient.epochs.back().train_loss);
  const Error error = test::refusal([&] { stopped(2, nullptr, state); });
  EXPECT_EQ(error.text(),
            "error[U31]: a training can be resumed only with the settings it was started with\n"
            "  patience_factor: was 2.5, now 2.0; it may only be raised");
  EXPECT_EQ(test::refusal([] { stopped(0.5); }).text(), "error[U12]: patience_factor takes ≥ 1, got 0.5");
}

}  // namespace
}  // namespace pellucid
