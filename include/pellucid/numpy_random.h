// NumpyRandom: NumPy's legacy random generator, reproduced exactly, to repeat programs that call np.random.seed(s).
// Not here: the generator for training, splits and initial weights (random.h), which is independent of this one.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The random numbers of `numpy.random.RandomState(seed)`, which are also those of `numpy.random.seed(seed)` and the
/// functions of `numpy.random`: the same calls in the same order give the same numbers, bit for bit. NumPy has frozen
/// this generator. `numpy.random.default_rng` is a different one.
///
/// As in NumPy, each call continues where the last one stopped, `x(…, count)` equals `count` calls of `x(…)`, and an
/// array of any shape is filled row by row. Equivalents of other functions:
///   sklearn train_test_split(random_state=s)  p = NumpyRandom(s).permutation(n): the first n_test rows are the test
///                                             rows, the next n_train the training rows
///   pandas sample(k, random_state=s)          NumpyRandom(s).choice(n, k)
///   numpy choice(n, k), with replacement      randint(0, n, k)
///   numpy shuffle(x) of rows or words         x in the order permutation(n)
/// Python's own module `random` is a different generator.
///
/// `randn` and `normal` use the C library's logarithm, as NumPy does: on two machines the last bit may differ, but
/// pellucid and NumPy agree on one machine (x86-64). All other numbers are the same on every machine.
///
/// A copy continues on its own from the state at which it was copied. Not thread-safe. Throws U12 for an argument out
/// of range and M02 for a count that does not fit into memory; nothing has been drawn then. Mersenne Twister MT19937:
/// Matsumoto and Nishimura, ACM TOMACS 8, 1998.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed);

  double rand();                                 ///< uniform in [0, 1), with 53 random bits
  double uniform(double low, double high);       ///< low + (high - low) · rand(); high - low must be finite
  double randn();                                ///< standard normal; numbers are made in pairs, see spare_
  double normal(double mean, double deviation);  ///< mean + deviation · randn(); deviation ≥ 0
  std::int64_t randint(std::int64_t low, std::int64_t high);  ///< uniform in low … high-1; low < high

  /// The same, `count` times; count ≥ 0.
  std::vector<double> rand(std::int64_t count);
  std::vector<double> uniform(double low, double high, std::int64_t count);
  std::vector<double> randn(std::int64_t count);
  std::vector<double> normal(double mean, double deviation, std::int64_t count);
  std::vector<std::int64_t> randint(std::int64_t low, std::int64_t high, std::int64_t count);

  std::vector<std::int64_t> permutation(std::int64_t n);  ///< 0 … n-1 shuffled; n ≥ 0
  void shuffle(std::span<std::int64_t> values);           ///< Fisher-Yates, from the end
  /// choice(n, size, replace=False): `size` different numbers from 0 … n-1; 0 ≤ size ≤ n. Takes as long as a
  /// permutation of n.
  std::vector<std::int64_t> choice(std::int64_t n, std::int64_t size);

  /// Skips as many numbers as n ≥ 0 calls of rand() would use. A normal number that is kept (spare_) stays kept. Takes
  /// time in proportion to n.
  void skip(std::int64_t n);

 private:
  std::uint32_t word() { return static_cast<std::uint32_t>(words_()); }
  std::uint64_t at_most(std::uint64_t most);

  std::mt19937 words_;  // the C++ standard defines its output for every seed
  // The polar method makes two normal numbers at once. The second one is kept for the next call of randn() or normal(),
  // even if other numbers are drawn in between.
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace pellucid
