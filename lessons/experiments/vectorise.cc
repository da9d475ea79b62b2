// vectorise: products of long vectors with loops and with the kernels that the library trains with.
// Not here: the meaning of the products (matrices.cc), benchmarks (bench/kernels_bench.cc).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kernels/kernels.h"
#include "lessons/experiments/matrix.h"
#include "lessons/lesson.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {
namespace {

/// One product in two ways: the time of each, and whether the results agree.
struct Race {
  std::string name;
  double loops_ms = infinity, kernels_ms = infinity;
  bool same = false;
  std::string what = "both ways the same";
};

/// Milliseconds of the fastest of several calls.
template <class F>
double milliseconds(int calls, F f) {
  using Clock = std::chrono::steady_clock;
  double best = infinity;
  for (int i = 0; i < calls; ++i) {
    const Clock::time_point begin = Clock::now();
    f();
    best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return best;
}

/// Differences are measured relative to the largest number: sums in another order, or with one rounding less, differ in
/// the last bits.
bool near(const Numbers& a, const Numbers& b) {
  double most = 0, off = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(a[i]));
    off = std::max(off, std::abs(a[i] - b[i]));
  }
  return off <= 1e-12 * most;
}

/// y = x·w with the kernel that computes a layer.
void multiply(const Matrix& x, const Matrix& w, Matrix& y) {
  const auto m = static_cast<std::int64_t>(x.rows), k = static_cast<std::int64_t>(x.columns),
             n = static_cast<std::int64_t>(w.columns);
  kernels<double>().product({m, n, k, x.values.data(), k, w.values.data(), n, nullptr, y.values.data(), n});
}

Race dot_product(const Numbers& x1, const Numbers& x2) {
  Race race{"dot product x1·x2"};
  double by_loop = 0, by_kernel = 0;
  race.loops_ms = milliseconds(50, [&] {
    by_loop = 0;
    for (std::size_t i = 0; i < x1.size(); ++i) by_loop += x1[i] * x2[i];
  });
  race.kernels_ms = milliseconds(
      50, [&] { by_kernel = kernels<double>().dot(static_cast<std::int64_t>(x1.size()), x1.data(), x2.data()); });
  race.same = by_loop == by_kernel;  // whole numbers: exact in any order
  return race;
}

/// Every number of x1 times every number of x2: a column times a row.
Race outer_product(const Numbers& x1, const Numbers& x2) {
  Race race{"outer product x1⊗x2"};
  const Matrix down = column(x1), across(1, x2.size(), x2);
  Matrix outer(x1.size(), x2.size());  // 200 MB, so memory determines the time
  race.loops_ms = milliseconds(2, [&] {
    for (std::size_t i = 0; i < x1.size(); ++i) {
      for (std::size_t j = 0; j < x2.size(); ++j) outer(i, j) = x1[i] * x2[j];
    }
  });
  std::fill(outer.values.begin(), outer.values.end(), 0.0);
  race.kernels_ms = milliseconds(2, [&] { multiply(down, across, outer); });
  race.same = true;
  for (std::size_t i = 0; i < x1.size(); ++i) {
    for (std::size_t j = 0; j < x2.size(); ++j) race.same &= outer(i, j) == x1[i] * x2[j];
  }
  return race;
}

/// Training multiplies element by element only inside other kernels, so there is no kernel for it alone. The sum of
/// these products is the dot product.
Race elementwise_product(const Numbers& x1, const Numbers& x2) {
  Race race{"elementwise product x1⊙x2"};
  Numbers products(x1.size());
  race.loops_ms = milliseconds(50, [&] {
    for (std::size_t i = 0; i < x1.size(); ++i) products[i] = x1[i] * x2[i];
  });
  const auto n = static_cast<std::int64_t>(x1.size());
  race.what = "its sum is the dot product";
  race.same = kernels<double>().sum(n, products.data()) == kernels<double>().dot(n, x1.data(), x2.data());
  return race;
}

/// Rows of x by columns of w; the innermost loop runs along a column, as in a first version.
Race matrix_product(const std::string& name, const Matrix& x, const Matrix& w) {
  Race race{name};
  Matrix by_loops(x.rows, w.columns), by_kernels = by_loops;
  race.loops_ms = milliseconds(10, [&] {
    for (std::size_t r = 0; r < x.rows; ++r) {
      for (std::size_t c = 0; c < w.columns; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < x.columns; ++k) sum += x(r, k) * w(k, c);
        by_loops(r, c) = sum;
      }
    }
  });
  race.kernels_ms = milliseconds(10, [&] { multiply(x, w, by_kernels); });
  race.same = near(by_loops.values, by_kernels.values);
  return race;
}

Numbers drawn(NumpyRandom& random, std::int64_t low, std::int64_t high) {
  const std::vector<std::int64_t> whole = random.randint(low, high, 5000);
  return {whole.begin(), whole.end()};
}

void run(Lesson& lesson) {
  lesson.say(
      "Four products of vectors of 5,000 numbers, with loops and with kernels that process 4 or 8 numbers per "
      "instruction. In Python the loops took the text 13.7 seconds for the outer product and NumPy 0.08: most of the "
      "difference is the cost of the interpreter. Here the loops are compiled, so what is left is the gain of the "
      "processor's vector instructions.");
  NumpyRandom random(lesson.seed(27));
  const Numbers x1 = drawn(random, 500, 1000), x2 = drawn(random, 0, 500);
  lesson.exact("x1[0] and x2[0]", "519 214", Numbers{x1[0], x2[0]});

  const Matrix w(3, 5000, random.rand(15000)), x = column(x1);
  const Matrix rows(64, 784, random.rand(64 * 784)), weights(784, 128, random.rand(784 * 128));
  lesson.doing("timing");
  const std::vector<Race> races = {dot_product(x1, x2), outer_product(x1, x2), elementwise_product(x1, x2),
                                   matrix_product("general dot product W·x1", w, x),
                                   matrix_product("a layer: 64x784 by 784x128", rows, weights)};
  figures::Sheet times{
      {"A single product gains little, a layer much", "", ""}, {"product", "loops, ms", "kernels, ms", "speedup"}, {}};
  for (const Race& race : races) {
    lesson.holds(race.name + ": " + race.what, race.same);
    const bool both = race.kernels_ms < infinity;
    times.rows.push_back({race.name, fmt::format("{:.4f}", race.loops_ms),
                          both ? fmt::format("{:.4f}", race.kernels_ms) : "no such kernel",
                          both ? fmt::format("{:.1f}", race.loops_ms / race.kernels_ms) : ""});
  }
  lesson.show(times);
  lesson.say(
      "The outer product writes 200 MB, so memory limits both. A layer uses each of its weights once per row: the "
      "kernel keeps many sums in registers and uses what it has loaded again and again.");
  lesson.say(
      "The text's clock ticks 64 times per second: its 0.0, 15.625, 78.125 and 13687.5 ms are 0, 1, 5 and 876 ticks, "
      "so its zeros only mean that the time was too short to measure. We take the fastest of several calls with a "
      "clock of nanoseconds.");
}

}  // namespace

const Tutorial tutorial_vectorise{"vectorise", "003", "products of long vectors: loops against kernels", run};

}  // namespace pellucid::tutorial
