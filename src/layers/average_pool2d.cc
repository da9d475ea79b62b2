// AveragePool2D: the mean of each window of pixels, channel by channel.
// Not here: the loops (kernels/pooling.cc), windows and their settings (pictures.h).
#include "core/settings.h"
#include "kernels/parallel.h"
#include "layers/pass.h"
#include "layers/pictures.h"

namespace pellucid {

AveragePool2D::AveragePool2D(PixelSize window, Pool2DOptions options) : window_(window), options_(std::move(options)) {
  AveragePool2D copy = *this;
  check_settings(copy, "layer average_pool2d");
}

void AveragePool2D::describe(Fields& fields) {
  describe_pool(fields, window_, options_, name);
}

Shape AveragePool2D::output_shape(std::span<const Shape> inputs) const {
  const PoolShape shape = pool_shape(inputs, window_, options_, name);
  return {shape.windows.y.out, shape.windows.x.out, shape.picture.channels};
}

std::vector<Need> AveragePool2D::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void AveragePool2D::run_forward(Pass<T>& pass) const {
  const PoolShape shape = pool_shape({&pass.input_shape(), 1}, window_, options_, name);
  const View<const T> x = pass.x();
  const View<T> y = pass.y();
  parallel_rows<T>(pass.team(), x.rows, shape.operations(), [&](std::int64_t begin, std::int64_t end) {
    pass.kernels().average_pool(pooling_of<T>(shape, x, y, begin, end));
  });
}

template <class T>
void AveragePool2D::run_backward(Pass<T>& pass) const {
  const View<T> dy = pass.dy(), dx = pass.dx();
  if (!dx) return;
  const PoolShape shape = pool_shape({&pass.input_shape(), 1}, window_, options_, name);
  parallel_rows<T>(pass.team(), dx.rows, 2 * shape.operations(), [&](std::int64_t begin, std::int64_t end) {
    pass.kernels().average_pool_gradient({.forward = pooling_of<T>(shape, pass.x(), pass.y(), begin, end),
                                          .dy = dy.row(begin),
                                          .lddy = dy.stride,
                                          .dx = dx.row(begin),
                                          .lddx = dx.stride});
  });
}

Expression::Value AveragePool2D::express(Expression& to) const {
  const Shape in = to.input_shape();
  const PoolShape shape = pool_shape({&in, 1}, window_, options_, name);
  return to.pool(to.input(), exported_window(shape.picture, shape.windows), true);
}

template void AveragePool2D::run_forward(Pass<float>&) const;
template void AveragePool2D::run_forward(Pass<double>&) const;
template void AveragePool2D::run_backward(Pass<float>&) const;
template void AveragePool2D::run_backward(Pass<double>&) const;

LayerKind average_pool2d_layer_kind() {
  return {AveragePool2D::name, [] { return std::unique_ptr<Layer>(std::make_unique<AveragePool2D>()); }};
}

}  // namespace pellucid
