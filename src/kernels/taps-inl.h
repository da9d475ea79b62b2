// Used by the convolutions: a chain cut into blocks whose copied operands stay in L1, and tiles of such chains.
// Included once per target. Not here: the steps of a tile (kernels/tile-inl.h), what is summed (kernels/convolution.cc,
// kernels/convolution_gradient.cc).
#if defined(PELLUCID_KERNELS_TAPS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_TAPS_INL_H
#undef PELLUCID_KERNELS_TAPS_INL_H
#else
#define PELLUCID_KERNELS_TAPS_INL_H
#endif

#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// Steps of a chain whose operands are equally far apart: they begin at these offsets in x and in the other factor.
/// item: which tap or row of pixels they belong to.
struct Run {
  std::int64_t x, other, steps = 0, item = 0;
};

/// Cuts a chain into blocks of at most panel_depth steps. The chain has `items` (taps, or rows of pixels) of `length`
/// steps each; begin(item) is the Run of its first step; neighbouring steps are x_step and other_step apart.
template <class Begin>
class Blocks {
 public:
  Blocks(std::int64_t items, std::int64_t length, std::int64_t x_step, std::int64_t other_step, Begin begin) noexcept
      : items_(length > 0 ? items : 0), length_(length), x_step_(x_step), other_step_(other_step), begin_(begin) {}

  /// Goes to the next block; false if the chain is complete.
  bool next() noexcept {
    size_ = 0;
    for (std::int64_t room = panel_depth; item_ < items_ && room > 0;) {
      if (at_ == 0 && size_ > 0 && length_ > room) break;  // whole items, if they fit
      const std::int64_t steps = std::min(length_ - at_, room);
      const Run start = begin_(item_);
      run_[size_++] = {start.x + at_ * x_step_, start.other + at_ * other_step_, steps, item_};
      room -= steps;
      at_ += steps;
      if (at_ == length_) ++item_, at_ = 0;
    }
    return size_ > 0;
  }
  const Run* begin() const noexcept { return run_; }
  const Run* end() const noexcept { return run_ + size_; }

 private:
  std::int64_t items_, length_, x_step_, other_step_, item_ = 0, at_ = 0;
  Begin begin_;
  int size_ = 0;
  Run run_[panel_depth];
};

/// Copies the rows of the other factor that the runs name, one below the other.
template <class T>
HWY_INLINE void copy_runs(const Run* run, const Run* end, std::int64_t columns, const T* other, std::int64_t ld,
                          T* to) noexcept {
  for (; run != end; to += run->steps * Panel<T>::width, ++run) {
    copy_rows(run->steps, columns, other + run->other, ld, to, Panel<T>::width);
  }
}

/// A tile whose chains go through several runs; tile.a is x, tile.b the panel that copy_runs made.
template <class T>
struct RunsTile {
  Tile<T> tile;
  const Run* begin;
  const Run* end;
};

template <int R, int C, bool transposed, class Last, class T>
HWY_INLINE void sum_runs(const RunsTile<T>& t, Last last) noexcept {
  constexpr int N = Lanes<T>::count;
  Lanes<T> chain[R][C];
  begin_tile(t.tile, last, chain);
  const T* b = t.tile.b;
  for (const Run* run = t.begin; run != t.end; ++run) {
    const Tile<T> part{run->steps, t.tile.a + run->x, t.tile.lda, b, Panel<T>::width, nullptr, 0, nullptr, 0, 0};
    sum_steps<R, C, transposed, false>(part, 0, run->steps, last, chain);
    b += run->steps * Panel<T>::width;
  }
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    T* to = t.tile.out + r * t.tile.ldout;
    HWY_UNROLL(8)
    for (int c = 0; c < C; ++c) {
      c == C - 1 ? last.store(chain[r][c], to + c * N) : Whole<T>().store(chain[r][c], to + c * N);
    }
  }
}

template <int R, int C, bool transposed, bool part, class T>
HWY_FLATTEN void run_runs(const RunsTile<T>& given) noexcept {
  const RunsTile<T> t = given;
  if constexpr (part) {
    sum_runs<R, C, transposed>(t, Part<T>(t.tile.columns - (C - 1) * Lanes<T>::count));
  } else {
    sum_runs<R, C, transposed>(t, Whole<T>());
  }
}

#if HWY_CAP_GE512
/// For at most half a vector of columns: vectors of half the width, of which the processor starts two at a time.
template <int R, bool transposed, class T>
HWY_FLATTEN void half_runs(const RunsTile<T>& given) noexcept {
  const RunsTile<T> t = given;
  const hn::Half<hn::ScalableTag<T>> d;
  using V = hn::Vec<hn::Half<hn::ScalableTag<T>>>;
  const auto mask = hn::FirstN(d, static_cast<std::size_t>(t.tile.columns));
  V chain[R];
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    chain[r] = t.tile.start ? hn::MaskedLoad(mask, d, t.tile.start + r * t.tile.ldstart) : hn::Zero(d);
  }
  const std::int64_t row = transposed ? 1 : t.tile.lda, step = transposed ? t.tile.lda : 1;
  const T* b = t.tile.b;
  for (const Run* run = t.begin; run != t.end; ++run) {
    const T* a = t.tile.a + run->x;
    for (std::int64_t i = 0; i < run->steps; ++i, a += step, b += Panel<T>::width) {
      const V across = hn::MaskedLoad(mask, d, b);
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) chain[r] = hn::MulAdd(hn::Set(d, a[r * row]), across, chain[r]);
    }
  }
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) hn::BlendedStore(chain[r], mask, d, t.tile.out + r * t.tile.ldout);
}
#endif

template <class T>
using RunRuns = void (*)(const RunsTile<T>&) noexcept;

template <class T, int C, bool transposed, bool part, int... R>
constexpr std::array<RunRuns<T>, sizeof...(R)> runs_tiles_of(std::integer_sequence<int, R...>) noexcept {
  return {&run_runs<R + 1, C, transposed, part, T>...};
}

/// Indexed by the number of rows − 1.
template <class T, int C, bool transposed, bool part>
inline constexpr auto runs_tiles =
    runs_tiles_of<T, C, transposed, part>(std::make_integer_sequence<int, most_rows<transposed>>());

#if HWY_CAP_GE512
template <class T, bool transposed, int... R>
constexpr std::array<RunRuns<T>, sizeof...(R)> half_tiles_of(std::integer_sequence<int, R...>) noexcept {
  return {&half_runs<R + 1, transposed, T>...};
}
template <class T, bool transposed>
inline constexpr auto half_tiles =
    half_tiles_of<T, transposed>(std::make_integer_sequence<int, most_rows<transposed>>());
#endif

/// The tile function for this many rows and columns; at most panel_vectors wide.
template <bool transposed, class T>
RunRuns<T> runs_tile_for(std::int64_t rows, std::int64_t columns) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  const std::size_t row = static_cast<std::size_t>(rows - 1);
  if (columns == 2 * N) return runs_tiles<T, 2, transposed, false>[row];
  if (columns > N) return runs_tiles<T, 2, transposed, true>[row];
#if HWY_CAP_GE512
  if (2 * columns <= N) return half_tiles<T, transposed>[row];
#endif
  return columns == N ? runs_tiles<T, 1, transposed, false>[row] : runs_tiles<T, 1, transposed, true>[row];
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
