// Values of a traced step, checked by recomputing them. Not here: the text output (tests/cli/trace.txt).
#include "pellucid/trace.h"

#include <gtest/gtest.h>

#include "support/numbers.h"

namespace pellucid {
namespace {

struct Case {
  Model model{Dense{4, relu}, Dense{3, softmax}};
  Dataset rows;
};

Case make_case(std::int64_t rows) {
  Case made;
  const std::vector<float> x = test::random_values<float>(static_cast<std::size_t>(rows * 5), 1, 1);
  std::vector<std::int32_t> labels;
  for (std::int64_t r = 0; r < rows; ++r) labels.push_back(static_cast<std::int32_t>(r % 3));
  made.rows = Dataset::classification(x, Shape{5}, labels, 3);
  made.model.build(Shape{5}, 3);
  return made;
}

TEST(Trace, values_gradients_and_updates_can_be_recomputed) {
  const Case c = make_case(2);
  const Trace trace = trace_step(c.model, c.rows, {.optimizer = Sgd{.learning_rate = 0.1}});
  const TracedValue &x = trace["input"], &w = trace["dense1.weight"], &z = trace["dense1.z"];
  ASSERT_EQ(x.rows, 2);
  ASSERT_EQ(w.rows, 5);
  for (std::int64_t r = 0; r < 2; ++r) {
    for (std::int64_t u = 0; u < 4; ++u) {
      double sum = trace["dense1.bias"].numbers[static_cast<std::size_t>(u)];
      for (std::int64_t k = 0; k < 5; ++k) sum += double{x(r, k)} * double{w(k, u)};
      EXPECT_NEAR(z(r, u), sum, 1e-6);
      EXPECT_EQ(trace["dense1.output"](r, u), std::max(0.0f, z(r, u)));
    }
  }
  const TracedValue &h = trace["dense1.output"], &dz = trace["dense2.z.gradient"];
  for (std::int64_t k = 0; k < 4; ++k) {
    const double gradient = double{h(0, k)} * double{dz(0, 1)} + double{h(1, k)} * double{dz(1, 1)};
    EXPECT_NEAR(trace["dense2.weight.gradient"](k, 1), gradient, 1e-6);
    const double stepped = double{trace["dense2.weight"](k, 1)} - 0.1 * gradient;
    EXPECT_NEAR(trace.updated.at("dense2.weight")(k, 1), stepped, 1e-6);
  }
  EXPECT_LT(trace.loss_after, trace.loss);
}

TEST(Trace, is_the_same_step_as_in_training_and_does_not_change_the_model) {
  const Case c = make_case(7);
  const std::string before = c.model.to_bytes();
  const Trace trace = trace_step(c.model, c.rows, {.optimizer = Adam{.learning_rate = 0.01}});
  EXPECT_EQ(c.model.to_bytes(), before);
  Model trained = c.model;
  FitOptions options;
  options.epochs = 1;
  options.batch_size = 7;
  options.shuffle = false;
  options.optimizer = Adam{.learning_rate = 0.01};
  fit(trained, c.rows, Dataset{}, options);
  for (const Parameter<float>& parameter : trained.parameters()) {
    const auto values = parameter.value.values();
    EXPECT_EQ(trace.updated.at(parameter.name).numbers, std::vector<float>(values.begin(), values.end()));
  }
}

TEST(Trace, inputs_of_combining_layers_and_losses_of_heads_are_recorded) {
  Model model;
  model.add_input("left", Shape{3}).add_input("right", Shape{2});
  model.add(Dense{2, tanh}, "a", {"left"}).add(Dense{4}, "b", {"right"}).add(Concat{}, "both", {"a", "b"});
  model.add(Dense{1}, "value", {"both"}).add(Dense{3, softmax}, "kind", {"both"});
  model.set_heads({{.layer = "value", .weight = 0.5}, {.layer = "kind"}}).build(Shape{5}, 3);
  const std::vector<float> x = test::random_values<float>(10, 1), targets{0.5f, 2, 1.5f, 0};
  const Dataset rows = Dataset::mixed(std::span<const float>(x), Shape{5}, targets, {0, 3});
  const Trace trace = trace_step(model, rows, {.optimizer = Sgd{.learning_rate = 0.1}});
  for (std::int64_t r = 0; r < 2; ++r) {
    for (std::int64_t c = 0; c < 6; ++c) {
      EXPECT_EQ(trace["both.output"](r, c), c < 2 ? trace["a.output"](r, c) : trace["b.output"](r, c - 2));
      EXPECT_EQ(trace["both.output.gradient"](r, c),
                c < 2 ? trace["a.output.gradient"](r, c) : trace["b.output.gradient"](r, c - 2));
    }
  }
  EXPECT_NEAR(0.5 * trace["value.loss"].numbers[0] + trace["kind.loss"].numbers[0], trace.loss, 1e-6);
}

}  // namespace
}  // namespace pellucid
