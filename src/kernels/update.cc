// One optimizer step on a run of parameters, one loop a rule.
// Not here: the formulas (src/optimizers), where the constants come from (src/optimizers/optimizer.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/update.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/parts-inl.h"
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

template <class T>
using UpdateLoop = void (*)(const UpdateStep<T>&, std::int64_t, T*, const T*, T* const*) noexcept;

/// The gradient as the rule shall see it: clamped, with the decay's share.
template <class T>
HWY_INLINE Lanes<T> prepared(const UpdateStep<T>& step, Lanes<T> g, Lanes<T> w) noexcept {
  const Lanes<T> clip(step.clip);
  if (step.clip > 0) g = max(-clip, min(clip, g));
  return step.l2 > 0 ? fma(Lanes<T>(step.l2), w, g) : g;
}

/// w drawn towards 0 by l1, not past it.
template <class T>
HWY_INLINE Lanes<T> drawn(const UpdateStep<T>& step, Lanes<T> w) noexcept {
  if (!(step.l1 > 0)) return w;
  return copysign(max(Lanes<T>(0.0), abs(w) - Lanes<T>(step.l1)), w);
}

template <class T, class Rule>
HWY_FLATTEN void update_loop(const UpdateStep<T>& given, std::int64_t n, T* w, const T* g, T* const* slots) noexcept {
  const UpdateStep<T> step = given;
  Lanes<T> constant[max_constants];
  for (int i = 0; i < max_constants; ++i) constant[i] = Lanes<T>(step.constant[i]);
  T* slot[max_slots] = {};
  for (int s = 0; s < Rule::slots; ++s) slot[s] = slots[s];
  each<T>(n, [&](auto io, std::int64_t i) HWY_ATTR {
    Lanes<T> state[max_slots];
    for (int s = 0; s < Rule::slots; ++s) state[s] = io.load(slot[s] + i);
    const Lanes<T> old = io.load(w + i);
    const Lanes<T> next = Rule::update(old, prepared(step, io.load(g + i), old), state, constant);
    io.store(drawn(step, next), w + i);
    for (int s = 0; s < Rule::slots; ++s) io.store(state[s], slot[s] + i);
  });
}

#define PELLUCID_KIND(Type, name) &update_loop<T, Type>,
template <class T>
constexpr UpdateLoop<T> update_loops[] = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

}  // namespace

template <class T>
void update(int rule, const UpdateStep<T>& step, std::int64_t n, T* w, const T* g, T* const* slots) noexcept {
  update_loops<T>[rule](step, n, w, g, slots);
}

template void update(int, const UpdateStep<float>&, std::int64_t, float*, const float*, float* const*) noexcept;
template void update(int, const UpdateStep<double>&, std::int64_t, double*, const double*, double* const*) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
