// Random numbers by counter: each number is a function of a key and a position, never of what was drawn before.
// Not here: NumPy's legacy generator for replays (numpy_random.h), initializers (initializer.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// What a stream of random numbers is for; part of the key, so that no two uses share numbers.
enum class Purpose : std::uint32_t { initialize = 1, shuffle = 2, dropout = 3, split = 4, bootstrap = 5, user = 100 };

/// Names one stream. Equal keys give equal numbers on any machine, in any order of asking, on any thread.
/// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
struct RandomKey {
  std::uint64_t seed = 0;
  Purpose purpose = Purpose::user;
  std::uint32_t stream = 0;  ///< layer id, below 2^16
  std::uint32_t step = 0;    ///< training step, epoch, repetition…
  std::uint32_t row = 0;     ///< global row of the batch
};

/// Four 32-bit words at block `block` of the stream (elements 4·block … 4·block+3).
std::array<std::uint32_t, 4> random_words(const RandomKey& key, std::uint32_t block) noexcept;

/// Reads one stream in order. Cheap to make; not shared between threads.
class Random {
 public:
  explicit Random(const RandomKey& key) noexcept : key_(key) {}

  std::uint32_t word() noexcept {
    if (used_ == words_.size()) make_words();
    return words_[used_++];
  }
  /// Uniform in [0, 1) from 53 bits (two words).
  double uniform() noexcept;
  /// Standard normal (Box-Muller, both values used; own log and cos, so the bits do not depend on libm).
  double normal() noexcept;
  /// Uniform in 0 … n-1 without bias (Lemire 2019). 0 for n = 0.
  std::uint64_t below(std::uint64_t n) noexcept;
  /// Fisher-Yates on any indices.
  void shuffle(std::span<std::int64_t> values) noexcept;

 private:
  static constexpr std::uint32_t blocks = 32;  // made in one go
  void make_words() noexcept;

  RandomKey key_;
  std::uint32_t block_ = 0;
  std::size_t used_ = 4 * blocks;
  std::array<std::uint32_t, 4 * blocks> words_;
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace pellucid
