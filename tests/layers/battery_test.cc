// Tests that hold for every layer, activation, loss and optimizer. They go through the tables of kinds, so that a new
// kind is tested without a new test. Not here: properties of a single kind (its own test).
#include <gtest/gtest.h>

#include <cmath>

#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::outputs_for;
using test::rows_for;
using test::small_layer;
using test::small_net;
using test::trainable_activations;

/// Calls `f(layer kind, activation, loss kind)` for all combinations; a layer without an activation is tested with one
/// only.
template <class F>
void for_all(F f) {
  for (const LayerKind& layer : test::built_in_layers()) {
    for (const Activation& activation : trainable_activations()) {
      for (const LossKind* loss : test::built_in_losses()) {
        SCOPED_TRACE(std::string(layer.name) + ", " + activation.text() + ", " + loss->name);
        f(layer, activation, *loss);
      }
      if (!test::has_activation(layer)) break;
    }
  }
}

void expect_right_gradients(const BasicModel<double>& model, const Dataset& data, const Loss& loss) {
  const auto verdicts = check_gradients(model, data, loss, {.most_per_parameter = 30});
  EXPECT_EQ(verdicts.back().name, "input");
  for (const GradientVerdict& v : verdicts) {
    EXPECT_TRUE(v.ok) << v.name << ": " << v.relative_error << ", checked " << v.checked << ", skipped " << v.skipped;
    EXPECT_GE(v.checked, v.skipped) << v.name << ": most components should settle";
  }
}

TEST(Battery, every_gradient_agrees_with_differences_of_the_loss) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    expect_right_gradients(small_net(small_layer(layer, f), loss), rows_for(loss.task, 9, 5), Loss(loss));
  });
}

TEST(Battery, every_activation_can_be_last_before_every_loss) {
  for (const Activation& f : trainable_activations()) {
    for (const LossKind* loss : test::built_in_losses()) {
      SCOPED_TRACE(f.text() + ", " + loss->name);
      BasicModel<double> model{Dense{4, tanh}, Dense{outputs_for(loss->task), f}};
      model.build(Shape{5}, 3);
      expect_right_gradients(model, rows_for(loss->task, 9, 5), Loss(*loss));
    }
  }
}

TEST(Battery, gradients_are_right_with_sums_row_weights_and_loss_parameters) {
  for (const LossKind* kind : test::built_in_losses()) {
    SCOPED_TRACE(kind->name);
    const BasicModel<double> model = small_net(Dense{4, softplus}, *kind);
    const Dataset data = rows_for(kind->task, 9, 5);
    const Dataset weighted = data.with_weights({0, 2, 1, 0.5, 3, 1, 1, 0, 1});
    expect_right_gradients(model, weighted, Loss(*kind, {.reduction = Reduction::sum}));
    expect_right_gradients(model, weighted, Loss(*kind));
    if (kind->parameter.name != nullptr) expect_right_gradients(model, data, Loss(*kind, {.parameter = 0.3}));
  }
}

TEST(Battery, activations_without_a_gradient_cannot_be_trained) {
  for (const ActivationKind* kind : test::built_in_activations()) {
    if (kind->has_gradient) continue;
    BasicModel<double> model{Dense{3, Activation(kind)}, Dense{2}};
    model.build(Shape{5});
    try {
      check_gradients(model, rows_for("regression", 4, 5), Loss("mse"));
      FAIL() << kind->name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "U22") << kind->name;
    }
  }
}

TEST(Battery, outputs_have_the_declared_shape_for_any_number_of_rows) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    const BasicModel<double> model = small_net(small_layer(layer, f), loss);
    EXPECT_EQ(model.output_shape(), Shape{outputs_for(loss.task)});
    for (std::int64_t rows : {1, 2, 9}) {
      const Tensor<double> y = model.predict(rows_for(loss.task, rows, 5));
      EXPECT_EQ(y.shape(), (Shape{rows, outputs_for(loss.task)}));
    }
  });
}

TEST(Battery, a_row_has_the_same_prediction_bits_alone_and_in_any_batch) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    const BasicModel<float> model = small_net(small_layer(layer, f), loss).as<float>();
    const Dataset all = rows_for(loss.task, 37, 5);
    const Tensor<float> together = model.predict(all);
    for (std::int64_t r : {0, 5, 36}) {
      const Tensor<float> alone = model.predict(all.subset(std::vector<std::int64_t>{r}));
      for (std::int64_t c = 0; c < alone.size(); ++c)
        EXPECT_TRUE(test::same_bits(alone.data()[c], together.view()(r, c))) << "row " << r;
    }
  });
}

template <class T>
void expect_same_after_saving(const BasicModel<T>& model, const Dataset& data) {
  const std::string bytes = model.to_bytes();
  const BasicModel<T> loaded = BasicModel<T>::from_bytes(bytes);
  EXPECT_EQ(loaded.to_bytes(), bytes);
  const Tensor<T> before = model.predict(data), after = loaded.predict(data);
  for (std::int64_t i = 0; i < before.size(); ++i) EXPECT_TRUE(test::same_bits(before.data()[i], after.data()[i]));
}

TEST(Battery, saving_and_loading_keep_every_bit) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    const BasicModel<double> model = small_net(small_layer(layer, f), loss);
    const Dataset data = rows_for(loss.task, 4, 5);
    expect_same_after_saving(model, data);
    expect_same_after_saving(model.as<float>(), data);
  });
}

TEST(Battery, float_agrees_with_double) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    const BasicModel<float> narrow = small_net(small_layer(layer, f), loss).as<float>();
    const BasicModel<double> wide = narrow.as<double>();
    const Dataset data = rows_for(loss.task, 9, 5);
    const Tensor<float> y = narrow.predict(data);
    const Tensor<double> exact = wide.predict(data);
    for (std::int64_t i = 0; i < y.size(); ++i)
      EXPECT_NEAR(y.data()[i], exact.data()[i], 3e-6 * std::max(1.0, std::abs(exact.data()[i])));
  });
}

template <class T>
double loss_after(BasicModel<T> model, const Dataset& data, const Loss& loss, const Optimizer& optimizer,
                  std::int64_t epochs) {
  BasicFitOptions<T> options;
  options.epochs = epochs;
  options.batch_size = data.rows();
  options.optimizer = optimizer;
  options.loss = loss;
  options.patience = 0;
  options.keep_best = false;
  const History history = fit(model, data, Dataset{}, options);
  return history.epochs.back().train_loss;
}

TEST(Battery, a_training_step_lowers_the_loss) {
  for_all([](const LayerKind& layer, const Activation& f, const LossKind& loss) {
    const BasicModel<double> model = small_net(small_layer(layer, f), loss);
    const Dataset data = rows_for(loss.task, 64, 5);
    // The loss of an epoch is measured before its step, so one step needs two epochs. Dropout needs more, as its mask
    // changes.
    const std::int64_t steps = layer.name == "dropout" ? 200 : 2;
    const double before = loss_after(model, data, Loss(loss), Sgd{.learning_rate = 1e-3}, 1);
    const double after = loss_after(model, data, Loss(loss), Sgd{.learning_rate = steps > 2 ? 0.05 : 1e-3}, steps);
    EXPECT_LT(after, before);
  });
}

TEST(Battery, every_optimizer_learns_in_float_and_double) {
  const LossKind& mse = Loss("mse").kind();
  const BasicModel<double> model = small_net(Dense{8, tanh}, mse);
  const Dataset data = rows_for("regression", 64, 5);
  const double start = loss_after(model, data, Loss("mse"), Sgd{}, 1);
  for (Optimizer optimizer : optimizer_kinds()) {
    if (optimizer.learning_rate() > 0) optimizer.set_learning_rate(0.02);
    const double wide = loss_after(model, data, Loss("mse"), optimizer, 60);
    const double narrow = loss_after(model.as<float>(), data, Loss("mse"), optimizer, 60);
    EXPECT_LT(wide, 0.7 * start) << optimizer.name();
    EXPECT_NEAR(narrow, wide, 0.02 * start) << optimizer.name();
  }
}

TEST(Battery, every_activation_computes_its_documented_example) {
  for (const ActivationKind* kind : test::built_in_activations()) {
    SCOPED_TRACE(kind->name);
    BasicModel<double> model{Activation(kind)};
    model.build(Shape{2});
    // The example of a row-wise kind is the first of two zeros.
    const double z[] = {kind->example_z, kind->rowwise ? 0 : kind->example_z};
    const Tensor<double> y = model.predict(View<const double>{z, 1, 2, 2});
    EXPECT_NEAR(y.data()[0], kind->example_y, 4e-16 * std::max(1.0, std::abs(kind->example_y)));
  }
}

}  // namespace
}  // namespace pellucid
