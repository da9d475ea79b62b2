// One optimizer step on contiguous parameters, one loop per update rule.
// Not here: the formulas (src/optimizers), the constants of a step (optimizers/optimizer.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/update.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include <algorithm>
#include <utility>

#include "kernels/parts-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

template <class T>
using UpdateLoop = void (*)(const Update<T>&, std::int64_t, std::int64_t, const T*, std::int64_t,
                            std::int64_t) noexcept;

template <class T, class Rule>
HWY_FLATTEN void update_loop(const Update<T>& update, std::int64_t rows, std::int64_t columns, const T* g,
                             std::int64_t ldg, std::int64_t ldw) noexcept {
  with_weight_update<T, Rule>(update, [&](auto update_weights) HWY_ATTR {
    for (std::int64_t r = 0; r < rows; ++r) {
      each<T>(columns, [&](auto io, std::int64_t i)
                           HWY_ATTR { update_weights.step(io, r * ldw + i, io.load(g + r * ldg + i)); });
    }
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
void update_block(const Update<T>& update, std::int64_t rows, std::int64_t columns, const T* g, std::int64_t ldg,
                  std::int64_t ldw) noexcept {
  // Without gaps between the rows, treat them as one long row.
  if (ldg == columns && ldw == columns) columns *= std::exchange(rows, 1);
  update_loops<T>[update.rule](update, rows, columns, g, ldg, ldw);
}

template <class T>
void update(int rule, const UpdateStep<T>& step, std::int64_t n, T* w, const T* g, T* const* slots) noexcept {
  Update<T> update{rule, step, w, {}};
  std::copy_n(slots, max_slots, update.slots);
  update_block(update, 1, n, g, n, n);
}

#define PELLUCID_UPDATE(T)                                                                         \
  template void update_block(const Update<T>&, std::int64_t, std::int64_t, const T*, std::int64_t, \
                             std::int64_t) noexcept;                                               \
  template void update(int, const UpdateStep<T>&, std::int64_t, T*, const T*, T* const*) noexcept;
PELLUCID_UPDATE(float)
PELLUCID_UPDATE(double)
#undef PELLUCID_UPDATE

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
