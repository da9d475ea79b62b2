// Layers that replace numbers by learned functions of them: periodic, cosine and piecewise linear embeddings.
// Not here: the embedding of categories and the other layers (layers.h), the arithmetic (src/layers).
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

struct PeriodicEmbeddingOptions {
  std::int64_t frequencies = 16;  ///< learned frequencies per column, 1 to 4,096
  std::int64_t size = 3;          ///< learned numbers per column, beside x itself, 1 to 4,096
  double sigma = 0.1;             ///< standard deviation of the first frequencies, in periods per unit of x, ≥ 0
};

/// A periodic embedding of numbers: the output row is the input row, then for each listed column x the numbers
/// W·cos(2π f·x + p) + b, with frequencies f, phases p, weights W and b of its own. The learning rate of all of them is
/// multiplied by 0.1. "PBLD" of Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, after Gorishniy, Rubachev, Babenko,
/// NeurIPS 2022. Columns should have about unit scale.
class PeriodicEmbedding : public LayerOf<PeriodicEmbedding> {
 public:
  static constexpr std::string_view name = "periodic_embedding";
  static constexpr std::string_view summary = "each number beside a learned function of its cosines";

  PeriodicEmbedding() = default;
  /// Throws U12 unless columns are ≥ 0 and ascending and the options in their ranges.
  explicit PeriodicEmbedding(std::vector<std::int64_t> columns, PeriodicEmbeddingOptions options = {});

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  std::int64_t groups() const noexcept { return static_cast<std::int64_t>(columns_.size()); }

  std::vector<std::int64_t> columns_{0};
  PeriodicEmbeddingOptions options_;
};

/// A cosine embedding of numbers: the output row has the other columns, then a ⊙ [x…, cos(2π(f·x + p))…] + c for the
/// listed columns x, with `size` cosines per column. a starts at 0.01, c and the phases p at 0, so at the start the
/// embedded columns have little influence; the frequencies f start as a normal distribution of standard deviation
/// `scale` (in periods per unit of x), cut at two of them. TabPack, ICML 2026, where a starts at 0.
class CosineEmbedding : public LayerOf<CosineEmbedding> {
 public:
  static constexpr std::string_view name = "cosine_embedding";
  static constexpr std::string_view summary = "each number and its cosines, times learned factors";

  CosineEmbedding() = default;
  /// Throws U12 unless columns are ≥ 0 and ascending, 1 ≤ size ≤ 4,096 and scale ≥ 0.
  explicit CosineEmbedding(std::vector<std::int64_t> columns, std::int64_t size = 16, double scale = 0.1);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  std::int64_t groups() const noexcept { return static_cast<std::int64_t>(columns_.size()); }

  std::vector<std::int64_t> columns_{0};
  std::int64_t size_ = 16;
  double scale_ = 0.1;
};

/// A piecewise linear embedding of numbers: the output row has the other columns, then for each listed column x the
/// `size` numbers w·x + b + W·PLE(x). PLE(x) has one number per bin between the edges e: the part of the bin below x,
/// (x − e[t]) / (e[t+1] − e[t]), limited to 0 … 1 except below the first bin and above the last one. W starts at 0. The
/// edges are a state of the model: they are all 0 until set_edges() (model.h) chooses them, and PLE(x) is then 0.
/// Gorishniy, Rubachev, Babenko, NeurIPS 2022; "version B" of TabM, ICLR 2025.
class PiecewiseLinearEmbedding : public LayerOf<PiecewiseLinearEmbedding> {
 public:
  static constexpr std::string_view name = "piecewise_linear_embedding";
  static constexpr std::string_view summary = "a learned piecewise linear function of each number";

  PiecewiseLinearEmbedding() = default;
  /// Throws U12 unless columns are ≥ 0 and ascending, size and bins from 1 to 4,096.
  explicit PiecewiseLinearEmbedding(std::vector<std::int64_t> columns, std::int64_t size = 16, std::int64_t bins = 48);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  const std::vector<std::int64_t>& columns() const noexcept { return columns_; }

 private:
  std::int64_t groups() const noexcept { return static_cast<std::int64_t>(columns_.size()); }
  template <class T>
  void sum_lower_bins(const Pass<T>& pass) const;
  template <class T>
  void weight_gradients(const Pass<T>& pass, View<const T> de) const;
  template <class T>
  void input_gradients(const Pass<T>& pass, View<const T> de) const;

  std::vector<std::int64_t> columns_{0};
  std::int64_t size_ = 16, bins_ = 48;
};

}  // namespace pellucid
