// Counter-based random numbers: each number depends only on a key and a position, never on what was drawn before.
// Not here: NumPy's legacy generator (numpy_random.h), initializers (initializer.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The purpose of a stream of random numbers. It is part of the key, so that two purposes never use the same numbers.
enum class Purpose : std::uint32_t { initialize = 1, shuffle = 2, dropout = 3, split = 4, bootstrap = 5, user = 100 };

/// Identifies one stream of random numbers. The same key gives the same numbers on every machine, on every thread and
/// in any order of requests. Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3",
/// SC 2011.
struct RandomKey {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::user;
  std::uint32_t stream = 0;  ///< for example the index of a layer; < 2^16
  std::uint32_t step = 0;    ///< training step, epoch, repetition …
  std::uint32_t row = 0;     ///< row of the batch
};

/// The four 32-bit words of block `block` of the stream (elements 4·block … 4·block+3).
std::array<std::uint32_t, 4> random_words(const RandomKey& key, std::uint32_t block) noexcept;

/// Reads the numbers of one stream in order. Cheap to construct. Not thread-safe.
class Random {
 public:
  explicit Random(const RandomKey& key) noexcept : key_(key) {}

  std::uint32_t word() noexcept {
    if (used_ == words_.size()) make_words();
    return words_[used_++];
  }
  /// Uniform in [0, 1) with 53 random bits (uses two words).
  double uniform() noexcept;
  /// Standard normal, by Box-Muller; both values of a pair are used. Logarithm and cosine are the library's own, so the
  /// bits do not depend on libm.
  double normal() noexcept;
  /// Uniform in 0 … n-1, without bias (Lemire 2019). 0 if n = 0.
  std::uint64_t below(std::uint64_t n) noexcept;
  /// Shuffles the values (Fisher-Yates).
  void shuffle(std::span<std::int64_t> values) noexcept;

 private:
  static constexpr std::uint32_t blocks = 32;  // number of blocks that make_words() computes at once
  void make_words() noexcept;

  RandomKey key_;
  std::uint32_t block_ = 0;
  std::size_t used_ = 4 * blocks;
  std::array<std::uint32_t, 4 * blocks> words_;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace pellucid
