// The layers that combine, slice and reshape rows: hand-computed results, and what they refuse.
// Not here: what holds for every layer (battery_test.cc), models with several inputs (tests/model/graph_test.cc).
#include <gtest/gtest.h>

#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"

namespace pellucid {
namespace {

using test::refusal;

// Output of `layer` with two inputs of two columns each, for the row (1 2 | 3 -4).
std::vector<double> of_two(LayerRef layer) {
  BasicModel<double> model;
  model.add_input("a", Shape{2}).add_input("b", Shape{2}).add(std::move(layer), "y", {"a", "b"});
  model.build(Shape{4});
  const double row[] = {1, 2, 3, -4};
  const Tensor<double> y = model.predict(View<const double>{row, 1, 4, 4});
  return {y.values().begin(), y.values().end()};
}

TEST(Combining, concat_puts_its_inputs_side_by_side) {
  EXPECT_EQ(of_two(Concat{}), (std::vector<double>{1, 2, 3, -4}));
}

TEST(Combining, add_multiply_and_average_work_elementwise) {
  EXPECT_EQ(of_two(Add{}), (std::vector<double>{4, -2}));
  EXPECT_EQ(of_two(Multiply{}), (std::vector<double>{3, -8}));
  EXPECT_EQ(of_two(Average{}), (std::vector<double>{2, -1}));
}

TEST(Combining, slice_takes_columns_from_its_first_index) {
  BasicModel<double> model{Slice(1, Shape{2})};
  model.build(Shape{4});
  const double row[] = {1, 2, 3, -4};
  const Tensor<double> y = model.predict(View<const double>{row, 1, 4, 4});
  EXPECT_EQ(std::vector<double>(y.values().begin(), y.values().end()), (std::vector<double>{2, 3}));
}

TEST(Combining, flatten_and_reshape_change_only_the_shape) {
  BasicModel<double> model{Flatten{}, Reshape(Shape{3, 2}), Flatten{}};
  model.build(Shape{2, 3});
  EXPECT_EQ(model.output_shape(0), Shape{6});
  EXPECT_EQ(model.output_shape(1), (Shape{3, 2}));
  const double row[] = {1, 2, 3, 4, 5, 6};
  const Tensor<double> y = model.predict(View<const double>{row, 1, 6, 6});
  EXPECT_EQ(std::vector<double>(y.values().begin(), y.values().end()), (std::vector<double>(row, row + 6)));
}

// loss = (y - t)² with y = 2 · a·b (weight 2, no bias), a = 3, b = 5, t = 28: dy = 2·(30 - 28) = 4, so the gradient of
// the weight is 4·15 = 60; those of the data are 4·2·5 = 40 and 4·2·3 = 24.
TEST(Combining, the_gradient_of_a_product_contains_the_other_factors) {
  BasicModel<double> model;
  model.add_input("a", Shape{1}).add_input("b", Shape{1}).add(Multiply{}, "product", {"a", "b"});
  model.add(Dense{1, linear, {.bias = false}}, "last");
  model.build(Shape{2});
  model.parameter("last.weight").data()[0] = 2;
  BasicFitOptions<double> options;
  options.epochs = 1;
  options.optimizer = Sgd{.learning_rate = 0.001};
  options.patience = 0;
  fit(model, Dataset::regression(std::vector<double>{3, 5}, Shape{2}, std::vector<double>{28}), Dataset{}, options);
  EXPECT_DOUBLE_EQ(model.parameter("last.weight").data()[0], 2 - 0.001 * 60);
}

TEST(Combining, wide_rows_with_padding_are_combined_correctly) {
  BasicModel<double> model;
  for (const char* name : {"a", "b", "c"}) model.add(Dense{128, tanh}, name, {"input"});
  model.add(Add{}, "sum", {"a", "b"}).add(Multiply{}, "product", {"sum", "c"}).add(Average{}, "mean", {"product", "a"});
  model.add(Concat{}, "both", {"mean", "b"}).add(Slice(3, Shape{4, 64}), "part", {"both"});
  // The slice needs 3 + 256 columns, but there are only 256.
  EXPECT_EQ(refusal([&] { model.build(Shape{5}); }).code(), "U20");
  model.pop().add(Slice(64, Shape{2, 64}), "part").add(Reshape(Shape{64, 2})).add(Flatten{}).add(Dense{2});
  model.build(Shape{5}, 3);
  for (const GradientVerdict& v :
       check_gradients(model, test::rows_for("regression", 6, 5), Loss("mse"), {.most_per_parameter = 20})) {
    EXPECT_TRUE(v.ok) << v.name << " " << v.relative_error;
  }
}

TEST(Combining, inputs_that_do_not_fit_are_refused_with_their_shapes) {
  const auto error = [](LayerRef layer) {
    Model model;
    model.add_input("a", Shape{2}).add_input("b", Shape{3}).add(std::move(layer), "y", {"a", "b"});
    return refusal([&] { model.build(Shape{5}); });
  };
  for (const LayerRef& layer : {LayerRef(Add{}), LayerRef(Multiply{}), LayerRef(Average{})}) {
    EXPECT_EQ(error(layer).code(), "U20");
    EXPECT_NE(std::string(error(layer).what()).find("got 2 and 3"), std::string::npos) << error(layer).what();
  }
  EXPECT_EQ(error(Flatten{}).code(), "U20");
  EXPECT_EQ(error(Reshape(Shape{2})).code(), "U20");
  EXPECT_EQ(error(Slice(0, Shape{1})).code(), "U20");
  EXPECT_EQ(refusal([] { Model{Reshape(Shape{7})}.build(Shape{5}); }).code(), "U20");
  EXPECT_EQ(refusal([] { Model{Slice(4, Shape{2})}.build(Shape{5}); }).code(), "U20");
  EXPECT_EQ(refusal([] { Model{Slice(INT64_MAX, Shape{2})}.build(Shape{5}); }).code(), "U20");
  EXPECT_EQ(refusal([] { Slice(-1, Shape{2}); }).code(), "U12");
  EXPECT_EQ(refusal([] { Slice(0, Shape{0}); }).code(), "U12");
  EXPECT_EQ(refusal([] { Reshape(Shape{2, 0}); }).code(), "U12");
  EXPECT_EQ(refusal([] { Average("probabilities"); }).code(), "U12");
}

}  // namespace
}  // namespace pellucid
