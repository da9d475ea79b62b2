// The embeddings of numbers: results worked by hand, gradients at random weights, edges, threads, instruction sets.
// Not here: what holds for every layer (battery_test.cc), the setting number_embedding (tests/recipe).
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "kernels/kernels.h"
#include "pellucid/gradient_check.h"
#include "pellucid/number_embeddings.h"
#include "pellucid/trainer.h"
#include "support/files.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::refusal;
using test::same_bits;

constexpr double pi = std::numbers::pi;

std::vector<double> outputs(const BasicModel<double>& model, const std::vector<double>& row) {
  const auto n = static_cast<std::int64_t>(row.size());
  const Tensor<double> y = model.predict(View<const double>{row.data(), 1, n, n});
  return {y.values().begin(), y.values().end()};
}

void set(BasicModel<double>& model, std::size_t parameter, const std::vector<double>& values) {
  auto& value = model.parameters().at(parameter).value;
  ASSERT_EQ(value.size(), static_cast<std::int64_t>(values.size()));
  std::copy(values.begin(), values.end(), value.data());
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-14) << i;
}

TEST(NumberEmbedding, periodic_gives_the_row_and_a_sum_of_cosines_of_each_number) {
  BasicModel<double> model{PeriodicEmbedding({1}, {.frequencies = 2, .size = 1})};
  model.build(Shape{2});
  set(model, 0, {2 * pi, pi});  // once and half a time around per unit
  set(model, 1, {0, pi / 2});
  set(model, 2, {2, 3});
  set(model, 3, {0.25});
  // cos(2π/2) = −1 and cos(π/2 + π/2) = −1: 2 · −1 + 3 · −1 + 0.25
  expect_near(outputs(model, {7, 0.5}), {7, 0.5, -4.75});
  // cos(0) = 1 and cos(π/2) = 0
  expect_near(outputs(model, {7, 0}), {7, 0, 2.25});
}

TEST(NumberEmbedding, cosine_gives_other_columns_and_scaled_numbers_and_cosines) {
  BasicModel<double> model{CosineEmbedding({0, 2}, 1)};
  model.build(Shape{3});
  expect_near(outputs(model, {0, 9, 0}), {9, 0, 0, 0.01, 0.01});  // as training starts
  set(model, 0, {2 * pi, 2 * pi});
  set(model, 1, {0, pi});
  set(model, 2, {2, 4, 3, 5});
  set(model, 3, {0, 1, 0.5, 0});
  // cos(π) = −1, cos(π/2 + π) = 0: 2 · 0.5, 4 · 0.25 + 1, 3 · −1 + 0.5, 5 · 0
  expect_near(outputs(model, {0.5, 9, 0.25}), {9, 1, 2, -2.5, 0});
}

BasicModel<double> three_bins(std::vector<double> edges) {
  BasicModel<double> model{PiecewiseLinearEmbedding({0}, 1, 3)};
  model.build(Shape{1});
  set(model, 0, edges);
  set(model, 1, {0.5});
  set(model, 2, {0.25});
  set(model, 3, {1, 10, 100});
  return model;
}

TEST(NumberEmbedding, piecewise_adds_the_share_of_each_bin_below_the_number) {
  const BasicModel<double> model = three_bins({0, 1, 3, 7});
  expect_near(outputs(model, {2}), {0.5 * 2 + 0.25 + 1 + 10 * 0.5});
  expect_near(outputs(model, {-1}), {0.5 * -1 + 0.25 - 1});                 // the first bin is open below
  expect_near(outputs(model, {9}), {0.5 * 9 + 0.25 + 1 + 10 + 100 * 1.5});  // the last one above
  expect_near(outputs(model, {3}), {0.5 * 3 + 0.25 + 1 + 10});
}

TEST(NumberEmbedding, piecewise_bins_without_width_add_nothing) {
  expect_near(outputs(three_bins({0, 1, 1, 1}), {3}), {0.5 * 3 + 0.25 + 3});
  expect_near(outputs(three_bins({2, 2, 2, 2}), {3}), {0.5 * 3 + 0.25});
}

TEST(NumberEmbedding, edges_are_quantiles_of_the_training_rows_without_repetitions) {
  BasicModel<double> model{PiecewiseLinearEmbedding({0, 1, 2}, 2, 4)};
  model.build(Shape{3});
  std::vector<double> x;
  for (int r = 0; r < 9; ++r) x.insert(x.end(), {(r * 4 % 9) * 10.0, r == 3 ? 1.0 : 0.0, 5});
  set_edges(model, Dataset::regression(x, Shape{3}, std::vector<double>(9)));
  const auto edges = model.parameters()[0].value.values();
  EXPECT_EQ(model.parameters()[0].name, "piecewise_linear_embedding1.edges");
  EXPECT_EQ(std::vector<double>(edges.begin(), edges.end()),
            (std::vector<double>{0, 20, 40, 60, 80, 0, 1, 1, 1, 1, 5, 5, 5, 5, 5}));
}

// 90 zeros, 2 ones and 3 to 10: plain quantiles would be 0, 0, 0, 0, 10.
TEST(NumberEmbedding, a_value_that_most_rows_have_leaves_the_other_edges_to_the_other_rows) {
  BasicModel<double> model{PiecewiseLinearEmbedding({0}, 2, 4)};
  model.build(Shape{1});
  std::vector<double> x(90, 0.0);
  for (const double v : {1, 1, 3, 4, 5, 6, 7, 8, 9, 10}) x.push_back(v);
  set_edges(model, Dataset::regression(x, Shape{1}, std::vector<double>(x.size())));
  const auto edges = model.parameters()[0].value.values();
  EXPECT_EQ(std::vector<double>(edges.begin(), edges.end()), (std::vector<double>{0, 3, 5, 7, 10}));
  for (double& v : x) v -= 4;  // the frequent value is now inside: −4 … 6, and 50 rows of 2
  x.resize(50);
  for (const double v : {-5, -4, -3, -1, 0, 1, 3, 4, 6}) x.push_back(v);
  std::fill_n(x.begin(), 50, 2.0);
  set_edges(model, Dataset::regression(x, Shape{1}, std::vector<double>(x.size())));
  const auto others = model.parameters()[0].value.values();
  EXPECT_EQ(std::vector<double>(others.begin(), others.end()), (std::vector<double>{-5, -1, 1, 2, 6}));
}

TEST(NumberEmbedding, edges_need_a_built_model_and_rows_of_data) {
  const Dataset data = test::rows_for("regression", 5, 3);
  const auto code = [&](BasicModel<double> model, Shape shape) {
    if (shape.rank() > 0) model.build(shape);
    return refusal([&] { set_edges(model, data); }).code();
  };
  EXPECT_EQ(code({PiecewiseLinearEmbedding({0})}, Shape()), "U20");
  EXPECT_EQ(code({PiecewiseLinearEmbedding({0})}, Shape{4}), "U20");
  EXPECT_EQ(code({Dense{2}, PiecewiseLinearEmbedding({0})}, Shape{3}), "U20");
}

std::vector<LayerRef> embeddings(std::vector<std::int64_t> columns) {
  return {PeriodicEmbedding(columns, {.frequencies = 5, .size = 2, .sigma = 0.3}), CosineEmbedding(columns, 3, 0.3),
          PiecewiseLinearEmbedding(columns, 3, 4)};
}

// Random values for all parameters, since some of them start at 0; edges are in ascending order.
template <class T>
void randomise(BasicModel<T>& model) {
  for (Parameter<T>& p : model.parameters()) {
    auto values = test::random_values<double>(p.value.size(), 5, 0.7);
    if (p.name.ends_with("edges")) std::sort(values.begin(), values.end());
    std::copy(values.begin(), values.end(), p.value.data());
  }
}

TEST(NumberEmbedding, gradients_are_right_at_random_weights) {
  for (const LayerRef& layer : embeddings({0, 2})) {
    BasicModel<double> model{Dense{4, tanh}, layer, Dense{2}};
    model.build(Shape{3});
    randomise(model);
    for (const GradientVerdict& v : check_gradients(model, test::rows_for("regression", 9, 3), Loss("mse"))) {
      EXPECT_TRUE(v.ok) << layer.layer()->kind() << " " << v.name << ": " << v.relative_error;
      EXPECT_GT(v.analytic_norm, 0) << layer.layer()->kind() << " " << v.name;
    }
  }
}

TEST(NumberEmbedding, training_gives_the_same_bits_with_any_number_of_threads) {
  const Dataset data = test::rows_for("regression", 2500, 3);
  for (const LayerRef& layer : embeddings({0, 2})) {
    std::vector<float> first;
    for (const int threads : {1, 2, 3, 7}) {
      Model model{layer, Dense{32, relu}, Dense{2}};
      model.build(Shape{3}, 1);
      set_edges(model, data);
      FitOptions options;
      options.epochs = 2;
      options.batch_size = 2048;  // two row blocks
      options.threads = threads;
      fit(model, data, Dataset(), options);
      std::vector<float> all;
      for (const auto& p : model.parameters()) all.insert(all.end(), p.value.values().begin(), p.value.values().end());
      if (first.empty()) first = all;
      for (std::size_t i = 0; i < first.size(); ++i) {
        ASSERT_TRUE(same_bits(first[i], all[i])) << layer.layer()->kind() << ", " << threads << " threads";
      }
    }
  }
}

TEST(NumberEmbedding, every_instruction_set_with_fma_gives_the_bits_of_the_scalar_twin) {
  const Dataset data = test::rows_for("regression", 50, 3);
  for (const LayerRef& layer : embeddings({0, 1, 2})) {
    std::vector<float> first;
    for (const Kernels<float>* table : all_kernels<float>()) {
      if (!table->fma) continue;
      use_kernels(*table);
      Model model{layer, Dense{5, relu}, Dense{2}};
      model.build(Shape{3}, 1);
      randomise(model);
      FitOptions options;
      options.epochs = 3;
      fit(model, data, Dataset(), options);
      std::vector<float> all;
      for (const auto& p : model.parameters()) all.insert(all.end(), p.value.values().begin(), p.value.values().end());
      if (first.empty()) first = all;
      for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_TRUE(same_bits(first[i], all[i])) << layer.layer()->kind() << ", " << table->target;
      }
    }
    use_kernels(*all_kernels<float>().back());
  }
}

// y = cos(5 x): a net of 8 hidden units learns it much better with any of the embeddings than without.
TEST(NumberEmbedding, each_learns_a_function_with_many_turns) {
  std::vector<double> x, y;
  for (int i = 0; i < 256; ++i) {
    x.push_back(i / 64.0 - 2);
    y.push_back(std::cos(5 * x.back()));
  }
  const Dataset data = Dataset::regression(x, Shape{1}, y);
  const auto loss_with = [&](std::vector<LayerRef> layers) {
    BasicModel<double> model;
    for (LayerRef& layer : layers) model.add(layer);
    model.add(Dense{8, relu}).add(Dense{1});
    model.build(Shape{1}, 3);
    set_edges(model, data);
    BasicFitOptions<double> options;
    options.epochs = 100;
    options.batch_size = 32;
    options.optimizer = Adam{.learning_rate = 0.01};
    options.patience = 0;
    options.keep_best = false;
    return fit(model, data, Dataset(), options).epochs.back().train_loss;
  };
  const double plain = loss_with({});
  EXPECT_LT(loss_with({PeriodicEmbedding({0}, {.sigma = 0.5})}), 0.3 * plain);
  EXPECT_LT(loss_with({CosineEmbedding({0}, 16, 0.5)}), 0.3 * plain);
  EXPECT_LT(loss_with({PiecewiseLinearEmbedding({0})}), 0.3 * plain);
}

TEST(NumberEmbedding, invalid_settings_are_refused) {
  const auto code = [](const auto& make) { return refusal(make).code(); };
  EXPECT_EQ(code([] { PeriodicEmbedding(std::vector<std::int64_t>()); }), "U12");
  EXPECT_EQ(code([] { CosineEmbedding({1, 1}); }), "U12");
  EXPECT_EQ(code([] { PiecewiseLinearEmbedding({-1}); }), "U12");
  EXPECT_EQ(code([] { PeriodicEmbedding({0}, {.frequencies = 0}); }), "U12");
  EXPECT_EQ(code([] { CosineEmbedding({0}, 1LL << 40); }), "U12");
  EXPECT_EQ(code([] { CosineEmbedding({0}, 4, -1); }), "U12");
  EXPECT_EQ(code([] { PiecewiseLinearEmbedding({0}, 4, 0); }), "U12");
  EXPECT_EQ(code([] { Model{PeriodicEmbedding({2})}.build(Shape{2}); }), "U20");
}

}  // namespace
}  // namespace pellucid
