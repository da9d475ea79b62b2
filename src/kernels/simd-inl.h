// Lanes: a Highway vector with the operations that formulas use; partial loads and stores; the loop over elements.
// Included once per target, inside foreach_target.
// Not here: products (kernels/product.cc), plain numbers (kernels/scalar.h).
#if defined(PELLUCID_KERNELS_SIMD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_SIMD_INL_H
#undef PELLUCID_KERNELS_SIMD_INL_H
#else
#define PELLUCID_KERNELS_SIMD_INL_H
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <limits>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
struct Lanes {
  using Scalar = T;
  using D = hn::ScalableTag<T>;
  using Bits = hn::RebindToUnsigned<D>;
  using Mask = hn::Mask<D>;
  static constexpr int count = HWY_LANES(T);
  static constexpr int mantissa_bits = std::numeric_limits<T>::digits - 1;

  hn::Vec<D> v;

  Lanes() = default;
  HWY_INLINE explicit Lanes(hn::Vec<D> vector) noexcept : v(vector) {}
  HWY_INLINE explicit Lanes(double x) noexcept : v(hn::Set(D(), static_cast<T>(x))) {}

  friend HWY_INLINE Lanes operator+(Lanes a, Lanes b) noexcept { return Lanes(hn::Add(a.v, b.v)); }
  friend HWY_INLINE Lanes operator-(Lanes a, Lanes b) noexcept { return Lanes(hn::Sub(a.v, b.v)); }
  friend HWY_INLINE Lanes operator*(Lanes a, Lanes b) noexcept { return Lanes(hn::Mul(a.v, b.v)); }
  friend HWY_INLINE Lanes operator/(Lanes a, Lanes b) noexcept { return Lanes(hn::Div(a.v, b.v)); }
  friend HWY_INLINE Lanes operator-(Lanes a) noexcept { return Lanes(hn::Neg(a.v)); }
  friend HWY_INLINE Mask operator<(Lanes a, Lanes b) noexcept { return hn::Lt(a.v, b.v); }
  friend HWY_INLINE Mask operator>(Lanes a, Lanes b) noexcept { return hn::Gt(a.v, b.v); }
  friend HWY_INLINE Mask operator<=(Lanes a, Lanes b) noexcept { return hn::Le(a.v, b.v); }
  friend HWY_INLINE Mask operator>=(Lanes a, Lanes b) noexcept { return hn::Ge(a.v, b.v); }
  friend HWY_INLINE Mask operator==(Lanes a, Lanes b) noexcept { return hn::Eq(a.v, b.v); }

  friend HWY_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) noexcept { return Lanes(hn::MulAdd(a.v, b.v, c.v)); }
  friend HWY_INLINE Lanes max(Lanes a, Lanes b) noexcept { return Lanes(hn::Max(a.v, b.v)); }
  friend HWY_INLINE Lanes min(Lanes a, Lanes b) noexcept { return Lanes(hn::Min(a.v, b.v)); }
  friend HWY_INLINE Lanes abs(Lanes a) noexcept { return Lanes(hn::Abs(a.v)); }
  friend HWY_INLINE Lanes sqrt(Lanes a) noexcept { return Lanes(hn::Sqrt(a.v)); }
  friend HWY_INLINE Lanes copysign(Lanes magnitude, Lanes sign) noexcept {
    return Lanes(hn::CopySign(magnitude.v, sign.v));
  }
  friend HWY_INLINE Lanes select(Mask mask, Lanes yes, Lanes no) noexcept {
    return Lanes(hn::IfThenElse(mask, yes.v, no.v));
  }

  // pow2, exponent and mantissa are documented at Plain (kernels/scalar.h).
  friend HWY_INLINE Lanes pow2(Lanes n) noexcept {
    constexpr double magic = 3.0 * static_cast<double>(std::uint64_t{1} << (mantissa_bits - 1));
    const auto shifted = hn::ShiftLeft<mantissa_bits>(hn::BitCast(Bits(), (n + Lanes(magic)).v));
    return Lanes(hn::BitCast(D(), hn::Add(shifted, hn::BitCast(Bits(), Lanes(1).v))));
  }
  friend HWY_INLINE Lanes exponent(Lanes x) noexcept {
    constexpr double magic = static_cast<double>(std::uint64_t{1} << mantissa_bits);
    const auto biased = hn::ShiftRight<mantissa_bits>(hn::BitCast(Bits(), x.v));
    const Lanes raised(hn::BitCast(D(), hn::Or(biased, hn::BitCast(Bits(), Lanes(magic).v))));
    return raised - Lanes(magic + (std::numeric_limits<T>::max_exponent - 1));
  }
  friend HWY_INLINE Lanes mantissa(Lanes x) noexcept {
    using Word = hn::TFromD<Bits>;
    const auto kept = hn::And(hn::BitCast(Bits(), x.v), hn::Set(Bits(), (Word{1} << mantissa_bits) - 1));
    return Lanes(hn::BitCast(D(), hn::Or(kept, hn::BitCast(Bits(), Lanes(1).v))));
  }
};

#include "kernels/math-inl.h"

/// Loads and stores whole vectors.
template <class T>
struct Whole {
  HWY_INLINE Lanes<T> load(const T* p) const noexcept { return Lanes<T>(hn::LoadU(hn::ScalableTag<T>(), p)); }
  HWY_INLINE void store(Lanes<T> x, T* p) const noexcept { hn::StoreU(x.v, hn::ScalableTag<T>(), p); }
  HWY_INLINE Lanes<T> kept(Lanes<T> x, Lanes<T>) const noexcept { return x; }
};

/// Loads and stores the first `count` lanes and touches no memory after them; the other lanes read as 0.
template <class T>
class Part {
 public:
  HWY_INLINE explicit Part(std::int64_t count) noexcept : count_(static_cast<std::size_t>(count)) {}

  HWY_INLINE Lanes<T> load(const T* p) const noexcept {
    const hn::ScalableTag<T> d;
#if HWY_CAP_GE256
    return Lanes<T>(hn::MaskedLoad(hn::FirstN(d, count_), d, p));
#else  // SSE4 has no masked load; Highway's emulation reads the whole vector
    HWY_ALIGN T lane[HWY_LANES(T)] = {};
    for (std::size_t i = 0; i < count_; ++i) lane[i] = p[i];
    return Lanes<T>(hn::Load(d, lane));
#endif
  }
  HWY_INLINE void store(Lanes<T> x, T* p) const noexcept {
    const hn::ScalableTag<T> d;
#if HWY_CAP_GE256
    hn::BlendedStore(x.v, hn::FirstN(d, count_), d, p);
#else
    HWY_ALIGN T lane[HWY_LANES(T)];
    hn::Store(x.v, d, lane);
    for (std::size_t i = 0; i < count_; ++i) p[i] = lane[i];
#endif
  }
  /// x in the first `count` lanes, `otherwise` in the others
  HWY_INLINE Lanes<T> kept(Lanes<T> x, Lanes<T> otherwise) const noexcept {
    return select(hn::FirstN(hn::ScalableTag<T>(), count_), x, otherwise);
  }

 private:
  std::size_t count_;
};

/// Calls body(io, i) for each vector of n elements, beginning at element i. io loads and stores there: a whole vector,
/// or the rest at the end.
template <class T, class Body>
HWY_INLINE void each(std::int64_t n, Body body) noexcept {
  std::int64_t i = 0;
  for (; i + Lanes<T>::count <= n; i += Lanes<T>::count) body(Whole<T>(), i);
  if (i < n) body(Part<T>(n - i), i);
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
