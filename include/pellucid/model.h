// Model: layers, their parameters, the fitted preprocessor; summary, prediction, saving and loading.
// Not here: training (trainer.h), how a step is laid out in memory (src/model/plan.h).
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

#include "pellucid/dataset.h"
#include "pellucid/layers.h"
#include "pellucid/loss.h"
#include "pellucid/preprocess.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// A layer in a list: made from any layer, or from an Activation alone.
class LayerRef {
 public:
  template <class L>
  requires std::derived_from<L, Layer> LayerRef(L layer) : layer_(std::make_shared<L>(std::move(layer))) {}
  LayerRef(Activation activation) : LayerRef(ActivationLayer(std::move(activation))) {}
  LayerRef(Activation (*name)(ActivationName)) : LayerRef(Activation(name)) {}  ///< `tanh`
  template <class F>
  requires std::derived_from<F, ActivationFunction> LayerRef(F function) : LayerRef(Activation(std::move(function))) {}
  explicit LayerRef(std::shared_ptr<const Layer> layer) : layer_(std::move(layer)) {}

  const std::shared_ptr<const Layer>& layer() const noexcept { return layer_; }

 private:
  std::shared_ptr<const Layer> layer_;
};

/// One use of a layer in a model.
struct Node {
  std::string name;  ///< unique; "dense1" where none was given
  std::shared_ptr<const Layer> layer;
  std::vector<int> inputs;                       ///< the nodes it reads, by index; -1: the data row
  int shares = -1;                               ///< the node whose parameters it uses (add_shared); -1: it has its own
  bool frozen = false;                           ///< no parameter of it is trained (freeze)
  std::vector<std::string> frozen_parameters{};  ///< these ones are not trained: "weight"
};

/// One of several outputs of a model, with the targets it learns: a number from one layer, a class from another.
struct Head {
  std::string layer;  ///< whose output it is; no other layer may read it
  /// Target columns it learns, by the names of the preprocessor's targets, or "0", "1", … where there is none. Empty:
  /// the next columns that no head before it took: one column of class labels, or as many columns of numbers as its
  /// loss reads.
  ColumnNames target{};
  /// Empty: for numbers mse, for classes cross_entropy or binary_cross_entropy, as fit() chooses for a single output.
  std::optional<Loss> loss{};
  double weight = 1;  ///< factor on its loss in the sum that is minimised; finite, 0 or above
};

template <class T>
struct Parameter {
  std::string name;  ///< "dense1.weight"
  int node;
  int need;  ///< index in the layer's needs()
  Role role;
  Tensor<T> value;
};

/// What of the training is worth keeping with the model. No time, host or path: equal seeds give equal files.
struct TrainingSummary {
  std::string loss, optimizer;
  std::int64_t epochs = 0, best_epoch = 0, train_rows = 0;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  std::int64_t batch_size = 0;
};

template <class T>
class Predictor;

/// By what a Predictor notices that its model was moved, assigned to, extended or destroyed: it remembers where the
/// model's identity lay.
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

  /// Whoever watches it now is told that the model has changed.
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

/// T is float (trains, serves) or double (gradient checks, replays). Not to be changed while another thread uses it;
/// any number of threads may predict at once.
template <class T>
class BasicModel {
 public:
  BasicModel() = default;
  BasicModel(std::initializer_list<LayerRef> layers);

  /// Appends a layer behind the last one. Throws U10 on a name that is taken, U12 on one with a '.', U20 where there is
  /// no layer in `layer`.
  BasicModel& add(LayerRef layer, std::string name = "");
  /// Appends a layer that reads the named nodes, at least one; "input" is the data row. Throws U23 for an unknown name,
  /// U20 for none.
  BasicModel& add(LayerRef layer, std::string name, const std::vector<std::string>& inputs);
  /// Names the next columns of the data row, as many as the shape holds: the first call names those from column 0 on,
  /// the second those behind them. A row stays one row for tables, data sets, prediction and files. The named inputs
  /// together are the whole row: build() and fit() throw U20 for rows of another width. Throws like add().
  BasicModel& add_input(std::string name, const Shape& shape);
  /// Uses the layer of that name once more, on other inputs, with the same parameters. They are stored once, under the
  /// name of the first use, and learn from the sum of the gradients of all uses. Throws U23 for an unknown name, U20
  /// where the inputs are none; build() throws U20 where the layer would need parameters of other shapes.
  BasicModel& add_shared(std::string_view layer, std::string name, const std::vector<std::string>& inputs);

  /// Keeps a layer ("dense1") or one parameter ("dense1.weight") as it is in every training that begins later; `false`
  /// trains it again. A frozen layer costs no gradient, and gradients are not computed below the lowest layer that is
  /// trained. Saved with the model. Throws U23 for an unknown name, U21 where one parameter of a frozen layer is to be
  /// trained and the model does not know its input yet.
  BasicModel& freeze(std::string_view layer_or_parameter, bool frozen = true);
  /// Whether this layer or parameter is not trained. Throws U23 for an unknown name.
  bool is_frozen(std::string_view layer_or_parameter) const;

  /// The model whose output is that of the named layer, with copies of the parameters it needs. It takes the same rows.
  /// Preprocessor, threshold and training summary belong to the last layer's output: they stay only where `layer` is
  /// the last one. Throws U23 for an unknown name.
  BasicModel up_to(std::string_view layer) const;
  /// Removes the last layer and its parameters; the others keep theirs until another layer is added. Throws U21 where
  /// there is none.
  BasicModel& pop();
  /// Copies the values of all parameters that `from` has under the same name and in the same shape into this model's,
  /// in place. Returns the names of this model's parameters that were not found there. Throws U21 where one of the
  /// models has no parameters yet.
  std::vector<std::string> copy_parameters(const BasicModel& from);

  /// The model's outputs, in the order in which predict() puts them side by side; the loss is the weighted sum of the
  /// heads' losses. Every layer that no other layer reads must be a head. An empty list: the last layer is the only
  /// output again. Stored in the model file. Throws U23 for an unknown layer, U10 for one that is named twice, U12 for
  /// a weight out of range; whether heads and layers fit is checked when shapes are known (U33).
  BasicModel& set_heads(std::vector<Head> heads);
  const std::vector<Head>& heads() const noexcept { return heads_; }

  /// Learns the shape of a data row, and with it that of each layer's output; parameters are not there yet, and nothing
  /// is allocated for them. build(), fit() and load() do it. Throws U20, U21.
  void set_row_shape(const Shape& row_shape);
  /// Learns the shape of a data row and draws the first parameters; fit() does it when it was not done. Throws U12,
  /// U20, M02.
  void build(const Shape& row_shape, std::uint64_t seed = 42);
  bool is_built() const noexcept { return built_ && !shapes_.empty(); }

  const std::vector<Node>& nodes() const noexcept { return nodes_; }
  int node(std::string_view name) const;            ///< index of the layer of this name; throws U23 with the nearest
  std::vector<Need> needs(int node) const;          ///< what the node's layer asks for, as frozen here; throws U20, U21
  const Shape& row_shape() const;                   ///< of the data; throws U21 before it is known
  Shape output_shape() const;                       ///< of one row of predictions; with heads, of all side by side
  Shape output_shape(int node) const;               ///< throws U20 where there is no such node
  std::vector<Shape> input_shapes(int node) const;  ///< throws U20 where there is no such node
  std::vector<Parameter<T>>& parameters() noexcept { return parameters_; }
  const std::vector<Parameter<T>>& parameters() const noexcept { return parameters_; }
  Tensor<T>& parameter(std::string_view name);  ///< throws U23 with the nearest name
  const Tensor<T>& parameter(std::string_view name) const;
  std::int64_t parameter_count() const noexcept;

  /// Table of layers: name, shape, activation, number of parameters; then the total and its size. Where the layers are
  /// no chain, also what each one reads.
  std::string summary() const;

  /// Outputs for each row: rows × output. Sigmoid and softmax are applied, regressions are in the net's (scaled) units.
  /// Many rows are shared by threads; 0: as many as CPUs this process may use. No influence on any bit.
  Tensor<T> predict(const Dataset& data, std::int64_t threads = 0) const;
  Tensor<T> predict(View<const T> rows, std::int64_t threads = 0) const;
  /// For calls in a hot loop: owns its memory, allocates nothing when called. One a thread. It reads the parameters
  /// where they lie: numbers that are written into them, and tensors of the same shape that are assigned to them, take
  /// effect with the next call. A model that was built anew, moved, assigned to, given another layer, lacks a parameter
  /// or was destroyed makes each further call throw U24.
  Predictor<T> predictor(std::int64_t rows = 1) const;

  std::optional<Preprocessor> preprocessor;
  std::optional<TrainingSummary> training;
  /// Two classes: the second is said where its probability is above this; of several targets, each one's.
  double threshold = 0.5;
  /// Rows (as the net sees them) whose outputs are stored in the file and verified on load; fit() chooses up to ten.
  std::optional<Tensor<T>> test_rows;

  /// A safetensors file (docs/model-file.md). Throws U20 where parameters, preprocessor and layers do not agree, U21,
  /// U25 (a number that is not finite), M01, M03.
  void save(const std::string& path) const;
  std::string to_bytes() const;
  /// Throws D10, D21 (damaged, truncated, foreign, newer: the reason is in the message), M02.
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
  std::unordered_map<std::string, int> index_;  // of each node by its name
  std::vector<Parameter<T>> parameters_;
  std::vector<Head> heads_;
  Shape row_shape_;
  std::int64_t input_columns_ = 0;  // of all named inputs; 0: there are none, or they need not be the whole row
  std::vector<Shape> shapes_;       // of each node's output; empty: not known
  bool built_ = false;
  ModelIdentity identity_;
};

using Model = BasicModel<float>;

/// A plan with memory of its own: `rows` rows at most at a call.
template <class T>
class Predictor {
 public:
  Predictor(const BasicModel<T>& model, std::int64_t rows);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  /// One row in, its outputs out; the span is valid until the next call. Throws U20 on a wrong count, U24 where the
  /// model has changed (BasicModel::predictor) or the predictor was moved from.
  std::span<const T> operator()(std::span<const T> row);
  /// Up to `rows` rows.
  View<const T> operator()(View<const T> rows);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The loss that fit() chooses for this model and data; with heads, the weighted sum of theirs. Throws U20, U33 where
/// outputs and targets do not fit.
template <class T>
PELLUCID_EXPORT Loss default_loss(const BasicModel<T>& model, const Dataset& data);

extern template class BasicModel<float>;
extern template class BasicModel<double>;
extern template class Predictor<float>;
extern template class Predictor<double>;

}  // namespace pellucid
