// BatchNorm and LayerNorm: worked examples, gradients in training and in prediction, the running statistics, bits.
// Not here: what holds for every layer (battery_test.cc), the kernels (tests/kernels/kernels_norm_test.cc).
#include "pellucid/normalization.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/kernels.h"
#include "pellucid/gradient_check.h"
#include "pellucid/picture_layers.h"
#include "pellucid/stepper.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::random_values;
using test::refusal;
using test::rows_for;

template <class T>
BasicFitOptions<T> options_of(std::int64_t epochs, std::int64_t batch_size) {
  BasicFitOptions<T> options;
  options.epochs = epochs;
  options.batch_size = batch_size;
  options.shuffle = false;
  options.patience = 0;
  options.keep_best = false;
  options.optimizer = Sgd{.learning_rate = 0.001};
  return options;
}

template <class T>
std::vector<T> numbers_of(const BasicModel<T>& model) {
  std::vector<T> all;
  for (const Parameter<T>& p : model.parameters())
    all.insert(all.end(), p.value.values().begin(), p.value.values().end());
  return all;
}

Dataset column(std::vector<double> x) {
  const std::vector<double> y(x.size(), 1);
  return Dataset::regression(x, Shape{1}, y);
}

// Batch (1, 3): mean 2, variance 1, unbiased variance 2. Momentum 0.1: mean 0.2, variance 0.9 + 0.2.
TEST(BatchNorm, computes_the_example_of_its_documentation) {
  BasicModel<double> model{BatchNorm{}};
  model.build(Shape{1});
  BasicStepper<double> stepper(model, 2, {.loss = Loss("mse"), .optimizer = Sgd{.learning_rate = 0.5}});
  const double rows[] = {1, 3};
  const View<const double> y = stepper.forward(View<const double>{rows, 2, 1, 1});
  EXPECT_NEAR(y(0, 0), -1, 5e-6);
  EXPECT_NEAR(y(1, 0), 1, 5e-6);
  EXPECT_EQ(model.parameter("batch_norm1.running_mean").data()[0], 0);  // until the step is made
  const double dy[] = {1, 2};
  stepper.backward(View<const double>{dy, 2, 1, 1});
  stepper.update();
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.running_mean").data()[0], 0.2);
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.running_variance").data()[0], 1.1);
  // gamma's gradient is −1 · 1 + 1 · 2 = 1, beta's 1 + 2.
  EXPECT_NEAR(model.parameter("batch_norm1.gamma").data()[0], 0.5, 5e-6);
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.beta").data()[0], -1.5);
  const double row = 1.2;  // (1.2 − 0.2) / √1.1 · 0.5 − 1.5
  EXPECT_NEAR(model.predict(View<const double>{&row, 1, 1, 1}).data()[0], 0.5 / std::sqrt(1.1) - 1.5, 1e-5);
}

TEST(LayerNorm, computes_the_example_of_its_documentation) {
  BasicModel<double> model{LayerNorm{}};
  model.build(Shape{2});
  model.parameter("layer_norm1.gamma").data()[1] = 3;
  model.parameter("layer_norm1.beta").data()[1] = 0.5;
  const double row[] = {1, 3};
  const Tensor<double> y = model.predict(View<const double>{row, 1, 2, 2});
  EXPECT_NEAR(y.data()[0], -1, 5e-6);
  EXPECT_NEAR(y.data()[1], 3.5, 2e-5);
}

// Gradients of 2 x 3 positions with 4 channels each, of wide flat rows that are padded in memory, and of several
// blocks.
TEST(Normalization, gradients_are_right_for_pictures_for_padded_rows_and_over_many_blocks) {
  for (const LayerRef& norm : {LayerRef(BatchNorm{}), LayerRef(LayerNorm{})}) {
    for (const auto& [units, shape, rows] :
         {std::tuple{24, Shape{2, 3, 4}, 9}, {128, Shape{8, 16}, 5}, {128, Shape{128}, 5}, {6, Shape{6}, 200}}) {
      SCOPED_TRACE(shape.text());
      BasicModel<double> model{Dense{units, tanh}, Reshape{shape}, norm, Flatten{}, Dense{2}};
      model.build(Shape{5}, 3);
      for (Parameter<double>& p : model.parameters()) {
        if (!p.name.ends_with("gamma") && !p.name.ends_with("beta")) continue;
        const auto values = random_values<double>(p.value.size(), 8);
        for (std::size_t i = 0; i < values.size(); ++i) p.value.data()[i] += values[i] / 2;
      }
      for (const GradientVerdict& v :
           check_gradients(model, rows_for("regression", rows, 5), Loss("mse"), {.most_per_parameter = 12})) {
        EXPECT_TRUE(v.ok) << v.name << " " << v.relative_error;
      }
    }
  }
}

TEST(Normalization, input_gradients_in_prediction_agree_with_differences_of_predictions) {
  for (const LayerRef& norm : {LayerRef(BatchNorm{}), LayerRef(LayerNorm{})}) {
    BasicModel<double> model{Dense{6, tanh}, norm, Dense{1, tanh}};
    model.build(Shape{5}, 3);
    const Dataset data = rows_for("regression", 40, 5);
    fit(model, Dataset::regression(random_values<double>(200, 3), Shape{5}, random_values<double>(40, 4)), Dataset{},
        options_of<double>(20, 8));
    std::vector<double> row = random_values<double>(5, 6);
    const Tensor<double> gradient = input_gradient(model, View<const double>{row.data(), 1, 5, 5});
    for (std::size_t i = 0; i < 5; ++i) {
      const double before = row[i], width = 1e-5;
      const auto predicted = [&](double value) {
        row[i] = value;
        return model.predict(View<const double>{row.data(), 1, 5, 5}).data()[0];
      };
      const double slope = (predicted(before + width) - predicted(before - width)) / (2 * width);
      row[i] = before;
      EXPECT_NEAR(gradient.data()[i], slope, 1e-7 * std::max(1.0, std::abs(slope)));
    }
  }
}

TEST(BatchNorm, running_statistics_change_only_in_training_steps) {
  const auto trained = [](bool watched) {
    BasicModel<double> model{Dense{6, tanh}, BatchNorm{}, Dense{2}};
    model.build(Shape{5}, 3);
    BasicFitOptions<double> options = options_of<double>(3, 16);
    options.health = watched;
    fit(model, rows_for("regression", 50, 5), watched ? rows_for("regression", 20, 5, 2) : Dataset{}, options);
    return model;
  };
  const BasicModel<double> model = trained(true);
  const std::vector<double> before = numbers_of(model);
  EXPECT_EQ(before, numbers_of(trained(false)));
  EXPECT_NE(model.parameter("batch_norm1.running_mean").data()[0], 0);
  const Dataset rows = rows_for("regression", 20, 5, 2);
  model.predict(rows);
  evaluate(model, rows);
  check_gradients(model, rows, Loss("mse"));
  input_gradient(model, View<const double>{before.data(), 2, 5, 5});
  EXPECT_EQ(numbers_of(model), before);
}

TEST(BatchNorm, a_batch_of_one_row_leaves_the_running_statistics_alone) {
  BasicModel<double> model{BatchNorm{}};
  model.build(Shape{1});
  fit(model, column({1, 3, 100}), Dataset{}, options_of<double>(1, 2));
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.running_mean").data()[0], 0.2);
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.running_variance").data()[0], 1.1);
}

// The statistics that count are those at the accepted point, once per step. Here the layer reads the data, so they do
// not depend on the point: after s steps the mean is (1 − 0.5ˢ) · 4.5.
TEST(BatchNorm, lbfgs_moves_the_running_statistics_once_per_accepted_step) {
  BasicModel<double> model{BatchNorm{{.momentum = 0.5}}, Dense{4, tanh}, Dense{1}};
  model.build(Shape{1}, 3);
  BasicFitOptions<double> options = options_of<double>(3, 8);
  options.optimizer = Lbfgs{};
  const Dataset data = Dataset::regression(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, Shape{1},
                                           std::vector<double>{0, 1, 0, 1, 1, 1, 0, 1});
  fit(model, data, Dataset{}, options);
  EXPECT_DOUBLE_EQ(model.parameter("batch_norm1.running_mean").data()[0], 4.5 * 0.875);
}

TEST(BatchNorm, a_resumed_training_ends_with_the_same_bits) {
  const auto trained = [](const std::string& resume, std::vector<std::string>& checkpoints) {
    Model model{Dense{16}, BatchNorm{}, relu, LayerNorm{}, Dense{3, softmax}};
    FitOptions options{.epochs = 4, .batch_size = 16, .patience = 0};
    if (!resume.empty()) options.resume = resume;
    options.checkpoint = [&](const Checkpoint& state) { checkpoints.push_back(state()); };
    fit(model, rows_for("classification", 100, 5), rows_for("classification", 40, 5, 2), options);
    return model.to_bytes();
  };
  std::vector<std::string> checkpoints, later;
  const std::string whole = trained("", checkpoints);
  EXPECT_EQ(trained(checkpoints.at(1), later), whole);
}

// Rows and channels enough for several threads.
TEST(Normalization, any_number_of_threads_and_any_instruction_set_give_the_same_bits) {
  const Dataset data = rows_for("regression", 700, 5);
  for (const Shape& shape : {Shape{256}, Shape{8, 32}}) {
    std::vector<float> want;
    for (const Kernels<float>* table : all_kernels<float>()) {
      if (!table->fma || std::string_view(table->target) == "scalar") continue;
      for (const std::int64_t threads : {1, 2, 3, 7}) {
        use_kernels(*table);
        Model model{Dense{256}, Reshape{shape}, BatchNorm{}, relu, LayerNorm{}, Flatten{}, Dense{2}};
        model.build(Shape{5}, 3);
        FitOptions options = options_of<float>(1, 300);
        options.threads = threads;
        fit(model, data, Dataset{}, options);
        if (want.empty()) want = numbers_of(model);
        EXPECT_TRUE(want == numbers_of(model)) << table->target << ", " << threads << " threads, " << shape.text();
      }
    }
  }
  use_kernels(*all_kernels<float>().back());
}

TEST(LayerNorm, long_batches_in_chunks_give_the_bits_of_stored_gradients) {
  const Dataset data = rows_for("regression", 3000, 5);
  std::vector<float> want;
  for (const bool whole : {false, true}) {
    Model model{Dense{8, tanh}, LayerNorm{}, Dense{2}};
    model.build(Shape{5}, 3);
    FitOptions options = options_of<float>(2, 2500);
    if (whole) options.keep = {"dense1.output"};  // kept values need the whole batch at once
    fit(model, data, Dataset{}, options);
    if (want.empty()) want = numbers_of(model);
    EXPECT_EQ(numbers_of(model), want);
  }
}

TEST(BatchNorm, a_mean_far_from_zero_costs_no_digits) {
  std::vector<double> x = random_values<double>(3000, 5);
  for (double& value : x) value = static_cast<float>(10000 + value);
  const auto variance = [&](auto number) {
    BasicModel<decltype(number)> model{BatchNorm{{.momentum = 1}}};
    model.build(Shape{1});
    fit(model, column(x), Dataset{}, options_of<decltype(number)>(1, 3000));
    return static_cast<double>(model.parameter("batch_norm1.running_variance").data()[0]);
  };
  EXPECT_NEAR(variance(1.0F) / variance(1.0), 1, 1e-4);
}

TEST(BatchNorm, merged_into_the_layers_before_predicts_the_same_up_to_rounding) {
  Model model;
  model.add(Dense{20}, "a").add(BatchNorm{}, "norm").add(relu, "f").add(Dense{20, linear, {.bias = false}}, "b");
  model.add(BatchNorm{}, "norm_b").add(Dense{8, relu}, "c").add(BatchNorm{}, "kept").add(Dense{3, softmax}, "out");
  const Dataset data = rows_for("classification", 300, 5);
  fit(model, data, Dataset{}, {.epochs = 5, .batch_size = 32});
  const Model merged = merge_batch_norms(model);
  std::vector<std::string> names;
  for (const Node& node : merged.nodes()) names.push_back(node.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "f", "b", "c", "kept", "out"}));
  const Tensor<float> want = model.predict(data), got = merged.predict(data);
  for (std::int64_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got.data()[i], want.data()[i], 1e-6);
}

TEST(BatchNorm, merged_into_convolutions_predicts_the_same_up_to_rounding) {
  const Dataset data = rows_for("classification", 200, 36);
  Model model{Reshape{Shape{6, 6, 1}},
              Conv2D{4, 3, linear, {.padding = "same", .bias = false}},
              BatchNorm{},
              relu,
              Conv2D{5, 2},
              BatchNorm{},
              relu,
              Dense{3}};
  fit(model, data, Dataset{}, {.epochs = 3, .batch_size = 32, .loss = Loss("cross_entropy")});
  const Model merged = merge_batch_norms(model);
  EXPECT_EQ(merged.nodes().size(), model.nodes().size() - 2);
  const Tensor<float> want = model.predict(data), got = merged.predict(data);
  for (std::int64_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(got.data()[i], want.data()[i], 1e-6 * std::max(1.0F, std::abs(want.data()[i])));
  }
}

TEST(BatchNorm, behind_a_layer_that_is_read_twice_or_shared_is_not_merged) {
  Model model;
  model.add(Dense{4}, "a").add(BatchNorm{}, "norm").add(Add{}, "sum", {"a", "norm"});
  model.add(Dense{4}, "b").add(BatchNorm{}, "norm_b").add_shared("b", "b2", {"norm_b"}).add(BatchNorm{}, "norm_c");
  model.build(Shape{5}, 3);
  EXPECT_EQ(merge_batch_norms(model).nodes().size(), model.nodes().size());
}

TEST(Normalization, settings_out_of_range_are_refused) {
  EXPECT_EQ(refusal([] { BatchNorm({.momentum = 0}); }).code(), "U12");
  EXPECT_EQ(refusal([] { BatchNorm({.momentum = 1.5}); }).code(), "U12");
  EXPECT_EQ(refusal([] { BatchNorm({.epsilon = 0}); }).code(), "U12");
  EXPECT_EQ(refusal([] { LayerNorm(-1); }).code(), "U12");
}

}  // namespace
}  // namespace pellucid
