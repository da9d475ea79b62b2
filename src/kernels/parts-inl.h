// The functions of each target's kernel table, by the file that defines them. Included once per target, inside
// foreach_target.
// Not here: what they compute (kernels/kernels.h).
#if defined(PELLUCID_KERNELS_PARTS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_PARTS_INL_H
#undef PELLUCID_KERNELS_PARTS_INL_H
#else
#define PELLUCID_KERNELS_PARTS_INL_H
#endif

#include <hwy/highway.h>

#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

// product.cc
template <class T>
void product(const Product<T>& p) noexcept;

// product_narrow.cc
/// product for at most 4 columns and at least one vector of rows.
template <class T>
void product_narrow(const Product<T>& p) noexcept;
/// product_transposed for one column in c and d; the elements of c are contiguous.
template <class T>
void column_gradient(const ProductTransposed<T>& p) noexcept;

// product_short.cc
inline constexpr std::int64_t short_weights = 8192;  ///< largest number of elements of w
template <class T>
bool is_short(const Product<T>& p) noexcept;
/// product for a w that fits L1.
template <class T>
void product_short(const Product<T>& p) noexcept;

// product_transposed.cc
template <class T>
void product_transposed(const ProductTransposed<T>& p) noexcept;

// product_update.cc
/// product_transposed with an update.
template <class T>
void product_update(const ProductTransposed<T>& p) noexcept;

// skip.cc
/// Whether x has so many zeros that skipping them pays off. Looks at a few rows, and only for large products.
bool has_zeros_to_skip(const Product<float>& p) noexcept;
bool has_zeros_to_skip(const ProductTransposed<float>& p) noexcept;
/// product and product_transposed (or its update) that skip the zeros of x.
void product_skipping(const Product<float>& p) noexcept;
void gradient_skipping(const ProductTransposed<float>& p) noexcept;

// sparse.cc
template <class T>
void sparse_product(const SparseProduct<T>& p) noexcept;
template <class T>
void sparse_product_transposed(const SparseProductTransposed<T>& p) noexcept;
void sort_by_count(std::int64_t n, const std::int32_t* count, std::int64_t most, std::int32_t* group,
                   std::uint16_t* order) noexcept;

// activate.cc
/// y[rows,columns] = f(z[rows,columns])
template <class T>
void activate_rows(Epilogue f, std::int64_t rows, std::int64_t columns, const T* z, std::int64_t ldz, T* y,
                   std::int64_t ldy) noexcept;
template <class T>
void activate_gradient(Epilogue f, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept;

// convolution.cc
template <class T>
void convolution(const Convolution<T>& p) noexcept;

// convolution_gradient.cc
template <class T>
void convolution_gradient(const ConvolutionGradient<T>& p) noexcept;

// pooling.cc
template <class T>
void max_pool(const Pooling<T>& p) noexcept;
template <class T>
void max_pool_gradient(const PoolingGradient<T>& p) noexcept;
template <class T>
void average_pool(const Pooling<T>& p) noexcept;
template <class T>
void average_pool_gradient(const PoolingGradient<T>& p) noexcept;

// rows.cc
template <class T>
void softmax(std::int64_t m, std::int64_t n, const T* z, std::int64_t ldz, T* y, std::int64_t ldy) noexcept;
template <class T>
void softmax_gradient(std::int64_t m, std::int64_t n, const T* y, std::int64_t ldy, const T* dy, std::int64_t lddy,
                      T* dz, std::int64_t lddz) noexcept;
template <class T>
void loss(int kind, double parameter, const LossRows<T>& p) noexcept;

// norm.cc
template <class T>
void column_moments(std::int64_t m, std::int64_t n, const T* x, std::int64_t ldx, T* mean, T* squares) noexcept;
template <class T>
void column_products(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, const T* x, std::int64_t ldx,
                     const T* mean, T* sums, T* products) noexcept;
template <class T>
void column_norm(const ColumnNorm<T>& p) noexcept;
template <class T>
void column_norm_gradient(const ColumnNormGradient<T>& p) noexcept;
template <class T>
void row_norm(const RowNorm<T>& p) noexcept;
template <class T>
void row_norm_gradient(const RowNormGradient<T>& p) noexcept;

// update.cc
/// One optimizer step on w[rows,columns] and its slots (row distance ldw) with the gradient g[rows,columns].
template <class T>
void update_block(const Update<T>& update, std::int64_t rows, std::int64_t columns, const T* g, std::int64_t ldg,
                  std::int64_t ldw) noexcept;
template <class T>
void update(int rule, const UpdateStep<T>& step, std::int64_t n, T* w, const T* g, T* const* slots) noexcept;

// simple.cc
template <class T>
void transpose(std::int64_t rows, std::int64_t columns, const T* a, std::int64_t lda, T* b, std::int64_t ldb) noexcept;
template <class T>
void column_sums(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* out, bool add) noexcept;
template <class T>
T sum(std::int64_t n, const T* x) noexcept;
template <class T>
T sum_squares(std::int64_t n, const T* x) noexcept;
template <class T>
T dot(std::int64_t n, const T* a, const T* b) noexcept;
template <class T>
void add(std::int64_t n, const T* a, T* b) noexcept;
template <class T>
void axpy(std::int64_t n, T factor, const T* a, T* b) noexcept;
template <class T>
void scale(std::int64_t n, T factor, T* a) noexcept;
template <class T>
void multiply(std::int64_t n, const T* a, T* b) noexcept;
template <class T>
void widen(std::int64_t n, const std::uint8_t* x, T offset, T factor, T* y) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
