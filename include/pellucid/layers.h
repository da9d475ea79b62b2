// The built-in layers and their settings.
// Not here: the interface of a layer (layer.h), their arithmetic (src/layers, one file each).
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

struct DenseOptions {
  bool bias = true;
  Initializer weight_initializer{"auto"};
  Initializer bias_initializer{"zeros"};
  /// "standard", or "ntk": y = f(x·V / √in + b), where V is learned. The stored weights are W = V / √in in both cases;
  /// with ntk they take smaller steps. Jacot, Gabriel, Hongler, NeurIPS 2018.
  std::string parametrization = "standard";
  double bias_rate = 1;  ///< factor on the learning rate of the bias; 0: the bias is not trained
};

/// Fully connected layer, y = f(x·W + b): x is rows × in (a row with a shape is read as a flat row), W is in × units, b
/// has units numbers, y is rows × units.
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
  const DenseOptions& options() const noexcept { return options_; }

 private:
  std::int64_t units_ = 1;
  Activation activation_;
  DenseOptions options_;
};

/// A column of the input that contains the index of a category.
struct EmbeddedColumn {
  std::int64_t column = 0;
  std::int64_t categories = 2;  ///< indices are 0 … categories − 1
};

/// Replaces each category index by `size` learned numbers, a row of a table. The output row has first the other columns
/// unchanged, then the numbers for each embedded column. An index that is out of range (−1 for a missing cell, for
/// example) becomes zeros. The result equals that of a dense layer without activation on one-hot columns, but these are
/// never made. A gradient is summed over the rows of the batch in ascending order. Guo, Berkhahn, "Entity Embeddings of
/// Categorical Variables", arXiv 1604.06737.
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

/// An activation as a layer of its own, y = f(x); the shape is unchanged. In the list of a Model, an Activation alone
/// makes one: Model{Dense{64}, relu, Dense{10}}.
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

/// An activation of which each unit learns how much it uses: y = x + a ⊙ (f(x) − x), with one number a per unit, which
/// starts at 1 (y = f(x)) and learns at 0.1 of the learning rate. Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024.
class ParametricActivation : public LayerOf<ParametricActivation> {
 public:
  static constexpr std::string_view name = "parametric_activation";
  static constexpr std::string_view summary = "an activation with a learned factor per unit: y = x + a (f(x) - x)";

  ParametricActivation() = default;
  explicit ParametricActivation(Activation activation);

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return activation_.kind().builtin >= 0; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  Activation activation_;
};

/// A learnable scale per input, y = s ⊙ x. The scales start at 1, so that inputs which do not help can be scaled down
/// early in training. Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3.
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

/// In training, sets each number to 0 with probability `rate` and divides the others by 1 - rate; in prediction, does
/// nothing. The random choice depends only on seed, layer, step, row and element. Srivastava et al., JMLR 15, 2014
/// (inverted dropout).
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

/// Concatenates rows: the numbers of the first input, then those of the second, and so on. Takes one or more inputs of
/// any shapes; output rows are flat.
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

/// Element-wise sum of inputs with equal shapes, y = x1 + x2 + …, added in the order of the inputs. Used for skip
/// connections: He et al., CVPR 2016.
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

/// Element-wise product of inputs with equal shapes, y = x1 · x2 · …, multiplied in the order of the inputs. Used for
/// gates: a sigmoid layer multiplied with the values that it lets through.
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

/// Element-wise mean of K inputs with equal shapes, y = (x1 + … + xK) / K. An Average at the end of K networks that
/// read the same input is an ensemble.
///
/// The mean of probabilities is a probability, and a cross-entropy loss must know that; otherwise it would treat the
/// mean as a logit. `of` says what the inputs are: "softmax" (one probability per class), "sigmoid" (one probability
/// per output), "linear" (other numbers), or "auto" (default): the same softmax or sigmoid if all layers that are
/// averaged end in it, else linear; BasicModel::add decides that.
class Average : public LayerOf<Average> {
 public:
  static constexpr std::string_view name = "average";
  static constexpr std::string_view summary = "mean of its inputs, element by element";

  Average() = default;
  explicit Average(std::string of);  ///< throws U12 for any other word

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

/// A range of each row: the numbers from index `first` on, as many as `shape` holds, as a row with that shape. A named
/// input of a model (BasicModel::add_input) is a Slice of the data row.
class Slice : public LayerOf<Slice> {
 public:
  static constexpr std::string_view name = "slice";
  static constexpr std::string_view summary = "some neighbouring columns of its input";

  Slice() = default;
  /// throws U12 unless first ≥ 0 and the shape has at least one number
  explicit Slice(std::int64_t first, Shape shape);

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

/// Makes rows flat: a row of shape 28x28 becomes a row of 784 numbers.
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

/// Gives rows another shape, which must hold the same number of elements.
class Reshape : public LayerOf<Reshape> {
 public:
  static constexpr std::string_view name = "reshape";
  static constexpr std::string_view summary = "the same numbers as a row of another shape";

  Reshape() = default;
  explicit Reshape(Shape shape);  ///< shape of one row; throws U12 if it has no number

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
  Shape shape_{};  // rank 0: the shape of the input
};

}  // namespace pellucid
