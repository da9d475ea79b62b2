// Initializer: how a parameter gets its first values.
// Not here: the random numbers themselves (random.h), which layer uses which by default (layers.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/random.h"

namespace PELLUCID_EXPORT pellucid {

/// One kind of initializer: a row of the table in src/initializers/initializers.cc.
struct InitializerKind {
  const char* name;
  const char* formula;
  const char* help;
  const char* source;
  int parameters = 0;  ///< 0, 1 or 2 numbers in parentheses
  double first_default = 0, second_default = 0;
  /// The i-th value in double; `random` is read in order of i. Rounded to the parameter's type afterwards.
  double (*value)(Random& random, double first, double second, std::int64_t fan_in, std::int64_t fan_out) = nullptr;
};

/// A kind with its numbers: `Initializer("he_normal")`, `Initializer("normal", 0.01)`, `Initializer("uniform", -1, 1)`.
///   zeros, constant(value), normal(sigma = 0.05), uniform(low = -0.05, high = 0.05)
///   glorot_uniform, glorot_normal   variance 2 / (fan_in + fan_out)  Glorot, Bengio, AISTATS 2010 (also "xavier_…")
///   he_uniform, he_normal           variance 2 / fan_in              He, Zhang, Ren, Sun, ICCV 2015
///   lecun_uniform, lecun_normal     variance 1 / fan_in              LeCun, Bottou, Orr, Müller, 1998, §4.6
///   auto                            what suits the layer's activation (ActivationKind::initializer)
/// The normal forms are not truncated. Equal seeds give equal values, whatever else the model holds.
class Initializer {
 public:
  explicit Initializer(std::string_view name, double first = std::numeric_limits<double>::quiet_NaN(),
                       double second = std::numeric_limits<double>::quiet_NaN());  ///< throws U11, U12
  Initializer() : Initializer("auto") {}

  /// "he_normal", "normal(0.01)", "uniform(-1, 1)". Throws U11, U12.
  static Initializer parse(std::string_view text);

  const InitializerKind& kind() const noexcept { return *kind_; }
  bool is_auto() const noexcept;
  std::string text() const;

  /// Fills n values. Not for `auto`, which the layer replaces first.
  template <class T>
  void fill(const RandomKey& key, std::int64_t fan_in, std::int64_t fan_out, T* values, std::int64_t n) const;

 private:
  const InitializerKind* kind_;
  double first_, second_;
};

std::vector<const InitializerKind*> initializer_kinds();

}  // namespace pellucid
