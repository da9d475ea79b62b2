// Activation: which activation function a layer applies, its parameter, and how to write an activation of your own.
// Not here: the formulas (src/activations/*-inl.h, one file per kind), the layer that applies one (layers.h).
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pellucid/describe.h"

namespace PELLUCID_EXPORT pellucid {

/// What is known about one kind of activation: its name, its help, how it is trained. The built-in kinds are written
/// once in src/activations and are fused into the kernels. The kind of an activation of your own is made by
/// ActivationOf.
struct ActivationKind {
  const char* name;                       ///< lower_snake, as written in files and on the command line
  const char* formula;                    ///< "max(z, 0)"
  const char* help;                       ///< one line
  const char* source;                     ///< paper or section
  const char* onnx;                       ///< name of the ONNX operator; "" if there is none
  FieldInfo parameter{nullptr, nullptr};  ///< name nullptr: the kind has no parameter
  double parameter_default = 0;
  bool needs_input = false;                    ///< the derivative needs z; otherwise it is computed from y alone
  bool rowwise = false;                        ///< works on whole rows (softmax)
  bool has_gradient = true;                    ///< false: a model with it cannot be trained (hard_threshold)
  const char* initializer = "glorot_uniform";  ///< weight initialisation that `auto` means before this activation
  double example_z = 0, example_y = 0, example_slope = 0;  ///< a worked example, checked by a test
  double kink = std::numeric_limits<double>::quiet_NaN();  ///< where the derivative jumps; NaN: nowhere

  int builtin = -1;  ///< index into the kernels' table; -1: an ActivationFunction computes it
};

class Activation;

/// What an activation of your own computes. Write yours by deriving from ActivationOf<Yours>; an object is immutable
/// once it is part of an Activation. Calls come from one thread at a time.
class ActivationFunction {
 public:
  virtual ~ActivationFunction() = default;
  virtual const ActivationKind& kind() const = 0;
  /// Names the settings; they are checked, saved with the model and restored from the file. Members that are not named
  /// here are not saved. Default: there are none.
  virtual void describe(Fields& fields);
  virtual std::unique_ptr<ActivationFunction> clone() const = 0;

  /// y[i] = f(z[i]) for the n outputs of one row.
  virtual void forward(const float* z, float* y, std::int64_t n) const = 0;
  virtual void forward(const double* z, double* y, std::int64_t n) const = 0;
  /// dz[i] = dy[i] · f'(z[i]) for the n outputs of one row; y is f(z). dz may be the same memory as dy.
  virtual void backward(const float* z, const float* y, const float* dy, float* dz, std::int64_t n) const = 0;
  virtual void backward(const double* z, const double* y, const double* dy, double* dz, std::int64_t n) const = 0;

 protected:
  ActivationFunction() = default;
  ActivationFunction(const ActivationFunction&) noexcept {}  // nobody owns the copy yet
  ActivationFunction& operator=(const ActivationFunction&) noexcept { return *this; }

 private:
  friend class Activation;
  mutable std::atomic<int> owners_{0};  // Activations that share this object; the last one deletes it
};

/// The argument of functions such as pellucid::tanh, which share their name with a function of <cmath>.
struct ActivationName {};

/// A kind with its settings: `relu`, `leaky_relu(0.2)`, `Activation(Mine(3))`. Cheap to copy.
class Activation {
 public:
  /// The identity.
  Activation() noexcept;
  constexpr explicit Activation(const ActivationKind* kind,
                                double parameter = std::numeric_limits<double>::quiet_NaN()) noexcept
      : kind_(kind), parameter_(parameter) {}
  /// `tanh` without parentheses; see activations below.
  constexpr Activation(Activation (*name)(ActivationName)) : Activation(name({})) {}
  /// An activation of your own. Throws U12 when a setting is out of range.
  template <class F>
  requires std::derived_from<F, ActivationFunction> Activation(F function)
      : Activation(std::make_unique<F>(std::move(function))) {}
  explicit Activation(std::unique_ptr<ActivationFunction> function);

  constexpr Activation(const Activation& other) noexcept
      : kind_(other.kind_), parameter_(other.parameter_), function_(other.function_) {
    if (function_ != nullptr) share();
  }
  constexpr Activation(Activation&& other) noexcept
      : kind_(other.kind_), parameter_(other.parameter_), function_(std::exchange(other.function_, nullptr)) {}
  constexpr Activation& operator=(Activation other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(parameter_, other.parameter_);
    std::swap(function_, other.function_);
    return *this;
  }
  constexpr ~Activation() {
    if (function_ != nullptr) release();
  }

  /// "relu", "leaky_relu(0.2)", "mine(width=3)". Throws U11 for an unknown kind (with the nearest name), U12 for a
  /// setting out of range.
  static Activation parse(std::string_view text);

  /// The same kind with another parameter; checked when a model is built.
  constexpr Activation operator()(double parameter) const noexcept { return Activation(kind_, parameter); }

  const ActivationKind& kind() const noexcept { return *kind_; }
  double parameter() const noexcept;  ///< the kind's default where none was given; 0 for kinds without one
  const ActivationFunction* function() const noexcept { return function_; }  ///< null for the built-in kinds
  std::string text() const;                                                  ///< what parse() reads
  void check() const;  ///< throws U11 for a kind that cannot be computed, U12 when the parameter is out of range

  /// Equal kinds with equal settings.
  friend bool operator==(const Activation& a, const Activation& b) {
    return a.kind_ == b.kind_ && a.parameter() == b.parameter() && (a.function_ == b.function_ || a.text() == b.text());
  }

 private:
  void share() const noexcept;
  void release() const noexcept;

  const ActivationKind* kind_;
  double parameter_;
  const ActivationFunction* function_ = nullptr;
};

/// Derive as `class Mine : public ActivationOf<Mine>` and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void value(const T* z, T* y, std::int64_t n) const;
///   template <class T> void gradient(const T* z, const T* y, const T* dy, T* dz, std::int64_t n) const;
/// and, where the activation has settings, describe(). Optional constants: `formula` and `initializer` (string views;
/// the default initializer is glorot_uniform), `kink` (double: where the derivative jumps), `has_gradient` (bool; false
/// refuses training). register_activation<Mine>() makes models that use it loadable.
template <class Self>
class ActivationOf : public ActivationFunction {
 public:
  const ActivationKind& kind() const override { return kind_of_self(); }
  std::unique_ptr<ActivationFunction> clone() const override { return std::make_unique<Self>(self()); }
  void forward(const float* z, float* y, std::int64_t n) const override { self().template value<float>(z, y, n); }
  void forward(const double* z, double* y, std::int64_t n) const override { self().template value<double>(z, y, n); }
  void backward(const float* z, const float* y, const float* dy, float* dz, std::int64_t n) const override {
    self().template gradient<float>(z, y, dy, dz, n);
  }
  void backward(const double* z, const double* y, const double* dy, double* dz, std::int64_t n) const override {
    self().template gradient<double>(z, y, dy, dz, n);
  }

  static const ActivationKind& kind_of_self() {
    static const ActivationKind kind = [] {
      ActivationKind made{.name = std::string_view(Self::name).data(),
                          .formula = "",
                          .help = std::string_view(Self::summary).data(),
                          .source = "",
                          .onnx = "",
                          .needs_input = true};
      if constexpr (requires { Self::formula; }) made.formula = std::string_view(Self::formula).data();
      if constexpr (requires { Self::initializer; }) made.initializer = std::string_view(Self::initializer).data();
      if constexpr (requires { Self::kink; }) made.kink = Self::kink;
      if constexpr (requires { Self::has_gradient; }) made.has_gradient = Self::has_gradient;
      return made;
    }();
    return kind;
  }

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

/// All kinds, built-in first in alphabetical order, then registered ones.
std::vector<const ActivationKind*> activation_kinds();

/// Makes an activation of your own known by name, so that a model that uses it can be loaded; `make` gives one with
/// default settings. Throws U10 if another kind has the name. Call it before threads start.
void register_activation(const ActivationKind& kind, std::unique_ptr<ActivationFunction> (*make)());
template <class F>
void register_activation() {
  register_activation(F::kind_of_self(), [] { return std::unique_ptr<ActivationFunction>(std::make_unique<F>()); });
}

}  // namespace pellucid

// Generated: one constant per built-in kind in namespace pellucid::activations (activations::relu, activations::tanh).
// pellucid itself has them as well (pellucid::relu). Where <cmath> has a function of the same name, it is a function
// there, so that after `using namespace pellucid` both Dense{8, tanh} and tanh(1.0) mean what they say.
#include "pellucid/activations.h"
