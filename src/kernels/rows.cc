// Kernels that need whole rows: softmax, its gradient, and the losses.
// Not here: the formulas of the losses (src/losses), elementwise activations (kernels/activate.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/rows.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/formulas.h"
#include "kernels/parts-inl.h"
#include "kernels/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "losses/formulas.inc"

template <class T>
HWY_INLINE T largest(std::int64_t n, const T* x) noexcept {
  const Lanes<T> lowest(-std::numeric_limits<double>::infinity());
  Lanes<T> best = lowest;
  each<T>(n, [&](auto io, std::int64_t i) HWY_ATTR { best = max(best, io.kept(io.load(x + i), lowest)); });
  return hn::GetLane(hn::MaxOfLanes(hn::ScalableTag<T>(), best.v));
}

/// The largest of the first n lanes; the other lanes must hold -inf.
template <class D>
HWY_INLINE hn::TFromD<D> largest_of(D d, hn::Vec<D> v, std::int64_t n) noexcept {
  if constexpr (hn::MaxLanes(D()) > 4) {
    const hn::Half<D> half;
    if (n <= static_cast<std::int64_t>(hn::MaxLanes(half))) return largest_of(half, hn::LowerHalf(half, v), n);
  }
  return hn::GetLane(hn::MaxOfLanes(d, v));
}

/// exp(z - top) of a row and their sum in the order of sum_of; top is the row's largest element. A row has at most V
/// vectors and at most sum_lanes elements. Each of the three parts is one long dependency for a single row; doing each
/// part for many rows in turn lets the rows overlap.
template <class T, int V>
struct ShortRow {
  static constexpr int N = Lanes<T>::count;
  Lanes<T> e[V];
  T top, sum;

  HWY_INLINE void find_top(const T* z, std::int64_t n) noexcept {
    const Lanes<T> lowest(-std::numeric_limits<double>::infinity());
    for (int v = 0; v < V; ++v) e[v] = part(n, v).kept(part(n, v).load(z + v * N), lowest);
    Lanes<T> best = e[0];
    for (int v = 1; v < V; ++v) best = max(best, e[v]);
    top = largest_of(hn::ScalableTag<T>(), best.v, n);
  }
  HWY_INLINE void raise(std::int64_t n) noexcept {
    for (int v = 0; v < V; ++v) {
      // Lanes after the end of the row get 0, but not by exp(-inf), whose last step would be a slow operation on
      // denormals.
      const Lanes<T> above = part(n, v).kept(e[v] - Lanes<T>(top), Lanes<T>(0.0));
      e[v] = part(n, v).kept(exp_negative(above), Lanes<T>(0.0));
    }
  }
  HWY_INLINE void add_up(std::int64_t n) noexcept {
    Lanes<T> held[V];
    for (int v = 0; v < V; ++v) held[v] = e[v];
    for (int half = V / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) held[v] = held[v] + held[v + half];
    }
    sum = fold_first(hn::ScalableTag<T>(), held[0].v, n);
  }
  static HWY_INLINE Part<T> part(std::int64_t n, int v) noexcept {
    return Part<T>(V == 1 ? n : std::clamp<std::int64_t>(n - v * N, 0, N));
  }
};

inline constexpr std::int64_t most_rows_at_once = 16;

/// Computes `rows` short rows of n elements, beginning at z; at most most_rows_at_once.
template <class T, int V>
HWY_INLINE void make_short_rows(std::int64_t rows, std::int64_t n, const T* z, std::int64_t ldz,
                                ShortRow<T, V>* row) noexcept {
  for (std::int64_t i = 0; i < rows; ++i) row[i].find_top(z + i * ldz, n);
  for (std::int64_t i = 0; i < rows; ++i) row[i].raise(n);
  for (std::int64_t i = 0; i < rows; ++i) row[i].add_up(n);
}

/// Calls body(V as a constant) and returns true if a row of n elements is a short row of V vectors; else returns false.
template <class T, class Body>
HWY_INLINE bool if_short(std::int64_t n, Body body) noexcept {
  constexpr int most = sum_lanes / Lanes<T>::count;
  if (n <= Lanes<T>::count) return body(std::integral_constant<int, 1>()), true;
  if (most == 1 || n > sum_lanes) return false;
  return body(std::integral_constant<int, most>()), true;
}

/// The targets of row r: numbers, a class as one-hot, or, with one output, the label itself. A loss over whole rows may
/// smooth them: (1 - smoothing) · t + smoothing / n.
template <class T>
struct Targets {
  const T* row;
  bool itself;
  Lanes<T> label, share, floor;

  HWY_INLINE Targets(const LossRows<T>& p, std::int64_t r, double smoothing = 0) noexcept
      : row(p.target ? p.target + r * p.ldt : nullptr),
        itself(p.n == 1),
        label(p.label ? p.label[r] : 0.0),
        share(1 - smoothing),
        floor(smoothing / static_cast<double>(p.n)) {}

  template <class Io>
  HWY_INLINE Lanes<T> load(Io io, std::int64_t i) const noexcept {
    if (row) return fma(share, io.load(row + i), floor);
    if (itself) return label;
    const Lanes<T> index(hn::Iota(hn::ScalableTag<T>(), static_cast<T>(i)));
    return select(index == label, share + floor, floor);
  }
};

template <class T>
HWY_INLINE T weight_of(const LossRows<T>& p, std::int64_t r) noexcept {
  return p.weight ? p.weight[r] : T(1);
}

template <class T, class Kind>
HWY_INLINE void elementwise_row(const LossRows<T>& p, std::int64_t r, Lanes<T> extra) noexcept {
  const Targets<T> target(p, r);
  const T* y = p.y + r * p.ldy;
  if (p.loss) {
    p.loss[r] = weight_of(p, r) * sum_of<T>(p.n, [&](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
                  return held + Kind::value(io.load(y + i), target.load(io, i), extra);
                });
  }
  if (!p.dy) return;
  T* dy = p.dy + r * p.lddy;
  const Lanes<T> factor(p.scale * weight_of(p, r));
  each<T>(p.n, [&](auto io, std::int64_t i)
                   HWY_ATTR { io.store(factor * Kind::slope(io.load(y + i), target.load(io, i), extra), dy + i); });
}

/// For one output per row, stored contiguously: lanes run across rows.
template <class T, class Kind>
HWY_INLINE void elementwise_column(const LossRows<T>& p, Lanes<T> extra) noexcept {
  each<T>(p.m, [&](auto io, std::int64_t i) HWY_ATTR {
    HWY_ALIGN T label[HWY_LANES(T)] = {};
    const std::int64_t rows = std::min<std::int64_t>(HWY_LANES(T), p.m - i);
    for (std::int64_t r = 0; !p.target && r < rows; ++r) label[r] = static_cast<T>(p.label[i + r]);
    const Lanes<T> target = p.target ? io.load(p.target + i) : Whole<T>().load(label);
    const Lanes<T> weight = p.weight ? io.load(p.weight + i) : Lanes<T>(1.0);
    const Lanes<T> y = io.load(p.y + i);
    if (p.loss) io.store(weight * (Lanes<T>(0.0) + Kind::value(y, target, extra)), p.loss + i);
    if (p.dy) io.store(Lanes<T>(p.scale) * weight * Kind::slope(y, target, extra), p.dy + i);
  });
}

/// Results of the first pass over each row, for a block of rows; the second pass then uses lanes across rows.
template <class T>
struct RowNotes {
  static constexpr std::int64_t most = most_rows_at_once;
  HWY_ALIGN T top[most], exp_sum[most], log_sum[most], own[most];  ///< own: the logit of the row's label minus top
};

/// The first pass over row r. Writes exp(y - top) to the place of the gradient.
template <class T>
HWY_INLINE void note_row(const LossRows<T>& p, std::int64_t r, bool one_class, RowNotes<T>& notes,
                         std::int64_t at) noexcept {
  const T* y = p.y + r * p.ldy;
  T* dy = p.dy ? p.dy + r * p.lddy : nullptr;
  notes.top[at] = largest(p.n, y);
  const Lanes<T> top(notes.top[at]);
  notes.exp_sum[at] = sum_of<T>(p.n, [&](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
    const Lanes<T> e = exp_negative(io.load(y + i) - top);
    if (dy) io.store(e, dy + i);
    return held + e;
  });
  if (one_class) notes.own[at] = y[p.label[r]] - notes.top[at];
}

/// note_row for short rows with a label; also computes their gradient.
template <class T, class Kind, int V>
HWY_INLINE void short_rows(const LossRows<T>& p, std::int64_t first, std::int64_t rows, double smoothing,
                           RowNotes<T>& notes) noexcept {
  ShortRow<T, V> made[most_rows_at_once];
  make_short_rows(rows, p.n, p.y + first * p.ldy, p.ldy, made);
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t r = first + i;
    const ShortRow<T, V>& row = made[i];
    notes.top[i] = row.top;
    notes.exp_sum[i] = row.sum;
    notes.own[i] = p.y[r * p.ldy + p.label[r]] - row.top;
    if (!p.dy) continue;
    const Targets<T> target(p, r, smoothing);
    const Lanes<T> factor(p.scale * weight_of(p, r)), sum(row.sum);
    for (int v = 0; v < V; ++v) {
      const auto part = row.part(p.n, v);
      const std::int64_t at = v * Lanes<T>::count;
      part.store(factor * Kind::slope(row.e[v] / sum, target.load(part, at), Lanes<T>(1.0)), p.dy + r * p.lddy + at);
    }
  }
}

template <class T, class Kind>
HWY_INLINE T rowwise_sum(const LossRows<T>& p, std::int64_t r, double smoothing, T row_top, T row_log_sum) noexcept {
  const Targets<T> target(p, r, smoothing);
  const Lanes<T> top(row_top), log_sum(row_log_sum);
  return sum_of<T>(p.n, [&](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
    return held + Kind::value(io.load(p.y + r * p.ldy + i) - top, target.load(io, i), log_sum);
  });
}

template <class T, class Kind>
HWY_INLINE void rowwise_gradient(const LossRows<T>& p, std::int64_t r, double smoothing, bool one_class,
                                 T row_exp_sum) noexcept {
  const Targets<T> target(p, r, smoothing);
  T* dy = p.dy + r * p.lddy;
  const T total = one_class ? T(1) : sum_of<T>(p.n, [&](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
    return held + target.load(io, i);
  });
  const Lanes<T> factor(p.scale * weight_of(p, r)), exp_sum(row_exp_sum);
  each<T>(p.n, [&](auto io, std::int64_t i) HWY_ATTR {
    io.store(factor * Kind::slope(io.load(dy + i) / exp_sum, target.load(io, i), Lanes<T>(total)), dy + i);
  });
}

template <class T, class Kind>
HWY_INLINE void rowwise_rows(const LossRows<T>& p, std::int64_t first, std::int64_t rows, double smoothing) noexcept {
  const bool one_class = p.label && p.n > 1;
  const bool one_term = one_class && smoothing == 0;  // all terms except the label's are 0
  RowNotes<T> notes = {};
  const bool is_short = one_class && if_short<T>(p.n, [&](auto V) HWY_ATTR {
                          short_rows<T, Kind, decltype(V)::value>(p, first, rows, smoothing, notes);
                        });
  for (std::int64_t i = 0; !is_short && i < rows; ++i) note_row(p, first + i, one_class, notes, i);
  if (p.loss) {
    HWY_ALIGN T sum[RowNotes<T>::most];
    each<T>(RowNotes<T>::most, [&](auto io, std::int64_t i) HWY_ATTR {
      const Lanes<T> log_sum = log(io.load(notes.exp_sum + i));
      io.store(log_sum, notes.log_sum + i);
      io.store(Kind::value(io.load(notes.own + i), Lanes<T>(1.0), log_sum), sum + i);
    });
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::int64_t r = first + i;
      p.loss[r] =
          weight_of(p, r) * (one_term ? sum[i] : rowwise_sum<T, Kind>(p, r, smoothing, notes.top[i], notes.log_sum[i]));
    }
  }
  for (std::int64_t i = 0; p.dy && !is_short && i < rows; ++i) {
    rowwise_gradient<T, Kind>(p, first + i, smoothing, one_class, notes.exp_sum[i]);
  }
}

template <class T, class Kind>
HWY_FLATTEN void loss_loop(double parameter, const LossRows<T>& p) noexcept {
  const Lanes<T> extra(parameter);
  if constexpr (!Kind::kind.rowwise) {
    const bool column = p.n == 1 && p.ldy == 1 && (!p.target || p.ldt == 1) && (!p.dy || p.lddy == 1);
    if (column) return elementwise_column<T, Kind>(p, extra);
    for (std::int64_t r = 0; r < p.m; ++r) elementwise_row<T, Kind>(p, r, extra);
  } else {
    constexpr std::int64_t most = RowNotes<T>::most;
    for (std::int64_t r = 0; r < p.m; r += most) rowwise_rows<T, Kind>(p, r, std::min(most, p.m - r), parameter);
  }
}

template <class T>
using LossLoop = void (*)(double, const LossRows<T>&) noexcept;

#define PELLUCID_KIND(Type, name) &loss_loop<T, Type>,
template <class T>
constexpr LossLoop<T> loss_loops[] = {
#include "losses/kinds.inc"
};
#undef PELLUCID_KIND

template <class T, int V>
HWY_INLINE void short_softmax(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y,
                              std::int64_t ldy) noexcept {
  ShortRow<T, V> row[most_rows_at_once];
  for (std::int64_t r = 0; r < m; r += most_rows_at_once) {
    const std::int64_t rows = std::min(most_rows_at_once, m - r);
    make_short_rows(rows, n, z + r * ldz, ldz, row);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (int v = 0; v < V; ++v) {
        row[i].part(n, v).store(row[i].e[v] / Lanes<T>(row[i].sum), y + (r + i) * ldy + v * Lanes<T>::count);
      }
    }
  }
}

}  // namespace

template <class T>
HWY_FLATTEN void softmax(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y,
                         std::int64_t ldy) noexcept {
  const bool is_short =
      if_short<T>(n, [=](auto V) HWY_ATTR { short_softmax<T, decltype(V)::value>(m, n, z, ldz, y, ldy); });
  for (std::int64_t r = 0; !is_short && r < m; ++r, z += ldz, y += ldy) {
    const Lanes<T> top(largest(n, z));
    const Lanes<T> total(sum_of<T>(n, [&](auto io, std::int64_t i, Lanes<T> held) HWY_ATTR {
      const Lanes<T> e = exp_negative(io.load(z + i) - top);
      io.store(e, y + i);
      return held + e;
    }));
    each<T>(n, [&](auto io, std::int64_t i) HWY_ATTR { io.store(io.load(y + i) / total, y + i); });
  }
}

template <class T>
HWY_FLATTEN void softmax_gradient(std::int64_t m, std::int64_t n, const T* y, std::int64_t ldy, const T* dy,
                                  std::int64_t lddy, T* dz, std::int64_t lddz) noexcept {
  for (std::int64_t r = 0; r < m; ++r, y += ldy, dy += lddy, dz += lddz) {
    const Lanes<T> mean(sum_of<T>(n, [&](auto io, std::int64_t i, Lanes<T> held)
                                         HWY_ATTR { return fma(io.load(dy + i), io.load(y + i), held); }));
    each<T>(n, [&](auto io, std::int64_t i) HWY_ATTR { io.store(io.load(y + i) * (io.load(dy + i) - mean), dz + i); });
  }
}

template <class T>
void loss(int kind, double parameter, const LossRows<T>& p) noexcept {
  loss_loops<T>[kind](parameter, p);
}

#define PELLUCID_ROWS(T)                                                                                         \
  template void softmax(std::int64_t, std::int64_t, const T*, std::int64_t, T*, std::int64_t) noexcept;          \
  template void softmax_gradient(std::int64_t, std::int64_t, const T*, std::int64_t, const T*, std::int64_t, T*, \
                                 std::int64_t) noexcept;                                                         \
  template void loss(int, double, const LossRows<T>&) noexcept;
PELLUCID_ROWS(float)
PELLUCID_ROWS(double)
#undef PELLUCID_ROWS

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
