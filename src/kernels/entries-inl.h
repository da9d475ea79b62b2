// Entries: the nonzero elements of a matrix, in cache blocks of steps, so that the matching rows of the other factor
// stay in L1. Included once per target.
// Not here: the products (kernels/entries.cc), finding the zeros (kernels/skip.cc).
#if defined(PELLUCID_KERNELS_ENTRIES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_ENTRIES_INL_H
#undef PELLUCID_KERNELS_ENTRIES_INL_H
#else
#define PELLUCID_KERNELS_ENTRIES_INL_H
#endif

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "kernels/compress-inl.h"
#include "kernels/kernels.h"
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// Steps per cache block: a panel with this many rows fits into L1, and an index within the block fits into a byte.
inline constexpr std::int64_t block_steps = HWY_CAP_GE512 ? 64 : 96;

inline constexpr std::uint64_t every_byte = 0x0101010101010101u;

/// The entries of at most most_rows rows, cache block after cache block; within a block row after row, which is the
/// order in which they are read. 330 KiB on the stack.
template <class T>
class Entries {
 public:
  static constexpr std::int64_t most_rows = 256;
  static constexpr std::int64_t room = 240 * 1024 / sizeof(T);
  static constexpr std::int64_t most_lists = 4096;  ///< at most this many lists; there is one list per row and block

  /// The number of rows that fit with this many steps each, even if no element is zero.
  static std::int64_t rows_for(std::int64_t steps) noexcept {
    return std::clamp(room / std::max(steps, std::int64_t{1}), std::int64_t{1}, most_rows);
  }
  /// The number of steps (a multiple of block_steps) that fit with this many rows, even if no element is zero.
  static std::int64_t steps_for(std::int64_t rows) noexcept { return room / rows / block_steps * block_steps; }

  void clear(std::int64_t rows, std::int64_t steps) noexcept {
    rows_ = rows;
    steps_ = steps;
    blocks_ = end_ = 0;
  }
  /// Appends the next cache block: `steps` elements of each row, row r at a + r · lda.
  HWY_INLINE void add(std::int64_t steps, const T* a, std::int64_t lda) noexcept {
    std::int64_t end = end_;
    for (std::int64_t r = 0; r < rows_; ++r) {
      begin_[blocks_ * rows_ + r] = static_cast<std::int32_t>(end);
      each<T>(steps, [&](auto io, std::int64_t i) HWY_ATTR { end += put(io.load(a + r * lda + i), i, end); });
    }
    finish_block(end);
  }
  std::int64_t rows() const noexcept { return rows_; }
  std::int64_t blocks() const noexcept { return blocks_; }
  std::int64_t steps(std::int64_t block) const noexcept { return std::min(block_steps, steps_ - block * block_steps); }
  bool is_empty(std::int64_t row) const noexcept {
    for (std::int64_t b = 0; b < blocks_; ++b) {
      if (begin_[b * rows_ + row] < begin_[b * rows_ + row + 1]) return false;
    }
    return true;
  }

  /// Calls done(r, start[r] + Σ value · panel[place]) for each row r of one cache block, summing its entries over V
  /// vectors of columns. start null: sums start from 0; ldstart 0: one row of start values for all rows.
  template <int V, class Io, class Done>
  HWY_INLINE void sum(std::int64_t block, const T* panel, const T* start, std::int64_t ldstart, Io io,
                      const Done& done) const noexcept {
    constexpr std::int64_t N = Lanes<T>::count, width = V * N;
    const std::int32_t* begin = begin_ + block * rows_;
    for (std::int64_t r = 0; r < rows_; ++r) {
      Lanes<T> chain[V];
      for (int v = 0; v < V; ++v) chain[v] = start ? io.load(start + r * ldstart + v * N) : Lanes<T>(0.0);
      const std::int64_t end = begin[r + 1];
      for (std::int64_t i = begin[r]; i < end; ++i) {
        const Lanes<T> factor(hn::Set(hn::ScalableTag<T>(), value_[i]));
        const T* from = panel + place_[i] * width;
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) chain[v] = fma(factor, Whole<T>().load(from + v * N), chain[v]);
      }
      done(r, chain);
    }
  }

 private:
  void finish_block(std::int64_t end) noexcept {
    begin_[++blocks_ * rows_] = static_cast<std::int32_t>(end);
    end_ = end;
  }

  /// Appends the nonzero lanes of x; the first lane has the place `first`. Returns their number. It writes all lanes;
  /// the next call overwrites those after the last entry.
  HWY_INLINE std::int64_t put(Lanes<T> x, std::int64_t first, std::int64_t end) noexcept {
    const hn::ScalableTag<T> d;
    constexpr std::int64_t N = Lanes<T>::count;
    // hn::Ne would treat a NaN as a zero.
    const auto kept = hn::Not(hn::Eq(x.v, hn::Zero(d)));
    const MaskBits mask(d, kept);
    hn::StoreU(compressed(d, x.v, kept, mask), d, value_ + end);
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < N; i += 8) {
      const std::uint64_t places = kept_lanes[mask.lanes[i / 8]] + every_byte * static_cast<std::uint64_t>(first + i);
      std::memcpy(place_ + end + count, &places, 8);
      count += std::popcount(mask.lanes[i / 8]);
    }
    return count;
  }

  std::int64_t rows_ = 0, steps_ = 0, blocks_ = 0, end_ = 0;
  std::int32_t begin_[most_lists + 1];
  std::uint8_t place_[room + 64];
  HWY_ALIGN T value_[room + 64];
};

// Defined in kernels/entries.cc.
/// out[rows,n] = start + entries · b[steps,n]. b_transposed: b is stored as [n,steps].
template <class T>
struct EntriesProduct {
  std::int64_t n;
  const T* b;
  std::int64_t ldb;
  bool b_transposed;
  const T* start;        ///< null: sums start from 0
  std::int64_t ldstart;  ///< 0: one row of start values for all rows
  T* out;
  std::int64_t ldout;
};
template <class T>
void product_of_entries(const Entries<T>& entries, const EntriesProduct<T>& p) noexcept;

/// product_transposed (or its update) for entries of xᵀ, which has p.k rows and p.m steps; p.x is not read.
template <class T>
void gradient_of_entries(const Entries<T>& entries, const ProductTransposed<T>& p) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
