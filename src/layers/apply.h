// Applies an activation to a whole view, forward and backward: by a kernel, or by a user's own functions.
// Not here: activations fused into a product (dense.cc), formulas (src/activations).
#pragma once

#include "kernels/parallel.h"
#include "layers/pass.h"
#include "pellucid/layer.h"

namespace pellucid {

inline Epilogue epilogue_of(const Activation& f) {
  return {f.kind().builtin, f.parameter()};
}

template <class T>
void apply(const Kernels<T>& kernels, const Activation& f, View<const T> z, View<T> y) {
  if (f.kind().builtin >= 0 && f.kind().rowwise) {
    return kernels.softmax(z.rows, z.columns, z.data, z.stride, y.data, y.stride);
  }
  if (f.kind().builtin >= 0 && z.stride == z.columns && y.stride == z.columns) {
    return kernels.activate(epilogue_of(f), z.rows * z.columns, z.data, y.data);
  }
  for (std::int64_t r = 0; r < z.rows; ++r) {
    if (f.kind().builtin >= 0) {
      kernels.activate(epilogue_of(f), z.columns, z.row(r), y.row(r));
    } else {
      f.function()->forward(z.row(r), y.row(r), z.columns);
    }
  }
}

/// dz = dy · f'(z). `z` may be empty if the activation does not need it; dz may be the same memory as dy.
template <class T>
void apply_gradient(const Kernels<T>& kernels, const Activation& f, View<const T> z, View<const T> y, View<const T> dy,
                    View<T> dz) {
  if (f.kind().builtin >= 0 && f.kind().rowwise) {
    return kernels.softmax_gradient(y.rows, y.columns, y.data, y.stride, dy.data, dy.stride, dz.data, dz.stride);
  }
  const bool gaps =
      y.stride != y.columns || dy.stride != y.columns || dz.stride != y.columns || (z && z.stride != y.columns);
  if (f.kind().builtin >= 0 && !gaps) {
    return kernels.activate_gradient(epilogue_of(f), y.rows * y.columns, z ? z.data : nullptr, y.data, dy.data,
                                     dz.data);
  }
  for (std::int64_t r = 0; r < y.rows; ++r) {
    const T* zr = z ? z.row(r) : nullptr;
    if (f.kind().builtin >= 0) {
      kernels.activate_gradient(epilogue_of(f), y.columns, zr, y.row(r), dy.row(r), dz.row(r));
    } else {
      f.function()->backward(zr, y.row(r), dy.row(r), dz.row(r), y.columns);
    }
  }
}

template <class T>
View<T> rows_of(View<T> view, std::int64_t begin, std::int64_t end) {
  return view ? View<T>{view.row(begin), end - begin, view.columns, view.stride} : view;
}

// Number of operations per element. 0 keeps the work on the caller's thread: a user's own functions may not be safe to
// call from several threads.
inline double cost_of(const Activation& f) {
  return f.kind().builtin < 0 ? 0 : 16;
}

/// The same with the rows shared among the pass's team.
template <class T>
void apply(const Pass<T>& pass, const Activation& f, View<const T> z, View<T> y) {
  const double cost = cost_of(f) * static_cast<double>(z.columns);
  parallel_rows<T>(pass.team(), z.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    apply<T>(pass.kernels(), f, rows_of(z, begin, end), rows_of(y, begin, end));
  });
}

template <class T>
void apply_gradient(const Pass<T>& pass, const Activation& f, View<const T> z, View<const T> y, View<const T> dy,
                    View<T> dz) {
  const double cost = cost_of(f) * static_cast<double>(y.columns);
  parallel_rows<T>(pass.team(), y.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    apply_gradient<T>(pass.kernels(), f, rows_of(z, begin, end), rows_of(y, begin, end), rows_of(dy, begin, end),
                      rows_of(dz, begin, end));
  });
}

/// Whether z must be kept for the gradient. A user's own functions may always need it.
inline bool keeps_input(const Activation& f) {
  return f.kind().needs_input || f.kind().builtin < 0;
}
inline bool is_identity(const Activation& f) {
  return &f.kind() == &activation_kind::linear;
}

}  // namespace pellucid
