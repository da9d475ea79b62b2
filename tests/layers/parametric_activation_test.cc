// ParametricActivation: a worked example, and the net that the setting makes.
// Not here: what holds for every layer (battery_test.cc).
#include <gtest/gtest.h>

#include "pellucid/train_table.h"
#include "pellucid/trainer.h"
#include "recipe/build.h"
#include "support/train_tables.h"

namespace pellucid {
namespace {

// x = (2, -4), f = relu, a = (0.5, 0.25): y = 2 + 0.5·(2 - 2) = 2 and -4 + 0.25·(0 + 4) = -3.
TEST(ParametricActivation, mixes_each_number_with_its_activation) {
  BasicModel<double> model{ParametricActivation{relu}};
  model.build({2});
  EXPECT_EQ(model.parameter("parametric_activation1.factor").data()[0], 1);
  const double row[] = {2, -4};
  const auto output = [&] { return model.predict(View<const double>{row, 1, 2, 2}); };
  EXPECT_EQ(output().data()[1], 0);  // relu at the start
  model.parameter("parametric_activation1.factor").data()[0] = 0.5;
  model.parameter("parametric_activation1.factor").data()[1] = 0.25;
  EXPECT_EQ(output().data()[0], 2);
  EXPECT_EQ(output().data()[1], -3);
}

// z = 3·(-1) = -3, a = 0.5, y = -3 + 0.5·(0 + 3) = -1.5, loss = (y - 0.5)² = 4, so dy = 2·(-2) = -4.
// da = dy·(f - z) = -12; dz = dy·((1 - a) + a·0) = -2; dw = 3·dz = -6. SGD moves w by lr and a by 0.1·lr.
TEST(ParametricActivation, learns_its_factor_at_a_tenth_of_the_learning_rate) {
  BasicModel<double> model{Dense{1, linear, {.bias = false}}, ParametricActivation{relu}};
  model.build({1});
  model.parameter("dense1.weight").data()[0] = -1;
  model.parameter("parametric_activation1.factor").data()[0] = 0.5;
  const std::vector<double> x{3}, y{0.5};
  fit(model, Dataset::regression(std::span<const double>(x), Shape{1}, y), Dataset{},
      {.epochs = 1, .optimizer = Sgd{.learning_rate = 0.01}});
  EXPECT_NEAR(model.parameter("dense1.weight").data()[0], -1 + 0.06, 1e-15);
  EXPECT_NEAR(model.parameter("parametric_activation1.factor").data()[0], 0.5 + 0.001 * 12, 1e-15);
}

TEST(ParametricActivation, the_setting_puts_one_behind_each_hidden_layer) {
  Recipe recipe;
  recipe.data.target = {"price"};
  recipe.model.parametric_activation = true;
  recipe.model.hidden = {9, 7};
  recipe.model.activation = selu;
  const TrainTable data = test::rows();
  recipe = resolve(recipe, data);
  const Split parts = split(data.table, {.target = "price"});
  const Model model = make_model(recipe, parts.preprocessor);
  std::vector<std::string> kinds;
  for (const Node& node : model.nodes()) kinds.emplace_back(node.layer->kind());
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"dense", "parametric_activation", "dense", "parametric_activation", "dense"}));
  // The first weights are those that suit the activation, not those of a linear layer.
  const auto& first = dynamic_cast<const Dense&>(*model.nodes()[0].layer);
  EXPECT_EQ(first.options().weight_initializer.text(), selu.kind().initializer);
  EXPECT_EQ(first.activation().text(), "linear");
}

}  // namespace
}  // namespace pellucid
