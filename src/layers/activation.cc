// ActivationLayer: y = f(x); the shape does not change.
// Not here: the formulas (src/activations).
#include "layers/apply.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"

namespace pellucid {

ActivationLayer::ActivationLayer(Activation activation) : activation_(activation) {
  activation_.check();
}

void ActivationLayer::describe(Fields& fields) {
  std::string text = activation_.text();
  fields.field({.name = "activation", .help = "activation function"}, text);
  if (text != activation_.text()) activation_ = Activation::parse(text);
}

Shape ActivationLayer::output_shape(std::span<const Shape> inputs) const {
  if (inputs.size() != 1) throw Error("U20", "layer activation reads one input, got " + std::to_string(inputs.size()));
  return inputs[0];
}

std::vector<Need> ActivationLayer::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void ActivationLayer::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y();
  if (pass.logits_wanted()) {
    for (std::int64_t r = 0; r < x.rows; ++r) std::copy(x.row(r), x.row(r) + x.columns, y.row(r));
  } else {
    apply<T>(pass, activation_, x, y);
  }
}

template <class T>
void ActivationLayer::run_backward(Pass<T>& pass) const {
  const View<T> dx = pass.dx(), dy = pass.dy();
  if (!dx) return;
  if (pass.logits_wanted()) {
    for (std::int64_t r = 0; r < dy.rows; ++r) std::copy(dy.row(r), dy.row(r) + dy.columns, dx.row(r));
  } else {
    apply_gradient<T>(pass, activation_, pass.x(), pass.y(), dy, dx);
  }
}

Expression::Value ActivationLayer::express(Expression& to) const {
  return to.apply(activation_, to.input());
}

template void ActivationLayer::run_forward(Pass<float>&) const;
template void ActivationLayer::run_forward(Pass<double>&) const;
template void ActivationLayer::run_backward(Pass<float>&) const;
template void ActivationLayer::run_backward(Pass<double>&) const;

LayerKind activation_layer_kind() {
  return {ActivationLayer::name, [] { return std::unique_ptr<Layer>(std::make_unique<ActivationLayer>()); }};
}

}  // namespace pellucid
