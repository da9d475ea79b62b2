// Stepper with models that are graphs: heads, shared parameters, frozen layers.
// Not here: models with one output (stepper_test.cc), fit() with such models (tests/model/graph_test.cc,
// heads_test.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/pellucid.h"
#include "support/files.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::refusal;

template <class T>
View<const T> view(const std::vector<T>& values, std::int64_t rows) {
  const auto columns = static_cast<std::int64_t>(values.size()) / rows;
  return {values.data(), rows, columns, columns};
}

// A trunk h = 2x with two heads: a number y = 3h, and a class with the logits h and -h.
BasicModel<double> worked_heads() {
  BasicModel<double> model;
  model.add(Dense{1}, "trunk").add(Dense{1}, "value", {"trunk"}).add(Dense{2, softmax}, "kind", {"trunk"});
  model.set_heads({{.layer = "value", .weight = 0.5}, {.layer = "kind", .weight = 2}});
  model.build(Shape{1});
  model.parameter("trunk.weight").values()[0] = 2;
  model.parameter("value.weight").values()[0] = 3;
  model.parameter("kind.weight").values()[0] = 1;
  model.parameter("kind.weight").values()[1] = -1;
  return model;
}

const std::vector<double> rows_of_two{1, 0.5}, number_and_class{5, 0, 4, 1};

// value: errors 1 and -1. kind: -ln(1 / (1 + e⁻⁴)) and -ln(1 / (1 + e²)).
const double worked_loss = 0.5 * 1 + 2 * (std::log1p(std::exp(-4.0)) + std::log1p(std::exp(2.0))) / 2;
const double up = 1.5 - 2 / (1 + std::exp(4.0)), down = -1.5 + 2 / (1 + std::exp(-2.0));  // ∂loss/∂h of the two rows
const double trunk_gradient = up * 1 + down * 0.5;

TEST(StepperGraph, heads_give_the_hand_computed_loss_and_gradients) {
  BasicModel<double> model = worked_heads();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}});
  EXPECT_NEAR(stepper.gradients(view(rows_of_two, 2), view(number_and_class, 2)), worked_loss, 1e-14);
  EXPECT_NEAR(stepper.gradient("trunk.weight")(0, 0), trunk_gradient, 1e-14);
  stepper.update();
  EXPECT_NEAR(model.parameter("trunk.weight").values()[0], 2 - 0.1 * trunk_gradient, 1e-14);

  model = worked_heads();
  BasicStepper<double> fused(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}});
  EXPECT_NEAR(fused.step(view(rows_of_two, 2), view(number_and_class, 2)), worked_loss, 1e-14);
  EXPECT_NEAR(model.parameter("trunk.weight").values()[0], 2 - 0.1 * trunk_gradient, 1e-14);

  model = worked_heads();
  const Dataset data = Dataset::mixed(std::span<const double>(rows_of_two), Shape{1}, number_and_class, {0, 2});
  BasicStepper<double> by_data(model, 2, {.loss = default_loss(model, data), .optimizer = Sgd{.learning_rate = 0.1}});
  EXPECT_NEAR(by_data.step(data), worked_loss, 1e-14);
  EXPECT_NEAR(model.parameter("trunk.weight").values()[0], 2 - 0.1 * trunk_gradient, 1e-14);
}

TEST(StepperGraph, forward_returns_the_outputs_of_all_heads_and_backward_takes_their_gradients) {
  BasicModel<double> model = worked_heads();
  BasicStepper<double> stepper(model, 2);
  const View<const double> y = stepper.forward(view(rows_of_two, 2));
  const Tensor<double> expected = model.predict(view(rows_of_two, 2));
  ASSERT_EQ(y.columns, 3);
  for (std::int64_t r = 0; r < 2; ++r) {
    for (std::int64_t c = 0; c < 3; ++c) EXPECT_EQ(y(r, c), expected.view()(r, c));
  }
  // A gradient for the head value only: ∂/∂h = 3·dy, so that of the trunk's weight is 3·(1·1 + 2·0.5).
  const std::vector<double> dy{1, 0, 0, 2, 0, 0};
  stepper.backward(view(dy, 2));
  EXPECT_NEAR(stepper.gradient("trunk.weight")(0, 0), 3 * 2, 1e-14);
  EXPECT_EQ(stepper.gradient("kind.weight")(0, 0), 0);
}

// A model with heads, shared and frozen parameters together.
template <class T>
BasicModel<T> everything() {
  BasicModel<T> model;
  model.add_input("left", Shape{2}).add_input("right", Shape{2});
  model.add(Dense{6, tanh}, "frozen", {"left"}).add(Dense{5, tanh}, "code", {"frozen"});
  model.add_shared("frozen", "frozen_right", {"right"}).add_shared("code", "code_right", {"frozen_right"});
  model.add(Concat{}, "both", {"code", "code_right"});
  model.add(Dense{1}, "value", {"both"}).add(Dense{3, softmax}, "kind", {"both"});
  model.add(Dense{2, sigmoid}, "answers", {"both"});
  model.set_heads({{.layer = "value", .loss = Loss("huber")}, {.layer = "kind", .weight = 0.3}, {.layer = "answers"}});
  model.freeze("frozen").freeze("kind.bias");
  model.build(Shape{4}, 3);
  return model;
}

template <class T>
Dataset rows_for_everything(std::int64_t rows) {
  const auto x = random_values<T>(rows * 4, 5);
  std::vector<T> targets;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = x.data() + r * 4;
    const T sum = row[0] + row[2];
    targets.insert(targets.end(), {row[0] * row[2], T(sum > 0) + T(sum > 1), T(row[1] > 0), T(row[3] > row[1])});
  }
  return Dataset::mixed(std::span<const T>(x), Shape{4}, targets, {0, 3, 2, 2});
}

template <class T>
void expect_the_bits_of_fit(double clip_norm) {
  const Dataset data = rows_for_everything<T>(48);
  BasicFitOptions<T> options;
  options.epochs = 3;
  options.batch_size = 48;
  options.patience = 0;
  options.shuffle = options.keep_best = false;
  options.clip_norm = clip_norm;
  options.optimizer = Adam{.learning_rate = 0.01};
  BasicModel<T> fitted = everything<T>();
  fit(fitted, data, Dataset{}, options);
  for (const bool apart : {false, true}) {
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      BasicModel<T> model = everything<T>();
      const BasicModel<T> before = model;
      BasicStepper<T> stepper(model, 48, {.optimizer = options.optimizer, .clip_norm = clip_norm, .threads = threads});
      for (int step = 0; step < 3; ++step) {
        if (apart) {
          stepper.gradients(data);
          stepper.update();
        } else {
          stepper.step(data);
        }
      }
      for (const Parameter<T>& p : std::as_const(model).parameters()) {
        EXPECT_TRUE(std::ranges::equal(p.value.values(), std::as_const(fitted).parameter(p.name).values()))
            << p.name << apart << threads << clip_norm;
        const bool kept = std::ranges::equal(p.value.values(), before.parameter(p.name).values());
        EXPECT_EQ(kept, model.is_frozen(p.name)) << p.name;
      }
    }
  }
}

TEST(StepperGraph, heads_with_shared_and_frozen_layers_learn_the_same_bits_as_fit) {
  for (const double clip_norm : {0.0, 0.05}) {
    expect_the_bits_of_fit<float>(clip_norm);
    expect_the_bits_of_fit<double>(clip_norm);
  }
}

TEST(StepperGraph, a_shared_gradient_is_the_sum_over_both_uses_and_a_frozen_one_is_refused) {
  BasicModel<double> model;
  const DenseOptions plain{.bias = false};
  model.add_input("a", Shape{1}).add_input("b", Shape{1}).add(Dense{1, linear, plain}, "w", {"a"});
  model.add_shared("w", "again", {"b"}).add(Add{}, "sum", {"w", "again"}).add(Dense{1, linear, plain}, "last");
  model.build(Shape{2});
  model.parameter("w.weight").values()[0] = 3;
  model.parameter("last.weight").values()[0] = 1;
  model.freeze("last");
  BasicStepper<double> stepper(model, 1, {.optimizer = Sgd{.learning_rate = 0.01}});
  const std::vector<double> x{2, 5}, t{20};
  EXPECT_DOUBLE_EQ(stepper.gradients(view(x, 1), view(t, 1)), 1);  // y = 3·2 + 3·5 = 21
  EXPECT_DOUBLE_EQ(stepper.gradient("w.weight")(0, 0), 2 * 2 + 2 * 5);
  EXPECT_EQ(refusal([&] { stepper.gradient("last.weight"); }).code(), "U23");
  stepper.update();
  EXPECT_DOUBLE_EQ(model.parameter("w.weight").values()[0], 3 - 0.01 * 14);
  EXPECT_EQ(model.parameter("last.weight").values()[0], 1);

  stepper.accumulate(true);
  stepper.gradients(view(x, 1), view(t, 1));
  const double once = stepper.gradient("w.weight")(0, 0);
  stepper.gradients(view(x, 1), view(t, 1));
  EXPECT_NEAR(stepper.gradient("w.weight")(0, 0), once, 1e-14);  // the mean of two equal rows
  stepper.update();
}

TEST(StepperGraph, a_model_whose_parameters_are_all_frozen_is_refused) {
  Model model{Dense{3}, Dense{1}};
  model.build({2});
  model.freeze("dense1").freeze("dense2");
  EXPECT_EQ(refusal([&] { Stepper(model, 1); }).code(), "U28");
}

TEST(StepperGraph, targets_that_do_not_fit_the_heads_are_refused) {
  BasicModel<double> model = worked_heads();
  BasicStepper<double> stepper(model, 2);
  const std::vector<double> wide{5, 0, 1, 4, 1, 0}, outside{5, 0, 4, 2}, between{5, 0.5, 4, 1};
  EXPECT_EQ(refusal([&] { stepper.step(view(rows_of_two, 2), view(wide, 2)); }).code(), "U20");
  EXPECT_EQ(refusal([&] { stepper.step(view(rows_of_two, 2), view(outside, 2)); }).code(), "D17");
  EXPECT_EQ(refusal([&] { stepper.step(view(rows_of_two, 2), view(between, 2)); }).code(), "D17");
  const std::vector<std::int32_t> labels{0, 1};
  EXPECT_EQ(refusal([&] { stepper.step(view(rows_of_two, 2), std::span<const std::int32_t>(labels)); }).code(), "U33");
  const Dataset numbers = Dataset::regression(rows_of_two, Shape{1}, number_and_class, 2);
  const Dataset only_labels = Dataset::classification(rows_of_two, Shape{1}, labels, 2);
  const Dataset more_classes = Dataset::mixed(std::span<const double>(rows_of_two), Shape{1}, number_and_class, {0, 3});
  for (const Dataset* data : {&numbers, &only_labels, &more_classes}) {
    EXPECT_EQ(refusal([&] { stepper.step(*data); }).code(), "U33");
  }
  EXPECT_EQ(stepper.steps(), 0);
}

TEST(StepperGraph, heads_with_named_targets_need_the_default_loss_of_the_data) {
  const Dataset data = rows_for_everything<float>(16);
  Model model{Dense{4, pellucid::tanh}, Dense{3, softmax}};
  model.add(Dense{1}, "value", {"dense1"});
  model.set_heads({{.layer = "dense2", .target = "1"}, {.layer = "value", .target = "0"}});
  model.build(Shape{4});
  EXPECT_EQ(refusal([&] { Stepper(model, 16); }).code(), "U33");
  const Dataset two = Dataset::mixed(random_values<float>(16 * 4, 5), Shape{4}, std::vector<float>(32, 1.0f), {0, 3});
  EXPECT_EQ(refusal([&] { Stepper(model, 16, {.loss = Loss("mse")}); }).code(), "U33");
  Stepper stepper(model, 16, {.loss = default_loss(model, two)});
  const double first = stepper.step(two);
  for (int step = 0; step < 50; ++step) stepper.step(two);
  EXPECT_LT(stepper.step(two), first);
}

TEST(StepperGraph, heads_that_all_learn_one_label_accept_labels) {
  Model model{Dense{4, pellucid::tanh}, Dense{3, softmax}};
  model.add(Dense{3, softmax}, "again", {"dense1"});
  model.set_heads({{.layer = "dense2"}, {.layer = "again"}}).build(Shape{2});
  const auto x = random_values<float>(8, 5);
  const std::vector<std::int32_t> labels{0, 1, 2, 1}, outside{0, 1, 3, 1};
  const Dataset data = Dataset::classification(x, Shape{2}, labels, 3);
  Stepper stepper(model, 4, {.loss = default_loss(model, data)});
  Model copy = model;
  Stepper other(copy, 4, {.loss = default_loss(copy, data)});
  for (int step = 0; step < 3; ++step)
    EXPECT_EQ(stepper.step(view(x, 4), std::span<const std::int32_t>(labels)), other.step(data));
  EXPECT_EQ(refusal([&] { stepper.step(view(x, 4), std::span<const std::int32_t>(outside)); }).code(), "D17");
}

TEST(StepperGraph, added_or_removed_layers_are_refused_by_every_call) {
  const auto x = random_values<float>(8, 5), t = random_values<float>(4, 6);
  Model model{Dense{4, pellucid::tanh}, Dense{1}};
  model.build({2});
  Stepper stepper(model, 4);
  stepper.step(view(x, 4), view(t, 4));
  model.add(Dense{2}).build({2});
  EXPECT_EQ(refusal([&] { stepper.step(view(x, 4), view(t, 4)); }).code(), "U24");
  EXPECT_EQ(refusal([&] { stepper.forward(view(x, 4)); }).code(), "U24");  // its plan is made only in this call
  EXPECT_EQ(refusal([&] { stepper.gradients(view(x, 4), view(t, 4)); }).code(), "U24");
}

}  // namespace
}  // namespace pellucid
