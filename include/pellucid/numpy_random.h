// NumPy's legacy generator, draw for draw: replays what a tutorial did after np.random.seed(s).
// Not here: the generator of training, splits and initial weights (random.h), which this never touches.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The stream of `numpy.random.RandomState(seed)`, which is also that of `numpy.random.seed(seed)` and the functions
/// of `numpy.random`: equal calls in equal order give equal numbers, bit for bit. NumPy has frozen that stream; it is
/// not the stream of `numpy.random.default_rng`.
///
/// As in NumPy each call goes on where the last one stopped, `x(…, count)` is `count` calls of `x(…)`, and an array of
/// any shape is its elements in rows. The indices of others come from here too:
///   sklearn train_test_split(random_state=s)  p = NumpyRandom(s).permutation(n): the first n_test rows are the test
///                                             part, the next n_train the training part
///   pandas sample(k, random_state=s)          NumpyRandom(s).choice(n, k)
///   numpy choice(n, k), with replacement      randint(0, n, k)
///   numpy shuffle(x) of rows or words         x in the order permutation(n)
/// Python's own `random` is another generator.
///
/// `randn` and `normal` take the C library's logarithm, as NumPy does: two machines may differ there in the last bit,
/// pellucid and NumPy (x86-64) on one machine do not. All else is exact everywhere.
///
/// Copies go on by themselves from the state they were copied in. Not to be shared by threads. Throws U12 on a setting
/// out of range and M02 on a count that memory cannot hold, and then has drawn nothing.
/// Mersenne Twister MT19937: Matsumoto and Nishimura, ACM TOMACS 8, 1998.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed);

  double rand();                                              ///< in [0, 1), from 53 bits
  double uniform(double low, double high);                    ///< low + (high - low) · rand(); high - low is finite
  double randn();                                             ///< standard normal; two are made at once, see spare_
  double normal(double mean, double deviation);               ///< mean + deviation · randn(); deviation ≥ 0
  std::int64_t randint(std::int64_t low, std::int64_t high);  ///< in low … high-1, evenly; low < high

  /// The same, `count` times in a row; count ≥ 0.
  std::vector<double> rand(std::int64_t count);
  std::vector<double> uniform(double low, double high, std::int64_t count);
  std::vector<double> randn(std::int64_t count);
  std::vector<double> normal(double mean, double deviation, std::int64_t count);
  std::vector<std::int64_t> randint(std::int64_t low, std::int64_t high, std::int64_t count);

  std::vector<std::int64_t> permutation(std::int64_t n);  ///< 0 … n-1 shuffled; n ≥ 0
  void shuffle(std::span<std::int64_t> values);           ///< Fisher-Yates, from the end
  /// choice(n, size, replace=False): `size` different ones of 0 … n-1. It costs a whole permutation. 0 ≤ size ≤ n.
  std::vector<std::int64_t> choice(std::int64_t n, std::int64_t size);

  /// As if rand() had been called n ≥ 0 times. A normal number that is kept stays kept. Takes time in proportion to n.
  void skip(std::int64_t n);

 private:
  std::uint32_t word() { return static_cast<std::uint32_t>(words_()); }
  std::uint64_t at_most(std::uint64_t most);

  std::mt19937 words_;  // its words for a seed are fixed by the C++ standard
  // The polar method makes two normal numbers at once: the second is kept for the next call, whatever is drawn between.
  bool has_spare_ = false;
  double spare_ = 0;
};

}  // namespace pellucid
