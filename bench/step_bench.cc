// Benchmarks of whole training steps with fit(), and of single predictions with Predictor, on random rows with as many
// zeros as real data.
// Not here: single kernels (bench/kernels_bench.cc), accuracy (bench/results.py).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>

#include "numbers.h"
#include "pellucid/pellucid.h"

namespace pellucid::bench {
namespace {

struct Data {
  std::int64_t rows, columns;
  std::int32_t classes;  // 0: regression
  double zeros;          // share of zeros among the features
  bool bytes;
};

// As in images: more than half of the zeros fill whole columns (the margin), the others are anywhere.
Dataset make_data(const Data& d) {
  const double margin = 0.6 * d.zeros;
  std::mt19937 words(1);
  std::bernoulli_distribution zero((d.zeros - margin) / (1 - margin));
  auto block = std::make_shared<Block>();
  block->shape = {d.columns};
  block->factor = 1.0 / 255;
  for (std::int64_t i = 0; i < d.rows * d.columns; ++i) {
    const bool outside = static_cast<double>(i % d.columns) < margin * static_cast<double>(d.columns);
    const auto byte = outside || zero(words) ? std::uint8_t{0} : static_cast<std::uint8_t>(1 + words() % 255);
    if (d.bytes) {
      block->bytes.push_back(byte);
    } else {
      block->floats.push_back(static_cast<float>(byte) / 255);
    }
  }
  auto targets = std::make_shared<Targets>();
  targets->classes = d.classes;
  for (std::int64_t i = 0; i < d.rows; ++i) {
    if (d.classes > 0) {
      targets->labels.push_back(static_cast<std::int32_t>(words() % static_cast<unsigned>(d.classes)));
    } else {
      targets->values.push_back(static_cast<double>(words() % 1000) / 1000);
    }
  }
  targets->columns = d.classes > 0 ? 0 : 1;
  return {block, targets};
}

/// CPU time per epoch and per step, including the work of fit() between epochs.
void run_epochs(benchmark::State& state, const Model& model, const Data& d, std::int64_t batch,
                const Optimizer& optimizer) {
  const Dataset data = make_data(d);
  const std::int64_t epochs = std::clamp<std::int64_t>(20'000'000 / (d.rows * d.columns), 2, 20);
  for (auto _ : state) {
    Model fresh = model;
    fit(fresh, data, {}, {.epochs = epochs, .batch_size = batch, .optimizer = optimizer});
  }
  const auto counter = [&](double count) {
    return benchmark::Counter(count * static_cast<double>(epochs * state.iterations()),
                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  };
  state.counters["epoch"] = counter(1);
  state.counters["step"] = counter(static_cast<double>((d.rows + batch - 1) / batch));
}

void train(const char* name, const Model& model, const Data& d, std::int64_t batch, const Optimizer& optimizer) {
  benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
    run_epochs(state, model, d, batch, optimizer);
  })->Unit(benchmark::kMillisecond);
}

// Predicts single rows; of ten inputs, `zeros` are zero.
void predict(const char* name, Model model, std::int64_t columns, int zeros) {
  model.build({columns});
  benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
    Predictor<float> predictor = model.predictor();
    auto row = random_values(columns, 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i * 7 % 10 < static_cast<std::size_t>(zeros) ? 0 : row[i];
    for (auto _ : state) benchmark::DoNotOptimize(predictor(row).data());
  });
}

// Predicts all rows in one call, divided among the threads.
void predict_batch(const char* name, Model model, std::int64_t columns, std::int64_t threads) {
  model.build({columns});
  benchmark::RegisterBenchmark(name,
                               [=](benchmark::State& state) {
                                 const Tensor<float> rows({10000, columns}, random_values(10000 * columns, 1));
                                 for (auto _ : state)
                                   benchmark::DoNotOptimize(model.predict(rows.view(), threads).data());
                               })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

const bool registered = [] {
  train("fit/mnist-64, 6000 rows", {Dense(64, relu), Dense(10, softmax)}, {6000, 784, 10, 0.81, true}, 8, Sgd{0.01});
  train("fit/mnist-512, 6000 rows", {Dense(512, relu), Dense(10, softmax)}, {6000, 784, 10, 0.81, true}, 128,
        RmsProp{});
  train("fit/mnist-deep, 6000 rows", {Dense(1024, relu), Dense(1024, relu), Dense(10, softmax)},
        {6000, 784, 10, 0.81, true}, 256, Adam{});
  train("fit/digits-32, 1437 rows", {Dense(32, sigmoid), Dense(10, softmax)}, {1437, 64, 10, 0.5, false}, 16, Sgd{0.1});
  train("fit/makeclass-10, 4000 rows", {Dense(10, tanh), Dense(1, sigmoid)}, {4000, 20, 2, 0, false}, 100, Sgd{0.1});
  train("fit/paris-512, 8000 rows", {Dense(512, tanh), Dense(1)}, {8000, 16, 0, 0.3, false}, 8000, Adam{});
  predict("predict/4-4-3", {Dense(4, relu), Dense(3, softmax)}, 4, 0);
  predict("predict/784-512-10", {Dense(512, relu), Dense(10, softmax)}, 784, 0);
  predict("predict/784-512-10, eight inputs of ten are zero", {Dense(512, relu), Dense(10, softmax)}, 784, 8);
  predict_batch("predict/784-512-10, 10000 rows, one thread", {Dense(512, relu), Dense(10, softmax)}, 784, 1);
  predict_batch("predict/784-512-10, 10000 rows", {Dense(512, relu), Dense(10, softmax)}, 784, 0);
  return true;
}();

}  // namespace
}  // namespace pellucid::bench
