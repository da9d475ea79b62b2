// The first two steps of each optimizer, computed by hand through settings, constants and kernel; the class Optimizer.
// Not here: the search of L-BFGS (lbfgs_test.cc), whole trainings.
#include "pellucid/optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/settings.h"
#include "kernels/kernels.h"
#include "optimizers/rule.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

// The weight after each of two steps. It starts at 1; the gradients are 0.5 and -0.25.
struct Weights {
  double first, second;
};
Weights two_steps(const Optimizer& optimizer, const Kernels<double>& kernels) {
  const Optimizer::Settings& settings = optimizer.settings();
  double w = 1, after[2], slot[max_slots] = {};
  double* slots[max_slots] = {&slot[0], &slot[1], &slot[2]};
  for (int t = 1; t <= 2; ++t) {
    const double g = t == 1 ? 0.5 : -0.25;
    UpdateStep<double> step;
    const auto constants = settings.constants(t, optimizer.learning_rate(), optimizer.learning_rate());
    std::copy(constants.begin(), constants.end(), step.constant);
    kernels.update(settings.rule(), step, 1, &w, &g, slots);
    after[t - 1] = w;
  }
  return {after[0], after[1]};
}

void expect_steps(const Optimizer& optimizer, double first, double second) {
  for (const Kernels<double>* kernels : all_kernels<double>()) {
    const Weights w = two_steps(optimizer, *kernels);
    EXPECT_NEAR(w.first, first, 1e-15) << optimizer.name() << " on " << kernels->target;
    EXPECT_NEAR(w.second, second, 1e-15) << optimizer.name() << " on " << kernels->target;
  }
}

TEST(Optimizers, sgd_steps_against_the_gradient) {
  // 1 - 0.1·0.5 = 0.95; 0.95 + 0.1·0.25 = 0.975
  expect_steps(Sgd{.learning_rate = 0.1}, 0.95, 0.975);
}

TEST(Optimizers, momentum_has_the_three_published_forms) {
  // v = 0.5, then 0.9·0.5 - 0.25 = 0.2:            1 - 0.05 = 0.95;  0.95 - 0.02 = 0.93
  expect_steps(Momentum{0.1, 0.9, "classic"}, 0.95, 0.93);
  // g + 0.9v = 0.95, then -0.25 + 0.18 = -0.07:    1 - 0.095 = 0.905;  0.905 + 0.007 = 0.912
  expect_steps(Momentum{0.1, 0.9, "nesterov"}, 0.905, 0.912);
  // v = 0.1·0.5 = 0.05, then 0.045 - 0.025 = 0.02: 1 - 0.005 = 0.995;  0.995 - 0.002 = 0.993
  expect_steps(Momentum{0.1, 0.9, "averaged"}, 0.995, 0.993);
}

TEST(Optimizers, rmsprop_has_the_presets_of_keras_and_pytorch) {
  // Keras: s = 0.1·0.25 = 0.025, then 0.0225 + 0.1·0.0625 = 0.02875; ε = 1e-7 is inside the root
  const double keras = 1 - 0.001 * 0.5 / std::sqrt(0.025 + 1e-7);
  expect_steps(RmsProp::keras(), keras, keras + 0.001 * 0.25 / std::sqrt(0.02875 + 1e-7));
  // PyTorch: s = 0.01·0.25 = 0.0025, then 0.002475 + 0.01·0.0625 = 0.0031; ε = 1e-8 is added to the root
  const double pytorch = 1 - 0.01 * 0.5 / (0.05 + 1e-8);
  expect_steps(RmsProp::pytorch(), pytorch, pytorch + 0.01 * 0.25 / (std::sqrt(0.0031) + 1e-8));
}

TEST(Optimizers, rmsprop_adds_epsilon_inside_or_outside_the_root) {
  const RmsProp outside{0.1, 0.9, 0.1, false}, inside{0.1, 0.9, 0.1, true};
  // s = 0.025
  EXPECT_NEAR(two_steps(outside, kernels<double>()).first, 1 - 0.05 / (std::sqrt(0.025) + 0.1), 1e-15);
  EXPECT_NEAR(two_steps(inside, kernels<double>()).first, 1 - 0.05 / std::sqrt(0.125), 1e-15);
}

TEST(Optimizers, adagrad_divides_by_the_root_of_all_past_squared_gradients) {
  // s = 0.25, then 0.3125
  const double first = 1 - 0.1 * 0.5 / (0.5 + 1e-10);
  expect_steps(Adagrad{.learning_rate = 0.1}, first, first + 0.1 * 0.25 / (std::sqrt(0.3125) + 1e-10));
}

TEST(Optimizers, adam_is_algorithm_1_of_the_paper) {
  // m = 0.05, v = 0.00025; divided by 0.1 and 0.001: 0.5 and 0.25. So, without ε, the first step is lr·g/|g|
  const double first = 1 - 0.1 * 0.5 / (0.5 + 1e-8);
  // m = 0.9·0.05 - 0.025 = 0.02, v = 0.00024975 + 0.0000625 = 0.00031225; divided by 0.19 and 0.001999
  const double second = first - 0.1 * (0.02 / 0.19) / (std::sqrt(0.00031225 / 0.001999) + 1e-8);
  for (const Kernels<double>* kernels : all_kernels<double>()) {
    const Weights w = two_steps(Adam{.learning_rate = 0.1}, *kernels);
    EXPECT_NEAR(w.first, first, 1e-13);  // 1 - 0.999 loses 3 digits
    EXPECT_NEAR(w.second, second, 1e-13);
  }
}

TEST(Optimizers, adamw_applies_its_decay_to_the_weights_directly) {
  const AdamW settings{.learning_rate = 0.1, .weight_decay = 0.5};
  const double first = (1 - 0.1 * 0.5) - 0.1 * 0.5 / (0.5 + 1e-8);
  const double second = first * (1 - 0.1 * 0.5) - 0.1 * (0.02 / 0.19) / (std::sqrt(0.00031225 / 0.001999) + 1e-8);
  const Weights w = two_steps(settings, kernels<double>());
  EXPECT_NEAR(w.first, first, 1e-13);
  EXPECT_NEAR(w.second, second, 1e-13);
  const Weights undecayed = two_steps(AdamW{.learning_rate = 0.1, .weight_decay = 0}, kernels<double>());
  const Weights adam = two_steps(Adam{.learning_rate = 0.1}, kernels<double>());
  EXPECT_EQ(undecayed.second, adam.second);
  EXPECT_EQ(Optimizer(settings).settings().constants(1, 0.1, 0)[7], 0) << "biases do not decay";
}

TEST(Optimizers, the_bias_corrections_of_adam_fade_with_the_steps) {
  const auto late = Optimizer(Adam{.learning_rate = 0.1}).settings().constants(1000000, 0.1, 0.1);
  EXPECT_EQ(late[0], 0.1);
  EXPECT_EQ(late[6], 1);
  const auto tenth = Optimizer(Adam{.learning_rate = 0.1}).settings().constants(10, 0.1, 0.1);
  EXPECT_NEAR(tenth[0], 0.1 / (1 - std::pow(0.9, 10)), 1e-15);
  EXPECT_NEAR(tenth[6], 1 / (1 - std::pow(0.999, 10)), 1e-11);
}

TEST(Optimizer, every_kind_is_found_by_its_name_and_has_an_update_rule) {
  std::string before;
  for (const Optimizer& kind : optimizer_kinds()) {
    const std::string name(kind.name());
    EXPECT_LT(before, name) << "alphabetical order";
    before = name;
    EXPECT_EQ(Optimizer(name).name(), name);
    EXPECT_FALSE(kind.help().empty());
    EXPECT_EQ(kind.settings().rule() >= 0, name != "lbfgs") << name;
    EXPECT_NO_THROW(kind.check());
    Optimizer copy = kind;
    for (const FieldState& field : list_fields(copy)) EXPECT_NE(field.info.help[0], '\0') << name;
  }
}

TEST(Optimizer, copies_have_independent_settings) {
  const Optimizer original = Adam{};
  Optimizer copy = original;
  copy.set_learning_rate(0.5);
  EXPECT_EQ(original.learning_rate(), 0.001);
  EXPECT_EQ(copy.learning_rate(), 0.5);
  Optimizer set = original;
  set_field(set, "beta1", "0.5", "adam");
  Optimizer read = original;
  EXPECT_EQ(settings_to_json(read)["beta1"], 0.9);
  EXPECT_EQ(settings_to_json(set)["beta1"], 0.5);
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.text();
  }
  return "accepted";
}

TEST(Optimizer, refuses_unknown_names_and_settings_out_of_range) {
  EXPECT_EQ(refusal([] { Optimizer("adan"); }), "error[U11]: no optimizer \"adan\"\n  did you mean adam?");
  EXPECT_EQ(refusal([] { Optimizer(Adam{.beta1 = 1}).check(); }),
            "error[U12]: optimizer adam: beta1 takes 0 ≤ x < 1, got 1");
  EXPECT_EQ(refusal([] { Optimizer(Sgd{.learning_rate = 0}).check(); }),
            "error[U12]: optimizer sgd: learning_rate takes > 0, got 0");
  EXPECT_EQ(refusal([] { Optimizer(Momentum{.form = "heavy"}).check(); }),
            "error[U12]: optimizer momentum: form takes classic|nesterov|averaged, got heavy");
  EXPECT_EQ(refusal([] { Optimizer(Lbfgs{.history = 0}).check(); }).substr(0, 10), "error[U12]");
  EXPECT_EQ(refusal([] { Optimizer(Sgd{std::nan("")}).check(); }).substr(0, 10), "error[U12]");
  EXPECT_EQ(Optimizer(Lbfgs{}).learning_rate(), 0);
  EXPECT_EQ(refusal([] { Optimizer(Lbfgs{}).set_learning_rate(1); }),
            "error[U12]: optimizer lbfgs has no learning rate");
}

}  // namespace
}  // namespace pellucid
