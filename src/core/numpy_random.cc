// NumPy's legacy generator (RandomState): each function draws the same numbers in the same order as NumPy does.
// Not here: pellucid's own counter-based random numbers (core/random.cc).
#include "pellucid/numpy_random.h"

#include <bit>
#include <cmath>
#include <new>
#include <numeric>
#include <utility>

#include "core/memory.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

void require_at_least_0(const char* call, const char* name, std::int64_t value) {
  if (value >= 0) return;
  throw Error("U12", std::string("NumpyRandom::") + call + ": " + name + " takes ≥ 0, got " + std::to_string(value));
}

template <class T>
std::vector<T> room_for(const char* call, const char* name, std::int64_t count) {
  require_at_least_0(call, name, count);
  const double bytes = static_cast<double>(count) * sizeof(T);
  require_memory(bytes);
  try {
    return std::vector<T>(static_cast<std::size_t>(count));
  } catch (const std::bad_alloc&) {
    throw Error("M02", bytes_text(bytes) + " could not be allocated");
  }
}

template <class Draw>
auto drawn(const char* call, std::int64_t count, Draw draw) {
  auto values = room_for<decltype(draw())>(call, "count", count);
  for (auto& value : values) value = draw();
  return values;
}

}  // namespace

NumpyRandom::NumpyRandom(std::uint32_t seed) : words_(seed) {}

// A uniform whole number in 0 … most: draws words, keeps as many bits as `most` has, and repeats until the result fits.
std::uint64_t NumpyRandom::at_most(std::uint64_t most) {
  if (most == 0) return 0;  // nothing is drawn in this case
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(most);
  for (;;) {
    std::uint64_t value = word();
    if (most > 0xFFFFFFFF) value = value << 32 | word();
    if ((value & mask) <= most) return value & mask;
  }
}

double NumpyRandom::rand() {
  const double high = word() >> 5;  // 27 bits
  const double low = word() >> 6;   // 26 bits
  return (high * 0x1p26 + low) / 0x1p53;
}

double NumpyRandom::uniform(double low, double high) {
  const double width = high - low;
  if (!std::isfinite(width)) {
    throw Error("U12", "NumpyRandom::uniform: high - low must be finite, got " + number_text(low) + " and " +
                           number_text(high));
  }
  return low + width * rand();
}

double NumpyRandom::randn() {
  if (std::exchange(has_spare_, false)) return spare_;
  double x = 0, y = 0, square = 0;
  do {
    x = 2 * rand() - 1;
    y = 2 * rand() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  // libm's log, as NumPy uses it; our own log would differ in the last bits.
  const double stretch = std::sqrt(-2 * std::log(square) / square);
  spare_ = stretch * x;
  has_spare_ = true;
  return stretch * y;
}

double NumpyRandom::normal(double mean, double deviation) {
  if (!(deviation >= 0)) throw Error("U12", "NumpyRandom::normal: deviation takes ≥ 0, got " + number_text(deviation));
  return mean + deviation * randn();
}

std::int64_t NumpyRandom::randint(std::int64_t low, std::int64_t high) {
  if (low >= high) {
    throw Error("U12", "NumpyRandom::randint: low must be below high, got " + std::to_string(low) + " and " +
                           std::to_string(high));
  }
  const auto start = static_cast<std::uint64_t>(low);  // unsigned, because high - low may exceed 2^63
  return static_cast<std::int64_t>(start + at_most(static_cast<std::uint64_t>(high) - 1 - start));
}

std::vector<double> NumpyRandom::rand(std::int64_t count) {
  return drawn("rand", count, [&] { return rand(); });
}

std::vector<double> NumpyRandom::uniform(double low, double high, std::int64_t count) {
  return drawn("uniform", count, [&] { return uniform(low, high); });
}

std::vector<double> NumpyRandom::randn(std::int64_t count) {
  return drawn("randn", count, [&] { return randn(); });
}

std::vector<double> NumpyRandom::normal(double mean, double deviation, std::int64_t count) {
  return drawn("normal", count, [&] { return normal(mean, deviation); });
}

std::vector<std::int64_t> NumpyRandom::randint(std::int64_t low, std::int64_t high, std::int64_t count) {
  return drawn("randint", count, [&] { return randint(low, high); });
}

std::vector<std::int64_t> NumpyRandom::permutation(std::int64_t n) {
  auto order = room_for<std::int64_t>("permutation", "n", n);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  shuffle(order);
  return order;
}

void NumpyRandom::shuffle(std::span<std::int64_t> values) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[at_most(i - 1)]);
}

std::vector<std::int64_t> NumpyRandom::choice(std::int64_t n, std::int64_t size) {
  if (size < 0 || size > n) {
    throw Error("U12", "NumpyRandom::choice: size takes 0 … n = " + std::to_string(n) + ", got " +
                           std::to_string(size) + " (with replacement it is randint(0, n, size))");
  }
  auto order = permutation(n);
  order.resize(static_cast<std::size_t>(size));
  return order;
}

void NumpyRandom::skip(std::int64_t n) {
  require_at_least_0("skip", "n", n);
  words_.discard(2 * static_cast<unsigned long long>(n));
}

}  // namespace pellucid
