// Pass: what a layer sees of one batch. Sums gradients in the order that the numerical contract fixes.
// Not here: the layers themselves.
#include "layers/pass.h"

#include <algorithm>

#include "kernels/parallel.h"
#include "model/fold.h"

namespace pellucid {
namespace {

// Sums row blocks and folds the sums by the fixed tree. `part(block, dest)` writes the sum of one block; `fold` has
// room for one more sum per level of the tree.
template <class T, class F>
void fold_blocks(const Kernels<T>& k, std::int64_t first, std::int64_t count, std::int64_t size, T* dest, T* fold,
                 const F& part) {
  if (count == 1) return part(first, dest);
  const std::int64_t left = left_blocks(count);
  fold_blocks(k, first, left, size, dest, fold, part);
  fold_blocks(k, first + left, count - left, size, fold, fold + size, part);
  k.add(size, fold, dest);
}

// Row blocks of a view. If the view has several rows per row of the batch, it still has as many blocks as the batch,
// each with proportionally more rows.
template <class T>
struct Blocks {
  std::int64_t rows, block;
  Blocks(const PassData<T>& d, std::int64_t view_rows)
      : rows(view_rows),
        block(d.row_block * std::max<std::int64_t>(1, d.rows > 0 ? (rows + d.rows - 1) / d.rows : 1)) {}
  std::int64_t count() const { return std::max<std::int64_t>(1, (rows + block - 1) / block); }
  std::int64_t begin(std::int64_t i) const { return i * block; }
  std::int64_t size(std::int64_t i) const { return std::min(block, rows - i * block); }
};

template <class T>
void update_values(const PassData<T>& d, const GradientSink<T>& sink, std::int64_t n, const T* gradient) {
  d.kernels->update(sink.update.rule, sink.update.step, n, sink.update.w, gradient, sink.update.slots);
}

// xᵀ·dz for an x that is mostly zeros: updates the weights or stores the gradient, as the sink says.
template <class T>
void sparse_product_gradient(const PassData<T>& d, const GradientSink<T>& sink, View<const T> x, View<const T> dz) {
  const bool update = sink.mode == GradientSink<T>::Mode::update;
  const SparseProductTransposed<T> product{.m = dz.rows,
                                           .n = dz.columns,
                                           .k = x.columns,
                                           .x = *d.sparse_x,
                                           .d = dz.data,
                                           .ldd = dz.stride,
                                           .c = update ? nullptr : sink.gradient,
                                           .ldc = dz.columns,
                                           .update = update ? sink.update : Update<T>{}};
  parallel_product_transposed(*d.team, *d.kernels, product);
}

// xᵀ·dz, applied directly as the update of the weights.
template <class T>
void update_weights(const PassData<T>& d, const GradientSink<T>& sink, View<const T> x, View<const T> dz) {
  const ProductTransposed<T> product{.m = dz.rows,
                                     .n = dz.columns,
                                     .k = x.columns,
                                     .x = x.data,
                                     .ldx = x.stride,
                                     .d = dz.data,
                                     .ldd = dz.stride,
                                     .c = nullptr,
                                     .ldc = dz.columns,
                                     .update = sink.update};
  parallel_product_transposed(*d.team, *d.kernels, product);
}

// Sums all blocks with part(block, dest, add) into the stored gradient. If a gradient is already stored there, a single
// block continues its chain of sums; the folded sum of several blocks is added to it.
template <class T, class F>
void store_blocks(const PassData<T>& d, const GradientSink<T>& sink, const Blocks<T>& blocks, std::int64_t size,
                  const F& part) {
  const bool add = d.add || sink.add;
  const std::int64_t count = blocks.count();
  if (count == 1) return part(std::int64_t{0}, sink.gradient, add);
  const auto fresh = [&](std::int64_t i, T* dest) { part(i, dest, false); };
  if (!add) return fold_blocks(*d.kernels, 0, count, size, sink.gradient, d.fold, fresh);
  fold_blocks(*d.kernels, 0, count, size, d.fold, d.fold + size, fresh);
  d.kernels->add(size, d.fold, sink.gradient);
}

}  // namespace

template <class T>
void PassData<T>::set_rows(std::int64_t count) noexcept {
  const auto cut = [count](View<T>& view) { view.rows = view ? count : 0; };
  rows = count;
  std::ranges::for_each(x, cut);
  std::ranges::for_each(dx, cut);
  cut(y);
  cut(dy);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (per_row[i]) cut(slices[i]);
  }
}

template <class T>
void Pass<T>::product_gradient(int need, View<const T> x, View<const T> dz) const {
  GradientSink<T>& sink = data_.sinks[static_cast<std::size_t>(need)];
  if (sink.mode == GradientSink<T>::Mode::none) return;
  if (data_.sparse_x && x.data == data_.x[0].data) return sparse_product_gradient(data_, sink, x, dz);
  if (sink.mode == GradientSink<T>::Mode::update) return update_weights(data_, sink, x, dz);
  const Blocks<T> blocks(data_, dz.rows);
  store_blocks(data_, sink, blocks, x.columns * dz.columns, [&](std::int64_t i, T* dest, bool add) {
    const std::int64_t r = blocks.begin(i);
    const ProductTransposed<T> product{.m = blocks.size(i),
                                       .n = dz.columns,
                                       .k = x.columns,
                                       .x = x.row(r),
                                       .ldx = x.stride,
                                       .d = dz.row(r),
                                       .ldd = dz.stride,
                                       .c = dest,
                                       .ldc = dz.columns,
                                       .add = add};
    parallel_product_transposed(*data_.team, *data_.kernels, product);
  });
}

template <class T>
void Pass<T>::sum_gradient(int need, View<const T> dz) const {
  GradientSink<T>& sink = data_.sinks[static_cast<std::size_t>(need)];
  if (sink.mode == GradientSink<T>::Mode::none) return;
  const Blocks<T> blocks(data_, dz.rows);
  const auto part = [&](std::int64_t i, T* dest, bool add) {
    data_.kernels->column_sums(blocks.size(i), dz.columns, dz.row(blocks.begin(i)), dz.stride, dest, add);
  };
  if (sink.mode == GradientSink<T>::Mode::store) return store_blocks(data_, sink, blocks, dz.columns, part);
  T* const sum = data_.fold;
  const auto fresh = [&](std::int64_t i, T* dest) { part(i, dest, false); };
  fold_blocks(*data_.kernels, 0, blocks.count(), dz.columns, sum, sum + dz.columns, fresh);
  update_values(data_, sink, dz.columns, sum);
}

template <class T>
void Pass<T>::gradient(int need, const T* values) const {
  GradientSink<T>& sink = data_.sinks[static_cast<std::size_t>(need)];
  const View<T> slice = data_.slices[static_cast<std::size_t>(need)];
  const std::int64_t n = slice.rows * slice.columns;
  if (sink.mode == GradientSink<T>::Mode::update) update_values(data_, sink, n, values);
  if (sink.mode != GradientSink<T>::Mode::store) return;
  if (data_.add || sink.add) return data_.kernels->add(n, values, sink.gradient);
  std::copy(values, values + n, sink.gradient);
}

template <class T>
void Pass<T>::sum_rows(int need, T* memory, RowSum sum, const void* object) const {
  GradientSink<T>& sink = data_.sinks[static_cast<std::size_t>(need)];
  if (sink.mode == GradientSink<T>::Mode::none) return;
  const View<T> slice = data_.slices[static_cast<std::size_t>(need)];
  const std::int64_t size = slice.rows * slice.columns;
  if (sink.mode == GradientSink<T>::Mode::update) {  // the plan stores gradients that have several row blocks
    sum(object, 0, data_.rows, memory, false);
    return update_values(data_, sink, size, memory);
  }
  const Blocks<T> blocks(data_, data_.rows);
  store_blocks(data_, sink, blocks, size,
               [&](std::int64_t i, T* dest, bool add) { sum(object, blocks.begin(i), blocks.size(i), dest, add); });
}

template <class T>
RandomKey Pass<T>::random_key() const noexcept {
  return data_.key;
}
template <class T>
std::uint32_t Pass<T>::first_row() const noexcept {
  return data_.first_row;
}
template <class T>
double Pass<T>::dropout_factor() const noexcept {
  return data_.dropout_factor;
}
template struct PassData<float>;
template struct PassData<double>;
template class Pass<float>;
template class Pass<double>;

}  // namespace pellucid
