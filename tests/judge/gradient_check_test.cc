// The gradient check itself: it finds planted mistakes, tolerates kinks, and handles user-defined kinds and branches.
// Not here: the built-in kinds (battery_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::rows_for;

// Activations: z + z³/10, once with the right derivative and once with its linear part 0.01 % too large.
template <int right>
class Bent : public ActivationOf<Bent<right>> {
 public:
  static constexpr std::string_view name = right ? "bent" : "wrong", summary = "z + z^3 / 10";

  template <class T>
  void value(const T* z, T* y, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) y[i] = z[i] + T(0.1) * z[i] * z[i] * z[i];
  }
  template <class T>
  void gradient(const T* z, const T*, const T* dy, T* dz, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) dz[i] = dy[i] * (T(right ? 1 : 1.0001) + T(0.3) * z[i] * z[i]);
  }
};

// Layers: y = x · scale, with one learned scale per column; `mistake` says what is wrong in backward.
enum class Mistake { none, in_parameter, in_input, forgotten };

template <Mistake mistake>
class Scale : public LayerOf<Scale<mistake>> {
 public:
  static constexpr std::string_view name = "scale", summary = "each column times a learned number";

  void describe(Fields&) override {}
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape> inputs) const override {
    return {{.name = "scale", .shape = inputs[0], .initializer = Initializer("uniform", 0.5, 2)}};
  }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    const View<const T> x = pass.x();
    const View<T> y = pass.y(), scale = pass.slice(0);
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) y(r, c) = x(r, c) * scale.data[c];
    }
  }
  template <class T>
  void run_backward(Pass<T>& pass) const {
    const View<const T> x = pass.x();
    const View<T> dy = pass.dy(), dx = pass.dx(), scale = pass.slice(0);
    std::vector<T> sums(static_cast<std::size_t>(x.columns));
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) {
        const bool left_out = mistake == Mistake::in_parameter && r == x.rows - 1;  // the last row
        if (!left_out) sums[static_cast<std::size_t>(c)] += x(r, c) * dy(r, c);
        if (dx) dx(r, c) = dy(r, c) * (mistake == Mistake::in_input ? T(1) : scale.data[c]);
      }
    }
    if (mistake != Mistake::forgotten) pass.gradient(0, sums.data());
  }
};

// Adds two inputs of the same shape, so that branches of a model can meet.
class Sum : public LayerOf<Sum> {
 public:
  static constexpr std::string_view name = "sum", summary = "adds its two inputs";

  void describe(Fields&) override {}
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape>) const override { return {}; }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    for (std::int64_t r = 0; r < pass.rows(); ++r) {
      for (std::int64_t c = 0; c < pass.y().columns; ++c) pass.y()(r, c) = pass.x(0)(r, c) + pass.x(1)(r, c);
    }
  }
  template <class T>
  void run_backward(Pass<T>& pass) const {
    for (int input = 0; input < 2; ++input) {
      for (std::int64_t r = 0; pass.dx(input) && r < pass.rows(); ++r)
        std::copy_n(pass.dy().row(r), pass.dy().columns, pass.dx(input).row(r));
    }
  }
};

// A loss, (y - t)⁴, with the right factor in its derivative or a wrong one.
template <int factor>
class FourthPower : public LossOf<FourthPower<factor>> {
 public:
  static constexpr std::string_view name = "fourth_power", summary = "(y - t)^4";

  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      loss[r] = 0;
      for (std::int64_t c = 0; c < y.columns; ++c) {
        const T e = y(r, c) - target(r, c);
        loss[r] += e * e * e * e;
        dy(r, c) = factor * e * e * e;
      }
    }
  }
};

std::vector<GradientVerdict> verdicts(const BasicModel<double>& model, const Loss& loss = Loss("mse")) {
  BasicModel<double> built = model;
  if (!built.is_built()) built.build(Shape{5}, 11);
  return check_gradients(built, rows_for("regression", 8, 5), loss);
}

std::vector<std::string> caught(const std::vector<GradientVerdict>& verdicts) {
  std::vector<std::string> names;
  for (const GradientVerdict& v : verdicts) {
    if (!v.ok) names.push_back(v.name);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(GradientCheck, accepts_a_right_activation_and_finds_a_derivative_off_by_one_ten_thousandth) {
  EXPECT_EQ(caught(verdicts({Dense{4, Bent<1>{}}, Dense{2}})), Names{});
  EXPECT_EQ(caught(verdicts({Dense{4, Bent<0>{}}, Dense{2}})), (Names{"dense1.weight", "dense1.bias", "input"}));
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Bent<0>{}, Dense{2}})), (Names{"dense1.weight", "dense1.bias", "input"}));
}

TEST(GradientCheck, names_the_parameter_whose_gradient_is_wrong) {
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Scale<Mistake::none>{}, Dense{2}})), Names{});
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Scale<Mistake::in_parameter>{}, Dense{2}})), Names{"scale1.scale"});
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Scale<Mistake::in_input>{}, Dense{2}})),
            (Names{"dense1.weight", "dense1.bias", "input"}));
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Scale<Mistake::forgotten>{}, Dense{2}})), Names{"scale1.scale"});
}

TEST(GradientCheck, finds_a_wrong_loss) {
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Dense{2}}, FourthPower<4>{})), Names{});
  EXPECT_EQ(caught(verdicts({Dense{4, tanh}, Dense{2}}, FourthPower<3>{})).size(), 5u);
}

TEST(GradientCheck, is_right_for_models_with_branches) {
  BasicModel<double> model;
  model.add(Dense{4, tanh}, "stem");
  model.add(Dense{4, tanh}, "left", {"stem"});
  model.add(Dense{4, silu}, "right", {"stem"});
  model.add(Sum{}, "both", {"left", "right"});
  model.add(Dense{5}, "head", {"both"});
  model.add(Sum{}, "skip", {"head", "input"});  // the input is read twice
  model.add(Dense{2}, "out", {"skip"});
  const auto all = verdicts(model);
  EXPECT_EQ(caught(all), Names{});
  EXPECT_EQ(all.size(), 11u);
}

TEST(GradientCheck, skips_components_at_a_kink_and_checks_the_others) {
  BasicModel<double> model{Dense{3, relu}, Dense{2}};
  model.build(Shape{5}, 11);
  // Unit 0 is exactly at its kink in every row, where the loss has no derivative.
  for (std::int64_t i = 0; i < 5; ++i) model.parameter("dense1.weight").view()(i, 0) = 0;
  const auto all = verdicts(model);
  EXPECT_EQ(caught(all), Names{});
  EXPECT_EQ(all[0].name, "dense1.weight");
  EXPECT_GE(all[0].skipped, 5);
  EXPECT_GE(all[0].checked, 8);
  EXPECT_GE(all[1].skipped, 1);
}

TEST(GradientCheck, a_parameter_without_effect_is_right_if_its_gradient_is_zero) {
  BasicModel<double> model{Dense{3, tanh}, Dense{2}};
  model.build(Shape{5}, 11);
  for (double& w : model.parameter("dense2.weight").values()) w = 0;
  for (const GradientVerdict& v : verdicts(model)) {
    EXPECT_TRUE(v.ok) << v.name;
    if (v.name.starts_with("dense1")) {
      EXPECT_EQ(v.relative_error, 0) << v.name;
    }
  }
}

TEST(GradientCheck, has_very_small_errors_for_right_gradients) {
  for (const GradientVerdict& v : verdicts({Dense{6, tanh}, Dense{6, gelu}, Dense{2}})) {
    EXPECT_LE(v.relative_error, 1e-9) << v.name;
    EXPECT_EQ(v.skipped, 0) << v.name;
    EXPECT_GT(v.analytic_norm, 0) << v.name;
  }
}

TEST(GradientCheck, samples_large_parameters_and_does_not_change_the_model) {
  BasicModel<double> model{Dense{40, tanh}, Dense{2}};
  model.build(Shape{5}, 11);
  const std::string before = model.to_bytes();
  const auto sampled = check_gradients(model, rows_for("regression", 8, 5), Loss("mse"), {.most_per_parameter = 17});
  EXPECT_EQ(sampled[0].checked + sampled[0].skipped, 17);
  EXPECT_EQ(model.to_bytes(), before);
}

TEST(GradientCheck, most_rows_uses_only_the_first_rows) {
  BasicModel<double> model{Dense{3, tanh}, Dense{2}};
  model.build(Shape{5}, 11);
  const Dataset all = rows_for("regression", 8, 5);
  const std::int64_t first[] = {0, 1, 2};
  const auto some = check_gradients(model, all, Loss("mse"), {.most_rows = 3});
  const auto same = check_gradients(model, all.subset(first), Loss("mse"));
  ASSERT_EQ(some.size(), same.size());
  for (std::size_t i = 0; i < some.size(); ++i) {
    EXPECT_TRUE(some[i].ok) << some[i].name;
    EXPECT_EQ(some[i].analytic_norm, same[i].analytic_norm) << some[i].name;
  }
  EXPECT_NE(some[0].analytic_norm, check_gradients(model, all, Loss("mse"))[0].analytic_norm);
  EXPECT_EQ(check_gradients(model, all, Loss("mse"), {.most_rows = 99})[0].analytic_norm,
            check_gradients(model, all)[0].analytic_norm)
      << "more than there are: all of them; without a loss, the one that fit() takes";
  EXPECT_THROW(check_gradients(model, all, Loss("mse"), {.most_rows = -1}), Error);
}

TEST(GradientCheck, uses_the_same_dropout_mask_for_every_evaluation) {
  EXPECT_EQ(caught(verdicts({Dense{8, tanh}, Dropout{0.5}, Dense{2}})), Names{});
}

TEST(GradientCheck, refuses_data_that_do_not_fit_the_model) {
  BasicModel<double> model{Dense{2}};
  model.build(Shape{5});
  EXPECT_THROW(check_gradients(model, rows_for("classification", 8, 5), Loss("mse")), Error);
  EXPECT_THROW(check_gradients(model, Dataset{}, Loss("mse")), Error);
}

}  // namespace
}  // namespace pellucid
