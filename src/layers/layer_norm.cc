// LayerNorm: normalizes the numbers of each row, or of the last axis of a row with a shape.
// Not here: the loops over a row (kernels/norm.cc).
#include "core/settings.h"
#include "kernels/parallel.h"
#include "layers/channels.h"
#include "pellucid/normalization.h"

namespace pellucid {
namespace {

enum Slice { gamma, beta, mean, factor, sums };  // the order of needs()

}  // namespace

LayerNorm::LayerNorm(double epsilon) : epsilon_(epsilon) {
  LayerNorm copy = *this;
  check_settings(copy, "layer layer_norm");
}

void LayerNorm::describe(Fields& fields) {
  fields.field({.name = "epsilon", .help = "added to the variance", .range = positive}, epsilon_);
}

Shape LayerNorm::output_shape(std::span<const Shape> inputs) const {
  return only_input(inputs, name);
}

std::vector<Need> LayerNorm::needs(std::span<const Shape> inputs) const {
  const Channels channels(inputs[0]);
  return {gamma_need(channels.count),
          beta_need(channels.count),
          {.name = "mean", .role = Role::saved, .shape = {channels.positions}},
          {.name = "factor", .role = Role::saved, .shape = {channels.positions}},  // 1 / √(variance + epsilon)
          {.name = "sums", .role = Role::scratch, .shape = {channels.count}, .wanted = channels.positions > 1}};
}

template <class T>
void LayerNorm::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), means = pass.slice(mean), factors = pass.slice(factor);
  const Channels channels(pass.input_shape());
  parallel_rows<T>(pass.team(), x.rows, 6.0 * static_cast<double>(x.columns),
                   [&](std::int64_t begin, std::int64_t end) {
                     channels.each_matrix(begin, end, [&](std::int64_t row, std::int64_t positions) {
                       pass.kernels().row_norm({positions, channels.count, x.row(row), channels.step(x),
                                                pass.slice(gamma).data, pass.slice(beta).data, static_cast<T>(epsilon_),
                                                y.row(row), channels.step(y), means.row(row), factors.row(row)});
                     });
                   });
}

template <class T>
void LayerNorm::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> dy = pass.dy(), dx = pass.dx(), means = pass.slice(mean), factors = pass.slice(factor);
  const Channels channels(pass.input_shape());
  // With several positions, the gradients of gamma and beta are first summed over the positions of each row.
  const auto deliver = [&](int need) {
    const View<T> row_sums = pass.slice(sums);
    if (channels.positions == 1) return pass.sum_gradient(need, dy);
    for (std::int64_t r = 0; r < dy.rows; ++r) {
      pass.kernels().column_sums(channels.positions, channels.count, dy.row(r), channels.count, row_sums.row(r), false);
    }
    pass.sum_gradient(need, row_sums);
  };
  deliver(beta);  // dx does not need beta, and the loop below changes dy
  parallel_rows<T>(
      pass.team(), x.rows, 8.0 * static_cast<double>(x.columns), [&](std::int64_t begin, std::int64_t end) {
        channels.each_matrix(begin, end, [&](std::int64_t row, std::int64_t positions) {
          pass.kernels().row_norm_gradient({positions, channels.count, x.row(row), channels.step(x),
                                            pass.slice(gamma).data, means.row(row), factors.row(row), dy.row(row),
                                            channels.step(dy), dx ? dx.row(row) : nullptr, dx ? channels.step(dx) : 0});
        });
      });
  deliver(gamma);
}

Expression::Value LayerNorm::express(Expression& to) const {
  return to.normalize_rows(to.input(), epsilon_, to.constant(gamma), to.constant(beta));
}

template void LayerNorm::run_forward(Pass<float>&) const;
template void LayerNorm::run_forward(Pass<double>&) const;
template void LayerNorm::run_backward(Pass<float>&) const;
template void LayerNorm::run_backward(Pass<double>&) const;

LayerKind layer_norm_layer_kind() {
  return {LayerNorm::name, [] { return std::unique_ptr<Layer>(std::make_unique<LayerNorm>()); }};
}

}  // namespace pellucid
