// Each update rule, computed by hand; the sums are beside the expected numbers.
// Not here: settings and their defaults (optimizers_test.cc), that all instruction sets compute the same
// (kernels_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/kernels.h"
#include "optimizers/rules.h"

namespace pellucid {
namespace {

struct Cell {
  double w = 1;
  double slot[max_slots] = {};
};

Cell step(const char* rule, Cell cell, double g, UpdateStep<double> given) {
  double* slots[max_slots] = {&cell.slot[0], &cell.slot[1], &cell.slot[2]};
  kernels<double>().update(update_rule(rule), given, 1, &cell.w, &g, slots);
  return cell;
}

TEST(Update, rules_are_found_by_name_and_have_the_right_number_of_slots) {
  EXPECT_EQ(update_slots(update_rule("sgd")), 0);
  EXPECT_EQ(update_slots(update_rule("momentum")), 1);
  EXPECT_EQ(update_slots(update_rule("rmsprop")), 1);
  EXPECT_EQ(update_slots(update_rule("adagrad")), 1);
  EXPECT_EQ(update_slots(update_rule("adam")), 2);
  EXPECT_EQ(update_slots(update_rule("adamw")), 2);
  EXPECT_EQ(update_rule("lbfgs"), -1);
  EXPECT_EQ(update_slots(-1), 0);
}

TEST(Update, sgd_has_the_hand_computed_step) {
  EXPECT_DOUBLE_EQ(step("sgd", {}, 0.5, {{0.1}}).w, 0.95);  // 1 - 0.1 · 0.5
}

TEST(Update, momentum_has_the_hand_computed_steps_in_its_three_forms) {
  Cell classic = step("momentum", {}, 2, {{0.1, 0.9, 1, 0}});  // v = 2, w = 1 - 0.2
  EXPECT_DOUBLE_EQ(classic.w, 0.8);
  classic = step("momentum", classic, 1, {{0.1, 0.9, 1, 0}});  // v = 1.8 + 1, w = 0.8 - 0.28
  EXPECT_DOUBLE_EQ(classic.slot[0], 2.8);
  EXPECT_DOUBLE_EQ(classic.w, 0.52);
  const Cell nesterov = step("momentum", {}, 2, {{0.1, 0.9, 1, 1}});  // v = 2, w = 1 - 0.1 · (2 + 0.9 · 2)
  EXPECT_DOUBLE_EQ(nesterov.w, 0.62);
  const Cell averaged = step("momentum", {}, 2, {{0.1, 0.9, 0.1, 0}});  // v = 0.2, w = 1 - 0.02
  EXPECT_DOUBLE_EQ(averaged.w, 0.98);
}

TEST(Update, rmsprop_has_the_hand_computed_steps_with_epsilon_outside_or_inside_the_root) {
  // s = 0.9 · 1 + 0.1 · 4 = 1.3
  const Cell outside = step("rmsprop", {1, {1}}, 2, {{0.1, 0.9, 0.1, 0.5, 0}});
  EXPECT_DOUBLE_EQ(outside.slot[0], 1.3);
  EXPECT_DOUBLE_EQ(outside.w, 1 - 0.1 * 2 / (std::sqrt(1.3) + 0.5));
  const Cell inside = step("rmsprop", {1, {1}}, 2, {{0.1, 0.9, 0.1, 0, 0.14}});  // √(1.3 + 0.14) = 1.2
  EXPECT_DOUBLE_EQ(inside.w, 1 - 0.2 / 1.2);
}

TEST(Update, adagrad_has_the_hand_computed_step) {
  const Cell cell = step("adagrad", {1, {5}}, 2, {{0.3, 0.5}});  // s = 9, w = 1 - 0.3 · 2 / (3 + 0.5)
  EXPECT_DOUBLE_EQ(cell.slot[0], 9);
  EXPECT_DOUBLE_EQ(cell.w, 1 - 0.6 / 3.5);
}

UpdateStep<double> adam_step(int t, double decay = 0) {
  const double b1 = 0.9, b2 = 0.99, lr = 0.1;
  return {{lr / (1 - std::pow(b1, t)), b1, 1 - b1, b2, 1 - b2, 0.5, 1 / (1 - std::pow(b2, t)), lr * decay}};
}

TEST(Update, adam_corrects_the_bias_of_both_moments) {
  // t = 1: m̂ = g, v̂ = g²; the step is lr · g / (|g| + ε) = 0.1 · 2 / 2.5
  Cell cell = step("adam", {}, 2, adam_step(1));
  EXPECT_DOUBLE_EQ(cell.slot[0], 0.2);
  EXPECT_NEAR(cell.slot[1], 0.04, 1e-16);
  EXPECT_DOUBLE_EQ(cell.w, 0.92);
  // t = 2, g = -1: m = 0.18 - 0.1 = 0.08, v = 0.0396 + 0.01 = 0.0496; m̂ = 0.08 / 0.19, v̂ = 0.0496 / 0.0199
  cell = step("adam", cell, -1, adam_step(2));
  EXPECT_NEAR(cell.w, 0.92 - 0.1 * (0.08 / 0.19) / (std::sqrt(0.0496 / 0.0199) + 0.5), 1e-15);
}

TEST(Update, adamw_applies_the_decay_to_the_weight_directly) {
  const Cell cell = step("adamw", {}, 2, adam_step(1, 0.3));  // 1 - 0.1 · 0.3 · 1 = 0.97, then adam's 0.08
  EXPECT_DOUBLE_EQ(cell.w, 0.89);
  EXPECT_DOUBLE_EQ(cell.slot[0], 0.2);  // the decay does not enter the moments
}

TEST(Update, the_gradient_is_clamped_before_the_decay_is_added) {
  UpdateStep<double> given{{0.1}};
  given.clip = 0.5;
  given.l2 = 0.2;
  EXPECT_DOUBLE_EQ(step("sgd", {}, 3, given).w, 1 - 0.1 * (0.5 + 0.2));
  EXPECT_DOUBLE_EQ(step("sgd", {}, -3, given).w, 1 - 0.1 * (-0.5 + 0.2));
}

TEST(Update, l1_moves_a_weight_towards_zero_and_not_past_it) {
  UpdateStep<double> given{{0.1}};
  given.l1 = 0.25;
  EXPECT_DOUBLE_EQ(step("sgd", {1}, 0, given).w, 0.75);
  EXPECT_DOUBLE_EQ(step("sgd", {-1}, 0, given).w, -0.75);
  EXPECT_EQ(step("sgd", {0.1}, 0, given).w, 0);
}

TEST(Update, a_nan_gradient_is_not_hidden_by_clipping) {
  UpdateStep<double> given{{0.1}};
  given.clip = 0.5;
  EXPECT_TRUE(std::isnan(step("sgd", {}, std::nan(""), given).w));
}

}  // namespace
}  // namespace pellucid
