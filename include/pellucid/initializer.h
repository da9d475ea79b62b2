// Initializer: how the initial values of a parameter are drawn (weight initialisation).
// Not here: the random numbers themselves (random.h), the default initializer of each layer (layers.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/random.h"

namespace PELLUCID_EXPORT pellucid {

/// Description of one kind of initializer (the table is in src/initializers/initializers.cc).
struct InitializerKind {
  const char* name;
  const char* formula;
  const char* help;
  const char* source;
  int parameters = 0;  ///< how many numbers it takes in parentheses: 0, 1 or 2
  double first_default = 0, second_default = 0;
  /// Computes the next value in double; it is then rounded to the type of the parameter. Called once per element in
  /// ascending order, because `random` is read in order.
  double (*value)(Random& random, double first, double second, std::int64_t fan_in, std::int64_t fan_out) = nullptr;
};

/// A kind of initializer and its numbers: `Initializer("he_normal")`, `Initializer("normal", 0.01)`,
/// `Initializer("uniform", -1, 1)`.
///   zeros, constant(value), normal(sigma = 0.05), uniform(low = -0.05, high = 0.05)
///   truncated_normal(sigma = 0.05)  cut at two standard deviations
///   glorot_uniform, glorot_normal   variance 2 / (fan_in + fan_out)  Glorot, Bengio, AISTATS 2010 (also "xavier_…")
///   he_uniform, he_normal           variance 2 / fan_in              He, Zhang, Ren, Sun, ICCV 2015
///   lecun_uniform, lecun_normal     variance 1 / fan_in              LeCun, Bottou, Orr, Müller, 1998, §4.6
///   std, kinks                      adjusted to training rows by set_first_weights (model.h); without it lecun_normal
///                                   and zeros
///   auto                            depends on the layer's activation (ActivationKind::initializer)
/// The other normal distributions are not truncated. The values depend only on the seed and on the position of the
/// layer and parameter in the model.
class Initializer {
 public:
  /// An initializer by name; NaN stands for the default of a number. Throws U11 for an unknown name, U12 for a wrong
  /// number.
  explicit Initializer(std::string_view name, double first = std::numeric_limits<double>::quiet_NaN(),
                       double second = std::numeric_limits<double>::quiet_NaN());
  Initializer() : Initializer("auto") {}

  /// Makes an initializer from text: "he_normal", "normal(0.01)", "uniform(-1, 1)". Throws U11, U12.
  static Initializer parse(std::string_view text);

  const InitializerKind& kind() const noexcept { return *kind_; }
  bool is_auto() const noexcept;
  std::string text() const;

  /// Writes n initial values. `auto` must have been replaced by another kind first, which the layer does.
  template <class T>
  void fill(const RandomKey& key, std::int64_t fan_in, std::int64_t fan_out, T* values, std::int64_t n) const;

 private:
  const InitializerKind* kind_;
  double first_, second_;
};

std::vector<const InitializerKind*> initializer_kinds();

}  // namespace pellucid
