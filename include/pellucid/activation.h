// Activation: which non-linearity, with its one optional parameter, and what a kind of activation is.
// Not here: the formulas (src/activations/*-inl.h, one file a kind), the layer that applies one (layers.h).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// One kind of activation: its name, its help and, for a kind of your own, its functions.
/// The built-in kinds are written once in src/activations and fused into the kernels; a kind of your own
/// (builtin = -1) gives scalar functions, which run on the tile by pointer. Objects must outlive every model that uses
/// them.
struct ActivationKind {
  const char* name;                       ///< lower_snake, as written in files and on the command line
  const char* formula;                    ///< "max(z, 0)"
  const char* help;                       ///< one line
  const char* source;                     ///< paper or section
  const char* onnx;                       ///< ONNX operator, "" if none
  FieldInfo parameter{nullptr, nullptr};  ///< name nullptr: the kind has no parameter
  double parameter_default = 0;
  bool needs_input = false;                    ///< the derivative needs z; otherwise it is computed from y alone
  bool rowwise = false;                        ///< works on whole rows (softmax)
  bool has_gradient = true;                    ///< false: training is refused (hard_threshold)
  const char* initializer = "glorot_uniform";  ///< what `auto` means in front of this activation
  double example_z = 0, example_y = 0, example_slope = 0;  ///< a worked example, checked by a test
  double kink = std::numeric_limits<double>::quiet_NaN();  ///< where the derivative jumps; NaN: nowhere

  int builtin = -1;  ///< index into the kernels' table; -1: the functions below are called
  void (*value_float)(const float* z, float* y, std::int64_t n, double parameter) = nullptr;
  void (*value_double)(const double* z, double* y, std::int64_t n, double parameter) = nullptr;
  /// dz = dy · f'(z); y is f(z).
  void (*gradient_float)(const float* z, const float* y, const float* dy, float* dz, std::int64_t n,
                         double parameter) = nullptr;
  void (*gradient_double)(const double* z, const double* y, const double* dy, double* dz, std::int64_t n,
                          double parameter) = nullptr;
};

/// A kind with its parameter: `relu`, `leaky_relu(0.2)`. Cheap to copy.
class Activation {
 public:
  /// The identity.
  Activation() noexcept;
  constexpr explicit Activation(const ActivationKind* kind,
                                double parameter = std::numeric_limits<double>::quiet_NaN()) noexcept
      : kind_(kind), parameter_(parameter) {}

  /// "relu", "leaky_relu(0.2)". Throws U11 for an unknown kind (with the nearest name) or a parameter out of range.
  static Activation parse(std::string_view text);

  /// The same kind with another parameter; checked when a model is built.
  constexpr Activation operator()(double parameter) const noexcept { return Activation(kind_, parameter); }

  const ActivationKind& kind() const noexcept { return *kind_; }
  double parameter() const noexcept;  ///< the kind's default where none was given; 0 for kinds without one
  std::string text() const;           ///< what parse() reads
  void check() const;                 ///< throws U12 when the parameter is out of range

  friend bool operator==(const Activation& a, const Activation& b) noexcept {
    return a.kind_ == b.kind_ && a.parameter() == b.parameter();
  }

 private:
  const ActivationKind* kind_;
  double parameter_;
};

/// All kinds, built-in first in alphabetical order, then registered ones.
std::vector<const ActivationKind*> activation_kinds();

/// Makes a kind of your own known by name (needed to load a model that uses it). Throws U10 if the name is taken by
/// another kind. Call it before threads start.
void register_activation(const ActivationKind& kind);

}  // namespace pellucid

#include "pellucid/activations.h"  // generated: one constant a built-in kind (relu, tanh, softmax, …)
