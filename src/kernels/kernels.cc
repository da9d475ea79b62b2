// Builds each target's kernel table, lists the tables, and chooses the one for this CPU.
// Not here: the kernels (all other files of src/kernels).
#include "kernels/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/kernels.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/scalar_table.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

template <class T>
void activate(Epilogue f, std::int64_t n, const T* z, T* y) noexcept {
  activate_rows(f, 1, n, z, n, y, n);
}

template <class T>
const Kernels<T>& table(const char* name) noexcept {
  static const Kernels<T> kernels{name,
                                  HWY_NATIVE_FMA != 0,
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

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pellucid {
namespace {

template <class T>
struct Target {
  std::int64_t bit;
  const char* name;
  const Kernels<T>& (*table)(const char* name) noexcept;
};

/// The targets that were compiled in, from the plainest to the best.
template <class T>
constexpr Target<T> targets[] = {
#define PELLUCID_TARGET(space, bit, name) \
  {bit, name, [](const char* n) noexcept -> const Kernels<T>& { return space::table<T>(n); }},
#if HWY_TARGETS & HWY_SSE4
    PELLUCID_TARGET(N_SSE4, HWY_SSE4, "sse4")
#endif
#if HWY_TARGETS & HWY_AVX2
        PELLUCID_TARGET(N_AVX2, HWY_AVX2, "avx2")
#endif
#if HWY_TARGETS & HWY_AVX3
            PELLUCID_TARGET(N_AVX3, HWY_AVX3, "avx512")
#endif
#if HWY_TARGETS & HWY_NEON
                PELLUCID_TARGET(N_NEON, HWY_NEON, "neon")
#endif
#undef PELLUCID_TARGET
};

}  // namespace

template <class T>
std::vector<const Kernels<T>*> all_kernels() {
  std::vector<const Kernels<T>*> all{&scalar::table<T>()};
  for (const Target<T>& target : targets<T>) {
    if (hwy::SupportedTargets() & target.bit) all.push_back(&target.table(target.name));
  }
  return all;
}

namespace {

template <class T>
const Kernels<T>*& chosen() noexcept {
  static const Kernels<T>* table = all_kernels<T>().back();
  return table;
}

}  // namespace

template <class T>
const Kernels<T>& kernels() noexcept {
  return *chosen<T>();
}

template <class T>
void use_kernels(const Kernels<T>& table) noexcept {
  chosen<T>() = &table;
}

template std::vector<const Kernels<float>*> all_kernels();
template std::vector<const Kernels<double>*> all_kernels();
template const Kernels<float>& kernels() noexcept;
template const Kernels<double>& kernels() noexcept;
template void use_kernels(const Kernels<float>&) noexcept;
template void use_kernels(const Kernels<double>&) noexcept;

}  // namespace pellucid
#endif  // HWY_ONCE
