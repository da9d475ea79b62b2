// Predictions: the same bits for a single row, in a batch, with any number of threads and with skipped zeros; several
// predictors of one model at once.
// Not here: allocations (allocation_test.cc), metrics of the outputs (metrics_test.cc).
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "pellucid/error.h"
#include "pellucid/pellucid.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

constexpr std::int64_t columns = 300;

Model make_model() {
  Model model{Dense(200, relu), Dense(30, pellucid::tanh), Dense(10, softmax)};
  model.build({columns});
  return model;
}

// `zeros` of ten numbers are 0.
Tensor<float> make_rows(std::int64_t rows, int zeros) {
  Tensor<float> result(Shape{rows, columns}, test::random_values<float>(rows * columns, 3));
  Random random({.seed = 4});
  for (float& x : result.values()) x = random.below(10) < static_cast<std::uint64_t>(zeros) ? 0.0f : x;
  return result;
}

std::vector<float> one_by_one(const Model& model, const Tensor<float>& rows) {
  Predictor<float> predictor = model.predictor();
  std::vector<float> result;
  for (std::int64_t r = 0; r < rows.view().rows; ++r) {
    const auto y = predictor(std::span(rows.view().row(r), columns));
    result.insert(result.end(), y.begin(), y.end());
  }
  return result;
}

std::vector<float> in_one_go(const Model& model, const Tensor<float>& rows, std::int64_t threads) {
  const Tensor<float> y = model.predict(rows.view(), threads);
  return {y.values().begin(), y.values().end()};
}

TEST(Prediction, a_row_has_the_same_bits_alone_in_a_batch_and_with_any_number_of_threads) {
  const Model model = make_model();
  for (int zeros : {0, 5, 7, 9, 10}) {
    const Tensor<float> rows = make_rows(2000, zeros);
    const std::vector<float> alone = one_by_one(model, rows);
    for (std::int64_t threads : {0, 1, 2, 3, 7}) EXPECT_EQ(in_one_go(model, rows, threads), alone) << zeros;
  }
}

TEST(Prediction, rows_with_and_without_zeros_can_alternate) {
  const Model model = make_model();
  const Tensor<float> full = make_rows(3, 0), sparse = make_rows(3, 9);
  const std::vector<float> of_full = one_by_one(model, full), of_sparse = one_by_one(model, sparse);
  Predictor<float> predictor = model.predictor(3);
  for (int round = 0; round < 3; ++round) {
    const auto alone = predictor(std::span(sparse.view().row(0), columns));
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), of_sparse.begin()));
    const View<const float> three = predictor(full.view());
    EXPECT_TRUE(std::equal(of_full.begin(), of_full.end(), three.data));
    const View<const float> two = predictor(View<const float>{sparse.data(), 2, columns, columns});
    EXPECT_EQ(two.rows, 2);
    EXPECT_TRUE(std::equal(two.data, two.data + 2 * two.columns, of_sparse.begin()));
  }
}

TEST(Prediction, threads_can_share_a_model_if_each_has_its_own_predictor) {
  const Model model = make_model();
  const Tensor<float> rows = make_rows(100, 8);
  const std::vector<float> expected = one_by_one(model, rows);
  std::vector<std::vector<float>> answers(8);
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) answer = one_by_one(model, rows);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) EXPECT_EQ(answer, expected);
}

TEST(Prediction, an_evaluation_is_the_same_with_any_number_of_threads) {
  const Model model = make_model();
  const Tensor<float> rows = make_rows(3000, 2);
  auto block = std::make_shared<Block>();
  block->shape = {columns};
  block->floats.assign(rows.values().begin(), rows.values().end());
  auto targets = std::make_shared<Targets>();
  targets->classes = 10;
  for (std::int32_t r = 0; r < 3000; ++r) targets->labels.push_back(r % 10);
  const Dataset data(block, targets);
  const Evaluation alone = evaluate(model, data, 1);
  for (std::int64_t threads : {0, 2, 5}) {
    const Evaluation shared = evaluate(model, data, threads);
    EXPECT_EQ(shared.loss, alone.loss);
    EXPECT_EQ(shared.targets[0].probabilities, alone.targets[0].probabilities);
  }
}

struct Refusing : LayerOf<Refusing> {
  static constexpr std::string_view name = "refusing", summary = "throws at a row that begins with 7";
  void describe(Fields&) override {}
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape>) const override { return {}; }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    for (std::int64_t r = 0; r < pass.rows(); ++r) {
      if (pass.x()(r, 0) == T(7)) throw std::runtime_error("a seven");
      std::copy_n(pass.x().row(r), pass.x().columns, pass.y().row(r));
    }
  }
  template <class T>
  void run_backward(Pass<T>&) const {}
};

TEST(Prediction, an_exception_of_a_layer_on_any_thread_reaches_the_caller) {
  Model model{Refusing{}, Dense(400)};
  model.build({columns});
  Tensor<float> rows = make_rows(2000, 0);
  EXPECT_EQ(in_one_go(model, rows, 4), in_one_go(model, rows, 1));
  rows.data()[1900 * columns] = 7;
  EXPECT_THROW(model.predict(rows.view(), 4), std::runtime_error);
}

TEST(Prediction, rows_of_the_wrong_width_are_refused) {
  const Model model = make_model();
  const std::vector<float> narrow(columns - 1), wide(columns + 1);
  EXPECT_THROW(model.predictor()(narrow), Error);
  EXPECT_THROW(model.predictor()(wide), Error);
  EXPECT_THROW(model.predictor(2)(make_rows(3, 0).view()), Error);
  EXPECT_THROW(model.predict(View<const float>{narrow.data(), 1, columns - 1, columns - 1}), Error);
}

}  // namespace
}  // namespace pellucid
