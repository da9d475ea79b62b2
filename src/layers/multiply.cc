// Multiply: the product of several inputs, element by element.
// Not here: a learned factor per column (scale.cc).
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

void Multiply::describe(Fields&) {}

Shape Multiply::output_shape(std::span<const Shape> inputs) const {
  return common_shape(inputs, name);
}

std::vector<Need> Multiply::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Multiply::run_forward(Pass<T>& pass) const {
  copy_elements<T>(pass.x(0), pass.y());
  for (int i = 1; i < pass.inputs(); ++i) for_elements<T>(pass.x(i), pass.y(), pass.kernels().multiply);
}

// The gradient of an input is dy times all other inputs. Dividing y by the input instead would fail at zero.
template <class T>
void Multiply::run_backward(Pass<T>& pass) const {
  for (int i = 0; i < pass.inputs(); ++i) {
    const View<T> dx = pass.dx(i);
    if (!dx) continue;
    copy_elements<T>(pass.dy(), dx);
    for (int j = 0; j < pass.inputs(); ++j) {
      if (j != i) for_elements<T>(pass.x(j), dx, pass.kernels().multiply);
    }
  }
}

template void Multiply::run_forward(Pass<float>&) const;
template void Multiply::run_forward(Pass<double>&) const;
template void Multiply::run_backward(Pass<float>&) const;
template void Multiply::run_backward(Pass<double>&) const;

LayerKind multiply_layer_kind() {
  return {Multiply::name, [] { return std::unique_ptr<Layer>(std::make_unique<Multiply>()); }};
}

}  // namespace pellucid
