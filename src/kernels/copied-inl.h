// Large products: tiles of a and panels of b are copied so that a tile reads its operands contiguously. Included once
// per target.
// Not here: the sums of a tile (kernels/tile-inl.h), cutting matrices into cache blocks (kernels/product.cc,
// product_transposed.cc, product_update.cc).
#if defined(PELLUCID_KERNELS_COPIED_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_COPIED_INL_H
#undef PELLUCID_KERNELS_COPIED_INL_H
#else
#define PELLUCID_KERNELS_COPIED_INL_H
#endif

#include <cstring>

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

// A wide tile has six rows of four vectors (AVX-512). Of all tiles with 24 chains it needs nearly the fewest loads per
// multiply-add, and it reads whole cache lines of a row.
inline constexpr int wide_rows = 6;
inline constexpr int wide_vectors = HWY_CAP_GE512 ? 4 : 2;
/// Steps per panel; a panel of 32 or 16 KiB stays in L1.
inline constexpr std::int64_t wide_depth = HWY_CAP_GE512 ? 128 : 256;
inline constexpr std::int64_t most_depth = 256;  ///< steps per panel where partial sums must not go through memory

/// Whether copying a block of a pays off; the copy costs as much as computing some vectors of columns.
template <class T>
constexpr bool worth_copying(std::int64_t rows, std::int64_t columns) noexcept {
  return rows >= 4 * wide_rows && columns >= 32 * Lanes<T>::count;
}

/// A block of a, cut into slivers: each holds the rows of one tile, step by step. 256 KiB on the stack.
template <class T>
class Slivers {
 public:
  /// The number of rows that fit with this many steps; a multiple of a tile's rows.
  static constexpr std::int64_t most(std::int64_t steps) noexcept { return room / steps / wide_rows * wide_rows; }

  /// Copies from the layout of `transposed` tiles, a[r,i] at a + i · lda + r. Goes through few steps at a time, so that
  /// few memory pages are in use at once.
  void copy(std::int64_t rows, std::int64_t steps, const T* a, std::int64_t lda) noexcept {
    constexpr std::int64_t few = 16;
    for (std::int64_t first = 0; first < steps; first += few) {
      const std::int64_t end = std::min(first + few, steps);
      each_tile(rows, wide_rows, [&](std::int64_t row, std::int64_t count) {
        T* to = data_ + row * steps + first * count;
        for (std::int64_t i = first; i < end; ++i, to += count) {
          const T* from = a + i * lda + row;
          // A multiple of four, so that the compiler knows the size of the copy.
          const std::int64_t together = count & ~3;
          if (together) std::memcpy(to, from, 4 * sizeof(T));
          for (std::int64_t r = together; r < count; ++r) to[r] = from[r];
        }
      });
    }
  }
  /// Copies from a[r,i] at a + r · lda + i.
  void turn(std::int64_t rows, std::int64_t steps, const T* a, std::int64_t lda) noexcept {
    each_tile(rows, wide_rows, [&](std::int64_t row, std::int64_t count) {
      transpose(count, steps, a + row * lda, lda, data_ + row * steps, count);
    });
  }
  /// The sliver of the tile that begins at `row`: in the layout `transposed`, with the tile's number of rows as lda.
  const T* at(std::int64_t row, std::int64_t steps) const noexcept { return data_ + row * steps; }

 private:
  static constexpr std::int64_t room = 256 * 1024 / sizeof(T);
  HWY_ALIGN T data_[room];
};

/// A copied panel of b: `width` columns. At most 64 KiB on the stack.
template <class T>
class WidePanel {
 public:
  static constexpr std::int64_t width = wide_vectors * Lanes<T>::count;

  HWY_FLATTEN void copy(std::int64_t steps, std::int64_t columns, const T* b, std::int64_t ldb) noexcept {
    for (std::int64_t i = 0; i < steps; ++i) {
      each<T>(columns,
              [&](auto io, std::int64_t c) HWY_ATTR { io.store(io.load(b + i * ldb + c), data_ + i * width + c); });
    }
  }
  /// Copies from b[i,c] at b + c · ldb + i.
  void turn(std::int64_t steps, std::int64_t columns, const T* b, std::int64_t ldb) noexcept {
    transpose(columns, steps, b, ldb, data_, width);
  }
  const T* data() const noexcept { return data_; }

 private:
  HWY_ALIGN T data_[most_depth * width];
};

template <class T, int C, bool part, int... R>
constexpr std::array<RunTile<T>, sizeof...(R)> wide_tiles_of(std::integer_sequence<int, R...>) noexcept {
  if constexpr (part) {
    return {&run_part<R + 1, C, true, T, true>...};
  } else {
    return {&run_whole<R + 1, C, true, T, true>...};
  }
}

/// Indexed by the number of rows − 1.
template <class T, int C, bool part>
inline constexpr auto wide_tiles = wide_tiles_of<T, C, part>(std::make_integer_sequence<int, wide_rows>());

template <class T, int C = wide_vectors>
RunTile<T> wide_tile_for(std::int64_t rows, std::int64_t columns) noexcept {
  const std::size_t row = static_cast<std::size_t>(rows - 1);
  if (columns == WidePanel<T>::width) return wide_tiles<T, wide_vectors, false>[row];
  if constexpr (C > 1) {
    if (columns <= (C - 1) * Lanes<T>::count) return wide_tile_for<T, C - 1>(rows, columns);
  }
  return wide_tiles<T, C, true>[row];
}

/// Rows of a matrix that will be copied next. They are prefetched into L2, all their cache lines, during other work.
template <class T>
struct Ahead {
  const T* p;
  std::int64_t rows, columns, ld;

  /// Prefetches the part begin … end of `total` equal parts.
  HWY_INLINE void fetch(std::int64_t begin, std::int64_t end, std::int64_t total) const noexcept {
    for (std::int64_t r = rows * begin / total; r < rows * end / total; ++r) {
      for (std::int64_t c = 0; c < columns; c += 64 / sizeof(T)) __builtin_prefetch(p + r * ld + c, 0, 2);
    }
  }
};

/// Runs all tiles of a block of a with one panel of b: out[rows,columns] = start + a · b. start null: sums start from
/// 0; ldstart 0: one row of start values for all rows.
template <class T, class Done>
HWY_INLINE void run_wide_tiles(std::int64_t rows, std::int64_t steps, std::int64_t columns, const Slivers<T>& a,
                               const WidePanel<T>& b, const T* start, std::int64_t ldstart, T* out, std::int64_t ldout,
                               const Ahead<T>& ahead, Done done) noexcept {
  each_tile(rows, wide_rows, [&](std::int64_t row, std::int64_t count) {
    ahead.fetch(row, row + count, rows);
    wide_tile_for<T>(count,
                     columns)({steps, a.at(row, steps), count, b.data(), WidePanel<T>::width,
                               start ? start + row * ldstart : nullptr, ldstart, out + row * ldout, ldout, columns});
    done(row, count);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
