// The layers that come with pellucid: their settings. Their arithmetic is in src/layers, one file each.
// Not here: what a layer is (layer.h).
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

struct DenseOptions {
  bool bias = true;
  Initializer weight_initializer{"auto"};
  Initializer bias_initializer{"zeros"};
  /// standard, or ntk: y = f(x·V / √in + b), in which V is learned. The weights are W = V / √in all the same; only
  /// their steps are smaller. Jacot, Gabriel, Hongler, NeurIPS 2018.
  std::string parametrization = "standard";
  double bias_rate = 1;  ///< factor on the learning rate of the bias; 0 holds it
};

/// y = f(x·W + b): x is rows × in (a shaped row is read flat), W in × units, b units, y rows × units.
class Dense : public LayerOf<Dense> {
 public:
  static constexpr std::string_view name = "dense";
  static constexpr std::string_view summary = "fully connected: y = f(x W + b)";

  Dense() = default;
  /// Throws U12 unless units ≥ 1.
  explicit Dense(std::int64_t units, Activation activation = Activation(), DenseOptions options = {});

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  const Activation* output_activation() const override { return &activation_; }
  bool takes_sparse_rows() const override { return true; }
  bool rows_are_independent() const override { return activation_.kind().builtin >= 0; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  std::int64_t units() const noexcept { return units_; }
  const Activation& activation() const noexcept { return activation_; }

 private:
  std::int64_t units_ = 1;
  Activation activation_;
  DenseOptions options_;
};

/// A column of a row that holds the index of a category.
struct EmbeddedColumn {
  std::int64_t column = 0;
  std::int64_t categories = 2;  ///< indices are 0 … categories − 1
};

/// Each index becomes `size` learned numbers, its row of a table: y is the other columns as they are, then the numbers
/// of each embedded column. What is no index (−1, beyond the last) becomes zeros. The same as a dense layer without
/// activation on one-hot columns, without making them. The sum of a number's gradients is one chain over all rows of
/// the batch, in ascending order. Guo, Berkhahn, "Entity Embeddings of Categorical Variables", arXiv 1604.06737.
class Embedding : public LayerOf<Embedding> {
 public:
  static constexpr std::string_view name = "embedding";
  static constexpr std::string_view summary = "learned numbers for each category of a column";

  Embedding() = default;
  /// Throws U12 unless columns are ≥ 0 and ascending, categories and size ≥ 1.
  Embedding(std::vector<EmbeddedColumn> columns, std::int64_t size);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  std::int64_t table_rows() const noexcept;
  template <class T>
  void add_gradients(View<const T> x, View<const T> dy, T* gradient) const;

  std::vector<EmbeddedColumn> columns_{{}};
  std::int64_t size_ = 2;
};

/// y = f(x), shape unchanged. In a Model's list an Activation alone stands for it: Model{Dense{64}, relu, Dense{10}}.
class ActivationLayer : public LayerOf<ActivationLayer> {
 public:
  static constexpr std::string_view name = "activation";
  static constexpr std::string_view summary = "an activation on its own: y = f(x)";

  ActivationLayer() = default;
  explicit ActivationLayer(Activation activation);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  const Activation* output_activation() const override { return &activation_; }
  bool rows_are_independent() const override { return activation_.kind().builtin >= 0; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  Activation activation_;
};

/// y = s ⊙ x: a learned factor for each input, which begins at 1, so that inputs that do not help can fade early.
/// Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3.
class Scale : public LayerOf<Scale> {
 public:
  static constexpr std::string_view name = "scale";
  static constexpr std::string_view summary = "a learned factor for each input: y = s x";

  Scale() = default;
  explicit Scale(double rate);  ///< factor on the learning rate; throws U12 unless rate ≥ 0

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  double rate_ = 1;
};

/// In training each number is zeroed with probability `rate` and the others divided by 1 - rate; in prediction nothing
/// happens. The choice depends on seed, layer, step, row and element only. Srivastava et al., JMLR 15, 2014 (inverted
/// form).
class Dropout : public LayerOf<Dropout> {
 public:
  static constexpr std::string_view name = "dropout";
  static constexpr std::string_view summary = "zeroes numbers at random while training";

  Dropout() = default;
  explicit Dropout(double rate);  ///< throws U12 unless 0 ≤ rate < 1

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
  double rate_ = 0.5;
};

/// Joins rows: the numbers of the first input, then those of the second, and so on. Inputs may have any shapes; the
/// output is flat. At least one input.
class Concat : public LayerOf<Concat> {
 public:
  static constexpr std::string_view name = "concat";
  static constexpr std::string_view summary = "joins its inputs side by side";

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;
};

/// Sum of inputs of equal shape, element by element: y = x1 + x2 + …, added in the order of the inputs. The node of a
/// skip connection: He et al., CVPR 2016.
class Add : public LayerOf<Add> {
 public:
  static constexpr std::string_view name = "add";
  static constexpr std::string_view summary = "sum of its inputs, element by element";

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;
};

/// Product of inputs of equal shape, element by element: y = x1 · x2 · …, multiplied in the order of the inputs. A
/// gate, for example: a sigmoid layer times the values that it lets through.
class Multiply : public LayerOf<Multiply> {
 public:
  static constexpr std::string_view name = "multiply";
  static constexpr std::string_view summary = "product of its inputs, element by element";

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;
};

/// Mean of K inputs of equal shape, element by element: y = (x1 + … + xK) / K. An Average at the end of K networks that
/// read the same input is an ensemble.
///
/// The mean of probabilities is a probability, which a cross-entropy loss has to know: it would otherwise take the mean
/// for logits. `of` says what the inputs are: "softmax" (one probability per class), "sigmoid" (one probability per
/// output), "linear" (other numbers), or "auto" (default): BasicModel::add looks at the activations of the layers that
/// are averaged, and takes theirs where it is the same softmax or sigmoid in all of them.
class Average : public LayerOf<Average> {
 public:
  static constexpr std::string_view name = "average";
  static constexpr std::string_view summary = "mean of its inputs, element by element";

  Average() = default;
  explicit Average(std::string of);  ///< throws U12 unless it is one of the four words

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  const Activation* output_activation() const override;
  std::shared_ptr<const Layer> adapted(std::span<const Activation* const> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  std::string of_ = "auto";
};

/// A part of each row: the numbers from index `first` on, as many as `shape` holds, as a row of that shape. A named
/// input of a model (BasicModel::add_input) is a Slice of the data row.
class Slice : public LayerOf<Slice> {
 public:
  static constexpr std::string_view name = "slice";
  static constexpr std::string_view summary = "some neighbouring columns of its input";

  Slice() = default;
  explicit Slice(std::int64_t first, Shape shape);  ///< throws U12 unless first ≥ 0 and the shape holds a number

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  std::int64_t first() const noexcept { return first_; }
  const Shape& shape() const noexcept { return shape_; }

 private:
  std::int64_t first_ = 0;
  Shape shape_{1};
};

/// The same numbers as a flat row: a row of shape 28x28 becomes one of 784 numbers.
class Flatten : public LayerOf<Flatten> {
 public:
  static constexpr std::string_view name = "flatten";
  static constexpr std::string_view summary = "the same numbers as a flat row";

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;
};

/// The same numbers as a row of another shape, which must hold as many numbers.
class Reshape : public LayerOf<Reshape> {
 public:
  static constexpr std::string_view name = "reshape";
  static constexpr std::string_view summary = "the same numbers as a row of another shape";

  Reshape() = default;
  explicit Reshape(Shape shape);  ///< of one row; throws U12 where the shape holds no number

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
  Shape shape_{};  // rank 0: as the input
};

}  // namespace pellucid
