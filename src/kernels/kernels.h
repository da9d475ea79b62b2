// Kernel table: all numeric loops, as function pointers, one table per instruction set (target).
// Not here: tensors, allocation, exceptions, libm; deciding what to compute (model/plan.h).
//
// Matrices are row-major; `ld…` is the distance between rows in elements. No pointer needs alignment. m: rows of a
// batch, k: inputs, n: outputs. The order of every sum is part of a kernel's meaning (ARCHITECTURE.md, numerical
// contract):
//   products: each output element is one chain of fused multiply-adds in ascending k (or ascending row).
//   convolutions: the same, in ascending tap (or ascending pixel).
//   folded sums: blocks of 4,096 elements over 16 virtual lanes (element i goes to lane i mod 16); then the lanes, then
//   the blocks are folded by a fixed binary tree.
// All targets with FMA give the same bits as the plain scalar twin; SSE4 (no FMA) agrees within a stated tolerance.
#pragma once

#include <cstdint>
#include <vector>

namespace pellucid {

/// What is applied to each output element once its sum is complete. activation < 0: nothing.
struct Epilogue {
  int activation = -1;   ///< index of a built-in elementwise activation; -1: none
  double parameter = 0;  ///< the activation's parameter
};

template <class T>
struct Product {  // y[m,n] = f(z), z[m,n] = bias[n] + x[m,k] · w[k,n]
  std::int64_t m, n, k;
  const T* x;
  std::int64_t ldx;
  const T* w;
  std::int64_t ldw;
  const T* bias;  ///< [n], or null: sums start from 0
  T* y;
  std::int64_t ldy;
  T* z = nullptr;  ///< [m,n] with ldy: if not null, receives the sums before the activation
  Epilogue epilogue{};
  bool w_transposed = false;  ///< whether w is stored as [n,k]
};

inline constexpr int max_slots = 3;      ///< largest number of state tensors per parameter that an update rule may keep
inline constexpr int max_constants = 8;  ///< largest number of constants per step that an update rule may have

/// Constants of one optimizer step, the same for every element of one parameter.
template <class T>
struct UpdateStep {
  T constant[max_constants] = {};  ///< the rule's formula file documents them, see src/optimizers/*-inl.h
  T clip = 0;                      ///< > 0: the gradient is first clamped to ±clip
  T l2 = 0;                        ///< then l2 · w is added to the gradient
  T l1 = 0;  ///< after the update, w is moved towards 0 by l1 (already multiplied by the learning rate), but not past 0
};

/// What happens to a finished gradient: either an optimizer step on its weights, or a store.
template <class T>
struct Update {
  int rule = -1;  ///< index of a built-in update rule; < 0: no step, the gradient is stored
  UpdateStep<T> step{};
  T* w = nullptr;
  T* slots[max_slots] = {};
};

template <class T>
struct ProductTransposed {  // c[k,n] = (add ? c : 0) + x[m,k]ᵀ · d[m,n], ascending m; or the update, with equal bits
  std::int64_t m, n, k;
  const T* x;
  std::int64_t ldx;
  const T* d;
  std::int64_t ldd;
  T* c;              ///< null if there is an update
  std::int64_t ldc;  ///< row distance of c, or of the update's w[k,n] and its slots
  bool add = false;  ///< add to c instead of overwriting it; not with an update
  Update<T> update{};
};

/// The pixels that a convolution computes, in the order of its sums: picture by picture, row by row.
struct Grid {
  std::int64_t pictures, rows, columns;
};

/// Distances in elements between neighbouring pictures, rows of pixels, and pixels.
struct PixelSteps {
  std::int64_t picture, row, pixel;
};

/// Which numbers of x meet which rows of w: for the tap in row r and column c of the kernel, `depth` neighbouring
/// numbers of x from r · x_row + c · x_column on, and as many rows of w from r · w_row + c · w_column on. The distances
/// in x may be negative.
struct Taps {
  std::int64_t rows, columns, depth;
  std::int64_t x_row, x_column;
  std::int64_t w_row, w_column;
};

/// Which rows of x there are: row r of the grid and row t of the kernel meet in row first + r · step + t · tap_step of
/// x, and the tap is skipped unless that is one of `count` rows. count 0: all taps are there.
struct TapRows {
  std::int64_t first = 0, step = 0, tap_step = 0, count = 0;
  constexpr bool has(std::int64_t r, std::int64_t t) const noexcept {
    const std::int64_t row = first + r * step + t * tap_step;
    return count == 0 || (row >= 0 && row < count);
  }
};

/// y[p,j] = f(z), z[p,j] = bias[j] + Σ over the taps of x · w for each pixel p of the grid and output j. A chain runs
/// in ascending (row of the kernel, column of the kernel, number of the tap). Padding is part of x, as zeros; they
/// leave a chain as it is, up to the sign of a zero, if w is finite.
template <class T>
struct Convolution {
  Grid grid;
  Taps taps;
  const T* x;
  PixelSteps x_steps;  ///< distance in x between the first taps of neighbouring pixels of the grid
  std::int64_t n;
  const T* w;
  std::int64_t ldw;
  const T* bias;  ///< [n], or null: sums start from 0
  T* y;
  PixelSteps y_steps;
  T* z = nullptr;  ///< as y: if not null, receives the sums before the activation
  Epilogue epilogue{};
  TapRows rows{};
};

/// The gradient of w: c = (add ? c : 0) + Σ over the pixels of x · d, in the order of the grid. c has the layout of w.
template <class T>
struct ConvolutionGradient {
  Grid grid;
  Taps taps;
  const T* x;
  PixelSteps x_steps;
  std::int64_t n;
  const T* d;  ///< n numbers for each pixel of the grid
  PixelSteps d_steps;
  T* c;
  std::int64_t ldc;
  bool add = false;
};

/// Pooling: one number per window and channel. Windows are cut off at the edges of the picture; each has at least one
/// pixel. Pixels have `channels` neighbouring numbers, and rows no gaps.
template <class T>
struct Pooling {
  Grid grid;  ///< the windows
  std::int64_t height, width, channels;
  std::int64_t window_height, window_width, stride_y, stride_x;
  std::int64_t top, left;  ///< the first window begins this far above and left of the picture
  const T* x;
  std::int64_t ldx;  ///< distance between pictures
  T* y;
  std::int64_t ldy;
};

/// The pixels of one window that are in the picture: rows [top, bottom), columns [left, right).
struct Window {
  std::int64_t top, bottom, left, right;
};

/// The window in this row and column of the grid.
template <class T>
constexpr Window window_of(const Pooling<T>& p, std::int64_t row, std::int64_t column) noexcept {
  const std::int64_t top = row * p.stride_y - p.top, left = column * p.stride_x - p.left;
  const auto inside = [](std::int64_t at, std::int64_t end) { return at < 0 ? 0 : at < end ? at : end; };
  return {inside(top, p.height), inside(top + p.window_height, p.height), inside(left, p.width),
          inside(left + p.window_width, p.width)};
}

/// dx from dy. Windows that overlap add to dx in the order of the grid.
template <class T>
struct PoolingGradient {
  Pooling<T> forward;
  const T* dy;
  std::int64_t lddy;
  T* dx;
  std::int64_t lddx;
};

/// A nonzero element of a column and its row.
template <class T>
struct ColumnEntry {
  T value;
  std::int32_t row;
};

/// A batch that is mostly zeros: its nonzero elements (entries) in the orders in which the kernels read them.
template <class T>
struct SparseInput {
  static constexpr std::int64_t ahead = 8;  ///< the gradient kernel may read this many elements past the end of `order`

  /// For forward: entries row after row, in ascending columns. The columns are cut into bands whose rows of the weights
  /// stay in L1 for all rows of the batch. Band b of row r is [band[r · (bands + 1) + b], band[… + b + 1]).
  std::int64_t bands = 0;
  const std::int32_t* band = nullptr;
  const std::uint16_t* column = nullptr;  ///< column of each entry
  const T* value = nullptr;               ///< value of each entry

  /// For the gradient: all columns, grouped by their number of entries, so that the branch at the end of a column's
  /// loop is predictable. Columns with g entries are [group[g], group[g + 1]) of `order`, ascending. Null if there is
  /// no backward pass.
  const std::int32_t* group = nullptr;
  const std::uint16_t* order = nullptr;
  const ColumnEntry<T>* entry = nullptr;  ///< column after column in this order; within a column in ascending rows

  /// Number of entries in the rows [0, m).
  std::int64_t count(std::int64_t m) const noexcept {
    return m < 1 ? 0 : band[(m - 1) * (bands + 1) + bands] - band[0];
  }
};

/// Product for an x that is mostly zeros. Same bits as Product where w is finite, except for the sign of a zero.
template <class T>
struct SparseProduct {
  std::int64_t m, n, k;
  SparseInput<T> x;
  const T* w;
  std::int64_t ldw;
  const T* bias;
  T* y;
  std::int64_t ldy;
  T* z = nullptr;
  Epilogue epilogue{};
};

/// ProductTransposed for such an x. A rule without state or decay leaves weights unchanged whose gradient is exactly
/// zero.
template <class T>
struct SparseProductTransposed {
  std::int64_t m, n, k;
  SparseInput<T> x;
  const T* d;
  std::int64_t ldd;
  T* c;
  std::int64_t ldc;
  Update<T> update{};
  std::int64_t first = 0;  ///< computes only the rows [first, k) of c or of the weights
};

template <class T>
struct LossRows {
  std::int64_t m, n;
  const T* y;  ///< [m,n] outputs; for the cross-entropies the logits
  std::int64_t ldy;
  const T* target;  ///< [m,n] targets, or null
  std::int64_t ldt;
  const std::int32_t* label;  ///< [m] class of each row, or null (then target is set)
  const T* weight;            ///< [m] weight of each row; null: all 1
  T scale;                    ///< factor on the gradient
  T* loss;                    ///< [m] weight · Σ over outputs, not scaled; null: not wanted
  T* dy;                      ///< [m,n] scale · weight · ∂loss/∂y; null: not wanted
  std::int64_t lddy;
};

/// Columns of x[m,n] with a mean, a factor and a shift each. For batch normalization.
template <class T>
struct ColumnNorm {  // y = fma(x − mean, factor, shift)
  std::int64_t m, n;
  const T* x;
  std::int64_t ldx;
  const T *mean, *factor, *shift;  ///< [n] each
  T* y;
  std::int64_t ldy;
};

template <class T>
struct ColumnNormGradient {  // dx = fma(d, factor, fma(x − mean, slope, shift))
  std::int64_t m, n;
  const T* d;
  std::int64_t ldd;
  const T* x;
  std::int64_t ldx;
  const T *mean, *factor, *slope, *shift;  ///< [n] each
  T* dx;
  std::int64_t lddx;
};

/// Rows of x[m,n], each normalized by its own mean and variance. For layer normalization.
template <class T>
struct RowNorm {  // y = fma((x − mean) · factor, gamma, beta), factor = 1 / √(Σ (x − mean)² / n + epsilon)
  std::int64_t m, n;
  const T* x;
  std::int64_t ldx;
  const T *gamma, *beta;  ///< [n] each
  T epsilon;
  T* y;
  std::int64_t ldy;
  T *mean, *factor;  ///< [m] each; written
};

template <class T>
struct RowNormGradient {  // with h = (x − mean) · factor: dx = factor · (d·gamma − (Σ d·gamma + h · Σ d·gamma·h) / n)
  std::int64_t m, n;
  const T* x;
  std::int64_t ldx;
  const T *gamma, *mean, *factor;  ///< [n], [m], [m]
  T* d;                            ///< [m,n]; d · h is written in its place
  std::int64_t ldd;
  T* dx;  ///< null: not wanted
  std::int64_t lddx;
};

/// Number of elements that sort_by_count may read and write for n numbers: it works in whole vectors.
constexpr std::int64_t sort_room(std::int64_t n) noexcept {
  return n + 64;
}

template <class T>
struct Kernels {
  const char* target;  ///< "scalar", "sse4", "avx2", "avx512"
  bool fma;            ///< whether products use fused multiply-adds (all targets but sse4)

  void (*product)(const Product<T>&) noexcept;
  void (*product_transposed)(const ProductTransposed<T>&) noexcept;
  void (*sparse_product)(const SparseProduct<T>&) noexcept;
  void (*sparse_product_transposed)(const SparseProductTransposed<T>&) noexcept;
  /// b[columns,rows] = a[rows,columns]ᵀ
  void (*transpose)(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b,
                    std::int64_t ldb) noexcept;
  /// out[n] = (add ? out : 0) + sum of d[m,n] over the rows, in ascending order
  void (*column_sums)(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* out, bool add) noexcept;

  void (*activate)(Epilogue f, std::int64_t n, const T* z, T* y) noexcept;
  /// dz = dy · f'. z may be null if the activation's slope does not need it. dz may be the same memory as dy.
  void (*activate_gradient)(Epilogue f, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept;
  void (*softmax)(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y, std::int64_t ldy) noexcept;
  /// dz = y ⊙ (dy − Σ dy·y): the full Jacobian of softmax. dz may be the same memory as dy.
  void (*softmax_gradient)(std::int64_t m, std::int64_t n, const T* y, std::int64_t ldy, const T* dy, std::int64_t lddy,
                           T* dz, std::int64_t lddz) noexcept;

  /// Per column, chains over the rows in ascending order: mean[n] = Σ x / m, then squares[n] = Σ (x − mean)²; m ≥ 1
  void (*column_moments)(std::int64_t m, std::int64_t n, const T* x, std::int64_t ldx, T* mean, T* squares) noexcept;
  /// Likewise sums[n] = Σ d and products[n] = Σ (x − mean) · d
  void (*column_products)(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, const T* x, std::int64_t ldx,
                          const T* mean, T* sums, T* products) noexcept;
  void (*column_norm)(const ColumnNorm<T>&) noexcept;
  void (*column_norm_gradient)(const ColumnNormGradient<T>&) noexcept;
  /// Sums over a row are folded sums.
  void (*row_norm)(const RowNorm<T>&) noexcept;
  void (*row_norm_gradient)(const RowNormGradient<T>&) noexcept;

  void (*loss)(int kind, double parameter, const LossRows<T>&) noexcept;
  /// One optimizer step on n elements; slots[i] points to the i-th state value of each element.
  void (*update)(int rule, const UpdateStep<T>&, std::int64_t n, T* w, const T* g, T* const* slots) noexcept;

  T (*sum)(std::int64_t n, const T* x) noexcept;          ///< Σ x
  T (*sum_squares)(std::int64_t n, const T* x) noexcept;  ///< Σ x²
  T (*dot)(std::int64_t n, const T* a, const T* b) noexcept;
  void (*add)(std::int64_t n, const T* a, T* b) noexcept;             ///< b += a
  void (*axpy)(std::int64_t n, T factor, const T* a, T* b) noexcept;  ///< b = fma(factor, a, b)
  void (*scale)(std::int64_t n, T factor, T* a) noexcept;             ///< a *= factor
  void (*multiply)(std::int64_t n, const T* a, T* b) noexcept;        ///< b = b · a, element by element
  /// Sorts the numbers 0 … n − 1 by their counts (stable): those with count g are [group[g], group[g + 1]) of order. No
  /// count may exceed `most`; group has room for most + 2 numbers; n ≤ 65,536; count and order have room for
  /// sort_room(n).
  void (*sort_by_count)(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                        std::uint16_t* order) noexcept;
  /// y = (x + offset) · factor, for features stored as bytes
  void (*widen)(std::int64_t n, const std::uint8_t* x, T offset, T factor, T* y) noexcept;

  void (*convolution)(const Convolution<T>&) noexcept;
  void (*convolution_gradient)(const ConvolutionGradient<T>&) noexcept;
  void (*max_pool)(const Pooling<T>&) noexcept;  ///< the largest number; the first one in a window counts if it is NaN
  /// dy goes to the first pixel of the window that has the largest number.
  void (*max_pool_gradient)(const PoolingGradient<T>&) noexcept;
  /// (Σ in ascending rows and columns) · (1 / number of pixels of the window in the picture)
  void (*average_pool)(const Pooling<T>&) noexcept;
  void (*average_pool_gradient)(const PoolingGradient<T>&) noexcept;
};

/// The best table that this CPU can run; chosen at the first call.
template <class T>
const Kernels<T>& kernels() noexcept;

/// Every table that this CPU can run, the scalar twin first. For tests and benchmarks.
template <class T>
std::vector<const Kernels<T>*> all_kernels();

/// Makes kernels() return this table from now on. For tests; no kernel may be running.
template <class T>
void use_kernels(const Kernels<T>& table) noexcept;

}  // namespace pellucid
