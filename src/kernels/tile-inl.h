// Used by all products: the tile of sums in registers, and copying a panel to memory that stays in L1. Included once
// per target.
// Not here: cutting a matrix into tiles (kernels/product.cc, kernels/product_transposed.cc).
#if defined(PELLUCID_KERNELS_TILE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_TILE_INL_H
#undef PELLUCID_KERNELS_TILE_INL_H
#else
#define PELLUCID_KERNELS_TILE_INL_H
#endif

#include <hwy/cache_control.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

inline constexpr int panel_vectors = 2;  ///< vectors per row of a panel of columns
/// Steps of a chain between two visits to memory; a panel of b takes 16 or 32 KiB.
inline constexpr std::int64_t panel_depth = 256;

/// Largest number of rows of chains that fit the registers; fewer if each row needs its own pointer.
template <bool transposed>
inline constexpr int most_rows = HWY_CAP_GE512 ? (transposed ? 12 : 8) : 6;

/// out[r,c] = start[r,c] + Σ over i of a[r,i] · b[i,c], in ascending i. One value of i is one step of a chain.
template <class T>
struct Tile {
  std::int64_t depth;  ///< number of steps i
  const T* a;          ///< a[r,i] is at a + r · lda + i; transposed: at a + i · lda + r
  std::int64_t lda;
  const T* b;
  std::int64_t ldb;
  const T* start;        ///< null: sums start from 0
  std::int64_t ldstart;  ///< 0: one row of start values for all rows
  T* out;
  std::int64_t ldout;
  std::int64_t columns;
};

/// Loads the start values of R rows and C vectors of chains into registers. `last` loads the last vector: Whole or
/// Part.
template <int R, int C, class Last, class T>
HWY_INLINE void begin_tile(const Tile<T>& t, Last last, Lanes<T> (&chain)[R][C]) noexcept {
  constexpr int N = Lanes<T>::count;
  const Whole<T> whole;
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(8)
    for (int c = 0; c < C; ++c) {
      const std::int64_t at = r * t.ldstart + c * N;
      chain[r][c] = !t.start ? Lanes<T>(0.0) : c == C - 1 ? last.load(t.start + at) : whole.load(t.start + at);
    }
  }
}

/// Steps `from` … `to` of the chains. `copied`: a is a sliver (kernels/copied-inl.h), so lda is R.
template <int R, int C, bool transposed, bool copied, class Last, class T>
HWY_INLINE void sum_steps(const Tile<T>& t, std::int64_t from, std::int64_t to, Last last,
                          Lanes<T> (&chain)[R][C]) noexcept {
  constexpr int N = Lanes<T>::count;
  const Whole<T> whole;
  const std::int64_t row = transposed ? 1 : t.lda, step = copied ? R : transposed ? t.lda : 1;
  const T* a = t.a + from * step;
  const T* b = t.b + from * t.ldb;
  for (std::int64_t i = from; i < to; ++i, a += step, b += t.ldb) {
    // In a batch's own layout the next steps are whole rows away, too far for the hardware prefetcher.
    if constexpr (transposed && !copied && R > 4) {
      hwy::Prefetch(a + 16 * step);
      hwy::Prefetch(a + 16 * step + (R - 1));
    }
    Lanes<T> across[C];
    HWY_UNROLL(8)
    for (int c = 0; c < C; ++c) across[c] = c == C - 1 ? last.load(b + c * N) : whole.load(b + c * N);
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), a[r * row]));
      HWY_UNROLL(8)
      for (int c = 0; c < C; ++c) chain[r][c] = fma(factor, across[c], chain[r][c]);
    }
  }
}

template <int R, int C, bool transposed, bool copied, class Last, class T>
HWY_INLINE void run_tile(const Tile<T>& t, Last last) noexcept {
  constexpr int N = Lanes<T>::count;
  const Whole<T> whole;
  Lanes<T> chain[R][C];
  begin_tile(t, last, chain);
  sum_steps<R, C, transposed, copied>(t, 0, t.depth, last, chain);
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    T* to = t.out + r * t.ldout;
    HWY_UNROLL(8)
    for (int c = 0; c < C; ++c) c == C - 1 ? last.store(chain[r][c], to + c * N) : whole.store(chain[r][c], to + c * N);
  }
}

template <int R, int C, bool transposed, class T, bool copied = false>
HWY_FLATTEN void run_whole(const Tile<T>& given) noexcept {
  const Tile<T> t = given;
  run_tile<R, C, transposed, copied>(t, Whole<T>());
}

template <int R, int C, bool transposed, class T, bool copied = false>
HWY_FLATTEN void run_part(const Tile<T>& given) noexcept {
  const Tile<T> t = given;
  run_tile<R, C, transposed, copied>(t, Part<T>(t.columns - (C - 1) * Lanes<T>::count));
}

template <class T>
using RunTile = void (*)(const Tile<T>&) noexcept;

template <class T, int C, bool transposed, bool part, int... R>
constexpr std::array<RunTile<T>, sizeof...(R)> tiles_of(std::integer_sequence<int, R...>) noexcept {
  if constexpr (part) {
    return {&run_part<R + 1, C, transposed, T>...};
  } else {
    return {&run_whole<R + 1, C, transposed, T>...};
  }
}

/// Indexed by the number of rows − 1.
template <class T, int C, bool transposed, bool part>
inline constexpr auto tiles =
    tiles_of<T, C, transposed, part>(std::make_integer_sequence<int, most_rows<transposed>>());

/// The tile function for this many rows and columns; at most panel_vectors wide.
template <bool transposed, class T>
RunTile<T> tile_for(std::int64_t rows, std::int64_t columns) noexcept {
  const std::size_t row = static_cast<std::size_t>(rows - 1);
  if (columns == panel_vectors * Lanes<T>::count) return tiles<T, panel_vectors, transposed, false>[row];
  if (columns > Lanes<T>::count) return tiles<T, panel_vectors, transposed, true>[row];
  return tiles<T, 1, transposed, true>[row];
}

/// Cuts `total` rows into tiles of nearly equal height, at most `most`, and calls body(first row, rows).
template <class Body>
HWY_INLINE void each_tile(std::int64_t total, std::int64_t most, Body body) noexcept {
  if (total <= most) {
    if (total > 0) body(std::int64_t{0}, total);
    return;
  }
  const std::int64_t count = (total + most - 1) / most;
  for (std::int64_t i = 0, row = 0; i < count; ++i) {
    const std::int64_t rows = total / count + (i < total % count);
    body(row, rows);
    row += rows;
  }
}

/// Cuts n columns into panels of 8 whole vectors, then of 4, 2 and 1, then the rest; calls body(V as a constant, io,
/// first column) for each.
template <class T, int V = 8, class Body>
HWY_INLINE void each_panel(std::int64_t n, const Body& body, std::int64_t c = 0) noexcept {
  constexpr std::int64_t width = V * Lanes<T>::count;
  for (; c + width <= n; c += width) body(std::integral_constant<int, V>(), Whole<T>(), c);
  if constexpr (V > 1) {
    each_panel<T, V / 2>(n, body, c);
  } else if (c < n) {
    body(std::integral_constant<int, 1>(), Part<T>(n - c), c);
  }
}

template <class T>
HWY_FLATTEN void copy_rows(std::int64_t rows, std::int64_t columns, const T* b, std::int64_t ldb, T* to,
                           std::int64_t ldto) noexcept {
  for (std::int64_t i = 0; i < rows; ++i) {
    each<T>(columns, [&](auto io, std::int64_t c) HWY_ATTR { io.store(io.load(b + i * ldb + c), to + i * ldto + c); });
  }
}

/// A panel of b, copied so that its rows are contiguous. At most 32 KiB on the stack.
template <class T>
class Panel {
 public:
  static constexpr std::int64_t width = panel_vectors * Lanes<T>::count;

  void copy(std::int64_t rows, std::int64_t columns, const T* b, std::int64_t ldb) noexcept {
    copy_rows(rows, columns, b, ldb, data_, width);
  }
  T* data() noexcept { return data_; }

 private:
  HWY_ALIGN T data_[panel_depth * width];
};

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
