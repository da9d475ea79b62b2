// The plain scalar twin of every kernel: what each kernel computes, as loops that a reader can check.
// Not here: vectors (the other files of src/kernels); formulas (src/activations, src/losses, src/optimizers).
#include "kernels/scalar.h"

#include <algorithm>

#include "kernels/formulas.h"
#include "kernels/scalar_loops.h"
#include "kernels/scalar_norm.h"
#include "kernels/scalar_pictures.h"
#include "kernels/scalar_table.h"
#include "kernels/tree.h"

namespace pellucid::scalar {

#include "activations/formulas.inc"
#include "losses/formulas.inc"
#include "optimizers/formulas.inc"

namespace {

template <class T>
using Unary = Plain<T> (*)(Plain<T>, Plain<T>) noexcept;
template <class T>
using Ternary = Plain<T> (*)(Plain<T>, Plain<T>, Plain<T>) noexcept;

template <class T>
struct ActivationRow {
  Unary<T> value = nullptr;
  Ternary<T> slope = nullptr;
};

template <class T, class Kind>
constexpr ActivationRow<T> activation_row() {
  if constexpr (Kind::kind.rowwise) {
    return {};
  } else {
    return {&Kind::template value<Plain<T>>, &Kind::template slope<Plain<T>>};
  }
}

template <class T>
struct LossRow {
  Ternary<T> value;
  Ternary<T> slope;
  bool rowwise;
};

template <class T>
using Update = Plain<T> (*)(Plain<T>, Plain<T>, Plain<T>*, const Plain<T>*) noexcept;

template <class T>
struct UpdateRow {
  Update<T> update;
  int slots;
};

#define PELLUCID_KIND(Type, name) activation_row<T, Type>(),
template <class T>
constexpr ActivationRow<T> activation_rows[] = {
#include "activations/kinds.inc"
};
#undef PELLUCID_KIND

#define PELLUCID_KIND(Type, name) \
  {&Type::template value<Plain<T>>, &Type::template slope<Plain<T>>, Type::kind.rowwise},
template <class T>
constexpr LossRow<T> loss_rows[] = {
#include "losses/kinds.inc"
};
#undef PELLUCID_KIND

#define PELLUCID_KIND(Type, name) {&Type::template update<Plain<T>>, Type::slots},
template <class T>
constexpr UpdateRow<T> update_rows[] = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

template <class T>
T sum(std::int64_t n, const T* x) noexcept {
  return sum_of<T>(n, [x](std::int64_t i, T so_far) { return so_far + x[i]; });
}

template <class T>
T dot(std::int64_t n, const T* a, const T* b) noexcept {
  return sum_of<T>(n, [a, b](std::int64_t i, T so_far) { return std::fma(a[i], b[i], so_far); });
}

template <class T>
T sum_squares(std::int64_t n, const T* x) noexcept {
  return dot(n, x, x);
}

template <class T>
void activate(Epilogue f, std::int64_t n, const T* z, T* y) noexcept {
  const auto value = activation_rows<T>[f.activation].value;
  for (std::int64_t i = 0; i < n; ++i) y[i] = value(Plain<T>(z[i]), Plain<T>(f.parameter)).v;
}

template <class T>
void activate_gradient(Epilogue f, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept {
  const auto slope = activation_rows<T>[f.activation].slope;
  for (std::int64_t i = 0; i < n; ++i) {
    dz[i] = dy[i] * slope(Plain<T>(z ? z[i] : y[i]), Plain<T>(y[i]), Plain<T>(f.parameter)).v;
  }
}

template <class T>
void product(const Product<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    for (std::int64_t c = 0; c < p.n; ++c) {
      T chain = p.bias ? p.bias[c] : T(0);
      for (std::int64_t i = 0; i < p.k; ++i) {
        const T w = p.w[p.w_transposed ? c * p.ldw + i : i * p.ldw + c];
        chain = std::fma(p.x[r * p.ldx + i], w, chain);
      }
      if (p.z) p.z[r * p.ldy + c] = chain;
      p.y[r * p.ldy + c] = chain;
    }
    if (p.epilogue.activation >= 0) activate(p.epilogue, p.n, p.y + r * p.ldy, p.y + r * p.ldy);
  }
}

template <class T>
void convolution(const Convolution<T>& p) noexcept {
  convolution_sums(p, [&](T* y) {
    if (p.epilogue.activation >= 0) activate(p.epilogue, p.n, y, y);
  });
}

template <class T>
void update(int rule, const UpdateStep<T>& step, std::int64_t n, T* w, const T* g, T* const* slots) noexcept;

// Stores a finished element of a gradient in c, or applies it to its weight.
template <class P, class T>
void put_gradient(const P& p, std::int64_t at, T gradient) noexcept {
  if (p.update.rule < 0) {
    p.c[at] = gradient;
    return;
  }
  T* slots[max_slots];
  for (int s = 0; s < max_slots; ++s) slots[s] = p.update.slots[s] ? p.update.slots[s] + at : nullptr;
  update(p.update.rule, p.update.step, 1, p.update.w + at, &gradient, slots);
}

template <class T>
void product_transposed(const ProductTransposed<T>& p) noexcept {
  for (std::int64_t i = 0; i < p.k; ++i) {
    for (std::int64_t c = 0; c < p.n; ++c) {
      const std::int64_t at = i * p.ldc + c;
      T chain = p.add ? p.c[at] : T(0);
      for (std::int64_t r = 0; r < p.m; ++r) chain = std::fma(p.x[r * p.ldx + i], p.d[r * p.ldd + c], chain);
      put_gradient(p, at, chain);
    }
  }
}

template <class T>
void sparse_product(const SparseProduct<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    const std::int32_t* const band = p.x.band + r * (p.x.bands + 1);
    for (std::int64_t c = 0; c < p.n; ++c) {
      T chain = p.bias ? p.bias[c] : T(0);
      for (std::int32_t i = band[0]; i < band[p.x.bands]; ++i) {
        chain = std::fma(p.x.value[i], p.w[p.x.column[i] * p.ldw + c], chain);
      }
      if (p.z) p.z[r * p.ldy + c] = chain;
      p.y[r * p.ldy + c] = chain;
    }
    if (p.epilogue.activation >= 0) activate(p.epilogue, p.n, p.y + r * p.ldy, p.y + r * p.ldy);
  }
}

template <class T>
void sparse_product_transposed(const SparseProductTransposed<T>& p) noexcept {
  const ColumnEntry<T>* entry = p.x.entry;
  for (std::int64_t g = 0; g <= p.m; ++g) {
    for (std::int32_t i = p.x.group[g]; i < p.x.group[g + 1]; ++i, entry += g) {
      const std::int64_t k = p.x.order[i];
      for (std::int64_t c = 0; c < p.n && k >= p.first && k < p.k; ++c) {
        T chain = 0;
        for (std::int64_t e = 0; e < g; ++e) chain = std::fma(entry[e].value, p.d[entry[e].row * p.ldd + c], chain);
        put_gradient(p, k * p.ldc + c, chain);
      }
    }
  }
}

template <class T>
void transpose(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b, std::int64_t ldb) noexcept {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) b[c * ldb + r] = a[r * lda + c];
  }
}

template <class T>
void column_sums(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* out, bool add) noexcept {
  for (std::int64_t c = 0; c < n; ++c) {
    T chain = add ? out[c] : T(0);
    for (std::int64_t r = 0; r < m; ++r) chain += d[r * ldd + c];
    out[c] = chain;
  }
}

template <class T>
T largest(std::int64_t n, const T* x) {
  T best = -std::numeric_limits<T>::infinity();
  for (std::int64_t i = 0; i < n; ++i) best = best > x[i] ? best : x[i];
  return best;
}

template <class T>
T exp_above(T x, T largest) {
  return exp(Plain<T>(x - largest)).v;
}

template <class T>
void softmax(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y, std::int64_t ldy) noexcept {
  for (std::int64_t r = 0; r < m; ++r, z += ldz, y += ldy) {
    const T top = largest(n, z);
    for (std::int64_t i = 0; i < n; ++i) y[i] = exp_above(z[i], top);
    const T total = sum(n, y);
    for (std::int64_t i = 0; i < n; ++i) y[i] /= total;
  }
}

template <class T>
void softmax_gradient(std::int64_t m, std::int64_t n, const T* y, std::int64_t ldy, const T* dy, std::int64_t lddy,
                      T* dz, std::int64_t lddz) noexcept {
  for (std::int64_t r = 0; r < m; ++r, y += ldy, dy += lddy, dz += lddz) {
    const T mean = dot(n, dy, y);
    for (std::int64_t i = 0; i < n; ++i) dz[i] = y[i] * (dy[i] - mean);
  }
}

/// The targets of row r: numbers, a class as one-hot, or, with one output, the label itself; smoothed to (1 -
/// smoothing) · t + smoothing / n.
template <class T>
struct Targets {
  const LossRows<T>& p;
  std::int64_t r;
  double smoothing = 0;

  T operator[](std::int64_t i) const {
    const T share = static_cast<T>(1 - smoothing), floor = static_cast<T>(smoothing / static_cast<double>(p.n));
    if (p.target) return std::fma(share, p.target[r * p.ldt + i], floor);
    if (p.n == 1) return static_cast<T>(p.label[r]);
    return i == p.label[r] ? share + floor : floor;
  }
};

template <class T>
void elementwise_loss(const LossRow<T>& kind, double parameter, const LossRows<T>& p) noexcept {
  const Plain<T> extra(parameter);
  for (std::int64_t r = 0; r < p.m; ++r) {
    const Targets<T> target{p, r};
    const T* y = p.y + r * p.ldy;
    const T weight = p.weight ? p.weight[r] : T(1);
    if (p.loss) {
      p.loss[r] = weight * sum_of<T>(p.n, [&](std::int64_t i, T so_far) {
                    return so_far + kind.value(Plain<T>(y[i]), Plain<T>(target[i]), extra).v;
                  });
    }
    const T factor = p.scale * weight;
    for (std::int64_t i = 0; p.dy && i < p.n; ++i) {
      p.dy[r * p.lddy + i] = factor * kind.slope(Plain<T>(y[i]), Plain<T>(target[i]), extra).v;
    }
  }
}

template <class T>
void rowwise_loss(const LossRow<T>& kind, double smoothing, const LossRows<T>& p) noexcept {
  for (std::int64_t r = 0; r < p.m; ++r) {
    const Targets<T> target{p, r, smoothing};
    const T *y = p.y + r * p.ldy, top = largest(p.n, y);
    const T exp_sum = sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return so_far + exp_above(y[i], top); });
    const T log_sum = log(Plain<T>(exp_sum)).v;
    const T weight = p.weight ? p.weight[r] : T(1);
    if (p.loss) {
      p.loss[r] = weight * sum_of<T>(p.n, [&](std::int64_t i, T so_far) {
                    return so_far + kind.value(Plain<T>(y[i] - top), Plain<T>(target[i]), Plain<T>(log_sum)).v;
                  });
    }
    T total = 1;  // the sum of a label's targets, smoothed or not
    if (p.target || p.n == 1) total = sum_of<T>(p.n, [&](std::int64_t i, T so_far) { return so_far + target[i]; });
    const T factor = p.scale * weight;
    for (std::int64_t i = 0; p.dy && i < p.n; ++i) {
      const Plain<T> share(exp_above(y[i], top) / exp_sum);
      p.dy[r * p.lddy + i] = factor * kind.slope(share, Plain<T>(target[i]), Plain<T>(total)).v;
    }
  }
}

template <class T>
void loss(int kind, double parameter, const LossRows<T>& p) noexcept {
  const LossRow<T>& row = loss_rows<T>[kind];
  row.rowwise ? rowwise_loss(row, parameter, p) : elementwise_loss(row, parameter, p);
}

/// The gradient that the update rule receives: clamped, then with l2 · w added.
template <class T>
Plain<T> prepared(const UpdateStep<T>& step, Plain<T> g, Plain<T> w) {
  const Plain<T> clip(step.clip);
  if (step.clip > 0) g = max(-clip, min(clip, g));
  return step.l2 > 0 ? fma(Plain<T>(step.l2), w, g) : g;
}

/// w moved towards 0 by l1, but not past 0.
template <class T>
Plain<T> drawn(const UpdateStep<T>& step, Plain<T> w) {
  if (!(step.l1 > 0)) return w;
  return copysign(max(Plain<T>(0), abs(w) - Plain<T>(step.l1)), w);
}

template <class T>
void update(int rule, const UpdateStep<T>& step, std::int64_t n, T* w, const T* g, T* const* slots) noexcept {
  const UpdateRow<T>& row = update_rows<T>[rule];
  Plain<T> constant[max_constants];
  for (int i = 0; i < max_constants; ++i) constant[i] = Plain<T>(step.constant[i]);
  for (std::int64_t i = 0; i < n; ++i) {
    Plain<T> state[max_slots];
    for (int s = 0; s < row.slots; ++s) state[s] = Plain<T>(slots[s][i]);
    const Plain<T> old(w[i]);
    w[i] = drawn(step, row.update(old, prepared(step, Plain<T>(g[i]), old), state, constant)).v;
    for (int s = 0; s < row.slots; ++s) slots[s][i] = state[s].v;
  }
}

void sort_by_count(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                   std::uint16_t* order) noexcept {
  std::int32_t placed = 0;
  for (std::int64_t g = 0; g <= most; ++g) {
    group[g] = placed;
    for (std::int64_t i = 0; i < n; ++i) {
      if (count[i] == g) order[placed++] = static_cast<std::uint16_t>(i);
    }
  }
  group[most + 1] = placed;
}

}  // namespace

template <class T>
const Kernels<T>& table() noexcept {
  static constexpr Kernels<T> kernels{"scalar",
                                      true,
                                      product,
                                      product_transposed,
                                      sparse_product,
                                      sparse_product_transposed,
                                      transpose,
                                      column_sums,
                                      activate,
                                      activate_gradient,
                                      softmax,
                                      softmax_gradient,
                                      column_moments,
                                      column_products,
                                      column_norm,
                                      column_norm_gradient,
                                      row_norm,
                                      row_norm_gradient,
                                      loss,
                                      update,
                                      sum,
                                      sum_squares,
                                      dot,
                                      add,
                                      axpy,
                                      scale,
                                      multiply,
                                      sort_by_count,
                                      widen,
                                      convolution,
                                      convolution_gradient,
                                      max_pool,
                                      max_pool_gradient,
                                      average_pool,
                                      average_pool_gradient};
  return kernels;
}

template const Kernels<float>& table() noexcept;
template const Kernels<double>& table() noexcept;

}  // namespace pellucid::scalar
