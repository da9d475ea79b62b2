// A user-defined layer with state: written during training, committed once per accepted step, saved with the model.
// Not here: parameters (tests/train), layers with several inputs (graph_test.cc).
#include <gtest/gtest.h>

#include "pellucid/gradient_check.h"
#include "pellucid/trainer.h"
#include "support/nets.h"

namespace pellucid {
namespace {

using test::rows_for;

/// y = x - m, where m is a running mean over the batches: m ← 0.5 · m + 0.5 · (mean of the batch).
struct Centre : LayerOf<Centre> {
  static constexpr std::string_view name = "centre", summary = "subtracts a running mean";
  void describe(Fields&) override {}
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape> inputs) const override {
    return {{.name = "mean", .role = Role::state, .shape = {inputs[0].elements()}, .updates = true}};
  }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    const View<const T> x = pass.x();
    const View<T> mean = pass.slice(0), next = pass.new_state(0);
    EXPECT_EQ(pass.inputs(), 1);
    EXPECT_EQ(pass.input_shape().elements(), x.columns);
    EXPECT_EQ(static_cast<bool>(next), pass.training());
    for (std::int64_t c = 0; c < x.columns; ++c) {
      T sum = 0;
      for (std::int64_t r = 0; r < x.rows; ++r) {
        sum += x(r, c);
        pass.y()(r, c) = x(r, c) - mean(0, c);
      }
      if (next) next(0, c) = (mean(0, c) + sum / static_cast<T>(x.rows)) / 2;
    }
  }
  template <class T>
  void run_backward(Pass<T>& pass) const {
    const View<T> dx = pass.dx(), dy = pass.dy();
    for (std::int64_t r = 0; dx && r < dy.rows; ++r) std::copy_n(dy.row(r), dy.columns, dx.row(r));
  }
};

Dataset eight_rows() {
  return Dataset::regression(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, Shape{1},
                             std::vector<double>{0, 1, 0, 1, 0, 1, 0, 1});
}

BasicFitOptions<double> options_of(std::int64_t epochs) {
  BasicFitOptions<double> options;
  options.epochs = epochs;
  options.batch_size = 4;
  options.shuffle = false;
  options.patience = 0;
  options.keep_best = false;
  options.optimizer = Sgd{.learning_rate = 0.001};
  return options;
}

// The batches are (1 2 3 4) and (5 6 7 8): m = 0, then (0 + 2.5)/2 = 1.25, then (1.25 + 6.5)/2 = 3.875.
TEST(State, is_committed_once_per_step_and_not_changed_by_anything_else) {
  BasicModel<double> model{Centre{}, Dense{1}};
  model.build(Shape{1}, 3);
  const Dataset data = eight_rows();
  BasicFitOptions<double> options = options_of(1);
  options.health = true;  // evaluates a sample of rows beside the training
  fit(model, data, data, options);
  EXPECT_DOUBLE_EQ(model.parameter("centre1.mean").data()[0], 3.875);
  model.predict(data);
  evaluate(model, data);
  for (const GradientVerdict& v : check_gradients(model, data, Loss("mse"))) EXPECT_TRUE(v.ok) << v.name;
  EXPECT_DOUBLE_EQ(model.parameter("centre1.mean").data()[0], 3.875);
  options = options_of(1);
  options.epochs = 2;  // 3.875 → (3.875 + 2.5)/2 = 3.1875 → (3.1875 + 6.5)/2 = 4.84375 → 3.671875 → 5.0859375
  fit(model, data, Dataset{}, options);
  EXPECT_DOUBLE_EQ(model.parameter("centre1.mean").data()[0], 5.0859375);
}

TEST(State, a_line_search_commits_once_per_step_despite_many_evaluations) {
  BasicModel<double> model{Centre{}, Dense{1}};
  model.build(Shape{1}, 3);
  BasicFitOptions<double> options = options_of(1);
  options.optimizer = Lbfgs{};
  fit(model, eight_rows(), Dataset{}, options);
  EXPECT_DOUBLE_EQ(model.parameter("centre1.mean").data()[0], 2.25);  // (0 + 4.5)/2
}

TEST(State, long_batches_and_stored_gradients_commit_the_same_state) {
  const Dataset data = rows_for("regression", 3000, 5);
  std::vector<double> first;
  for (const bool stored : {false, true}) {
    BasicModel<double> model{Centre{}, Dense{4, tanh}, Dense{2}};
    model.build(Shape{5}, 3);
    BasicFitOptions<double> options = options_of(2);
    options.batch_size = 2500;
    options.clip_norm = stored ? 1e9 : 0;
    fit(model, data, Dataset{}, options);
    const auto mean = model.parameter("centre1.mean").values();
    if (first.empty()) first.assign(mean.begin(), mean.end());
    EXPECT_EQ(first, std::vector<double>(mean.begin(), mean.end()));
    EXPECT_NE(first[0], 0);
  }
}

TEST(State, is_saved_with_the_model) {
  register_layer<Centre>();
  BasicModel<double> model{Centre{}, Dense{1}};
  model.build(Shape{1}, 3);
  fit(model, eight_rows(), Dataset{}, options_of(1));
  EXPECT_DOUBLE_EQ(BasicModel<double>::from_bytes(model.to_bytes()).parameter("centre1.mean").data()[0], 3.875);
}

}  // namespace
}  // namespace pellucid
