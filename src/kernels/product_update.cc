// The fused optimizer step: a gradient xᵀ · d is applied to the weights straight from registers or L1, and never
// stored.
// Not here: the tile (kernels/tile-inl.h), the step on one vector (kernels/update-inl.h), gradients that are stored
// (kernels/product_transposed.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product_update.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/copied-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

/// The whole tiles of one block: the weights [rows, width of a panel] and the operands of their gradient.
template <class T>
struct WholeTiles {
  std::int64_t depth, rows;
  const T* x;
  std::int64_t ldx, between;  ///< elements between two steps, and between two rows of the weights
  const T* d;
  std::int64_t ldd;
  const Update<T>& update;
  std::int64_t ldw;
};

template <class T>
using RunWholeTiles = void (*)(const WholeTiles<T>&) noexcept;

/// Where the update rule keeps state, the update of one tile is done row by row during the sums of the next tile. Its
/// square roots and divisions use execution units that multiply-adds leave idle.
template <int R, int C, bool copied, class T, class Rule>
HWY_FLATTEN void whole_tiles(const WholeTiles<T>& given) noexcept {
  constexpr int N = Lanes<T>::count;
  constexpr bool waits = Rule::slots > 0 && HWY_CAP_GE512;
  const WholeTiles<T> t = given;
  with_weight_update<T, Rule>(t.update, [&](auto update_weights) HWY_ATTR {
    HWY_ALIGN T waiting[R * C * N];
    const auto step_row = [&](std::int64_t k, int r) HWY_ATTR {
      const auto* fresh = &update_weights;
      // Forces the constants to be loaded here, so that they do not take registers from the chains.
      asm("" : "+r"(fresh));
      HWY_UNROLL(8)
      for (int c = 0; c < C; ++c)
        fresh->step(Whole<T>(), (k + r) * t.ldw + c * N, Whole<T>().load(waiting + (r * C + c) * N));
    };
    // Weights that are updated soon are prefetched row by row between the sums, unless the sums are short.
    const int pieces = t.depth < 4 * R ? 1 : R;
    for (std::int64_t k = 0; k < t.rows; k += R) {
      const std::int64_t ldd = copied ? WidePanel<T>::width : t.ldd, next = waits ? k : std::min(k + R, t.rows - R);
      const Tile<T> tile{t.depth, t.x + k * t.between, t.ldx, t.d, ldd, nullptr, 0, nullptr, 0, C * N};
      Lanes<T> chain[R][C];
      begin_tile(tile, Whole<T>(), chain);
      for (int i = 0; i < pieces; ++i) {
        for (int r = R * i / pieces; r < R * (i + 1) / pieces; ++r) {
          for (int c = 0; c < C; ++c) update_weights.prefetch((next + r) * t.ldw + c * N);
          if (waits && k > 0) step_row(k - R, r);
        }
        sum_steps<R, C, true, copied>(tile, t.depth * i / pieces, t.depth * (i + 1) / pieces, Whole<T>(), chain);
      }
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) {
        HWY_UNROLL(8)
        for (int c = 0; c < C; ++c) {
          if constexpr (waits) {
            Whole<T>().store(chain[r][c], waiting + (r * C + c) * N);
          } else {
            update_weights.step(Whole<T>(), (k + r) * t.ldw + c * N, chain[r][c]);
          }
        }
      }
    }
    for (int r = 0; waits && r < R; ++r) step_row(t.rows - R, r);
  });
}

#define PELLUCID_KIND(Type, name) &whole_tiles<R, C, copied, T, Type>,
template <class T, int R, int C, bool copied>
constexpr RunWholeTiles<T> run_whole_tiles[] = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

/// The part of p for the weights in rows [k, end_k) and columns [c, end_c).
template <class T>
ProductTransposed<T> part_of(const ProductTransposed<T>& p, std::int64_t k, std::int64_t end_k, std::int64_t c,
                             std::int64_t end_c) noexcept {
  ProductTransposed<T> part = p;
  part.x += k;
  part.k = end_k - k;
  part.d += c;
  part.n = end_c - c;
  part.update = from(p.update, k * p.ldc + c);
  return part;
}

inline constexpr std::int64_t part_rows = 32 * wide_rows, part_columns = 8 * 16;

/// Computes the gradient in memory, part by part, and updates each part.
template <class T>
void update_from_memory(const ProductTransposed<T>& p) noexcept {
  HWY_ALIGN T sums[part_rows * part_columns];
  for (std::int64_t k = 0; k < p.k; k += part_rows) {
    const std::int64_t rows = std::min(part_rows, p.k - k);
    for (std::int64_t c = 0; c < p.n; c += part_columns) {
      const std::int64_t columns = std::min(part_columns, p.n - c);
      product_transposed(ProductTransposed<T>{p.m, columns, rows, p.x + k, p.ldx, p.d + c, p.ldd, sums, columns});
      update_block(from(p.update, k * p.ldc + c), rows, columns, sums, columns, p.ldc);
    }
  }
}

/// For a batch no deeper than a panel, with tiles of R rows and C vectors. Whole tiles are applied to the weights
/// straight from registers; the rest below them and to their right goes through memory.
template <int R, int C, bool copied, class T>
void update_from_registers(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t width = C * Lanes<T>::count;
  const bool near = copied || p.k >= 4 * R;
  const std::int64_t whole_rows = p.k - p.k % R, whole_columns = p.n - p.n % width;
  const std::int64_t block = copied ? Slivers<T>::most(p.m) : whole_rows;
  Slivers<T> slivers;
  WidePanel<T> panel;
  for (std::int64_t k = 0; k < whole_rows; k += block) {
    const std::int64_t rows = std::min(block, whole_rows - k);
    if (copied) slivers.copy(rows, p.m, p.x + k, p.ldx);
    for (std::int64_t c = 0; c < whole_columns; c += width) {
      if (near) panel.copy(p.m, width, p.d + c, p.ldd);
      const T* d = near ? panel.data() : p.d + c;
      const std::int64_t ldd = near ? WidePanel<T>::width : p.ldd;
      const Update<T> update = from(p.update, k * p.ldc + c);
      run_whole_tiles<T, R, C, copied>[p.update.rule](
          copied ? WholeTiles<T>{p.m, rows, slivers.at(0, p.m), R, p.m, d, ldd, update, p.ldc}
                 : WholeTiles<T>{p.m, rows, p.x + k, p.ldx, 1, d, ldd, update, p.ldc});
    }
  }
  update_from_memory(part_of(p, whole_rows, p.k, 0, whole_columns));
  product_update(part_of(p, 0, p.k, whole_columns, p.n));
}

}  // namespace

template <class T>
void product_update(const ProductTransposed<T>& p) noexcept {
  constexpr std::int64_t N = Lanes<T>::count;
  if constexpr (std::is_same_v<T, float>) {
    if (has_zeros_to_skip(p)) return gradient_skipping(p);
  }
  const bool shallow = p.m > 0 && p.m <= most_depth;
  if (shallow && worth_copying<T>(p.k, p.n)) return update_from_registers<wide_rows, wide_vectors, true>(p);
  if (shallow && p.n >= panel_vectors * N) return update_from_registers<most_rows<true>, panel_vectors, false>(p);
  update_from_memory(p);
}

template void product_update(const ProductTransposed<float>&) noexcept;
template void product_update(const ProductTransposed<double>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
