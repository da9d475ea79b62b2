// Scale: a learned factor per input column.
// Not here: scaling columns of a table before training (src/prepare).
#include "core/settings.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { factor };  // the order of needs()

}  // namespace

Scale::Scale(double rate) : rate_(rate) {
  Scale copy = *this;
  check_settings(copy, "layer scale");
}

void Scale::describe(Fields& fields) {
  fields.field({.name = "rate", .help = "factor on the learning rate", .range = {.low = 0}}, rate_);
}

Shape Scale::output_shape(std::span<const Shape> inputs) const {
  if (inputs.size() != 1) throw Error("U20", "layer scale reads one input, got " + std::to_string(inputs.size()));
  return inputs[0];
}

std::vector<Need> Scale::needs(std::span<const Shape> inputs) const {
  const std::int64_t columns = inputs[0].elements();
  return {{.name = "factor",
           .shape = {columns},
           .initializer = Initializer("constant", 1),
           .fan_in = 1,
           .fan_out = 1,
           .learning_rate_factor = rate_}};
}

template <class T>
void Scale::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y();
  const T* s = pass.slice(factor).data;
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; c < x.columns; ++c) y(r, c) = s[c] * x(r, c);
  }
}

template <class T>
void Scale::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> dy = pass.dy(), dx = pass.dx();
  const T* s = pass.slice(factor).data;
  for (std::int64_t r = 0; r < x.rows; ++r) {
    for (std::int64_t c = 0; dx && c < x.columns; ++c) dx(r, c) = s[c] * dy(r, c);
    for (std::int64_t c = 0; c < x.columns; ++c) dy(r, c) *= x(r, c);
  }
  pass.sum_gradient(factor, dy);
}

template void Scale::run_forward(Pass<float>&) const;
template void Scale::run_forward(Pass<double>&) const;
template void Scale::run_backward(Pass<float>&) const;
template void Scale::run_backward(Pass<double>&) const;

LayerKind scale_layer_kind() {
  return {Scale::name, [] { return std::unique_ptr<Layer>(std::make_unique<Scale>()); }};
}

}  // namespace pellucid
