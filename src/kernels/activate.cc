// Activations and their gradients over rows and over contiguous elements, one loop per activation.
// Not here: the formulas (src/activations), softmax (kernels/rows.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/activate.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <utility>

#include "kernels/formulas.h"
#include "kernels/parts-inl.h"
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "activations/formulas.inc"

template <class T>
struct ActivationRow {
  void (*value)(double, std::int64_t, std::int64_t, const T*, std::int64_t, T*, std::int64_t) noexcept = nullptr;
  void (*gradient)(double, std::int64_t, const T*, const T*, const T*, T*) noexcept = nullptr;
};

template <class T, class Kind>
HWY_FLATTEN void value_loop(double parameter, std::int64_t rows, std::int64_t columns, const T* z, std::int64_t ldz,
                            T* y, std::int64_t ldy) noexcept {
  const Lanes<T> extra(parameter);
  for (std::int64_t r = 0; r < rows; ++r, z += ldz, y += ldy) {
    each<T>(columns, [=](auto io, std::int64_t i) HWY_ATTR { io.store(Kind::value(io.load(z + i), extra), y + i); });
  }
}

template <class T, class Kind>
HWY_FLATTEN void gradient_loop(double parameter, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept {
  const Lanes<T> extra(parameter);
  const T* input = z ? z : y;  // not read by activations whose slope depends on y only
  each<T>(n, [=](auto io, std::int64_t i) HWY_ATTR {
    io.store(io.load(dy + i) * Kind::slope(io.load(input + i), io.load(y + i), extra), dz + i);
  });
}

template <class T, class Kind>
constexpr ActivationRow<T> activation_row() {
  if constexpr (Kind::kind.rowwise) {
    return {};
  } else {
    return {&value_loop<T, Kind>, &gradient_loop<T, Kind>};
  }
}

#define PELLUCID_KIND(Type, name) activation_row<T, Type>(),
template <class T>
constexpr ActivationRow<T> activation_rows[] = {
#include "activations/kinds.inc"
};
#undef PELLUCID_KIND

}  // namespace

template <class T>
void activate_rows(Epilogue f, std::int64_t rows, std::int64_t columns, const T* z, std::int64_t ldz, T* y,
                   std::int64_t ldy) noexcept {
  // Without gaps between the rows, treat them as one long row.
  if (ldz == columns && ldy == columns) columns *= std::exchange(rows, 1);
  activation_rows<T>[f.activation].value(f.parameter, rows, columns, z, ldz, y, ldy);
}

template <class T>
void activate_gradient(Epilogue f, std::int64_t n, const T* z, const T* y, const T* dy, T* dz) noexcept {
  activation_rows<T>[f.activation].gradient(f.parameter, n, z, y, dy, dz);
}

#define PELLUCID_ACTIVATE(T)                                                                    \
  template void activate_rows(Epilogue, std::int64_t, std::int64_t, const T*, std::int64_t, T*, \
                              std::int64_t) noexcept;                                           \
  template void activate_gradient(Epilogue, std::int64_t, const T*, const T*, const T*, T*) noexcept;
PELLUCID_ACTIVATE(float)
PELLUCID_ACTIVATE(double)
#undef PELLUCID_ACTIVATE

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
