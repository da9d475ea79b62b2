// Stepper: training one step at a time, for training loops of your own; the gradient of a model by its input.
// Not here: epochs over a data set (trainer.h), predictions (Predictor in model.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/export.h"
#include "pellucid/loss.h"
#include "pellucid/model.h"
#include "pellucid/observer.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"

namespace PELLUCID_EXPORT pellucid {

/// Options of a Stepper. They mean the same as in FitOptions (trainer.h).
struct StepOptions {
  /// Default: cross_entropy after a softmax, binary_cross_entropy after a sigmoid, else mse. For a model with heads,
  /// the weighted sum of the heads' losses, each with the same default; their targets are then columns side by side in
  /// the order of the heads: one column with the class number for cross_entropy, else one column per output. Where
  /// heads name their targets, this must be default_loss(model, data) (else U33).
  std::optional<Loss> loss{};
  Optimizer optimizer = Adam{};     ///< any but L-BFGS, which needs all rows (U06)
  ScheduleFunction schedule{};      ///< factor on the learning rate, by Progress::step; default: always 1
  double l1 = 0, l2 = 0;            ///< ≥ 0, on weights only
  double clip_norm = 0;             ///< > 0: a gradient whose norm (over all parameters) is larger is scaled down to it
  double clip_value = 0;            ///< > 0: each component of the gradient is limited to ± this
  std::int64_t row_block = 1024;    ///< gradients are summed in blocks of this many rows
  std::uint64_t seed = 42;          ///< of dropout
  std::int64_t threads = 1;         ///< 0: as many as CPUs this process may use. Results are identical for any number
  std::vector<std::string> keep{};  ///< values to read by values() (observer.h)
  bool input_gradient = false;      ///< gradients() also computes input_gradient(), for the time of one more product
};

/// A training, one step at a time. The optimizer's state, the number of steps and the random numbers of dropout
/// continue from call to call, and steps on the same rows as fit() takes give the same bits as fit(). Example:
///   Stepper stepper(model, 32, {.optimizer = Adam{.learning_rate = 1e-3}});
///   double loss = stepper.step(x, labels);    // forward, loss, backward and update in one call: the fastest way
///   stepper.gradients(x, targets);            // or in parts: compute the gradients,
///   stepper.gradient("dense1.weight");        // look at them or change them,
///   stepper.update();                         // and apply them.
/// The model must be built, must outlive the stepper and keep its parameters where they are (U24); numbers may be
/// written into them at any time. One thread at a time may use a stepper. After the first call of each kind, no call
/// allocates memory.
///
/// Wherever rows are taken: at least one and at most `rows` of them, contiguous numbers of each row (else U20). A loss
/// that is not finite throws N01, and the model has not changed.
template <class T>
class BasicStepper {
 public:
  /// `rows`: the most rows of one call, ≥ 1. Throws U06, U12, U20, U21, U22, U23, M02.
  BasicStepper(BasicModel<T>& model, std::int64_t rows, const StepOptions& options = {});
  ~BasicStepper();
  BasicStepper(BasicStepper&&) noexcept;
  BasicStepper& operator=(BasicStepper&&) noexcept;

  /// One training step; returns the loss before it. `targets` has one row per row of x. `weights` are one per row and
  /// multiply the row's loss (the mean still divides by the number of rows); empty: all 1. They may be negative, as
  /// advantages in reinforcement learning are. Throws U26 while gradients wait for update().
  double step(View<const T> x, View<const T> targets, std::span<const T> weights = {});
  /// With class labels: 0 … outputs - 1, or 0 and 1 where there is one output. Throws D17 where a label is out of
  /// range.
  double step(View<const T> x, std::span<const std::int32_t> labels, std::span<const T> weights = {});
  /// On these rows of a data set with its targets and weights; empty: all of its rows.
  double step(const Dataset& data, std::span<const std::int64_t> rows = {});

  /// Computes the gradients of the loss and returns the loss. The model does not change before update().
  double gradients(View<const T> x, View<const T> targets, std::span<const T> weights = {});
  double gradients(View<const T> x, std::span<const std::int32_t> labels, std::span<const T> weights = {});
  double gradients(const Dataset& data, std::span<const std::int64_t> rows = {});

  /// For a loss that is not in the library, in place of gradients(): forward() returns the outputs of the rows (as in
  /// training: with dropout), valid until the next call. backward() takes the derivative of your loss by each of these
  /// outputs and computes the gradients of the parameters and of the input.
  View<const T> forward(View<const T> x);
  void backward(View<const T> output_gradient);

  /// The gradient of one parameter ("dense1.weight"), which may be changed before update(). Throws U23 for an unknown
  /// name or a parameter that is not trained, U26 where there are no gradients.
  View<T> gradient(std::string_view parameter);
  /// The gradient by each input number of the last gradients() or backward(), rows × inputs. gradients() computes it
  /// only with StepOptions::input_gradient (else U26).
  View<const T> input_gradient() const;
  /// Applies the gradients: L1, L2, clipping, optimizer. Throws U26 where there are none.
  void update();

  /// Gradient accumulation. On: gradients() and backward() add to the gradients that wait for update(), in place of
  /// replacing them. For a loss with a mean, the result is the gradient of all the rows together, as if they had been
  /// one batch; those of a sum, and of backward(), are added. Default: off.
  void accumulate(bool on);

  double learning_rate() const;         ///< of the coming step, with the schedule
  void set_learning_rate(double rate);  ///< replaces the optimizer's own, ≥ 0 (U12)
  std::int64_t steps() const noexcept;  ///< updates done
  /// The values of the last call, by name. Throws U26 before the first call.
  const Values<T>& values() const;

  /// Parameters, the optimizer's state, the number of steps and the learning rate. restore() continues from them with
  /// the same bits. Gradients that wait for update() are not stored: to_bytes() refuses then (U26), restore() drops
  /// them. Throws D21 for damaged bytes, U31 if they belong to another model or other options.
  std::string to_bytes() const;
  void restore(std::string_view bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
using Stepper = BasicStepper<float>;

/// The derivative of the model's outputs by each input number, without training: row r of the result is
/// Σ over outputs o of weight[r, o] · ∂output[o]/∂input, for row r. `output_weights` has one row per row of `rows`, or
/// one row for all of them; without it every weight is 1. Outputs are those of predict(). Throws U20, U21, U22, M02.
template <class T>
PELLUCID_EXPORT Tensor<T> input_gradient(const BasicModel<T>& model, View<const T> rows,
                                         View<const T> output_weights = {});

extern template class BasicStepper<float>;
extern template class BasicStepper<double>;

}  // namespace pellucid
