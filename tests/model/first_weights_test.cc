// set_first_weights: first weights and biases that depend on the training rows.
// Not here: the other initializers (tests/initializers).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pellucid/model.h"
#include "pellucid/train_table.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "support/files.h"
#include "support/numbers.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

const DenseOptions by_rows{.weight_initializer = Initializer("std"), .bias_initializer = Initializer("kinks")};

// Columns of very different sizes.
Dataset some_rows(std::int64_t count = 500) {
  std::vector<float> x = test::random_values<float>(count * 3, 1);
  for (std::size_t i = 0; i < x.size(); i += 3) x[i] = 100 * x[i] + 7;
  return Dataset::regression(x, Shape{3}, std::vector<float>(static_cast<std::size_t>(count)));
}

// The values of a dense layer before its activation: those of the same model with linear layers at the end.
Tensor<float> sums(const Model& model, const std::string& layer, const Dataset& data, bool with_bias) {
  const Model front = model.up_to(layer);
  const auto last = front.nodes().size() - 1;
  Model linear_end;
  for (std::size_t i = 0; i < last; ++i) linear_end.add(LayerRef(front.nodes()[i].layer), front.nodes()[i].name);
  const auto& dense = dynamic_cast<const Dense&>(*front.nodes()[last].layer);
  linear_end.add(Dense{dense.units()}, front.nodes()[last].name);
  linear_end.build(data.row_shape());
  linear_end.copy_parameters(front);
  if (!with_bias) std::ranges::fill(linear_end.parameters().back().value.values(), 0.0F);
  return linear_end.predict(data);
}

// The standard deviation of each column.
std::vector<double> deviations(const Tensor<float>& z) {
  const std::int64_t rows = z.shape()[0], units = z.shape()[1];
  std::vector<double> result;
  for (std::int64_t c = 0; c < units; ++c) {
    double mean = 0, squares = 0;
    for (std::int64_t r = 0; r < rows; ++r) mean += z.data()[r * units + c] / static_cast<double>(rows);
    for (std::int64_t r = 0; r < rows; ++r) squares += std::pow(z.data()[r * units + c] - mean, 2);
    result.push_back(std::sqrt(squares / static_cast<double>(rows)));
  }
  return result;
}

TEST(FirstWeights, std_gives_each_sum_of_each_layer_the_deviation_1_on_the_training_rows) {
  Model model{Dense{20, relu, by_rows}, Dense{11, tanh, by_rows}, Dense{1, linear, by_rows}};
  const Dataset data = some_rows();
  model.build(data.row_shape());
  set_first_weights(model, data);
  for (const char* layer : {"dense1", "dense2", "dense3"}) {
    for (const double deviation : deviations(sums(model, layer, data, false))) EXPECT_NEAR(deviation, 1, 1e-4) << layer;
  }
}

TEST(FirstWeights, kinks_are_within_the_training_rows) {
  Model model{Dense{50, relu, by_rows}, Dense{50, relu, by_rows}};
  const Dataset data = some_rows();
  model.build(data.row_shape());
  set_first_weights(model, data);
  for (const char* layer : {"dense1", "dense2"}) {
    const Tensor<float> z = sums(model, layer, data, true);
    for (std::int64_t c = 0; c < 50; ++c) {
      float low = 0, high = 0;
      for (std::int64_t r = 0; r < 500; ++r) {
        low = std::min(low, z.data()[r * 50 + c]);
        high = std::max(high, z.data()[r * 50 + c]);
      }
      EXPECT_TRUE(low < 0 && high > 0) << layer << ", unit " << c;
    }
  }
}

// Two rows with the sums 1·w and 3·w have the deviation w: the weight becomes ±1 and the bias is between -3 and -1.
TEST(FirstWeights, have_the_hand_computed_values_for_two_rows) {
  BasicModel<double> model{Dense{4, relu, by_rows}};
  model.build({1});
  const std::vector<double> x{1, 3}, y{0, 0};
  set_first_weights(model, Dataset::regression(std::span<const double>(x), Shape{1}, y), 9);
  for (std::int64_t c = 0; c < 4; ++c) {
    const double w = model.parameter("dense1.weight").data()[c], b = model.parameter("dense1.bias").data()[c];
    EXPECT_NEAR(std::abs(w), 1, 1e-12);
    EXPECT_TRUE(-b / w >= 1 && -b / w <= 3) << b;
  }
}

TEST(FirstWeights, leave_other_layers_and_constant_sums_as_they_are) {
  Model model{Dense{3, relu, by_rows}, Dense{2, relu}, Dense{2, linear, by_rows}};
  model.build({2});
  const Model before = model;
  const std::vector<float> zeros(20), y(10);
  set_first_weights(model, Dataset::regression(zeros, Shape{2}, y));
  for (const auto& parameter : model.parameters())
    EXPECT_TRUE(std::ranges::equal(parameter.value.values(), before.parameter(parameter.name).values()))
        << parameter.name;
  Model plain{Dense{3, relu}};
  set_first_weights(plain, some_rows());  // nothing to set: the model need not be built
  Model unbuilt{Dense{3, relu, by_rows}};
  EXPECT_EQ(test::refusal([&] { set_first_weights(unbuilt, some_rows()); }).code(), "U20");
}

TEST(FirstWeights, the_setting_init_std_uses_them_with_either_parametrisation) {
  for (const char* parametrization : {"standard", "ntk"}) {
    Recipe recipe;
    recipe.data.target = {"price"};
    set_setting(recipe, "init", "std", "test");
    set_setting(recipe, "parametrization", parametrization, "test");
    set_setting(recipe, "hidden", "9", "test");
    const TrainTable data = test::rows();
    recipe = resolve(recipe, data);
    const Split parts = make_split(data, recipe, 1);
    Model model = make_model(recipe, parts.preprocessor);
    build_to_train(model, recipe, parts);
    for (const char* layer : {"dense1", "output"}) {
      for (const double deviation : deviations(sums(model, layer, parts.train, false)))
        EXPECT_NEAR(deviation, 1, 1e-4) << parametrization << ", " << layer;
    }
    const auto bias = model.parameter("dense1.bias").values();
    EXPECT_TRUE(std::ranges::none_of(bias, [](float b) { return b == 0; }));
  }
}

}  // namespace
}  // namespace pellucid
