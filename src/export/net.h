// Net: a model's layers as one list of basic operations with constant parameters, recorded by Layer::express().
// Not here: what columns become features (the exports' own files), the text of an export (src/export/c).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/expression.h"
#include "pellucid/model.h"

namespace pellucid {

enum class NetOperator {
  product,
  group_product,
  apply,
  add,
  add_constant,
  multiply,
  multiply_constant,
  multiply_number,
  concat,
  slice,
  look_up,
  bin_shares,
  normalize,
  normalize_rows,
  convolution,
  max_pool,
  average_pool
};

/// One operation; its members mean what the parameters of the same name in Expression mean.
struct NetOperation {
  NetOperator kind = NetOperator::product;
  std::vector<int> inputs{};  ///< indices of values
  int constant = -1;  ///< weight, terms, factors, table, edges or gamma: index into Model::parameters(); -1: none
  int bias = -1;      ///< likewise; beta
  int mean = -1, variance = -1;
  Activation activation{};
  double factor = 1;       ///< epsilon of a normalization
  std::int64_t first = 0;  ///< slice: first; look_up: column
  std::int64_t first_row = 0, rows = 0;
  std::int64_t groups = 1;
  PictureWindow window{};  ///< of a convolution or pooling
  int node = 0;            ///< of the model
};

/// Value 0 is the row of features; value i + 1 is the result of operation i.
struct Net {
  std::vector<NetOperation> operations{};
  std::vector<std::int64_t> sizes{};  ///< of each value
  std::vector<int> outputs{};         ///< values that are the model's outputs, side by side

  /// For each value the last operation that reads it; the number of operations for an output, -1 for none.
  std::vector<int> last_uses() const;
};

/// Throws U29 with the layer's name where a layer or an activation cannot be expressed, U21 where the model is not
/// built, U33 where its heads do not fit.
Net net_of(const Model& model);

}  // namespace pellucid
