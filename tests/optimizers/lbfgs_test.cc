// L-BFGS on functions whose minimum is known. Not here: training a model with it (tests of the trainer).
#include "optimizers/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pellucid {
namespace {

// 100·(y − x²)² + (1 − x)²: a curved valley with its minimum at (1, 1). Rosenbrock 1960.
double rosenbrock(const std::vector<double>& p, std::vector<double>& g) {
  const double bend = p[1] - p[0] * p[0];
  g[0] = -400 * p[0] * bend - 2 * (1 - p[0]);
  g[1] = 200 * bend;
  return 100 * bend * bend + (1 - p[0]) * (1 - p[0]);
}

// Σ i·(x_i − i)², i = 1 …, with its minimum at (1, 2, 3, …).
double bowl(const std::vector<double>& p, std::vector<double>& g) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double weight = static_cast<double>(i + 1), off = p[i] - weight;
    g[i] = 2 * weight * off;
    sum += weight * off * off;
  }
  return sum;
}

std::int64_t run(LbfgsSearch& search, std::int64_t most) {
  std::int64_t steps = 0;
  while (steps < most && search.step()) ++steps;
  return steps;
}

TEST(Lbfgs, finds_the_minimum_of_rosenbrocks_function) {
  LbfgsSearch search({.history = 10, .tolerance = 1e-9}, rosenbrock, {-1.2, 1});
  EXPECT_LT(run(search, 100), 60);
  EXPECT_NEAR(search.point()[0], 1, 1e-9);
  EXPECT_NEAR(search.point()[1], 1, 1e-9);
  EXPECT_EQ(search.stopped(), "the largest gradient component is at most 1e-09");
  EXPECT_LT(search.evaluations(), 100);
}

TEST(Lbfgs, finds_the_minimum_of_a_quadratic_function_with_a_short_history) {
  for (std::int64_t history : {1, 3, 20}) {
    LbfgsSearch search({.history = history, .tolerance = 1e-8}, bowl, std::vector<double>(20, 0));
    run(search, 200);
    for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(search.point()[i], static_cast<double>(i + 1), 1e-7) << history;
  }
}

TEST(Lbfgs, every_accepted_step_satisfies_the_strong_wolfe_conditions) {
  LbfgsSearch search({}, rosenbrock, {-1.2, 1});
  for (int i = 0; i < 20; ++i) {
    const std::vector<double> from = search.point(), slope_from = search.gradient();
    const double value = search.value();
    ASSERT_TRUE(search.step());
    double before = 0, after = 0;  // slopes along the step, measured with the step as unit
    for (std::size_t k = 0; k < 2; ++k) {
      before += slope_from[k] * (search.point()[k] - from[k]);
      after += search.gradient()[k] * (search.point()[k] - from[k]);
    }
    EXPECT_LE(search.value(), value + 1e-4 * before);
    EXPECT_LE(std::abs(after), 0.9 * std::abs(before) * (1 + 1e-12));
  }
}

TEST(Lbfgs, repeated_searches_give_the_same_bits) {
  LbfgsSearch a({}, rosenbrock, {-1.2, 1}), b({}, rosenbrock, {-1.2, 1});
  run(a, 25);
  run(b, 25);
  EXPECT_EQ(a.point(), b.point());
  EXPECT_EQ(a.value(), b.value());
}

TEST(Lbfgs, takes_a_shorter_step_if_the_function_is_not_finite) {
  const auto walled = [](const std::vector<double>& p, std::vector<double>& g) {  // x − ln x, undefined left of 0
    g[0] = 1 - 1 / p[0];
    return p[0] > 0 ? p[0] - std::log(p[0]) : std::nan("");
  };
  LbfgsSearch search({}, walled, {1e-3});
  run(search, 100);
  EXPECT_NEAR(search.point()[0], 1, 1e-6);
}

TEST(Lbfgs, reports_a_start_where_the_loss_is_not_finite) {
  LbfgsSearch search({}, [](const auto&, auto&) { return std::nan(""); }, {1});
  EXPECT_FALSE(search.step());
  EXPECT_EQ(search.stopped(), "the loss is not finite");
}

TEST(Lbfgs, stops_on_an_unbounded_function_and_on_a_wrong_gradient) {
  LbfgsSearch falling({}, [](const auto& p, auto& g) { return g[0] = 1, p[0]; }, {0});
  run(falling, 1000);
  EXPECT_FALSE(falling.stopped().empty());
  LbfgsSearch lying({}, [](const auto& p, auto& g) { return g[0] = -1, p[0]; }, {0});
  EXPECT_FALSE(lying.step());
  EXPECT_EQ(lying.stopped(), "no step along the gradient lowers the loss any more");
  EXPECT_EQ(lying.point()[0], 0) << "the last accepted point stays";
}

}  // namespace
}  // namespace pellucid
