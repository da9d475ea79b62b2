// The door of the inner room: every arithmetic loop of pellucid, as a table of function pointers, one table per target.
// Not here: tensors, allocation, exceptions, libm; nor any decision about what to compute (that is the plan's).
//
// Matrices are row-major; `ld…` is the distance between rows in elements. No pointer needs alignment. m rows of a
// batch, k inputs, n outputs. The order of every sum is part of the meaning (ARCHITECTURE.md, numerical contract):
//   products      each output element is one chain of fused multiply-adds in ascending k (or ascending row)
//   sums          blocks of 4,096 elements over 16 virtual lanes (element i to lane i mod 16), lanes and then blocks
//   folded
//                 by a fixed binary tree
// All targets with FMA give the same bits as the plain scalar twin; SSE4 (no FMA) is within a stated tolerance.
#pragma once

#include <cstdint>
#include <vector>

namespace pellucid {

/// What to do to each element once its sum is complete. kind < 0: nothing.
struct Epilogue {
  int activation = -1;   ///< index of a built-in elementwise activation
  double parameter = 0;  ///< its parameter
};

template <class T>
struct Product {  // y[m,n] = f(z), z[m,n] = bias[n] + x[m,k] · w[k,n]
  std::int64_t m, n, k;
  const T* x;
  std::int64_t ldx;
  const T* w;
  std::int64_t ldw;
  const T* bias;  ///< [n] or null: the chains start from 0
  T* y;
  std::int64_t ldy;
  T* z = nullptr;  ///< [m,n], same ldy: the sums before the activation; null: not wanted
  Epilogue epilogue{};
  bool w_transposed = false;  ///< w is stored [n,k]
};

inline constexpr int max_slots = 3;      ///< state tensors a rule may keep per parameter
inline constexpr int max_constants = 8;  ///< numbers a rule may be given each step

/// Constants of one optimizer step, the same for every element of one parameter.
template <class T>
struct UpdateStep {
  T constant[max_constants] = {};  ///< meaning by rule, see src/optimizers/*-inl.h
  T clip = 0;                      ///< > 0: the gradient is clamped to ±clip first
  T l2 = 0;                        ///< then l2 · w is added to the gradient
  T l1 = 0;  ///< after the update w is drawn towards 0 by l1 (already multiplied by the learning rate)
};

/// What becomes of a finished gradient: an optimizer's step on the weights it belongs to.
template <class T>
struct Update {
  int rule = -1;  ///< index of a built-in rule; < 0: there is no step, the gradient is stored
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
  T* c;              ///< null where there is an update
  std::int64_t ldc;  ///< also of the update's w[k,n] and slots
  bool add = false;  ///< not with an update
  Update<T> update{};
};

/// A number that is not zero, and where it is in its column.
template <class T>
struct ColumnEntry {
  T value;
  std::int32_t row;
};

/// A batch that is mostly zeros: its entries in the orders in which they are read.
template <class T>
struct SparseInput {
  static constexpr std::int64_t ahead = 8;  ///< more numbers of columns may be read behind the last

  /// Forward: row after row, in ascending columns, which are cut into bands whose rows of the weights stay in L1 for
  /// all rows. Band b of row r: [band[r · (bands + 1) + b], band[… + b + 1]).
  std::int64_t bands = 0;
  const std::int32_t* band = nullptr;
  const std::uint16_t* column = nullptr;  ///< by entry
  const T* value = nullptr;               ///< by entry

  /// Gradient: all columns, those with equally many entries together, so that loops over a column's entries end where
  /// the processor expects it. Columns with g entries are [group[g], group[g + 1]) of `order`, ascending. Absent where
  /// there is no backward pass.
  const std::int32_t* group = nullptr;
  const std::uint16_t* order = nullptr;
  const ColumnEntry<T>* entry = nullptr;  ///< column after column in this order; in ascending rows

  /// Of rows [0, m).
  std::int64_t count(std::int64_t m) const noexcept {
    return m < 1 ? 0 : band[(m - 1) * (bands + 1) + bands] - band[0];
  }
};

/// Product, with an x that is mostly zeros. The same bits, up to the sign of a zero, where w is finite.
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

/// ProductTransposed, likewise. Weights whose gradient is an exact zero are left alone by a rule without state or
/// decay.
template <class T>
struct SparseProductTransposed {
  std::int64_t m, n, k;
  SparseInput<T> x;
  const T* d;
  std::int64_t ldd;
  T* c;
  std::int64_t ldc;
  Update<T> update{};
  std::int64_t first = 0;  ///< only the rows [first, k) of c or of the weights
};

template <class T>
struct LossRows {
  std::int64_t m, n;
  const T* y;  ///< [m,n] outputs; logits for the cross-entropies
  std::int64_t ldy;
  const T* target;  ///< [m,n] or null
  std::int64_t ldt;
  const std::int32_t* label;  ///< [m] class of each row, or null (then target is set)
  const T* weight;            ///< [m] or null: all 1
  T scale;                    ///< what the gradient is multiplied by
  T* loss;                    ///< [m]: weight · Σ over outputs, not scaled; null: not wanted
  T* dy;                      ///< [m,n]: scale · weight · ∂loss/∂y; null: not wanted
  std::int64_t lddy;
};

/// What sort_by_count may read and write: whole vectors.
constexpr std::int64_t sort_room(std::int64_t n) noexcept {
  return n + 64;
}

template <class T>
struct Kernels {
  const char* target;  ///< "scalar", "sse4", "avx2", "avx512"
  bool fma;            ///< whether products are fused (all but sse4)

  void (*product)(const Product<T>&) noexcept;
  void (*product_transposed)(const ProductTransposed<T>&) noexcept;
  void (*sparse_product)(const SparseProduct<T>&) noexcept;
  void (*sparse_product_transposed)(const SparseProductTransposed<T>&) noexcept;
  /// b[columns,rows] = a[rows,columns]ᵀ
  void (*transpose)(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b,
                    std::int64_t ldb) noexcept;
  /// out[n] = (add ? out : 0) + Σ over rows of d[m,n], ascending
  void (*column_sums)(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* out, bool add) noexcept;

  void (*activate)(Epilogue f, std::int64_t n, const T* z, T* y) noexcept;
  /// dz = dy · f'; z may be null where the kind does not need it. dz may be dy.
  void (*activate_gradient)(Epilogue f, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept;
  void (*softmax)(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y, std::int64_t ldy) noexcept;
  /// dz = y ⊙ (dy − Σ dy·y), the whole Jacobian. dz may be dy.
  void (*softmax_gradient)(std::int64_t m, std::int64_t n, const T* y, std::int64_t ldy, const T* dy, std::int64_t lddy,
                           T* dz, std::int64_t lddz) noexcept;

  void (*loss)(int kind, double parameter, const LossRows<T>&) noexcept;
  /// One optimizer step on n elements; slots[i] is the i-th state of each element.
  void (*update)(int rule, const UpdateStep<T>&, std::int64_t n, T* w, const T* g, T* const* slots) noexcept;

  T (*sum)(std::int64_t n, const T* x) noexcept;          ///< Σ x
  T (*sum_squares)(std::int64_t n, const T* x) noexcept;  ///< Σ x²
  T (*dot)(std::int64_t n, const T* a, const T* b) noexcept;
  void (*add)(std::int64_t n, const T* a, T* b) noexcept;             ///< b += a
  void (*axpy)(std::int64_t n, T factor, const T* a, T* b) noexcept;  ///< b = fma(factor, a, b)
  void (*scale)(std::int64_t n, T factor, T* a) noexcept;             ///< a *= factor
  void (*multiply)(std::int64_t n, const T* a, T* b) noexcept;        ///< b = b · a, element by element
  /// 0 … n − 1 sorted by their counts, stable: those with count g are [group[g], group[g + 1]) of order. No count is
  /// above `most`, which group has most + 2 numbers for; n is at most 65536; count and order have room for
  /// sort_room(n).
  void (*sort_by_count)(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                        std::uint16_t* order) noexcept;
  /// y = (x + offset) · factor, from stored bytes
  void (*widen)(std::int64_t n, const std::uint8_t* x, T offset, T factor, T* y) noexcept;
};

/// The best table this CPU can run, chosen once.
template <class T>
const Kernels<T>& kernels() noexcept;

/// Every table this CPU can run, the scalar twin first. For tests and benchmarks.
template <class T>
std::vector<const Kernels<T>*> all_kernels();

/// kernels() is one of the others from now on. For tests, while nothing computes.
template <class T>
void use_kernels(const Kernels<T>& table) noexcept;

}  // namespace pellucid
