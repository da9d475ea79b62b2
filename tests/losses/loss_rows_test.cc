// Losses: hand-computed values, gradients against central differences, very large logits, parsing and printing.
// Not here: that all instruction sets compute the same (kernels_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/kernels.h"
#include "pellucid/error.h"
#include "pellucid/loss.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

struct Result {
  std::vector<double> loss, dy;
};

Result run(std::string_view name, std::int64_t m, std::int64_t n, const std::vector<double>& y,
           const std::vector<double>& target, const std::vector<std::int32_t>& label = {},
           const std::vector<double>& weight = {}, double scale = 1, double parameter = -1) {
  const Loss loss = parameter < 0 ? Loss(name) : Loss(name, {.parameter = parameter});
  Result result{std::vector<double>(m), std::vector<double>(m * n)};
  kernels<double>().loss(
      loss.kind().builtin, loss.parameter(),
      {m, n, y.data(), n, label.empty() ? target.data() : nullptr, n, label.empty() ? nullptr : label.data(),
       weight.empty() ? nullptr : weight.data(), scale, result.loss.data(), result.dy.data(), n});
  return result;
}

TEST(LossRows, every_kind_computes_its_documented_example) {
  for (const LossKind* kind : loss_kinds()) {
    if (kind->builtin < 0) continue;
    const std::int64_t n = kind->rowwise ? 2 : 1;
    std::vector<double> y{kind->example_y, 0}, target{kind->example_target, 1 - kind->example_target};
    const Result result = run(kind->name, 1, n, y, target);
    EXPECT_NEAR(result.loss[0], kind->example_value, 1e-15) << kind->name;
    EXPECT_NEAR(result.dy[0], kind->example_slope, 1e-15) << kind->name;
  }
}

TEST(LossRows, mse_sums_over_outputs_and_scales_only_the_gradient) {
  // Row 0: (1-0)² + (2-4)² = 5, times the weight 3 gives 15; the slopes 2·1 and 2·(-2) are multiplied by 3 · 0.1.
  const Result r = run("mse", 2, 2, {1, 2, 0, 0}, {0, 4, 0, 1}, {}, {3, 1}, 0.1);
  EXPECT_DOUBLE_EQ(r.loss[0], 15);
  EXPECT_DOUBLE_EQ(r.loss[1], 1);
  EXPECT_DOUBLE_EQ(r.dy[0], 0.6);
  EXPECT_DOUBLE_EQ(r.dy[1], -1.2);
  EXPECT_DOUBLE_EQ(r.dy[3], -0.2);
}

TEST(LossRows, mae_has_slope_zero_at_the_target) {
  const Result r = run("mae", 1, 3, {1, 2, 3}, {2, 2, 2});
  EXPECT_EQ(r.loss[0], 2);
  EXPECT_EQ(r.dy, (std::vector<double>{-1, 0, 1}));
}

TEST(LossRows, huber_is_quadratic_within_delta_and_linear_outside) {
  // delta 2: e = 1 gives 1/2 with slope 1; e = -5 gives 2 · (5 - 1) = 8 with slope -2.
  const Result r = run("huber", 2, 1, {1, -5}, {0, 0}, {}, {}, 1, 2);
  EXPECT_EQ(r.loss, (std::vector<double>{0.5, 8}));
  EXPECT_EQ(r.dy, (std::vector<double>{1, -2}));
}

TEST(LossRows, cross_entropy_of_three_classes_is_right) {
  // The exponentials are 1, 2, 5 (sum 8); for class 2 the loss is -log(5/8), the slopes are 1/8, 2/8 and 5/8 - 1.
  const Result r = run("cross_entropy", 1, 3, {0, std::log(2.0), std::log(5.0)}, {}, {2});
  EXPECT_NEAR(r.loss[0], -std::log(5.0 / 8), 1e-15);
  EXPECT_NEAR(r.dy[0], 0.125, 1e-15);
  EXPECT_NEAR(r.dy[1], 0.25, 1e-15);
  EXPECT_NEAR(r.dy[2], -0.375, 1e-15);
}

TEST(LossRows, label_smoothing_gives_every_class_a_share_of_the_target) {
  // Smoothing 0.3 with three classes gives the targets 0.1, 0.1, 0.8; the softmax outputs are 1/8, 2/8, 5/8.
  const Result r = run("cross_entropy", 1, 3, {0, std::log(2.0), std::log(5.0)}, {}, {2}, {}, 1, 0.3);
  EXPECT_NEAR(r.loss[0], 0.1 * std::log(8.0) + 0.1 * std::log(4.0) + 0.8 * std::log(8.0 / 5), 1e-15);
  EXPECT_NEAR(r.dy[0], 0.125 - 0.1, 1e-15);
  EXPECT_NEAR(r.dy[1], 0.25 - 0.1, 1e-15);
  EXPECT_NEAR(r.dy[2], 0.625 - 0.8, 1e-15);
  // Smoothing 0.2 of the label 1 gives the target 0.9; sigmoid(ln 3) = 3/4, and the loss is ln(1 + 3) - 0.9 ln 3.
  const Result yes = run("binary_cross_entropy", 1, 1, {std::log(3.0)}, {1}, {}, {}, 1, 0.2);
  EXPECT_NEAR(yes.loss[0], std::log(4.0) - 0.9 * std::log(3.0), 1e-15);
  EXPECT_NEAR(yes.dy[0], 0.75 - 0.9, 1e-15);
}

TEST(LossRows, smoothed_labels_equal_smoothed_one_hot_rows_at_every_width) {
  for (const std::int64_t n : {2, 3, 10, 16, 17, 40}) {
    const auto y = test::random_values<double>(static_cast<std::size_t>(5 * n), 3, 4);
    const std::vector<std::int32_t> label{0, 1, 1, 0, static_cast<std::int32_t>(n - 1)};
    std::vector<double> row(static_cast<std::size_t>(5 * n));
    for (std::size_t r = 0; r < 5; ++r) row[r * static_cast<std::size_t>(n) + static_cast<std::size_t>(label[r])] = 1;
    const Result by_label = run("cross_entropy", 5, n, y, {}, label, {}, 1, 0.1);
    const Result by_row = run("cross_entropy", 5, n, y, row, {}, {}, 1, 0.1);
    EXPECT_EQ(by_label.loss, by_row.loss) << n;
    for (std::size_t i = 0; i < row.size(); ++i) EXPECT_NEAR(by_label.dy[i], by_row.dy[i], 1e-15) << n;
  }
}

TEST(LossRows, a_label_equals_its_one_hot_row) {
  const auto y = test::random_values<double>(12, 1, 3);
  for (const char* name : {"cross_entropy", "binary_cross_entropy", "mse", "huber"}) {
    const Result by_label = run(name, 3, 4, y, {}, {2, 0, 3});
    const Result by_row = run(name, 3, 4, y, {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1});
    EXPECT_EQ(by_label.loss, by_row.loss) << name;
    EXPECT_EQ(by_label.dy, by_row.dy) << name;
  }
}

TEST(LossRows, with_one_output_the_label_is_the_target) {
  const Result by_label = run("binary_cross_entropy", 3, 1, {-1, 0.5, 2}, {}, {1, 0, 1});
  const Result by_number = run("binary_cross_entropy", 3, 1, {-1, 0.5, 2}, {1, 0, 1});
  EXPECT_EQ(by_label.loss, by_number.loss);
  EXPECT_EQ(by_label.dy, by_number.dy);
  EXPECT_NEAR(by_label.loss[0], std::log(1 + std::exp(1.0)), 1e-15);
}

TEST(LossRows, gradients_agree_with_central_differences) {
  const std::int64_t m = 4, n = 5;
  const auto target = test::random_values<double>(m * n, 2, 0.5);
  const std::vector<double> weight{1, 0.5, 2, 3};
  const double h = 1e-6;
  for (const LossKind* kind : loss_kinds()) {
    if (kind->builtin < 0) continue;
    auto y = test::random_values<double>(m * n, 1, 2);
    const Result result = run(kind->name, m, n, y, target, {}, weight, 0.25);
    for (std::int64_t i = 0; i < m * n; ++i) {
      const double saved = y[i];
      y[i] = saved + h;
      const double above = run(kind->name, m, n, y, target, {}, weight).loss[i / n];
      y[i] = saved - h;
      const double below = run(kind->name, m, n, y, target, {}, weight).loss[i / n];
      y[i] = saved;
      EXPECT_NEAR(result.dy[i], 0.25 * (above - below) / (2 * h), 1e-7) << kind->name << ", element " << i;
    }
  }
}

TEST(LossRows, logits_of_a_thousand_give_finite_losses) {
  const Result classes = run("cross_entropy", 2, 2, {1000, -1000, 1000, -1000}, {}, {0, 1});
  EXPECT_EQ(classes.loss, (std::vector<double>{0, 2000}));
  EXPECT_EQ(classes.dy, (std::vector<double>{0, 0, 1, -1}));
  const Result yes_no = run("binary_cross_entropy", 2, 1, {1000, -1000}, {}, {0, 0});
  EXPECT_EQ(yes_no.loss, (std::vector<double>{1000, 0}));
  EXPECT_EQ(yes_no.dy, (std::vector<double>{1, 0}));
}

TEST(LossRows, nan_outputs_give_a_nan_loss) {
  for (const LossKind* kind : loss_kinds()) {
    if (kind->builtin < 0) continue;
    EXPECT_TRUE(std::isnan(run(kind->name, 1, 2, {std::nan(""), 0}, {1, 0}).loss[0])) << kind->name;
  }
}

std::string code_of(std::string_view name, double parameter) {
  try {
    Loss(name, {.parameter = parameter});
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

TEST(LossRows, wrong_names_and_parameters_are_refused_with_their_code) {
  EXPECT_EQ(code_of("hubert", -1), "U11");
  EXPECT_EQ(code_of("huber", 0), "U12");
  EXPECT_EQ(code_of("mse", 1), "U12");
  EXPECT_EQ(code_of("huber", 2), "");
}

TEST(LossRows, text_has_only_what_differs_from_the_default) {
  EXPECT_EQ(Loss("mse").text(), "mse");
  EXPECT_EQ(Loss("huber", {.parameter = 1.5}).text(), "huber(1.5)");
  EXPECT_EQ(Loss("mse", {.reduction = Reduction::sum}).text(), "mse, sum");
}

}  // namespace
}  // namespace pellucid
