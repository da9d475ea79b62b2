// Whole training steps computed by hand; the sums are beside the expected numbers.
// Not here: longer trainings compared with NumPy (golden_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "pellucid/trainer.h"

namespace pellucid {
namespace {

/// Copies all values kept by the first step.
template <class T>
class FirstStep : public BasicObserver<T> {
 public:
  void on_step(std::int64_t step, const Values<T>& values) override {
    if (step != 1) return;
    for (const std::string& name : values.names()) {
      const View<const T> view = values.read(name);
      for (std::int64_t r = 0; r < view.rows; ++r)
        seen[name].insert(seen[name].end(), view.row(r), view.row(r) + view.columns);
    }
  }
  std::map<std::string, std::vector<double>> seen;
};

template <class T>
void set(BasicModel<T>& model, const char* name, std::vector<double> values) {
  ASSERT_EQ(model.parameter(name).size(), static_cast<std::int64_t>(values.size()));
  std::copy(values.begin(), values.end(), model.parameter(name).data());
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], tolerance) << what << ", element " << i;
}

template <class T>
std::vector<double> values(const BasicModel<T>& model, const char* name) {
  const auto span = model.parameter(name).values();
  return {span.begin(), span.end()};
}

template <class T>
class WorkedStep : public testing::Test {
 protected:
  static constexpr double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;

  /// Two epochs of one batch, so that the loss of the second epoch is the loss after one step.
  History train(BasicModel<T>& model, const Dataset& data, const Optimizer& optimizer, double l1 = 0, double l2 = 0) {
    BasicFitOptions<T> options;
    options.epochs = 2;
    options.batch_size = data.rows();
    options.shuffle = false;
    options.keep_best = false;
    options.patience = 0;
    options.optimizer = optimizer;
    options.l1 = l1;
    options.l2 = l2;
    options.observers = {&first};
    for (const char* layer : {"dense1", "dense2"}) {
      if (model.nodes().size() == 1 && std::string(layer) == "dense2") continue;
      for (const char* what : {".z", ".output", ".output.gradient", ".weight.gradient", ".bias.gradient"})
        options.keep.push_back(std::string(layer) + what);
    }
    return fit(model, data, Dataset{}, options);
  }

  void expect_seen(const std::string& name, const std::vector<double>& expected) {
    ASSERT_TRUE(first.seen.contains(name)) << name;
    expect_near(first.seen[name], expected, tolerance, name);
  }

  FirstStep<T> first;
};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(WorkedStep, Scalars);

template <class T>
void one_step(BasicModel<T>& model, const Dataset& data, const Optimizer& optimizer) {
  BasicFitOptions<T> options;
  options.epochs = 1;
  options.optimizer = optimizer;
  fit(model, data, Dataset{}, options);
}

// Four inputs with NTK parametrisation: the learned weights are 2 W, so a gradient descent step moves W by a quarter as
// much.
TYPED_TEST(WorkedStep, ntk_weights_take_smaller_steps_and_biases_use_bias_rate) {
  using T = TypeParam;
  const std::vector<double> x{1, 2, 0, -1}, t{1};
  const Dataset data = Dataset::regression(std::span<const double>(x), Shape{4}, t);
  const DenseOptions options{.bias = true,
                             .weight_initializer = Initializer(),
                             .bias_initializer = Initializer("zeros"),
                             .parametrization = "ntk",
                             .bias_rate = 0.5};
  BasicModel<T> model{Dense{1, linear, options}};
  model.build(Shape{4});
  set(model, "dense1.weight", {1, 1, 1, 1});
  set(model, "dense1.bias", {0});
  one_step(model, data, Sgd{.learning_rate = 0.1});
  // y = 2, ∂loss/∂y = 2·(2 - 1) = 2; the results are W - 0.1/4 · 2x and b - 0.1 · 0.5 · 2
  expect_near(values(model, "dense1.weight"), {0.95, 0.9, 1, 1.05}, this->tolerance, "weight");
  expect_near(values(model, "dense1.bias"), {-0.1}, this->tolerance, "bias");

  set(model, "dense1.weight", {1, 1, 1, 1});
  set(model, "dense1.bias", {0});
  one_step(model, data, Adam{.learning_rate = 0.1, .epsilon = 1e-30});
  // The first step of Adam has the size of the learning rate; W moves by half of it
  expect_near(values(model, "dense1.weight"), {0.95, 0.95, 1, 1.05}, this->tolerance, "weight");
  expect_near(values(model, "dense1.bias"), {-0.05}, this->tolerance, "bias");
}

// One factor per input: y = s x, ∂loss/∂s = x ∂loss/∂y.
TYPED_TEST(WorkedStep, scale_learns_its_factors_at_their_own_rate) {
  using T = TypeParam;
  BasicModel<T> model{Scale{6}, Dense{1}};
  model.build(Shape{2});
  set(model, "dense1.weight", {1, -1});
  set(model, "dense1.bias", {0});
  const std::vector<double> x{3, 1}, t{1};
  one_step(model, Dataset::regression(std::span<const double>(x), Shape{2}, t), Sgd{.learning_rate = 0.01});
  // s = 1, y = 3 - 1 = 2, ∂loss/∂y = 2; with the weights 1 and -1, s - 0.06 · (3·2, 1·(-2))
  expect_near(values(model, "scale1.factor"), {0.64, 1.12}, this->tolerance, "factor");
  expect_near(values(model, "dense1.weight"), {1 - 0.01 * 2 * 3, -1 - 0.01 * 2 * 1}, this->tolerance, "weight");
}

// x (2 rows × 2) → Dense 2, relu → Dense 1 → mean squared error → gradient descent
TYPED_TEST(WorkedStep, two_layers_with_squared_error_have_the_hand_computed_numbers) {
  using T = TypeParam;
  BasicModel<T> model{Dense{2, relu}, Dense{1}};
  model.build(Shape{2});
  //                                 in × out: one row per input
  set(model, "dense1.weight",
      {0.5, -1,  //
       0.25, 1});
  set(model, "dense1.bias", {0, 0.5});
  set(model, "dense2.weight", {2, -1});
  set(model, "dense2.bias", {0.5});
  const std::vector<double> x{1, 2,  //
                              3, -1},
      t{0, 5};
  const History history =
      this->train(model, Dataset::regression(std::span<const double>(x), Shape{2}, t), Sgd{.learning_rate = 0.01});

  // Forward. z1 = x·W1 + b1:   1·0.5 + 2·0.25 + 0 = 1      1·(-1) + 2·1 + 0.5 = 1.5
  //                            3·0.5 - 1·0.25 + 0 = 1.25   3·(-1) - 1·1 + 0.5 = -3.5
  this->expect_seen("dense1.z", {1, 1.5, 1.25, -3.5});
  this->expect_seen("dense1.output", {1, 1.5, 1.25, 0});
  // y:   1·2 + 1.5·(-1) + 0.5 = 1      1.25·2 + 0·(-1) + 0.5 = 3
  this->expect_seen("dense2.output", {1, 3});
  // loss: ((1 - 0)² + (3 - 5)²) / 2 = (1 + 4) / 2
  EXPECT_NEAR(history.epochs[0].train_loss, 2.5, this->tolerance);

  // Backward. ∂loss/∂y = 2·(y - t) / 2:   1 - 0 = 1   3 - 5 = -2
  this->expect_seen("dense2.output.gradient", {1, -2});
  // dW2 = hᵀ·dy:   1·1 + 1.25·(-2) = -1.5   1.5·1 + 0·(-2) = 1.5      db2 = 1 - 2
  this->expect_seen("dense2.weight.gradient", {-1.5, 1.5});
  this->expect_seen("dense2.bias.gradient", {-1});
  // dh = dy·W2ᵀ:   1·2 = 2   1·(-1) = -1;   -2·2 = -4   -2·(-1) = 2
  this->expect_seen("dense1.output.gradient", {2, -1, -4, 2});
  // dz1 = dh where z1 > 0:   2  -1;  -4  0
  // dW1 = xᵀ·dz1:   1·2 + 3·(-4) = -10      1·(-1) + 3·0 = -1
  //                 2·2 - 1·(-4) = 8        2·(-1) - 1·0 = -2      db1 = 2 - 4 = -2   -1 + 0 = -1
  this->expect_seen("dense1.weight.gradient", {-10, -1, 8, -2});
  this->expect_seen("dense1.bias.gradient", {-2, -1});

  // w - 0.01·dw: the weights after the first step.
  this->expect_seen("dense1.weight", {0.6, -0.99, 0.17, 1.02});
  this->expect_seen("dense1.bias", {0.02, 0.51});
  this->expect_seen("dense2.weight", {2.015, -1.015});
  this->expect_seen("dense2.bias", {0.51});

  // Forward again: h = (0.6 + 0.34 + 0.02, -0.99 + 2.04 + 0.51) = (0.96, 1.56)
  //                h = (1.8 - 0.17 + 0.02, max(-2.97 - 1.02 + 0.51, 0)) = (1.65, 0)
  // y = 2.015·0.96 - 1.015·1.56 + 0.51 = 0.861     y = 2.015·1.65 + 0.51 = 3.83475
  // loss = (0.861² + 1.16525²) / 2 = (0.741321 + 1.3578075625) / 2
  EXPECT_NEAR(history.epochs[1].train_loss, 1.04956428125, 2 * this->tolerance);
}

// One row and all weights 0: three classes with probability 1/3 each.
TYPED_TEST(WorkedStep, softmax_with_cross_entropy_has_the_hand_computed_numbers) {
  using T = TypeParam;
  BasicModel<T> model{Dense{3, softmax}};
  model.build(Shape{2});
  set(model, "dense1.weight", {0, 0, 0, 0, 0, 0});
  const std::vector<double> x{1, -3};
  const std::vector<std::int32_t> label{1};
  const History history = this->train(model, Dataset::classification(std::span<const double>(x), Shape{2}, label, 3),
                                      Sgd{.learning_rate = 0.3});
  this->expect_seen("dense1.output", {1.0 / 3, 1.0 / 3, 1.0 / 3});
  EXPECT_NEAR(history.epochs[0].train_loss, std::log(3), this->tolerance);  // -ln(1/3)
  // dz = p - one-hot = (1/3, -2/3, 1/3);   dW = xᵀ·dz
  this->expect_seen("dense1.weight.gradient", {1.0 / 3, -2.0 / 3, 1.0 / 3, -1, 2, -1});
  this->expect_seen("dense1.bias.gradient", {1.0 / 3, -2.0 / 3, 1.0 / 3});
  this->expect_seen("dense1.weight", {-0.1, 0.2, -0.1, 0.3, -0.6, 0.3});
  // z = x·W + b = (-0.1 - 0.9 - 0.1, 0.2 + 1.8 + 0.2, …) = (-1.1, 2.2, -1.1);  loss = ln(1 + 2·e^-3.3)
  EXPECT_NEAR(history.epochs[1].train_loss, std::log(1 + 2 * std::exp(-3.3)), this->tolerance);
}

// One weight and one row: y = w·x with x = 2, w = 3, t = 5: loss 1, dw = 2·(6 - 5)·2 = 4.
TYPED_TEST(WorkedStep, weight_penalties_have_the_hand_computed_effect) {
  using T = TypeParam;
  const std::vector<double> x{2}, t{5};
  const Dataset data = Dataset::regression(std::span<const double>(x), Shape{1}, t);
  const auto after = [&](double l1, double l2) {
    BasicModel<T> model{Dense{1, linear, {.bias = false}}};
    model.build(Shape{1});
    set(model, "dense1.weight", {3});
    BasicFitOptions<T> options;
    options.epochs = 1;
    options.optimizer = Sgd{.learning_rate = 0.1};
    options.l1 = l1;
    options.l2 = l2;
    options.keep_best = false;
    const History history = fit(model, data, Dataset{}, options);
    EXPECT_NEAR(history.epochs[0].train_loss, 1, this->tolerance) << "the data loss alone";
    return values(model, "dense1.weight")[0];
  };
  EXPECT_NEAR(after(0, 0), 3 - 0.1 * 4, this->tolerance);
  EXPECT_NEAR(after(0, 0.5), 3 - 0.1 * (4 + 0.5 * 3), this->tolerance);  // the penalty l2/2·w² has the slope l2·w
  // Moved towards 0 by learning rate · l1 after the step.
  EXPECT_NEAR(after(2, 0), 3 - 0.1 * 4 - 0.1 * 2, this->tolerance);
  EXPECT_NEAR(after(100, 0), 0, this->tolerance) << "and no further than to 0";
}

}  // namespace
}  // namespace pellucid
