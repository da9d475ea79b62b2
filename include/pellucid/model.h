// Model: layers, their parameters, the fitted preprocessor; summary, prediction, saving and loading.
// Not here: training (trainer.h), the memory layout of a training step (src/model/plan.h).
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pellucid/conformal_scores.h"
#include "pellucid/dataset.h"
#include "pellucid/layers.h"
#include "pellucid/loss.h"
#include "pellucid/preprocess.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// An entry of a list of layers: converts from any layer, or from an Activation alone.
class LayerRef {
 public:
  template <class L>
  requires std::derived_from<L, Layer> LayerRef(L layer) : layer_(std::make_shared<L>(std::move(layer))) {}
  LayerRef(Activation activation) : LayerRef(ActivationLayer(std::move(activation))) {}
  /// an activation whose name is a function, such as tanh
  LayerRef(Activation (*name)(ActivationName)) : LayerRef(Activation(name)) {}
  template <class F>
  requires std::derived_from<F, ActivationFunction> LayerRef(F function) : LayerRef(Activation(std::move(function))) {}
  explicit LayerRef(std::shared_ptr<const Layer> layer) : layer_(std::move(layer)) {}

  const std::shared_ptr<const Layer>& layer() const noexcept { return layer_; }

 private:
  std::shared_ptr<const Layer> layer_;
};

/// One use of a layer in a model.
struct Node {
  std::string name;  ///< unique; "dense1" and so on if none was given
  std::shared_ptr<const Layer> layer;
  std::vector<int> inputs;  ///< indices of the nodes whose outputs it reads; -1: the data row
  int shares = -1;          ///< index of the node whose parameters it uses (add_shared); -1: it has its own
  bool frozen = false;      ///< true: none of its parameters is trained (freeze)
  std::vector<std::string> frozen_parameters{};  ///< single parameters that are not trained, such as "weight"
};

/// One of several outputs of a model and the targets that it predicts: for example a number from one layer and a class
/// from another.
struct Head {
  std::string layer;  ///< name of the layer whose output it is; no other layer may read that output
  /// Target columns that it predicts: names of the preprocessor's targets, or "0", "1", … if there is no preprocessor.
  /// Empty: the next columns that no earlier head has: one column of class labels, or as many columns of numbers as the
  /// loss reads.
  ColumnNames target{};
  /// Empty: mse for numbers, cross_entropy or binary_cross_entropy for classes, as fit() chooses for a single output.
  std::optional<Loss> loss{};
  double weight = 1;  ///< factor of its loss in the total loss; finite and ≥ 0
};

template <class T>
struct Parameter {
  std::string name;  ///< "dense1.weight"
  int node;
  int need;  ///< index in the layer's needs()
  Role role;
  Tensor<T> value;
};

/// Facts about the training that are saved with the model. They contain no time, host name or path, so that equal
/// trainings give equal files.
struct TrainingSummary {
  std::string loss, optimizer;
  std::int64_t epochs = 0, best_epoch = 0, train_rows = 0;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  std::int64_t batch_size = 0;
};

template <class T>
class Predictor;

/// Lets a Predictor detect that its model was moved, assigned to, extended or destroyed. The predictor shares a pointer
/// to the address of this object: the address changes if the model is moved, and becomes null if the model is changed
/// or destroyed. For the library only.
class ModelIdentity {
 public:
  ModelIdentity() : place_(std::make_shared<const ModelIdentity*>(this)) {}
  ModelIdentity(const ModelIdentity&) : ModelIdentity() {}
  ModelIdentity(ModelIdentity&& other) noexcept : place_(std::move(other.place_)) { settle(this); }
  ModelIdentity& operator=(const ModelIdentity&) {
    renew();
    return *this;
  }
  ModelIdentity& operator=(ModelIdentity&& other) noexcept {
    if (this == &other) return *this;
    settle(nullptr);
    place_ = std::move(other.place_);
    settle(this);
    return *this;
  }
  ~ModelIdentity() { settle(nullptr); }

  /// Tells all current watchers that the model has changed.
  void renew() {
    settle(nullptr);
    place_ = std::make_shared<const ModelIdentity*>(this);
  }
  std::shared_ptr<const ModelIdentity* const> watch() const noexcept { return place_; }

 private:
  void settle(const ModelIdentity* place) noexcept {
    if (place_) *place_ = place;
  }
  std::shared_ptr<const ModelIdentity*> place_;
};

/// A neural network: layers, their parameters and, after a training on a table, the preprocessor. T is float (training
/// and prediction) or double (gradient checks, replaying calculations). Thread rules: any number of threads may predict
/// at once; while one thread changes the model, no other may use it.
template <class T>
class BasicModel {
 public:
  BasicModel() = default;
  BasicModel(std::initializer_list<LayerRef> layers);

  /// Appends a layer that reads the output of the last one. Throws U10 if the name is taken, U12 if it contains a '.',
  /// U20 if `layer` is null.
  BasicModel& add(LayerRef layer, std::string name = "");
  /// Appends a layer that reads the outputs of the named layers, at least one; "input" stands for the data row. Throws
  /// U23 for an unknown name, U20 if `inputs` is empty.
  BasicModel& add(LayerRef layer, std::string name, const std::vector<std::string>& inputs);
  /// Gives a name to the next columns of the data row, as many as the shape holds. The first call names the columns
  /// from 0 on, the next call those after them. Tables, data sets, prediction and files still use one row. The named
  /// inputs together must be the whole row: build() and fit() throw U20 for rows of another width. Throws as add().
  BasicModel& add_input(std::string name, const Shape& shape);
  /// Uses an existing layer again, on other inputs and with the same parameters. The parameters are stored once, under
  /// the name of the first use, and their gradient is the sum over all uses. Throws U23 for an unknown name, U20 if
  /// `inputs` is empty; build() throws U20 if the inputs would need parameters of other shapes.
  BasicModel& add_shared(std::string_view layer, std::string name, const std::vector<std::string>& inputs);

  /// Freezes a layer ("dense1") or one parameter ("dense1.weight"): trainings that start later do not change it.
  /// `false`: it is trained again. Nothing is computed for the gradients of a frozen layer, nor for layers before the
  /// first one that is trained. Saved with the model. Throws U23 for an unknown name; U21 if one parameter of a frozen
  /// layer shall be trained and the input shape is not known yet.
  BasicModel& freeze(std::string_view layer_or_parameter, bool frozen = true);
  /// Whether this layer or parameter is frozen. Throws U23 for an unknown name.
  bool is_frozen(std::string_view layer_or_parameter) const;

  /// A model that ends with the named layer, with copies of the parameters that it needs. It takes the same rows.
  /// Preprocessor, threshold and training summary describe the output of the last layer, so they are kept only if
  /// `layer` is the last one. Throws U23 for an unknown name.
  BasicModel up_to(std::string_view layer) const;
  /// Removes the last layer and its parameters; the other layers keep theirs until another layer is added. Throws U21
  /// if the model has no layers.
  BasicModel& pop();
  /// Copies, in place, the values of all parameters that `from` has under the same name and with the same shape.
  /// Returns the names of the parameters of this model that were not found in `from`. Throws U21 if one of the models
  /// has no parameters yet.
  std::vector<std::string> copy_parameters(const BasicModel& from);

  /// Sets several outputs. predict() puts them side by side in this order, and the loss is the weighted sum of the
  /// heads' losses. Every layer that no other layer reads must be a head. An empty list: the last layer is the only
  /// output again. Saved with the model. Throws U23 for an unknown layer, U10 for a layer that is named twice, U12 for
  /// a weight out of range. Whether heads and layers fit each other is checked when the shapes are known (U33).
  BasicModel& set_heads(std::vector<Head> heads);
  const std::vector<Head>& heads() const noexcept { return heads_; }

  /// Sets the shape of a data row, which determines the output shapes of all layers. Creates no parameters and
  /// allocates nothing for them. build(), fit() and load() call it. Throws U20 if the shapes do not fit, U21 if the
  /// model has no layers.
  void set_row_shape(const Shape& row_shape);
  /// Sets the shape of a data row and draws the initial parameters; fit() does it if it has not been done. Throws U12,
  /// U20, M02.
  void build(const Shape& row_shape, std::uint64_t seed = 42);
  bool is_built() const noexcept { return built_ && !shapes_.empty(); }

  const std::vector<Node>& nodes() const noexcept { return nodes_; }
  /// index of the layer with this name; throws U23 and suggests the nearest name
  int node(std::string_view name) const;
  /// the needs of the node's layer, with what is frozen here; throws U20, U21
  std::vector<Need> needs(int node) const;
  const Shape& row_shape() const;      ///< shape of one data row; throws U21 before it is known
  Shape output_shape() const;          ///< shape of one row of predictions; with heads, of all outputs side by side
  Shape output_shape(int node) const;  ///< throws U20 if there is no such node
  std::vector<Shape> input_shapes(int node) const;  ///< throws U20 if there is no such node
  std::vector<Parameter<T>>& parameters() noexcept { return parameters_; }
  const std::vector<Parameter<T>>& parameters() const noexcept { return parameters_; }
  Tensor<T>& parameter(std::string_view name);  ///< throws U23 and suggests the nearest name
  const Tensor<T>& parameter(std::string_view name) const;
  std::int64_t parameter_count() const noexcept;

  /// A table of the layers as text: name, shape, activation, number of parameters; then their total and its size in
  /// memory. If the layers do not form a chain, it also shows what each one reads.
  std::string summary() const;

  /// The outputs for each row, rows × outputs, after sigmoid or softmax; regressions in the scaled units of the model
  /// (evaluation.h has them in the unit of the target). Many rows are divided among `threads` threads; 0: as many as
  /// CPUs that this process may use. The result is identical for any number. Throws U20 if the width of the rows is
  /// wrong, U21, M02.
  Tensor<T> predict(const Dataset& data, std::int64_t threads = 0) const;
  Tensor<T> predict(View<const T> rows, std::int64_t threads = 0) const;
  /// A Predictor for loops that must be fast: it owns its memory and allocates nothing per call. Each thread needs its
  /// own. It reads the parameters of the model in place: numbers written into them, and tensors of the same shape
  /// assigned to them, take effect with the next call. If the model is built again, moved, assigned to, extended or
  /// destroyed, or if a parameter is missing, every further call throws U24.
  Predictor<T> predictor(std::int64_t rows = 1) const;

  std::optional<Preprocessor> preprocessor;
  std::optional<TrainingSummary> training;
  /// For two classes: the second class is predicted if its probability is larger than this. With several binary targets
  /// it applies to each.
  double threshold = 0.5;
  /// Of each target, in the order of Evaluation::targets: what prediction intervals are made from
  /// (prediction_intervals.h). train() fills it from the validation rows; empty: there are none. fit(), pop() and
  /// apply_temperature() empty it, because it describes the predictions as they were.
  std::vector<ConformalScores> conformal;
  /// Rows of features whose outputs are stored in the model file and verified when it is loaded. fit() chooses up to
  /// ten.
  std::optional<Tensor<T>> test_rows;

  /// Writes a safetensors file (docs/model-file.md). to_bytes() returns its contents. Throws U20 if parameters,
  /// preprocessor and layers do not match, U21, U25 for a parameter that is not finite, M01, M03.
  void save(const std::string& path) const;
  std::string to_bytes() const;
  /// Reads a model file. `name` is used in messages. Layers, losses and activations of your own must be registered
  /// before. Throws D10, D21 (damaged, truncated, not from pellucid, or from a newer version; the message says which),
  /// M02.
  static BasicModel load(const std::string& path);
  static BasicModel from_bytes(std::string_view bytes, const std::string& name = "<memory>");

  template <class U>
  BasicModel<U> as() const;  ///< the same model in the other precision

 private:
  using MakeValue = std::function<Tensor<T>(const Parameter<T>&, const Need&)>;
  void make_parameters(const MakeValue& make);
  void require_node(int node) const;
  void append(Node node);
  std::vector<int> sources(const std::string& layer, const std::vector<std::string>& inputs) const;
  int owner(int node) const noexcept;
  void require_known_parameters() const;

  friend class Predictor<T>;
  template <class U>
  friend class BasicModel;

  std::vector<Node> nodes_;
  std::unordered_map<std::string, int> index_;  // index of each node, by its name
  std::vector<Parameter<T>> parameters_;
  std::vector<Head> heads_;
  Shape row_shape_;
  // total width of the named inputs; 0: there are none, or they need not be the whole row
  std::int64_t input_columns_ = 0;
  std::vector<Shape> shapes_;  // output shape of each node; empty: not known yet
  bool built_ = false;
  ModelIdentity identity_;
};

using Model = BasicModel<float>;

/// Prediction without allocation, see BasicModel::predictor. `rows`: largest number of rows per call. Not thread-safe.
template <class T>
class Predictor {
 public:
  Predictor(const BasicModel<T>& model, std::int64_t rows);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  /// Predicts one row. The span is valid until the next call. Throws U20 if the row has the wrong width, U24 if the
  /// model has changed (BasicModel::predictor) or this predictor was moved from.
  std::span<const T> operator()(std::span<const T> row);
  /// Predicts up to `rows` rows; the view is valid until the next call.
  View<const T> operator()(View<const T> rows);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The loss that fit() chooses for this model and data; with heads, the weighted sum of their losses. Throws U20 or U33
/// if outputs and targets do not match.
template <class T>
PELLUCID_EXPORT Loss default_loss(const BasicModel<T>& model, const Dataset& data);

extern template class BasicModel<float>;
extern template class BasicModel<double>;
extern template class Predictor<float>;
extern template class Predictor<double>;

/// Sets the edges of each PiecewiseLinearEmbedding of the model by the training rows: the smallest and the largest
/// value of the column, each value that more rows have than a bin should, and quantiles of the rows that have another
/// value. A layer of B bins gets at most B + 1 edges, and one for each value if these are fewer; the places that are
/// left repeat the last edge. Throws U20 unless the model is built, its rows have the data's shape and these layers
/// read the model's input itself.
template <class T>
PELLUCID_EXPORT void set_edges(BasicModel<T>& model, const Dataset& train);

/// Adjusts the first weights of dense layers to the training rows, one layer after the other: where the initializer of
/// the weights is "std", each column of W is divided by the standard deviation of its sums x·W over the rows; where
/// that of the bias is "kinks", b is minus a random mixture of five sums of the unit. Of more than 4,096 rows, 4,096
/// evenly spread ones are used. Call it after build() and set_edges(). Throws U20 unless the model is built and its
/// rows have the data's shape. Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, where the kinks are "he+5".
template <class T>
PELLUCID_EXPORT void set_first_weights(BasicModel<T>& model, const Dataset& train, std::uint64_t seed = 42);

/// A model for prediction in which each BatchNorm behind a Dense or Conv2D without activation is part of that layer's
/// weights and bias, if nothing else reads the layer and neither is shared. It predicts faster, and the same up to
/// rounding (1e-6); other layers stay as they are, and nothing is frozen. Throws U21 if the model is not built.
template <class T>
PELLUCID_EXPORT BasicModel<T> merge_batch_norms(const BasicModel<T>& model);

}  // namespace pellucid
