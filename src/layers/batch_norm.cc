// BatchNorm: normalizes each channel by the batch's mean and variance, in prediction by running ones.
// Not here: the loops over columns (kernels/norm.cc), putting it into the layer before (model/merge_norms.cc).
#include <cmath>

#include "core/settings.h"
#include "kernels/parallel.h"
#include "layers/channels.h"
#include "pellucid/normalization.h"

namespace pellucid {
namespace {

enum Slice { gamma, beta, running_mean, running_variance, statistics, coefficients, sums };  // the order of needs()

constexpr std::int64_t block_rows = 64;  // of flat rows; a row with several positions is a block of its own

std::int64_t rows_of_block(const Channels& channels) {
  return channels.positions == 1 ? block_rows : 1;
}

/// Calls work(block, first row, positions) for each block of rows, on the pass's threads.
template <class T, class F>
void each_block(const Pass<T>& pass, const Channels& channels, const F& work) {
  const std::int64_t rows = pass.rows(), step = rows_of_block(channels);
  const double cost = 4 * static_cast<double>(step * channels.positions * channels.count);
  parallel_rows<T>(pass.team(), (rows + step - 1) / step, cost, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t first = block * step;
      channels.each_matrix(first, std::min(rows, first + step),
                           [&](std::int64_t row, std::int64_t positions) { work(block, row, positions); });
    }
  });
}

/// Calls join(block, other block, rows of the first, rows of the second) so that everything ends in block 0. The tree
/// depends only on the number of rows.
template <class F>
void fold_blocks(std::int64_t rows, std::int64_t step, const F& join) {
  for (std::int64_t width = step; width < rows; width *= 2) {
    for (std::int64_t at = 0; at + width < rows; at += 2 * width) {
      join(at / step, (at + width) / step, width, std::min(width, rows - at - width));
    }
  }
}

/// Puts the mean of the batch and Σ (x − mean)² into the first row of `sums`.
template <class T>
void batch_moments(const Pass<T>& pass, const Channels& channels) {
  const View<const T> x = pass.x();
  const View<T> sums_of = pass.slice(sums);
  const std::int64_t n = channels.count;
  each_block(pass, channels, [&](std::int64_t block, std::int64_t row, std::int64_t positions) {
    T* to = sums_of.row(block);
    pass.kernels().column_moments(positions, n, x.row(row), channels.step(x), to, to + n);
  });
  fold_blocks(x.rows, rows_of_block(channels),
              [&](std::int64_t a, std::int64_t b, std::int64_t rows, std::int64_t more) {
                T *to = sums_of.row(a), *from = sums_of.row(b);
                const T share = static_cast<T>(more) / static_cast<T>(rows + more);
                const T both = static_cast<T>(rows * channels.positions) * share;
                for (std::int64_t c = 0; c < n; ++c) {
                  const T apart = from[c] - to[c];
                  to[c] += apart * share;
                  to[n + c] += from[n + c] + apart * apart * both;
                }
              });
}

}  // namespace

BatchNorm::BatchNorm(BatchNormOptions options) : options_(options) {
  BatchNorm copy = *this;
  check_settings(copy, "layer batch_norm");
}

void BatchNorm::describe(Fields& fields) {
  fields.field({.name = "momentum",
                .help = "share of a batch in the running mean and variance",
                .range = {.low = 0, .high = 1, .low_open = true}},
               options_.momentum);
  fields.field({.name = "epsilon", .help = "added to the variance", .range = positive}, options_.epsilon);
}

Shape BatchNorm::output_shape(std::span<const Shape> inputs) const {
  return only_input(inputs, name);
}

std::vector<Need> BatchNorm::needs(std::span<const Shape> inputs) const {
  const std::int64_t n = Channels(inputs[0]).count;
  return {gamma_need(n),
          beta_need(n),
          {.name = "running_mean", .role = Role::state, .shape = {n}, .updates = true},
          {.name = "running_variance",
           .role = Role::state,
           .shape = {n},
           .initializer = Initializer("constant", 1),
           .updates = true},
          {.name = "statistics", .role = Role::saved, .shape = {2, n}, .whole = true},  // mean, 1/√(variance + epsilon)
          {.name = "coefficients", .role = Role::scratch, .shape = {3, n}, .whole = true},
          {.name = "sums", .role = Role::scratch, .shape = {2 * n}}};
}

template <class T>
void BatchNorm::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), mean = pass.slice(running_mean), variance = pass.slice(running_variance);
  const Channels channels(pass.input_shape());
  const std::int64_t n = channels.count;
  T *centre = pass.slice(statistics).row(0), *inverse = pass.slice(statistics).row(1);
  const T epsilon = static_cast<T>(options_.epsilon);
  if (pass.training()) {
    batch_moments(pass, channels);
    const T *moments = pass.slice(sums).row(0), momentum = static_cast<T>(options_.momentum);
    const std::int64_t all = x.rows * channels.positions;
    const View<T> next_mean = pass.new_state(running_mean), next_variance = pass.new_state(running_variance);
    for (std::int64_t c = 0; c < n; ++c) {
      centre[c] = moments[c];
      inverse[c] = T(1) / std::sqrt(moments[n + c] / static_cast<T>(all) + epsilon);
      if (!next_mean) continue;
      const T share = all > 1 ? momentum : T(0),
              unbiased = moments[n + c] / static_cast<T>(std::max<std::int64_t>(all - 1, 1));
      next_mean(0, c) = mean.data[c] + share * (moments[c] - mean.data[c]);
      next_variance(0, c) = variance.data[c] + share * (unbiased - variance.data[c]);
    }
  } else {
    for (std::int64_t c = 0; c < n; ++c) {
      centre[c] = mean.data[c];
      inverse[c] = T(1) / std::sqrt(variance.data[c] + epsilon);
    }
  }
  T* factor = pass.slice(coefficients).row(0);
  for (std::int64_t c = 0; c < n; ++c) factor[c] = pass.slice(gamma).data[c] * inverse[c];
  const T* shift = pass.slice(beta).data;
  each_block(pass, channels, [&](std::int64_t, std::int64_t row, std::int64_t positions) {
    pass.kernels().column_norm(
        {positions, n, x.row(row), channels.step(x), centre, factor, shift, y.row(row), channels.step(y)});
  });
}

// With h = (x − mean) · inverse and means over the batch: dx = gamma · inverse · (dy − mean(dy) − h · mean(dy · h)). In
// prediction, mean and variance do not depend on x, so dx = gamma · inverse · dy.
template <class T>
void BatchNorm::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> dy = pass.dy(), dx = pass.dx(), sums_of = pass.slice(sums);
  const Channels channels(pass.input_shape());
  const std::int64_t n = channels.count;
  const T *centre = pass.slice(statistics).row(0), *inverse = pass.slice(statistics).row(1);
  each_block(pass, channels, [&](std::int64_t block, std::int64_t row, std::int64_t positions) {
    T* to = sums_of.row(block);
    pass.kernels().column_products(positions, n, dy.row(row), channels.step(dy), x.row(row), channels.step(x), centre,
                                   to, to + n);
  });
  fold_blocks(x.rows, rows_of_block(channels), [&](std::int64_t a, std::int64_t b, std::int64_t, std::int64_t) {
    pass.kernels().add(2 * n, sums_of.row(b), sums_of.row(a));
  });
  T* const sum = sums_of.row(0);
  for (std::int64_t c = 0; c < n; ++c) sum[n + c] *= inverse[c];  // Σ dy · h
  if (dx) {
    const View<T> by = pass.slice(coefficients);
    const T all = static_cast<T>(x.rows * channels.positions);
    for (std::int64_t c = 0; c < n; ++c) {
      const T factor = pass.slice(gamma).data[c] * inverse[c];
      by(0, c) = factor;
      by(1, c) = pass.training() ? -factor * inverse[c] * (sum[n + c] / all) : T(0);
      by(2, c) = pass.training() ? -factor * (sum[c] / all) : T(0);
    }
    each_block(pass, channels, [&](std::int64_t, std::int64_t row, std::int64_t positions) {
      pass.kernels().column_norm_gradient({positions, n, dy.row(row), channels.step(dy), x.row(row), channels.step(x),
                                           centre, by.row(0), by.row(1), by.row(2), dx.row(row), channels.step(dx)});
    });
  }
  pass.gradient(gamma, sum + n);
  pass.gradient(beta, sum);
}

Expression::Value BatchNorm::express(Expression& to) const {
  return to.normalize(to.input(), to.constant(running_mean), to.constant(running_variance), options_.epsilon,
                      to.constant(gamma), to.constant(beta));
}

template void BatchNorm::run_forward(Pass<float>&) const;
template void BatchNorm::run_forward(Pass<double>&) const;
template void BatchNorm::run_backward(Pass<float>&) const;
template void BatchNorm::run_backward(Pass<double>&) const;

LayerKind batch_norm_layer_kind() {
  return {BatchNorm::name, [] { return std::unique_ptr<Layer>(std::make_unique<BatchNorm>()); }};
}

}  // namespace pellucid
