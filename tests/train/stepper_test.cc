// Stepper: single training steps compared with hand-computed numbers, and with fit() bit by bit.
// Not here: epochs (trainer_test.cc), allocations (allocation_test.cc).
#include "pellucid/stepper.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::refusal;

template <class T>
View<const T> view(const std::vector<T>& values, std::int64_t rows) {
  const auto columns = static_cast<std::int64_t>(values.size()) / rows;
  return {values.data(), rows, columns, columns};
}

/// y = w·x + b with w = 2, b = 1.
BasicModel<double> line() {
  BasicModel<double> model{Dense{1}};
  model.build({1});
  model.parameter("dense1.weight").values()[0] = 2;
  model.parameter("dense1.bias").values()[0] = 1;
  return model;
}

double weight(const BasicModel<double>& model) {
  return model.parameter("dense1.weight").values()[0];
}
double bias(const BasicModel<double>& model) {
  return model.parameter("dense1.bias").values()[0];
}

// x = 1 and 3, t = 4 and 5: y = 3 and 7, errors -1 and 2. mse: (1 + 4) / 2 = 2.5.
// ∂/∂w = (2·-1·1 + 2·2·3) / 2 = 5, ∂/∂b = (-2 + 4) / 2 = 1, ∂/∂x = 2·error·w / 2 = -2 and 4.
const std::vector<double> x{1, 3}, t{4, 5};

TEST(Stepper, gradients_and_update_of_a_line_have_the_hand_computed_values) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}, .input_gradient = true});
  EXPECT_DOUBLE_EQ(stepper.gradients(view(x, 2), view(t, 2)), 2.5);
  EXPECT_DOUBLE_EQ(stepper.gradient("dense1.weight")(0, 0), 5);
  EXPECT_DOUBLE_EQ(stepper.gradient("dense1.bias")(0, 0), 1);
  EXPECT_DOUBLE_EQ(stepper.input_gradient()(0, 0), -2);
  EXPECT_DOUBLE_EQ(stepper.input_gradient()(1, 0), 4);
  EXPECT_EQ(weight(model), 2);
  EXPECT_EQ(stepper.steps(), 0);
  stepper.update();
  EXPECT_DOUBLE_EQ(weight(model), 1.5);
  EXPECT_DOUBLE_EQ(bias(model), 0.9);
  EXPECT_EQ(stepper.steps(), 1);
}

TEST(Stepper, a_single_step_call_gives_the_same_numbers) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}});
  EXPECT_DOUBLE_EQ(stepper.step(view(x, 2), view(t, 2)), 2.5);
  EXPECT_DOUBLE_EQ(weight(model), 1.5);
  EXPECT_DOUBLE_EQ(bias(model), 0.9);
}

TEST(Stepper, row_weights_multiply_the_losses_and_may_be_negative) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2);
  const std::vector<double> weights{3, -1};
  EXPECT_DOUBLE_EQ(stepper.gradients(view(x, 2), view(t, 2), weights), (3 * 1 - 4) / 2.0);
  EXPECT_DOUBLE_EQ(stepper.gradient("dense1.weight")(0, 0), (3 * -2 - 12) / 2.0);
}

TEST(Stepper, update_applies_a_gradient_changed_by_the_caller) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}});
  stepper.gradients(view(x, 2), view(t, 2));
  stepper.gradient("dense1.weight")(0, 0) = -10;
  stepper.update();
  EXPECT_DOUBLE_EQ(weight(model), 3);
  EXPECT_DOUBLE_EQ(bias(model), 0.9);
}

TEST(Stepper, clipping_and_penalties_are_applied_by_the_update) {
  BasicModel<double> model = line();
  BasicStepper<double> norm(model, 2, {.optimizer = Sgd{.learning_rate = 1}, .clip_norm = 0.5});
  norm.step(view(x, 2), view(t, 2));
  EXPECT_NEAR(weight(model), 2 - 0.5 * 5 / std::sqrt(26), 1e-15);

  model = line();
  BasicStepper<double> value(model, 2, {.optimizer = Sgd{.learning_rate = 1}, .clip_value = 3});
  value.step(view(x, 2), view(t, 2));
  EXPECT_DOUBLE_EQ(weight(model), -1);
  EXPECT_DOUBLE_EQ(bias(model), 0);

  model = line();
  BasicStepper<double> l2(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}, .l2 = 0.5});
  l2.step(view(x, 2), view(t, 2));
  EXPECT_DOUBLE_EQ(weight(model), 2 - 0.1 * (5 + 0.5 * 2));
  EXPECT_DOUBLE_EQ(bias(model), 0.9);
}

TEST(Stepper, accumulated_gradients_equal_those_of_all_rows_together) {
  for (const Reduction reduction : {Reduction::mean, Reduction::sum}) {
    BasicModel<double> model = line();
    const StepOptions options{.loss = Loss("mse", {.reduction = reduction}), .optimizer = Sgd{.learning_rate = 0.1}};
    BasicStepper<double> stepper(model, 3, options);
    const std::vector<double> more{1, 3, -2}, aims{4, 5, 0};
    stepper.gradients(view(more, 3), view(aims, 3));
    const double whole = stepper.gradient("dense1.weight")(0, 0);
    stepper.gradients(view(more, 3), view(aims, 3));  // without accumulation, the gradients are replaced
    EXPECT_EQ(stepper.gradient("dense1.weight")(0, 0), whole);
    stepper.update();

    model = line();
    BasicStepper<double> parts(model, 2, options);
    parts.accumulate(true);
    parts.gradients(view(x, 2), view(t, 2));
    parts.gradients({more.data() + 2, 1, 1, 1}, {aims.data() + 2, 1, 1, 1});
    EXPECT_NEAR(parts.gradient("dense1.weight")(0, 0), whole, 1e-14);
    parts.update();
    EXPECT_NEAR(weight(model), 2 - 0.1 * whole, 1e-14);
    EXPECT_EQ(parts.steps(), 1);
    parts.gradients(view(x, 2), view(t, 2));  // starts again from zero after update()
    EXPECT_NE(parts.gradient("dense1.weight")(0, 0), whole);
  }
}

TEST(Stepper, a_loss_computed_by_the_caller_works_through_forward_and_backward) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}});
  const View<const double> y = stepper.forward(view(x, 2));
  EXPECT_EQ(y(0, 0), 3);
  EXPECT_EQ(y(1, 0), 7);
  const std::vector<double> dy{-1, 2};  // the derivative of mse, by hand
  stepper.backward(view(dy, 2));
  EXPECT_DOUBLE_EQ(stepper.gradient("dense1.weight")(0, 0), 5);
  EXPECT_DOUBLE_EQ(stepper.input_gradient()(1, 0), 4);
  stepper.update();
  EXPECT_DOUBLE_EQ(weight(model), 1.5);
}

TEST(Stepper, backward_agrees_with_gradients_for_softmax_with_cross_entropy) {
  const Dataset data = test::rows_for("classification", 20, 5);
  BasicModel<double> model{Dense{6, pellucid::tanh}, Dense{3, softmax}};
  model.build({5});
  BasicStepper<double> stepper(model, 20);
  stepper.gradients(data);
  const View<double> g = stepper.gradient("dense1.weight");
  const std::vector<double> expected(g.data, g.data + g.rows * g.columns);
  std::vector<double> rows(100), dy(60, 0);
  for (std::int64_t r = 0; r < 20; ++r) data.read_row(r, rows.data() + 5 * r);
  const View<const double> y = stepper.forward(view(rows, 20));
  for (std::int64_t r = 0; r < 20; ++r)
    dy[static_cast<std::size_t>(3 * r + data.label(r))] = -1 / y(r, data.label(r)) / 20;
  stepper.backward(view(dy, 20));
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(stepper.gradient("dense1.weight").data[i], expected[i], 1e-14);
}

// Trains with a Stepper on the batches of a fit() without shuffling, and returns the parameters as bytes.
template <class T>
std::string stepped(const Dataset& data, const BasicFitOptions<T>& o, bool apart, bool from_memory,
                    std::int64_t threads) {
  BasicModel<T> model{Dense{12, relu}, Dropout{0.3}, Dense{3, softmax}};
  model.build(data.row_shape(), o.seed);
  BasicStepper<T> stepper(model, o.batch_size,
                          {.optimizer = o.optimizer,
                           .l1 = o.l1,
                           .l2 = o.l2,
                           .clip_norm = o.clip_norm,
                           .clip_value = o.clip_value,
                           .row_block = o.row_block,
                           .seed = o.seed,
                           .threads = threads});
  for (std::int64_t epoch = 0; epoch < o.epochs; ++epoch) {
    for (std::int64_t first = 0; first < data.rows(); first += o.batch_size) {
      std::vector<std::int64_t> rows;
      for (std::int64_t r = first; r < std::min(first + o.batch_size, data.rows()); ++r) rows.push_back(r);
      std::vector<T> numbers;
      std::vector<std::int32_t> labels;
      for (const std::int64_t r : rows) {
        numbers.resize(numbers.size() + 5);
        data.read_row<T>(r, numbers.data() + numbers.size() - 5);
        labels.push_back(data.label(r));
      }
      const auto count = static_cast<std::int64_t>(rows.size());
      if (apart) {
        from_memory ? stepper.gradients(view(numbers, count), labels) : stepper.gradients(data, rows);
        stepper.update();
      } else {
        from_memory ? stepper.step(view(numbers, count), labels) : stepper.step(data, rows);
      }
    }
  }
  std::string bytes;
  for (const Parameter<T>& p : model.parameters())
    bytes.append(reinterpret_cast<const char*>(p.value.data()), static_cast<std::size_t>(p.value.size()) * sizeof(T));
  return bytes;
}

template <class T>
std::string fitted(const Dataset& data, const BasicFitOptions<T>& options) {
  BasicModel<T> model{Dense{12, relu}, Dropout{0.3}, Dense{3, softmax}};
  fit(model, data, Dataset(), options);
  std::string bytes;
  for (const Parameter<T>& p : model.parameters())
    bytes.append(reinterpret_cast<const char*>(p.value.data()), static_cast<std::size_t>(p.value.size()) * sizeof(T));
  return bytes;
}

template <class T>
void expect_the_bits_of_fit() {
  const Dataset data = test::rows_for("classification", 70, 5);
  BasicFitOptions<T> plain{.epochs = 3, .batch_size = 16, .patience = 0, .shuffle = false};
  BasicFitOptions<T> clipped = plain, long_batch = plain;
  clipped.clip_norm = 0.1;
  clipped.l1 = clipped.l2 = 1e-3;
  clipped.optimizer = Momentum{};
  long_batch.batch_size = 70;
  long_batch.row_block = 32;  // computed in chunks
  for (const BasicFitOptions<T>& options : {plain, clipped, long_batch}) {
    const std::string expected = fitted(data, options);
    for (const std::int64_t threads : {1, 2, 3, 7}) {
      for (const bool apart : {false, true}) {
        for (const bool from_memory : {false, true})
          EXPECT_EQ(stepped(data, options, apart, from_memory, threads), expected) << threads << apart << from_memory;
      }
    }
  }
}

TEST(Stepper, steps_on_the_batches_of_fit_give_the_same_bits_as_fit) {
  expect_the_bits_of_fit<float>();
  expect_the_bits_of_fit<double>();
}

TEST(Stepper, float_and_double_agree) {
  const Dataset data = test::rows_for("classification", 30, 5);
  Model model{Dense{6, pellucid::tanh}, Dense{3, softmax}};
  model.build({5});
  BasicModel<double> exact = model.as<double>();
  Stepper a(model, 30);
  BasicStepper<double> b(exact, 30);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(a.step(data), b.step(data), 1e-5);
}

TEST(Stepper, continues_from_its_bytes_with_the_same_bits) {
  const Dataset data = test::rows_for("classification", 30, 5);
  Model model{Dense{8, relu}, Dropout{0.5}, Dense{3, softmax}};
  model.build({5});
  Stepper stepper(model, 30);
  for (int i = 0; i < 3; ++i) stepper.step(data);
  stepper.set_learning_rate(0.02);
  const std::string bytes = stepper.to_bytes();
  std::vector<double> losses;
  for (int i = 0; i < 4; ++i) losses.push_back(stepper.step(data));
  const std::string expected = model.to_bytes();

  Model other{Dense{8, relu}, Dropout{0.5}, Dense{3, softmax}};
  other.build({5}, 99);
  Stepper resumed(other, 30);
  resumed.restore(bytes);
  EXPECT_EQ(resumed.steps(), 3);
  EXPECT_EQ(resumed.learning_rate(), 0.02);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(resumed.step(data), losses[static_cast<std::size_t>(i)]);
  EXPECT_EQ(other.to_bytes(), expected);
  stepper.restore(bytes);  // back to the earlier state
  for (int i = 0; i < 4; ++i) EXPECT_EQ(stepper.step(data), losses[static_cast<std::size_t>(i)]);
}

TEST(Stepper, damaged_or_foreign_bytes_are_refused) {
  const Dataset data = test::rows_for("classification", 30, 5);
  Model model{Dense{8, relu}, Dense{3, softmax}};
  model.build({5});
  Stepper stepper(model, 30);
  stepper.step(data);
  const std::string bytes = stepper.to_bytes();
  EXPECT_EQ(refusal([&] { stepper.restore(bytes.substr(0, bytes.size() - 1)); }).code(), "D21");
  EXPECT_EQ(refusal([&] { stepper.restore(""); }).code(), "D21");
  Stepper momentum(model, 30, {.optimizer = Momentum{}});
  EXPECT_EQ(refusal([&] { momentum.restore(bytes); }).code(), "U31");
  Model wider{Dense{9, relu}, Dense{3, softmax}};
  wider.build({5});
  Stepper other(wider, 30);
  EXPECT_EQ(refusal([&] { other.restore(bytes); }).code(), "U31");
  const Error training = refusal([&] { fit(model, data, Dataset(), {.epochs = 2, .resume = bytes}); });
  EXPECT_EQ(training.code(), "D21");
  Trainer trainer(model, data, Dataset(), {.epochs = 2});
  EXPECT_EQ(refusal([&] { stepper.restore(trainer.to_bytes()); }).code(), "D21");
}

TEST(Stepper, a_schedule_function_gets_the_step_and_multiplies_the_learning_rate) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.optimizer = Sgd{.learning_rate = 0.1}, .schedule = [](const Progress& p) {
                                            return p.step == 0 ? 0.0 : 1.0;
                                          }});
  stepper.step(view(x, 2), view(t, 2));
  EXPECT_EQ(weight(model), 2);
  EXPECT_EQ(stepper.learning_rate(), 0.1);
  stepper.step(view(x, 2), view(t, 2));
  EXPECT_DOUBLE_EQ(weight(model), 1.5);
}

TEST(Stepper, values_can_be_read_by_name) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2, {.keep = {"dense1.output.gradient"}});
  EXPECT_EQ(refusal([&] { stepper.values(); }).code(), "U26");
  stepper.step(view(x, 2), view(t, 2));
  EXPECT_EQ(stepper.values().rows(), 2);
  EXPECT_DOUBLE_EQ(stepper.values().read("dense1.output.gradient")(1, 0), 2);
  EXPECT_DOUBLE_EQ(stepper.values().read("loss")(0, 0), 2.5);
}

TEST(Stepper, calls_in_the_wrong_order_are_refused) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2);
  const auto code = [](const std::function<void()>& call) { return refusal(call).code(); };
  EXPECT_EQ(code([&] { stepper.update(); }), "U26");
  EXPECT_EQ(code([&] { stepper.gradient("dense1.weight"); }), "U26");
  EXPECT_EQ(code([&] { stepper.backward(view(t, 2)); }), "U26");
  stepper.gradients(view(x, 2), view(t, 2));
  EXPECT_EQ(code([&] { stepper.step(view(x, 2), view(t, 2)); }), "U26");
  EXPECT_EQ(code([&] { stepper.to_bytes(); }), "U26");
  EXPECT_EQ(code([&] { stepper.input_gradient(); }), "U26");
  EXPECT_EQ(code([&] { stepper.gradient("dense1.weigth"); }), "U23");
  stepper.accumulate(true);
  EXPECT_EQ(code([&] { stepper.forward(view(x, 2)); }), "U26");
  stepper.update();
  EXPECT_EQ(code([&] { stepper.update(); }), "U26");
}

TEST(Stepper, wrong_sizes_and_labels_are_refused_with_the_expected_ones) {
  Model model{Dense{3, softmax}};
  model.build({2});
  Stepper stepper(model, 4);
  const std::vector<float> rows(8), wrong(9);
  const std::vector<std::int32_t> labels{0, 1, 2, 3}, three{0, 1, 2};
  EXPECT_STREQ(refusal([&] { stepper.step(view(rows, 4), labels); }).what(), "row 3: the label is 3, expected 0 to 2");
  EXPECT_STREQ(refusal([&] { stepper.step(view(rows, 4), three); }).what(), "3 labels were given for 4 rows");
  EXPECT_STREQ(refusal([&] { stepper.step(view(wrong, 3), three); }).what(),
               "this stepper takes 1 to 4 rows of 2 numbers, got 3 rows of 3");
  EXPECT_EQ(refusal([&] { stepper.step(view(rows, 4), view(rows, 4)); }).code(), "U20");
  EXPECT_EQ(refusal([&] { stepper.step(View<const float>{}, three); }).code(), "U20");
  EXPECT_EQ(refusal([&] { stepper.step(Dataset()); }).code(), "U20");
  EXPECT_EQ(refusal([&] { Stepper(model, 0); }).code(), "U12");
  EXPECT_EQ(refusal([&] { Stepper(model, 4, {.optimizer = Lbfgs{}}); }).code(), "U06");
  EXPECT_EQ(refusal([&] { Stepper(model, 4, {.l1 = -1}); }).code(), "U12");
  EXPECT_EQ(refusal([&] { Stepper(model, 4, {.keep = {"dense9.z"}}); }).code(), "U23");
  Model unbuilt{Dense{3, softmax}};
  EXPECT_EQ(refusal([&] { Stepper(unbuilt, 4); }).code(), "U21");
}

TEST(Stepper, a_loss_that_is_not_finite_changes_nothing) {
  BasicModel<double> model = line();
  const std::vector<double> bad{std::nan(""), 5};
  BasicStepper<double> stepper(model, 2);
  EXPECT_EQ(refusal([&] { stepper.step(view(x, 2), view(bad, 2)); }).code(), "N01");
  EXPECT_EQ(refusal([&] { stepper.gradients(view(x, 2), view(bad, 2)); }).code(), "N01");
  EXPECT_EQ(refusal([&] { stepper.update(); }).code(), "U26");
  EXPECT_EQ(weight(model), 2);
  EXPECT_EQ(stepper.steps(), 0);
  stepper.step(view(x, 2), view(t, 2));
  EXPECT_NE(weight(model), 2);
}

TEST(Stepper, a_replaced_parameter_is_refused) {
  BasicModel<double> model = line();
  BasicStepper<double> stepper(model, 2);
  stepper.step(view(x, 2), view(t, 2));
  model.parameter("dense1.weight") = Tensor<double>(Shape{1, 1});
  EXPECT_EQ(refusal([&] { stepper.step(view(x, 2), view(t, 2)); }).code(), "U24");
}

}  // namespace
}  // namespace pellucid
