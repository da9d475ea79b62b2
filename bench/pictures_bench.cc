// Benchmarks of convolutions (forward, gradient of the weights, gradient of the input) against the peak of this core,
// and of training steps of three small nets for pictures. bench/pictures_torch.py measures the same nets in PyTorch.
// Not here: products of matrices (kernels_bench.cc), training steps of other nets (step_bench.cc).
#include <benchmark/benchmark.h>

#include "kernels/kernels.h"
#include "numbers.h"
#include "peak.h"
#include "pellucid/pellucid.h"

namespace pellucid::bench {
namespace {

/// Pictures of size x size without padding, and a square kernel.
struct Filters {
  const char* name;
  std::int64_t pictures, size, channels, kernel, filters;
  std::int64_t out() const { return size - kernel + 1; }
};

enum class Pass { forward, weights, input };

/// The sums of one pass over a batch, on one thread. operations: per call.
void convolve(benchmark::State& state, const Filters& f, Pass pass) {
  const std::int64_t taps = f.kernel * f.kernel, rim = f.out() + 2 * (f.kernel - 1);
  const auto x = random_values(f.pictures * f.size * f.size * f.channels, 1);
  const auto w = random_values(taps * f.channels * f.filters, 2);
  const auto d = random_values(f.pictures * rim * rim * f.filters, 3);  // with margins for the gradient of the input
  std::vector<float> y(static_cast<std::size_t>(f.pictures * f.out() * f.out() * f.filters)), c(w.size()), dx(x.size());
  const PixelSteps x_steps{f.size * f.size * f.channels, f.size * f.channels, f.channels};
  const PixelSteps y_steps{f.out() * f.out() * f.filters, f.out() * f.filters, f.filters};
  const PixelSteps d_steps{rim * rim * f.filters, rim * f.filters, f.filters};
  const Taps forward{f.kernel, 1, f.kernel * f.channels, f.size * f.channels, 0, f.kernel * f.channels * f.filters, 0};
  const Taps backward{f.kernel,
                      f.kernel,
                      f.filters,
                      -rim * f.filters,
                      -f.filters,
                      f.kernel * f.channels * f.filters,
                      f.channels * f.filters};
  const float* corner = d.data() + (f.kernel - 1) * (rim + 1) * f.filters;
  for (auto _ : state) {
    if (pass == Pass::forward) {
      kernels<float>().convolution({.grid = {f.pictures, f.out(), f.out()},
                                    .taps = forward,
                                    .x = x.data(),
                                    .x_steps = x_steps,
                                    .n = f.filters,
                                    .w = w.data(),
                                    .ldw = f.filters,
                                    .bias = nullptr,
                                    .y = y.data(),
                                    .y_steps = y_steps});
    } else if (pass == Pass::weights) {
      kernels<float>().convolution_gradient({.grid = {f.pictures, f.out(), f.out()},
                                             .taps = forward,
                                             .x = x.data(),
                                             .x_steps = x_steps,
                                             .n = f.filters,
                                             .d = d.data(),
                                             .d_steps = y_steps,
                                             .c = c.data(),
                                             .ldc = f.filters});
    } else {
      kernels<float>().convolution({.grid = {f.pictures, f.size, f.size},
                                    .taps = backward,
                                    .x = corner,
                                    .x_steps = d_steps,
                                    .n = f.channels,
                                    .w = w.data(),
                                    .ldw = f.channels,
                                    .bias = nullptr,
                                    .y = dx.data(),
                                    .y_steps = x_steps});
    }
  }
  const std::int64_t pixels = pass == Pass::input ? f.size * f.size : f.out() * f.out();
  const double operations = 2e-9 * static_cast<double>(f.pictures * pixels * taps * f.channels * f.filters);
  const double total = operations * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(total, benchmark::Counter::kIsRate);
  state.counters["of_peak"] = benchmark::Counter(total / peak_gflops(), benchmark::Counter::kIsRate);
}

Model make_net(const std::string& name) {
  if (name == "lenet5") {
    return {Conv2D{6, 5, relu}, MaxPool2D{2},    Conv2D{16, 5, relu}, MaxPool2D{2},
            Dense{120, relu},   Dense{84, relu}, Dense{10, softmax}};
  }
  if (name == "cnn-99") {
    return {Conv2D{24, 5, relu}, MaxPool2D{2}, Conv2D{32, 3, relu}, MaxPool2D{2}, Dense{256, relu}, Dense{10, softmax}};
  }
  return {Conv2D{32, 3, relu}, MaxPool2D{2}, Conv2D{64, 3, relu}, MaxPool2D{2}, Dense{128, relu}, Dense{10, softmax}};
}

/// Epochs of 6,400 random pictures of 28 x 28.
void train(benchmark::State& state, const std::string& name, std::int64_t batch, std::int64_t threads) {
  constexpr std::int64_t rows = 6400;
  std::vector<std::int32_t> labels(rows);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i * 7 % 10);
  const auto x = random_values(rows * 784, 1);
  const Dataset data = Dataset::classification(std::span<const float>(x), Shape{28, 28, 1}, labels, 10);
  Model model = make_net(name);
  model.build(data.row_shape());
  for (auto _ : state) {
    fit(model, data, Dataset{},
        {.epochs = 1, .batch_size = batch, .optimizer = Adam{.learning_rate = 1e-3}, .threads = threads});
  }
  state.counters["s_per_60000"] = benchmark::Counter(static_cast<double>(state.iterations()) * rows / 60000,
                                                     benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

[[maybe_unused]] const bool listed = [] {
  const Filters shapes[] = {{"1-6@5x5,28x28", 128, 28, 1, 5, 6},      {"6-16@5x5,12x12", 128, 12, 6, 5, 16},
                            {"1-32@3x3,28x28", 128, 28, 1, 3, 32},    {"32-64@3x3,13x13", 128, 13, 32, 3, 64},
                            {"1-24@5x5,28x28", 128, 28, 1, 5, 24},    {"24-32@3x3,12x12", 128, 12, 24, 3, 32},
                            {"3-32@3x3,34x34", 32, 34, 3, 3, 32},     {"16-16@3x3,34x34", 32, 34, 16, 3, 16},
                            {"64-64@3x3,18x18", 32, 18, 64, 3, 64},   {"64-64@1x1,16x16", 64, 16, 64, 1, 64},
                            {"256-256@3x3,10x10", 8, 10, 256, 3, 256}};
  const std::pair<const char*, Pass> passes[] = {
      {"forward", Pass::forward}, {"weights", Pass::weights}, {"input", Pass::input}};
  for (const Filters& f : shapes) {
    for (const auto& [what, pass] : passes) {
      const auto run = [f, p = pass](benchmark::State& state) { convolve(state, f, p); };
      benchmark::RegisterBenchmark((std::string("convolution/") + f.name + "/" + what).c_str(), run);
    }
  }
  for (const char* name : {"lenet5", "cnn-99", "cnn-32-64"}) {
    const std::int64_t batch = std::string(name) == "cnn-99" ? 256 : 128;
    for (const std::int64_t threads : {1, 2}) {
      const auto run = [name, batch, threads](benchmark::State& state) { train(state, name, batch, threads); };
      const std::string title = std::string("pictures/") + name + "/" + std::to_string(threads);
      benchmark::RegisterBenchmark(title.c_str(), run)->Unit(benchmark::kMillisecond)->UseRealTime();
    }
  }
  return true;
}();

}  // namespace
}  // namespace pellucid::bench
