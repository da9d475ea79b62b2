// Soft targets of a dataset: what the loss reads of them, what scores read, and what is refused.
// Not here: the setting soft_target (tests/recipe/soft_target_setting_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/gradient_check.h"
#include "pellucid/stepper.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"

namespace pellucid {
namespace {

using test::refusal;
using test::rows_for;

// Probabilities that differ from row to row and have the sum 1.
LargeVector<float> probabilities(std::int64_t rows, std::int64_t classes) {
  LargeVector<float> result;
  for (std::int64_t r = 0; r < rows; ++r) {
    float left = 1;
    for (std::int64_t c = 0; c + 1 < classes; ++c) {
      result.push_back(left * static_cast<float>((r + 3 * c) % 5) / 5);
      left -= result.back();
    }
    result.push_back(left);
  }
  return result;
}

// The first label as a one-hot row, and so on.
LargeVector<float> one_hot(const Dataset& data) {
  LargeVector<float> result(static_cast<std::size_t>(data.rows() * data.targets().classes));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    result[static_cast<std::size_t>(r * data.targets().classes + data.label(r))] = 1;
  }
  return result;
}

Dataset two_rows() {
  return Dataset::classification(std::vector<float>{1, 2}, Shape{1}, std::vector<std::int32_t>{0, 2}, 3);
}

// A net whose logits are its biases, whatever the row is.
BasicModel<double> constant_net(const std::vector<double>& logits, const Activation& end) {
  BasicModel<double> model{Dense{static_cast<std::int64_t>(logits.size()), end}};
  model.build(Shape{1}, 1);
  for (double& w : model.parameters()[0].value.values()) w = 0;
  std::copy(logits.begin(), logits.end(), model.parameters()[1].value.values().begin());
  return model;
}

TEST(SoftTargets, the_loss_of_three_classes_is_the_cross_entropy_against_their_probabilities) {
  // softmax(ln 1, ln 2, ln 5) = (1, 2, 5) / 8. The two rows cost
  //   -(0.5 ln 1/8 + 0.25 ln 2/8 + 0.25 ln 5/8) and -(1 ln 2/8).
  const auto model = constant_net({0, std::log(2), std::log(5)}, softmax);
  const Dataset data = two_rows().with_soft_targets({0.5, 0.25, 0.25, 0, 1, 0});
  const double first = -(0.5 * std::log(1 / 8.0) + 0.25 * std::log(2 / 8.0) + 0.25 * std::log(5 / 8.0));
  BasicModel<double> net = model;
  BasicStepper<double> stepper(net, 2, {.loss = Loss("cross_entropy")});
  EXPECT_NEAR(stepper.gradients(data), (first + std::log(4)) / 2, 1e-15);
  // The gradient of the biases is the mean of softmax(z) - t.
  const double* const gradient = stepper.gradient("dense1.bias").data;
  EXPECT_NEAR(gradient[0], (1 / 8.0 - 0.5 + 1 / 8.0) / 2, 1e-15);
  EXPECT_NEAR(gradient[1], (2 / 8.0 - 0.25 + 2 / 8.0 - 1) / 2, 1e-15);
  EXPECT_NEAR(gradient[2], (5 / 8.0 - 0.25 + 5 / 8.0) / 2, 1e-15);
}

TEST(SoftTargets, one_output_of_two_classes_learns_the_second_probability) {
  // sigmoid(ln 3) = 3/4: the loss is -(1/4 ln 3/4 + 3/4 ln 1/4).
  const auto model = constant_net({std::log(3)}, sigmoid);
  const Dataset data = Dataset::classification(std::vector<float>{1}, Shape{1}, std::vector<std::int32_t>{1}, 2)
                           .with_soft_targets({0.75F, 0.25F});
  EXPECT_NEAR(check_gradients(model, data, Loss("binary_cross_entropy")).front().relative_error, 0, 1e-7);
  BasicModel<double> net = model;
  BasicStepper<double> stepper(net, 1, {.loss = Loss("binary_cross_entropy")});
  EXPECT_NEAR(stepper.gradients(data), -(0.25 * std::log(0.75) + 0.75 * std::log(0.25)), 1e-15);
}

TEST(SoftTargets, gradients_agree_with_differences_of_the_loss) {
  for (const LossKind* kind : test::built_in_losses()) {
    SCOPED_TRACE(kind->name);
    const BasicModel<double> model = test::small_net(Dense{4, softplus}, *kind);
    const Dataset data = rows_for(kind->task, 9, 5);
    const auto columns = data.soft_target_columns();
    const Dataset soft = data.with_soft_targets(probabilities(9, columns));
    for (const Dataset& rows : {soft, soft.with_weights({0, 2, 1, 0.5, 3, 1, 1, 0, 1})}) {
      const auto smoothed = Loss(*kind, {.parameter = kind->parameter.name != nullptr ? 0.3 : -1});
      for (const Loss& loss : {Loss(*kind), smoothed}) {
        for (const GradientVerdict& v : check_gradients(model, rows, loss)) {
          EXPECT_TRUE(v.ok && v.relative_error < 1e-7) << v.name << ": " << v.relative_error;
        }
      }
    }
  }
}

TEST(SoftTargets, one_hot_rows_train_like_the_labels) {
  const Dataset data = rows_for("classification", 40, 5);
  const auto trained = [](const Dataset& rows) {
    Model model{Dense{6, tanh}, Dense{rows.targets().classes, softmax}};
    fit(model, rows, rows, {.epochs = 5, .batch_size = 7});
    return model;
  };
  const Model labels = trained(data), soft = trained(data.with_soft_targets(one_hot(data)));
  for (std::size_t p = 0; p < labels.parameters().size(); ++p) {
    const auto a = labels.parameters()[p].value.values(), b = soft.parameters()[p].value.values();
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-5);
  }
}

TEST(SoftTargets, scores_read_the_true_labels) {
  const Dataset data = two_rows();
  const auto model = constant_net({0, 0, 5}, softmax);  // always class 2, which is true of the second row
  const Evaluation seen = evaluate(model, data.with_soft_targets({0, 0, 1, 0, 0, 1}));
  EXPECT_EQ(seen.score(), 0.5);
  EXPECT_LT(seen.loss, 0.1);  // the loss reads the soft targets, by which both rows are of class 2
}

TEST(SoftTargets, a_subset_keeps_the_soft_targets_of_its_rows) {
  const Dataset data = two_rows().with_soft_targets({0.5, 0.25, 0.25, 0, 1, 0});
  const std::vector<std::int64_t> second{1};
  const Dataset rows = data.subset(second);
  EXPECT_EQ(std::vector<float>(rows.soft_targets().begin(), rows.soft_targets().end()), (std::vector<float>{0, 1, 0}));
}

TEST(SoftTargets, the_bits_do_not_depend_on_threads) {
  const Dataset data = rows_for("classification", 300, 5);
  const Dataset soft = data.with_soft_targets(probabilities(300, data.soft_target_columns()));
  std::string expected;
  for (const std::int64_t threads : {1, 2, 3, 7}) {
    Model model{Dense{64, relu}, Dense{data.targets().classes, softmax}};
    fit(model, soft, soft, {.epochs = 3, .batch_size = 100, .threads = threads});
    if (threads == 1) expected = model.to_bytes();
    EXPECT_EQ(model.to_bytes(), expected) << threads;
  }
}

TEST(SoftTargets, other_soft_targets_are_no_rows_to_resume_with) {
  const Dataset data = two_rows();
  std::string state;
  const auto options = [&](std::int64_t epochs) {
    FitOptions o{.epochs = epochs};
    o.checkpoint = [&](const Checkpoint& checkpoint) { state = checkpoint(); };
    return o;
  };
  Model model{Dense{3, softmax}};
  fit(model, data.with_soft_targets({1, 0, 0, 0, 1, 0}), Dataset(), options(1));
  FitOptions more = options(2);
  more.resume = state;
  EXPECT_EQ(refusal([&] { fit(model, data.with_soft_targets({0, 1, 0, 0, 1, 0}), Dataset(), more); }).code(), "D42");
}

TEST(SoftTargets, what_are_no_probabilities_of_all_classes_is_refused) {
  const Dataset data = two_rows();
  EXPECT_EQ(refusal([&] { (void)data.with_soft_targets({0.5, 0.5}); }).code(), "U20");
  EXPECT_EQ(refusal([&] { (void)data.with_soft_targets({0.5, 0.25, 0.25, 0, 1, 0.01F}); }).code(), "D17");
  EXPECT_EQ(refusal([&] { (void)data.with_soft_targets({0.5, 0.25, 0.25, 0, 1.5, -0.5}); }).code(), "D17");
  const float none = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(refusal([&] { (void)data.with_soft_targets({0.5, 0.25, 0.25, 0, 1, none}); }).code(), "D15");
  EXPECT_EQ(refusal([&] { (void)Dataset().with_soft_targets({}); }).code(), "U20");
  const Dataset soft = data.with_soft_targets({0.5, 0.25, 0.25, 0, 1, 0});
  Model heads{Dense{3, softmax}};
  heads.set_heads({{.layer = "dense1"}});
  EXPECT_EQ(refusal([&] { fit(heads, soft, Dataset(), {.epochs = 1}); }).code(), "U33");
}

}  // namespace
}  // namespace pellucid
