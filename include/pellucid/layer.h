// Layer: interface of all layers (settings, shapes, needs, forward, backward). Pass: what a layer may access during one
// call.
// Not here: the built-in layers (layers.h), allocation of memory and the order in which layers run (the plan,
// src/model).
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
  parameter,  ///< trained; saved with the model
  state,      ///< carried from step to step but not trained; saved with the model
  saved,      ///< one row per row of the batch unless `whole`; forward writes it for backward
  scratch     ///< one row per row of the batch unless `whole`; temporary memory within one call of forward or backward
};

/// A piece of memory that a layer needs. Its index in needs() is the index for Pass::slice.
struct Need {
  std::string name;  ///< "weight"; the full name of the value is then "dense1.weight"
  Role role = Role::parameter;
  /// parameter and state: the whole shape; saved and scratch: the shape of one row (of everything, if `whole`)
  Shape shape{};
  bool wanted = true;  ///< false: not provided, but the indices of the other needs stay the same
  /// saved only: provided only if the value is to be kept for an observer; otherwise pass.slice(i) is empty
  bool optional = false;
  bool whole = false;  ///< saved and scratch only: the shape is not multiplied by the number of rows
  Initializer initializer = Initializer("zeros");
  std::int64_t fan_in = 1, fan_out = 1;
  bool decays = false;           ///< whether L1, L2 and weight decay apply
  bool decays_in_groups = true;  ///< whether weight decay by groups applies (AdamW::decays)
  bool trainable = true;
  /// state only: in training, forward writes the next value into pass.new_state(i). It replaces the state once per
  /// training step, after the step has succeeded. For layers that keep a running mean, for example; rows are then not
  /// independent.
  bool updates = false;
  double learning_rate_factor = 1;
  /// The value is `gain` times the number that is learned (NTK parametrisation): a step changes the value by gain²
  /// times the gradient, or by gain times the optimizer's step if that step does not depend on the size of the gradient
  /// (Adam, RMSProp, …).
  double gain = 1;
};

template <class T>
struct PassData;  // filled in by the plan; defined in src/layers/pass.h
template <class T>
struct Kernels;
template <class T>
struct SparseInput;
class Team;

/// The inputs, outputs, parameters and memory of one layer for one call of forward or backward. Views have rows() rows
/// unless said otherwise. Valid only during the call.
template <class T>
class Pass {
 public:
  explicit Pass(PassData<T>& data) noexcept : data_(data) {}

  std::int64_t rows() const noexcept;
  int inputs() const noexcept;  ///< number of inputs of the layer in this model
  /// shape of one input row; x(input) presents it as a flat row
  const Shape& input_shape(int input = 0) const noexcept;
  bool training() const noexcept;  ///< false in prediction (dropout then does nothing)
  /// True: the loss works on the logits of this layer. forward must then leave out the activation, and in backward dy
  /// is already the gradient by the logits.
  bool logits_wanted() const noexcept;

  View<const T> x(int input = 0) const noexcept;
  View<T> y() const noexcept;   ///< the output; forward writes it, backward may read it
  View<T> dy() const noexcept;  ///< ∂loss/∂y; backward reads it and may overwrite it
  /// ∂loss/∂x; backward writes it. Empty if it is not needed (the input is data)
  View<T> dx(int input = 0) const noexcept;

  /// The memory of the need with this index: parameter and state as rows × columns of their shape, saved and scratch
  /// with the rows of the batch. Empty if the need is not provided.
  View<T> slice(int need) const noexcept;

  /// The memory into which forward writes the complete next value of a state with `updates`. Empty in prediction.
  View<T> new_state(int need) const noexcept;

  /// Delivers the gradient of a parameter. Call one of these exactly once per parameter in each backward call, and
  /// compute dx before it: dx needs the old parameter, and the gradient may be used for the optimizer's update at once
  /// instead of being stored. The views may have several rows per row of the batch (time steps, patches of an image),
  /// the same number for every row.
  void product_gradient(int need, View<const T> x, View<const T> dz) const;  ///< the gradient is xᵀ·dz
  void sum_gradient(int need, View<const T> dz) const;  ///< the gradient is the sum of the rows of dz
  void gradient(int need, const T* values) const;       ///< the gradient is `values`, one for each element
  /// The gradient is a sum over the rows of the batch. Calls sum(first, rows, to, add) for ranges of rows; it writes
  /// into `to`, one number for each element, the sum over the rows first … first + rows − 1, added in ascending order.
  /// If `add`, it continues the sums that are in `to`. `memory` has room for the gradient; it is used where the
  /// gradient is not stored. `sum` must not throw.
  template <class F>
  void row_gradient(int need, T* memory, const F& sum) const {
    sum_rows(
        need, memory,
        [](const void* f, std::int64_t first, std::int64_t rows, T* to, bool add) {
          (*static_cast<const F*>(f))(first, rows, to, add);
        },
        &sum);
  }

  RandomKey random_key() const noexcept;  ///< key with seed, layer and step; set .row = first_row() + r for row r
  std::uint32_t first_row() const noexcept;
  double dropout_factor() const noexcept;  ///< of this step, on the rate of dropout (FitOptions::dropout_schedule)
  Team& team() const noexcept;             ///< threads for the work of the built-in layers (src/core/team.h)
  /// x(0) as nonzero entries only; not null if the layer takes_sparse_rows() and the data are mostly zeros. x(0) is
  /// then not filled.
  const SparseInput<T>* sparse_x() const noexcept;
  const Kernels<T>& kernels() const noexcept;  ///< the numeric loops of the built-in layers (src/kernels/kernels.h)

 private:
  using RowSum = void (*)(const void* object, std::int64_t first, std::int64_t rows, T* to, bool add);
  void sum_rows(int need, T* memory, RowSum sum, const void* object) const;

  PassData<T>& data_;
};

/// Interface of all layers. A layer holds only its settings; once in a model, it never changes, and all threads that
/// run the model share it. To write a layer of your own, derive from LayerOf<Yours>, not from this class.
class Layer {
 public:
  virtual ~Layer() = default;
  /// "dense": the name in files and the beginning of automatic layer names (dense1)
  virtual std::string_view kind() const = 0;
  virtual std::string_view help() const = 0;  ///< one line
  virtual void describe(Fields& fields) = 0;
  virtual std::unique_ptr<Layer> clone() const = 0;

  /// Shape of one output row; `inputs` has the shape of one row for each input. Throws U20 if the shapes do not fit.
  virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  virtual std::vector<Need> needs(std::span<const Shape> inputs) const = 0;
  /// The activation at the end of the layer, null if there is none. A loss uses it to work on logits instead of the
  /// outputs of softmax and sigmoid.
  virtual const Activation* output_activation() const { return nullptr; }
  /// Whether the layer can read rows of data as nonzero entries only (pass.sparse_x()). Default: false.
  virtual bool takes_sparse_rows() const { return false; }
  /// Whether each output row depends only on its input row, and several threads may compute different rows at once. A
  /// long batch can then be processed in chunks of rows. Default: false, which is always correct.
  virtual bool rows_are_independent() const { return false; }
  /// The layer that a model uses instead of this one. The argument has, for each input, the activation at the end of
  /// the layer that it comes from (null: it has none, or the input is data). Default: null, use this layer itself.
  virtual std::shared_ptr<const Layer> adapted(std::span<const Activation* const>) const { return nullptr; }

  virtual void forward(Pass<float>& pass) const = 0;
  virtual void forward(Pass<double>& pass) const = 0;
  virtual void backward(Pass<float>& pass) const = 0;
  virtual void backward(Pass<double>& pass) const = 0;

  /// The output in prediction, made of the operations of an Expression: every export of a model is written from it.
  /// Default: throws U29, so that a layer of your own without it cannot be exported.
  virtual Expression::Value express(Expression& to) const;
};

/// Base class of a layer of your own. Derive as `class Mine : public LayerOf<Mine>`, override describe(),
/// output_shape() and needs(), and write
///   static constexpr std::string_view name = "mine", summary = "…";
///   template <class T> void run_forward(Pass<T>&) const;   template <class T> void run_backward(Pass<T>&) const;
/// Then call register_layer<Mine>() before you load a model that uses it.
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

/// One kind of layer: its name, and a function that makes one with default settings (describe() then sets them).
struct LayerKind {
  std::string_view name;
  std::unique_ptr<Layer> (*make)();
};

std::vector<LayerKind> layer_kinds();        ///< built-in ones in alphabetical order, then registered ones
void register_layer(const LayerKind& kind);  ///< needed to load a model that uses it; see register_activation
template <class L>
void register_layer() {
  register_layer({L::name, [] { return std::unique_ptr<Layer>(std::make_unique<L>()); }});
}

}  // namespace pellucid
