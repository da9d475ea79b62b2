// What happens to one vector of a gradient: an optimizer step (clamping, decay, update rule, l1), or a store. Included
// once per target.
// Not here: the update rules' formulas (src/optimizers), loops (kernels/update.cc, kernels/product_update.cc).
#if defined(PELLUCID_KERNELS_UPDATE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PELLUCID_KERNELS_UPDATE_INL_H
#undef PELLUCID_KERNELS_UPDATE_INL_H
#else
#define PELLUCID_KERNELS_UPDATE_INL_H
#endif

#include <hwy/cache_control.h>

#include <type_traits>

#include "kernels/kernels.h"
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {

/// The same update for the weights that begin `at` elements later.
template <class T>
Update<T> from(Update<T> update, std::int64_t at) noexcept {
  update.w += at;
  for (T*& slot : update.slots) slot += slot ? at : 0;
  return update;
}

/// One optimizer step on vectors of weights. adjusts: whether clip, l2 or l1 is used; it is a template parameter, so
/// that it is not tested for every vector.
template <class T, class Rule, bool adjusts>
class WeightUpdate {
 public:
  HWY_INLINE explicit WeightUpdate(const Update<T>& update) noexcept
      : clips_(update.step.clip > 0),
        decays_(update.step.l2 > 0),
        draws_(update.step.l1 > 0),
        clip_(update.step.clip),
        l2_(update.step.l2),
        l1_(update.step.l1),
        w_(update.w) {
    for (int i = 0; i < max_constants; ++i) constant_[i] = Lanes<T>(update.step.constant[i]);
    for (int s = 0; s < Rule::slots; ++s) slot_[s] = update.slots[s];
  }

  /// Updates the parameters from `at` on with the gradient g.
  template <class Io>
  HWY_INLINE void step(Io io, std::int64_t at, Lanes<T> g) const noexcept {
    Lanes<T> state[max_slots];
    for (int s = 0; s < Rule::slots; ++s) state[s] = io.load(slot_[s] + at);
    const Lanes<T> old = io.load(w_ + at);
    io.store(drawn(Rule::update(old, prepared(g, old), state, constant_)), w_ + at);
    for (int s = 0; s < Rule::slots; ++s) io.store(state[s], slot_[s] + at);
  }

  /// Prefetches parameters and state that step() will need soon.
  HWY_INLINE void prefetch(std::int64_t at) const noexcept {
    hwy::Prefetch(w_ + at);
    for (int s = 0; s < Rule::slots; ++s) hwy::Prefetch(slot_[s] + at);
  }

 private:
  /// The gradient that the update rule receives: clamped, then with l2 · w added.
  HWY_INLINE Lanes<T> prepared(Lanes<T> g, Lanes<T> w) const noexcept {
    if constexpr (!adjusts) return g;
    if (clips_) g = max(-clip_, min(clip_, g));
    return decays_ ? fma(l2_, w, g) : g;
  }

  /// w moved towards 0 by l1, but not past 0.
  HWY_INLINE Lanes<T> drawn(Lanes<T> w) const noexcept {
    return adjusts && draws_ ? copysign(max(Lanes<T>(0.0), abs(w) - l1_), w) : w;
  }

  bool clips_, decays_, draws_;
  Lanes<T> clip_, l2_, l1_;
  Lanes<T> constant_[max_constants];
  T* w_;
  T* slot_[max_slots] = {};
};

/// Stores gradients; has the same interface as WeightUpdate.
template <class T>
struct Storer {
  T* to;
  template <class Io>
  HWY_INLINE void step(Io io, std::int64_t at, Lanes<T> g) const noexcept {
    io.store(g, to + at);
  }
  HWY_INLINE void prefetch(std::int64_t) const noexcept {}
};

/// Calls run(update_weights) with the WeightUpdate that the update needs. float64, which is for checks, always uses one
/// WeightUpdate, to save compile time.
template <class T, class Rule, class Run>
HWY_INLINE void with_weight_update(const Update<T>& update, const Run& run) noexcept {
  if constexpr (std::is_same_v<T, double>) {
    run(WeightUpdate<T, Rule, true>(update));
  } else if (update.step.clip > 0 || update.step.l2 > 0 || update.step.l1 > 0) {
    run(WeightUpdate<T, Rule, true>(update));
  } else {
    run(WeightUpdate<T, Rule, false>(update));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();

#endif
