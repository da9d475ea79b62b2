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

/// Description of one kind of activation: name, help texts, and what training must know about it. The formulas of the
/// built-in kinds are in src/activations and are compiled into the kernels. For an activation of your own, ActivationOf
/// makes the kind.
struct ActivationKind {
  const char* name;     ///< snake_case, as in model files and on the command line
  const char* formula;  ///< "max(z, 0)"
  const char* help;     ///< one line
  const char* source;   ///< the paper or section that defines it
  const char* onnx;     ///< ONNX operators, in postfix order; they begin with z ("Softplus Tanh z Mul")
  FieldInfo parameter{nullptr, nullptr};  ///< the parameter; name nullptr: there is none
  double parameter_default = 0;
  bool needs_input = false;  ///< the derivative is computed from z (the input) and y; false: from y alone
  bool rowwise = false;      ///< each output depends on the whole row (softmax)
  bool has_gradient = true;  ///< false: a model with it cannot be trained (hard_threshold)
  /// what the initializer "auto" means for a layer that ends in this activation
  const char* initializer = "glorot_uniform";
  /// example for the documentation, checked by a test: y and slope at z
  double example_z = 0, example_y = 0, example_slope = 0;
  double kink = std::numeric_limits<double>::quiet_NaN();  ///< the z at which the derivative jumps; NaN: there is none

  int builtin = -1;  ///< index into the table of kernels; -1: computed by an ActivationFunction
};

class Activation;

/// Interface of an activation of your own; derive from ActivationOf<Yours>, not from this class. An object never
/// changes once it is part of an Activation. All functions are const, and are called by one thread at a time.
class ActivationFunction {
 public:
  virtual ~ActivationFunction() = default;
  virtual const ActivationKind& kind() const = 0;
  /// Visits the settings, which are then checked, saved with the model and restored when it is loaded. Members that are
  /// not visited are not saved. Default: no settings.
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
  ActivationFunction(const ActivationFunction&) noexcept {}  // a copy starts without owners
  ActivationFunction& operator=(const ActivationFunction&) noexcept { return *this; }

 private:
  friend class Activation;
  mutable std::atomic<int> owners_{0};  // how many Activations share this object; the last one deletes it
};

/// Parameter type of the functions that stand for activations whose name <cmath> also uses, such as pellucid::tanh.
struct ActivationName {};

/// One activation: a kind and its settings, such as `relu`, `leaky_relu(0.2)` or `Activation(Mine(3))`. Cheap to copy;
/// may be read by several threads at once.
class Activation {
 public:
  /// The identity.
  Activation() noexcept;
  constexpr explicit Activation(const ActivationKind* kind,
                                double parameter = std::numeric_limits<double>::quiet_NaN()) noexcept
      : kind_(kind), parameter_(parameter) {}
  /// Makes `tanh` usable without parentheses, although it is a function (see the end of this file).
  constexpr Activation(Activation (*name)(ActivationName)) : Activation(name({})) {}
  /// An activation of your own. Throws U12 if one of its settings is out of range.
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

  /// Makes an activation from text: "relu", "leaky_relu(0.2)", "mine(width=3)". Throws U11 for an unknown kind (the
  /// message suggests the nearest name), U12 for a setting out of range.
  static Activation parse(std::string_view text);

  /// The same kind with another parameter, as in `leaky_relu(0.2)`. The parameter is checked when a model is built.
  constexpr Activation operator()(double parameter) const noexcept { return Activation(kind_, parameter); }

  const ActivationKind& kind() const noexcept { return *kind_; }
  double parameter() const noexcept;  ///< the kind's default if none was given; 0 if the kind has no parameter
  const ActivationFunction* function() const noexcept { return function_; }  ///< null for the built-in kinds
  std::string text() const;  ///< text from which parse() makes an equal activation
  void check() const;        ///< throws U11 if nothing computes the kind, U12 if the parameter is out of range

  /// True if kind and settings are equal.
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

/// Base class of an activation of your own. Derive as `class Mine : public ActivationOf<Mine>` and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void value(const T* z, T* y, std::int64_t n) const;
///   template <class T> void gradient(const T* z, const T* y, const T* dy, T* dz, std::int64_t n) const;
/// value() and gradient() compute the n outputs of one row, as forward() and backward() above. If the activation has
/// settings, also write describe(). Optional constants: `formula` and `initializer` (string views; the default
/// initializer is glorot_uniform), `kink` (double: the z at which the derivative jumps) and `has_gradient` (bool;
/// false: training with it throws U22). Call register_activation<Mine>() before you load a model that uses it.
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

/// All kinds: the built-in ones in alphabetical order, then the registered ones.
std::vector<const ActivationKind*> activation_kinds();

/// Registers an activation of your own under its name, which loading a model needs. `make` returns an object with
/// default settings. Throws U10 if the name is taken by another kind. Not thread-safe: call it before other threads
/// start.
void register_activation(const ActivationKind& kind, std::unique_ptr<ActivationFunction> (*make)());
template <class F>
void register_activation() {
  register_activation(F::kind_of_self(), [] { return std::unique_ptr<ActivationFunction>(std::make_unique<F>()); });
}

}  // namespace pellucid

// Generated: one constant per built-in kind in namespace pellucid::activations (activations::relu), repeated in
// namespace pellucid (pellucid::relu). If <cmath> has a function of the same name, such as tanh, it is a function
// instead of a constant, so that after `using namespace pellucid` both Dense{8, tanh} and tanh(1.0) compile as
// expected.
#include "pellucid/activations.h"
