// What stands behind a Pass: the views of one node on one workspace, and where each parameter's gradient goes.
// Not here: who fills it in (workspace.cc).
#pragma once

#include <vector>

#include "core/team.h"
#include "kernels/kernels.h"
#include "pellucid/layer.h"

namespace pellucid {

/// Where the gradient of one parameter goes.
///   none    nobody wants it
///   store   into `gradient`; an update, if any, follows after the whole backward pass
///   update  the optimizer's rule runs on each piece of the gradient while it is hot; the gradient is never stored
template <class T>
struct GradientSink {
  enum class Mode { none, store, update };
  Mode mode = Mode::none;
  T* gradient = nullptr;
  Update<T> update{};  // rule < 0: the parameter is not learned
};

template <class T>
struct PassData {
  const Kernels<T>* kernels = nullptr;
  Team* team = nullptr;
  std::int64_t rows = 0;
  bool training = false;
  bool logits = false;
  std::vector<View<T>> x, dx;
  View<T> y, dy;
  SparseByRow<T> sparse_rows{};        // x(0) without its zeros, where count is set; the view x(0) is then not filled
  SparseByColumn<T> sparse_columns{};  // the same by columns, for backward
  std::vector<View<T>> slices;         // by need; parameters and states whole, the others with the plan's full rows
  std::vector<bool> per_row;           // by need: whether slices[i] shrinks with the rows of a short batch
  std::vector<GradientSink<T>> sinks;  // by need
  RandomKey key{};
  std::uint32_t first_row = 0;
  std::int64_t row_block = 1024;
  T* fold = nullptr;  // room for the partial sums of row blocks and for a bias's gradient
};

}  // namespace pellucid
