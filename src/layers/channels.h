// A row as positions × channels, the channels being its last axis; matrices of them for the kernels.
// Not here: the layers (batch_norm.cc, layer_norm.cc).
#pragma once

#include <string>

#include "layers/elements.h"

namespace pellucid {

struct Channels {
  std::int64_t count, positions;

  explicit Channels(const Shape& row)
      : count(row.rank() > 0 ? row[row.rank() - 1] : 1), positions(count > 0 ? row.elements() / count : 0) {}

  /// From one position to the next, within a row or, for flat rows, from row to row.
  template <class T>
  std::int64_t step(const View<T>& view) const noexcept {
    return positions == 1 ? view.stride : count;
  }

  /// Calls work(first row, number of positions) for the rows begin … end - 1: once for flat rows, else once per row.
  template <class F>
  void each_matrix(std::int64_t begin, std::int64_t end, const F& work) const {
    if (positions == 1) return work(begin, end - begin);
    for (std::int64_t r = begin; r < end; ++r) work(r, positions);
  }
};

/// The two parameters of a normalization.
inline Need gamma_need(std::int64_t channels) {
  return {.name = "gamma", .shape = {channels}, .initializer = Initializer("constant", 1)};
}
inline Need beta_need(std::int64_t channels) {
  return {.name = "beta", .shape = {channels}};
}

}  // namespace pellucid
