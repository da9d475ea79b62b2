// Products of entries (nonzero elements): the same chains as the dense products, without the zeros.
// Not here: collecting the entries (kernels/skip.cc).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/entries.cc"
#include <hwy/foreach_target.h>  // this file once per target; must stand before highway.h

#include "kernels/entries-inl.h"
#include "kernels/parts-inl.h"
#include "kernels/tile-inl.h"
#include "kernels/update-inl.h"

HWY_BEFORE_NAMESPACE();
namespace pellucid {
namespace HWY_NAMESPACE {
namespace {

#include "optimizers/formulas.inc"

constexpr std::int64_t rows_ahead = 8;  ///< rows of the weights that are prefetched before their update

/// Sums V vectors of columns over all cache blocks: done(r, start[r] + …). fill(step, steps, panel) copies the rows of
/// the other factor into the panel.
template <int V, class T, class Io, class Fill, class Done>
HWY_INLINE void sum_blocks(const Entries<T>& entries, Io io, const T* start, std::int64_t ldstart, const Fill& fill,
                           const Done& done) noexcept {
  constexpr std::int64_t N = Lanes<T>::count, width = V * N;
  HWY_ALIGN T panel[block_steps * width];
  HWY_ALIGN T waiting[Entries<T>::most_rows * width];
  const std::int64_t last = entries.blocks() - 1;
  for (std::int64_t b = 0; b < last; ++b) {
    fill(b * block_steps, entries.steps(b), panel);
    entries.template sum<V>(b, panel, b == 0 ? start : waiting, b == 0 ? ldstart : width, io,
                            [&](std::int64_t r, const Lanes<T>(&chain)[V]) HWY_ATTR {
                              for (int v = 0; v < V; ++v) io.store(chain[v], waiting + r * width + v * N);
                            });
  }
  fill(last * block_steps, entries.steps(last), panel);
  entries.template sum<V>(last, panel, last == 0 ? start : waiting, last == 0 ? ldstart : width, io, done);
}

/// Calls what.step(io, place, gradient) for each vector of gradients; rows without entries only if every_row is set.
template <class T, class What>
HWY_INLINE void each_gradient(const Entries<T>& entries, const ProductTransposed<T>& p, bool every_row,
                              const What& what) noexcept {
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    constexpr std::int64_t N = Lanes<T>::count, width = V * N;
    const T* start = p.add ? p.c + c : nullptr;
    const auto fill = [&](std::int64_t step, std::int64_t steps, T* panel) HWY_ATTR {
      copy_rows(steps, std::min(width, p.n - c), p.d + step * p.ldd + c, p.ldd, panel, width);
    };
    sum_blocks<V>(entries, io, start, p.ldc, fill, [&](std::int64_t r, const Lanes<T>(&chain)[V]) HWY_ATTR {
      if (!every_row && entries.is_empty(r)) return;
      const std::int64_t soon = std::min(r + rows_ahead, p.k - 1);
      for (int v = 0; every_row && v < V; ++v) what.prefetch(soon * p.ldc + c + v * N);
      for (int v = 0; v < V; ++v) what.step(io, r * p.ldc + c + v * N, chain[v]);
    });
  });
}

template <class T, class Rule>
HWY_FLATTEN void update_loop(const Entries<T>& entries, const ProductTransposed<T>& p) noexcept {
  const bool every_row = Rule::slots > 0 || p.update.step.l2 > 0 || p.update.step.l1 > 0;
  with_weight_update<T, Rule>(
      p.update, [&](auto update_weights) HWY_ATTR { each_gradient(entries, p, every_row, update_weights); });
}

#define PELLUCID_KIND(Type, name) &update_loop<T, Type>,
template <class T>
constexpr void (*update_loops[])(const Entries<T>&, const ProductTransposed<T>&) noexcept = {
#include "optimizers/kinds.inc"
};
#undef PELLUCID_KIND

}  // namespace

template <class T>
HWY_FLATTEN void product_of_entries(const Entries<T>& entries, const EntriesProduct<T>& p) noexcept {
  each_panel<T>(p.n, [&](auto vectors, auto io, std::int64_t c) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    constexpr std::int64_t N = Lanes<T>::count, width = V * N;
    const std::int64_t columns = std::min(width, p.n - c);
    const auto fill = [&](std::int64_t step, std::int64_t steps, T* panel) HWY_ATTR {
      p.b_transposed ? transpose(columns, steps, p.b + c * p.ldb + step, p.ldb, panel, width)
                     : copy_rows(steps, columns, p.b + step * p.ldb + c, p.ldb, panel, width);
    };
    sum_blocks<V>(entries, io, p.start ? p.start + c : nullptr, p.ldstart, fill,
                  [&](std::int64_t r, const Lanes<T>(&chain)[V]) HWY_ATTR {
                    for (int v = 0; v < V; ++v) io.store(chain[v], p.out + r * p.ldout + c + v * N);
                  });
  });
}

template <class T>
HWY_FLATTEN void gradient_of_entries(const Entries<T>& entries, const ProductTransposed<T>& p) noexcept {
  if (p.update.rule >= 0) return update_loops<T>[p.update.rule](entries, p);
  each_gradient(entries, p, true, Storer<T>{p.c});
}

template void product_of_entries(const Entries<float>&, const EntriesProduct<float>&) noexcept;
template void gradient_of_entries(const Entries<float>&, const ProductTransposed<float>&) noexcept;

}  // namespace HWY_NAMESPACE
}  // namespace pellucid
HWY_AFTER_NAMESPACE();
