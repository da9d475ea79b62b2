// GlobalAveragePool2D: the mean of each channel over the whole picture. The sum runs over the pixels in ascending
// order. Not here: means of windows (average_pool2d.cc).
#include "layers/elements.h"
#include "layers/pictures.h"

namespace pellucid {

void GlobalAveragePool2D::describe(Fields&) {}

Shape GlobalAveragePool2D::output_shape(std::span<const Shape> inputs) const {
  return {only_picture(inputs, name).channels};
}

std::vector<Need> GlobalAveragePool2D::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void GlobalAveragePool2D::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y();
  const std::int64_t channels = y.columns, pixels = x.columns / channels;
  for (std::int64_t r = 0; r < x.rows; ++r) {
    pass.kernels().column_sums(pixels, channels, x.row(r), channels, y.row(r), false);
    pass.kernels().scale(channels, T(1) / static_cast<T>(pixels), y.row(r));
  }
}

template <class T>
void GlobalAveragePool2D::run_backward(Pass<T>& pass) const {
  const View<T> dy = pass.dy(), dx = pass.dx();
  const std::int64_t channels = dy.columns, pixels = dx.columns / channels;
  for (std::int64_t r = 0; dx && r < dx.rows; ++r) {
    pass.kernels().scale(channels, T(1) / static_cast<T>(pixels), dy.row(r));
    for (std::int64_t i = 0; i < pixels; ++i) std::copy_n(dy.row(r), channels, dx.row(r) + i * channels);
  }
}

Expression::Value GlobalAveragePool2D::express(Expression& to) const {
  const Shape shape = to.input_shape();
  const Picture picture = only_picture({&shape, 1}, name);
  return to.pool(to.input(),
                 {.height = picture.height,
                  .width = picture.width,
                  .channels = picture.channels,
                  .rows = picture.height,
                  .columns = picture.width},
                 true);
}

template void GlobalAveragePool2D::run_forward(Pass<float>&) const;
template void GlobalAveragePool2D::run_forward(Pass<double>&) const;
template void GlobalAveragePool2D::run_backward(Pass<float>&) const;
template void GlobalAveragePool2D::run_backward(Pass<double>&) const;

LayerKind global_average_pool2d_layer_kind() {
  return {GlobalAveragePool2D::name, [] { return std::unique_ptr<Layer>(std::make_unique<GlobalAveragePool2D>()); }};
}

}  // namespace pellucid
