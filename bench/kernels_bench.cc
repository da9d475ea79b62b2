// Benchmarks of each kernel at the shapes of real training steps, compared with other libraries. The numerical results
// are compared before the times are measured.
// Not here: whole steps (bench/step_bench.cc).
#include "kernels/kernels.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "numbers.h"
#include "optimizers/rules.h"
#include "pellucid/activation.h"
#include "pellucid/loss.h"
#include "rivals.h"

namespace pellucid::bench {
namespace {

enum class Kind { forward, weight_gradient };

struct Shape3 {
  Kind kind;
  std::int64_t m, n, k;  // sizes of the other library's call: c[m,n], summed over k
  std::string text() const {
    return (kind == Kind::forward ? "product/" : "product_transposed/") + std::to_string(m) + "x" + std::to_string(n) +
           "x" + std::to_string(k);
  }
};

constexpr Kind F = Kind::forward, G = Kind::weight_gradient;
const Shape3 shapes[] = {{F, 8, 64, 784},     {G, 784, 64, 8},     {F, 8, 10, 64},       {F, 8, 64, 10},
                         {G, 64, 10, 8},      {F, 16, 32, 64},     {G, 64, 32, 16},      {F, 128, 512, 784},
                         {G, 784, 512, 128},  {F, 128, 10, 512},   {G, 512, 10, 128},    {F, 128, 512, 10},
                         {F, 8000, 512, 16},  {G, 16, 512, 8000},  {F, 8000, 1, 512},    {G, 512, 1, 8000},
                         {F, 8000, 512, 1},   {F, 256, 1024, 784}, {F, 256, 1024, 1024}, {G, 1024, 1024, 256},
                         {F, 1024, 512, 784}, {F, 100, 10, 20},    {F, 100, 1, 10},      {G, 20, 10, 100},
                         {F, 1, 512, 784},    {F, 1, 4, 4}};

void ours(const Gemm& g) {
  const auto& k = kernels<float>();
  if (g.transposed) {
    k.product_transposed({g.k, g.n, g.m, g.a, g.m, g.b, g.n, g.c, g.n});
  } else {
    k.product({g.m, g.n, g.k, g.a, g.k, g.b, g.n, nullptr, g.c, g.n});
  }
}

void run_gemm(benchmark::State& state, const Shape3& s, void (*run)(const Gemm&)) {
  const auto a = random_values(s.m * s.k, 1), b = random_values(s.k * s.n, 2);
  std::vector<float> c(static_cast<std::size_t>(s.m * s.n)), want = c;
  Gemm g{s.m, s.n, s.k, a.data(), s.kind == G, b.data(), want.data()};
  ours(g);
  g.c = c.data();
  run(g);
  for (std::size_t i = 0; i < c.size(); ++i) {
    if (std::abs(c[i] - want[i]) > 2e-6 * static_cast<double>(s.k + 8)) return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) {
    run(g);
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(s.m * s.n * s.k) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void run_transpose(benchmark::State& state) {
  const std::int64_t rows = state.range(0), columns = state.range(1);
  const auto a = random_values(rows * columns, 1);
  std::vector<float> b(a.size());
  for (auto _ : state) {
    kernels<float>().transpose(rows, columns, a.data(), columns, b.data(), rows);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * rows * columns * 8);
}
BENCHMARK(run_transpose)->Name("transpose")->Args({64, 10})->Args({512, 10})->Args({32, 10})->Args({1024, 1024});

void run_update(benchmark::State& state, const char* rule) {
  const std::int64_t n = state.range(0);
  auto w = random_values(n, 1), s0 = random_values(n, 2), s1 = s0;
  const auto g = random_values(n, 3);
  for (auto* s : {&s0, &s1}) {
    for (float& x : *s) x = std::abs(x);
  }
  float* slots[max_slots] = {s0.data(), s1.data(), nullptr};
  UpdateStep<float> step;
  for (float& c : step.constant) c = 1e-3f;
  for (auto _ : state) {
    kernels<float>().update(update_rule(rule), step, n, w.data(), g.data(), slots);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * n);
}
BENCHMARK_CAPTURE(run_update, sgd, "sgd")->Name("update/sgd")->Arg(650)->Arg(4096)->Arg(401408);
BENCHMARK_CAPTURE(run_update, rmsprop, "rmsprop")->Name("update/rmsprop")->Arg(4096)->Arg(401408);
BENCHMARK_CAPTURE(run_update, adam, "adam")->Name("update/adam")->Arg(4096)->Arg(1048576);

void run_softmax(benchmark::State& state) {
  const std::int64_t m = state.range(0), n = state.range(1);
  const auto z = random_values(m * n, 1);
  std::vector<float> y(z.size());
  for (auto _ : state) {
    kernels<float>().softmax(m, n, z.data(), n, y.data(), n);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * m);
}
BENCHMARK(run_softmax)->Name("softmax")->Args({8, 10})->Args({128, 10})->Args({128, 100});

void run_loss(benchmark::State& state, const char* name, bool labels) {
  const std::int64_t m = state.range(0), n = state.range(1);
  const auto y = random_values(m * n, 1), target = random_values(m * n, 2);
  const std::vector<std::int32_t> label(static_cast<std::size_t>(m), 0);
  std::vector<float> loss(static_cast<std::size_t>(m)), dy(y.size());
  const LossKind& kind = Loss(name).kind();
  const LossRows<float> rows{
      m,    n,           y.data(),  n, labels ? nullptr : target.data(), n, labels ? label.data() : nullptr, nullptr,
      1.0f, loss.data(), dy.data(), n};
  for (auto _ : state) {
    kernels<float>().loss(kind.builtin, kind.parameter_default, rows);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * m);
}
BENCHMARK_CAPTURE(run_loss, cross_entropy, "cross_entropy", true)
    ->Name("loss/cross_entropy")
    ->Args({8, 10})
    ->Args({128, 10})
    ->Args({128, 100});
BENCHMARK_CAPTURE(run_loss, mse, "mse", false)->Name("loss/mse")->Args({8000, 1})->Args({100, 10});

const bool registered = [] {
  std::vector<Rival> all = rivals();
  all.insert(all.begin(), {"pellucid", ours});
  for (const Shape3& s : shapes) {
    for (const Rival& rival : all) {
      benchmark::RegisterBenchmark((s.text() + "/" + rival.name).c_str(),
                                   [s, rival](benchmark::State& state) { run_gemm(state, s, rival.run); });
    }
  }
  return true;
}();

}  // namespace
}  // namespace pellucid::bench
