// Layers that normalize numbers to mean 0 and variance 1: over a batch (BatchNorm), or within a row (LayerNorm).
// Not here: scaling the columns of a table before training (preprocess.h), a learned factor alone (Scale, layers.h).
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

struct BatchNormOptions {
  /// The share of a batch in the running statistics: running ← (1 − momentum) · running + momentum · batch. 0 < x ≤ 1.
  /// As in PyTorch; Keras calls 1 − momentum the momentum.
  double momentum = 0.1;
  double epsilon = 1e-5;  ///< added to the variance, so that a constant input is not divided by 0; > 0
};

/// Batch normalization, y = gamma ⊙ (x − mean) / √(variance + epsilon) + beta, with one gamma and one beta per channel,
/// both learned; they begin at 1 and 0. The channels are the last axis of a row: 32 for rows of 28x28x32, 64 for flat
/// rows of 64 numbers. The shape is unchanged.
///
/// In training, mean and variance are those of the batch, over its rows and all positions of a picture (N numbers per
/// channel; the variance is divided by N). In prediction, they are the running statistics: state of the model, saved in
/// its file, which begin as mean 0 and variance 1. Each training step moves them by `momentum` towards the batch's mean
/// and its unbiased variance (divided by N − 1); with N = 1 they stay. Nothing else changes them: not predictions,
/// validation, traces, health measurements, gradient checks or input gradients. L-BFGS, which uses all rows at once,
/// moves them once per step, not once per evaluation of its line search. They also move while the layer is frozen.
///
/// Example: the column 1, 3 with momentum 0.1 has mean 2 and variance 1, so y = −1, 1 (to 5e-6); the running mean
/// becomes 0.9 · 0 + 0.1 · 2 = 0.2, the running variance 0.9 · 1 + 0.1 · 2 = 1.1.
///
/// Two passes over blocks of rows, folded by a fixed tree (Chan, Golub, LeVeque 1979): the bits depend on the batch's
/// shape alone, and a mean far from 0 costs no digits. Ioffe, Szegedy, ICML 2015.
class BatchNorm : public LayerOf<BatchNorm> {
 public:
  static constexpr std::string_view name = "batch_norm";
  static constexpr std::string_view summary = "mean 0 and variance 1 per channel over the batch, then gamma y + beta";

  BatchNorm() = default;
  /// Throws U12 unless 0 < momentum ≤ 1 and epsilon > 0.
  explicit BatchNorm(BatchNormOptions options);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  const BatchNormOptions& options() const noexcept { return options_; }

 private:
  BatchNormOptions options_;
};

/// Layer normalization, y = gamma ⊙ (x − mean) / √(variance + epsilon) + beta, where mean and variance are those of the
/// numbers of one row (with a shape: of the last axis, at each position). gamma and beta, one per number of the last
/// axis, are learned and begin at 1 and 0. The shape is unchanged; training and prediction are the same.
///
/// Example: the row 1, 3 has mean 2 and variance 1, so y = −1, 1 (to 5e-6). Ba, Kiros, Hinton, arXiv 1607.06450.
class LayerNorm : public LayerOf<LayerNorm> {
 public:
  static constexpr std::string_view name = "layer_norm";
  static constexpr std::string_view summary = "mean 0 and variance 1 within each row, then gamma y + beta";

  LayerNorm() = default;
  explicit LayerNorm(double epsilon);  ///< added to the variance; throws U12 unless > 0

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  double epsilon_ = 1e-5;
};

}  // namespace pellucid
