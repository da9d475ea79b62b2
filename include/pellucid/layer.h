// Layer: settings, shapes, needs, forward and backward. Pass: a layer's window on one batch.
// Not here: the layers themselves (layers.h), who allocates and in which order layers run (the plan, src/model).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/activation.h"
#include "pellucid/describe.h"
#include "pellucid/expression.h"
#include "pellucid/initializer.h"
#include "pellucid/random.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

enum class Role {
  parameter,  ///< learned; saved with the model
  state,      ///< carried from step to step, never optimised; saved with the model
  saved,      ///< one row per row of the batch; written by forward for backward
  scratch     ///< one row per row of the batch unless `whole`; free to use within one forward or backward
};

/// One slice a layer asks for. The position in needs() is the index by which a Pass hands it out.
struct Need {
  std::string name;  ///< "weight"; the value is then called "dense1.weight"
  Role role = Role::parameter;
  Shape shape{};          ///< parameter, state: its shape; saved, scratch: of one row (or of all, if whole)
  bool wanted = true;     ///< false: absent, keeps its index
  bool optional = false;  ///< saved: given only when someone asked to keep it (pass.slice(i) is empty otherwise)
  bool whole = false;     ///< scratch: shape is not multiplied by the rows
  Initializer initializer = Initializer("zeros");
  std::int64_t fan_in = 1, fan_out = 1;
  bool decays = false;  ///< L1, L2 and weight decay apply
  bool trainable = true;
  /// state: forward writes the next value into pass.new_state(i) while training. It becomes the state once per training
  /// step, after the step was accepted: a layer that keeps a running mean. Rows are then not independent.
  bool updates = false;
  double learning_rate_factor = 1;
  /// The value is `gain` times what is learned (the NTK parametrisation): a step moves it by gain² times the gradient,
  /// or by gain times the optimizer's step where that does not depend on the gradient's size (Adam, RMSProp, …).
  double gain = 1;
};

template <class T>
struct PassData;  // what the plan fills in: src/layers/pass.h
template <class T>
struct Kernels;
template <class T>
struct SparseInput;
class Team;

/// One layer's window on one batch, for one forward or backward call. Views hold `rows()` rows. Valid only during the
/// call.
template <class T>
class Pass {
 public:
  explicit Pass(PassData<T>& data) noexcept : data_(data) {}

  std::int64_t rows() const noexcept;
  int inputs() const noexcept;                             ///< how many inputs the layer has in this model
  const Shape& input_shape(int input = 0) const noexcept;  ///< of one row; x(input) sees it flat
  bool training() const noexcept;                          ///< false: predict (dropout rests)
  /// The loss takes this layer's logits: leave the activation out; dy is then the gradient of the logits.
  bool logits_wanted() const noexcept;

  View<const T> x(int input = 0) const noexcept;
  View<T> y() const noexcept;                ///< forward writes it, backward may read it
  View<T> dy() const noexcept;               ///< ∂loss/∂y; backward may overwrite it
  View<T> dx(int input = 0) const noexcept;  ///< backward writes it; empty where nobody needs it (the data)

  /// The need of this index: parameter and state as rows × columns of their shape, saved and scratch as rows of the
  /// batch. Empty where absent or not kept.
  View<T> slice(int need) const noexcept;

  /// Where forward writes the next value of a state that `updates`, all of it. Empty
  /// when predicting.
  View<T> new_state(int need) const noexcept;

  /// Hands over a parameter's gradient, once per parameter and backward call. The plan decided where it goes: stored,
  /// or straight into the optimizer's update; therefore compute dx, which needs the old parameter, first. The views may
  /// have several rows for each row of the batch (time steps, patches of an image), always equally many.
  void product_gradient(int need, View<const T> x, View<const T> dz) const;  ///< xᵀ·dz
  void sum_gradient(int need, View<const T> dz) const;                       ///< sum over rows of dz
  void gradient(int need, const T* values) const;                            ///< values of your own making, whole

  RandomKey random_key() const noexcept;  ///< seed, layer and step; set .row = first_row() + r for row r
  std::uint32_t first_row() const noexcept;
  Team& team() const noexcept;  ///< threads that share the work of the built-in layers (src/core/team.h)
  /// x(0) without its zeros, where the layer takes_sparse_rows() and the data are mostly zeros; x(0) is then not
  /// filled.
  const SparseInput<T>* sparse_x() const noexcept;
  const Kernels<T>& kernels() const noexcept;  ///< the arithmetic of the built-in layers (src/kernels/kernels.h)

 private:
  PassData<T>& data_;
};

/// A layer holds settings only; it is immutable once in a model and shared by all threads that run it.
/// Write yours by deriving from LayerOf<Yours>, which turns your templates forward<T> and backward<T> into the virtuals
/// below.
class Layer {
 public:
  virtual ~Layer() = default;
  virtual std::string_view kind() const = 0;  ///< "dense"; the name in files and of automatic layer names (dense1)
  virtual std::string_view help() const = 0;  ///< one line
  virtual void describe(Fields& fields) = 0;
  virtual std::unique_ptr<Layer> clone() const = 0;

  /// Shape of one output row for the shapes of one input row each. Throws U20 where they do not fit.
  virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  virtual std::vector<Need> needs(std::span<const Shape> inputs) const = 0;
  /// The activation that ends the layer, null if none: softmax and sigmoid can be folded into a loss.
  virtual const Activation* output_activation() const { return nullptr; }
  /// Whether the layer reads rows of data without their zeros (pass.sparse_x()).
  virtual bool takes_sparse_rows() const { return false; }
  /// Whether each output row depends only on its input row, and several threads may compute rows at once. A long batch
  /// is then computed some rows at a time. Default: false, which is always right.
  virtual bool rows_are_independent() const { return false; }
  /// The layer that a model takes in place of this one, told the activations that end its inputs (null: none, or the
  /// data). Default: null, this layer itself.
  virtual std::shared_ptr<const Layer> adapted(std::span<const Activation* const>) const { return nullptr; }

  virtual void forward(Pass<float>& pass) const = 0;
  virtual void forward(Pass<double>& pass) const = 0;
  virtual void backward(Pass<float>& pass) const = 0;
  virtual void backward(Pass<double>& pass) const = 0;

  /// The output in prediction, made of the operations of an Expression: every export of a model is written from it.
  /// Default: throws U29, so that a layer of your own without it cannot be exported.
  virtual Expression::Value express(Expression& to) const;
};

/// Derive as `class Mine : public LayerOf<Mine>` and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void run_forward(Pass<T>&) const;   template <class T> void run_backward(Pass<T>&) const;
template <class Self>
class LayerOf : public Layer {
 public:
  std::string_view kind() const override { return Self::name; }
  std::string_view help() const override { return Self::summary; }
  std::unique_ptr<Layer> clone() const override { return std::make_unique<Self>(self()); }
  void forward(Pass<float>& pass) const override { self().run_forward(pass); }
  void forward(Pass<double>& pass) const override { self().run_forward(pass); }
  void backward(Pass<float>& pass) const override { self().run_backward(pass); }
  void backward(Pass<double>& pass) const override { self().run_backward(pass); }

 private:
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

/// A row of the table of layers: how to make one with default settings (then filled by describe).
struct LayerKind {
  std::string_view name;
  std::unique_ptr<Layer> (*make)();
};

std::vector<LayerKind> layer_kinds();        ///< built-in first in alphabetical order, then registered ones
void register_layer(const LayerKind& kind);  ///< see register_activation; needed to load a model that uses it
template <class L>
void register_layer() {
  register_layer({L::name, [] { return std::unique_ptr<Layer>(std::make_unique<L>()); }});
}

}  // namespace pellucid
