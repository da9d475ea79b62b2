// Net: the layers that an imported graph becomes. Constant factors and shifts are merged into the dense layers beside
// them. Not here: operators (operators.cc), constants (constants.h).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "import/onnx/graph.h"
#include "pellucid/onnx_import.h"

namespace pellucid::importing {

std::int64_t count(const Extents& extents);  ///< product of the extents

/// A computed array: one row of it for each row of data.
struct Value {
  int part = -1;           ///< index of the part of the net that computes it; -1: columns of the data row
  std::int64_t first = 0;  ///< of the data row
  Extents extents{};       ///< of one row
  /// The value is factor · x + shift, where x is what the part computes. Both empty: x itself.
  std::vector<double> factor{}, shift{};
  bool integers = false;
  bool is_index = false;  ///< rounded to integers, which only a look-up in a table does here
  /// Nothing else reads what the part computes, so that the part may still be changed.
  bool alone = false;

  std::int64_t size() const { return count(extents); }
};

class Net {
 public:
  Net(const Graph& graph);

  const Graph& graph() const noexcept { return graph_; }
  std::int64_t columns() const noexcept { return columns_; }
  Value input(std::size_t which) const;

  /// y = x·W + b; `weight` is row-major, x.size() × bias.size().
  Value dense(const Operator& op, const Value& x, std::vector<double> weight, std::vector<double> bias);
  Value activate(const Operator& op, const Value& x, const Activation& activation);
  /// Element-wise factor and shift; both have the size of x.
  Value affine(const Operator& op, Value x, std::vector<double> factor, std::vector<double> shift);
  /// Add, Multiply or Average of values with equal shapes.
  Value combine(const Operator& op, const Layer& layer, const std::vector<Value>& inputs);
  Value concat(const Operator& op, const std::vector<Value>& inputs);
  Value slice(const Operator& op, const Value& x, std::int64_t first, std::int64_t count);
  /// The row of the table whose index is the number of this column of the data.
  Value embed(const Operator& op, const Value& index, const Constant& table);
  Value dropout(const Operator& op, const Value& x, double rate);
  /// Normalizes the numbers of x, a flat row; gamma and beta have its size.
  Value layer_norm(const Operator& op, const Value& x, double epsilon, std::vector<double> gamma,
                   std::vector<double> beta);

  /// Ends the net in this value. Throws U38 if no layer computes it.
  void end(const Operator& last, Value answer);
  /// The activation at the end; null if there is none.
  const Activation* last_activation() const;
  /// Appends an activation after the last layer, for logits.
  void append_activation(const Activation& activation);

  /// Makes the model; `layers` receives the operators of each layer.
  Model build(std::vector<ImportedLayer>& layers) const;
  /// How a number of column c of the data becomes an input of the net: (value + offset) · factor.
  double column_factor(std::int64_t c) const { return column_factor_[static_cast<std::size_t>(c)]; }
  double column_shift(std::int64_t c) const { return column_shift_[static_cast<std::size_t>(c)]; }
  const std::string& column_scaling() const noexcept { return column_scaling_; }  ///< the operators that did it
  /// One column of the table holds the whole row: a picture, or more numbers than a table has columns.
  bool row_is_one_cell() const noexcept;
  /// Columns of the data that are looked up in a table, each with the number of the table's rows.
  const std::vector<EmbeddedColumn>& embedded() const noexcept { return embedded_; }
  Shape row_shape() const;

 private:
  struct Place {  // where a layer reads: a part, or `size` columns of the data
    int part;
    std::int64_t first, size;
  };
  struct Part {
    std::shared_ptr<const Layer> layer{};  // null: dense
    std::vector<Place> inputs{};
    std::int64_t size = 0;
    std::vector<double> weight{}, bias{}, factor{};  // of a dense layer; of a scale layer
    std::vector<double> gamma{}, beta{};             // of a normalization
    Activation activation{};
    bool frozen = false;
    std::string operators{};
  };

  Value add(const Operator& op, Part part, Extents extents);
  Part* open_dense(const Value& x);
  Place place(const Operator& op, Value x);
  Place plain(const Operator& op, const Value& x);
  bool joins_columns(const Value& x, const std::vector<double>& factor, const std::vector<double>& shift) const;
  void spend(std::int64_t numbers);
  using Readers = std::map<std::pair<std::int64_t, std::int64_t>, std::string>;
  std::string data_reader(Model& model, const Place& place, bool takes_shapes, Readers& readers) const;

  const Graph& graph_;
  std::vector<std::int64_t> starts_;  // first column of each input
  std::int64_t columns_ = 0;
  std::vector<double> column_factor_, column_shift_;
  std::string column_scaling_;
  std::vector<Part> parts_;
  std::vector<EmbeddedColumn> embedded_;
  double spent_ = 0;
};

}  // namespace pellucid::importing
