// Flatten: changes the shape of a row to one dimension; the numbers stay the same.
// Not here: other shapes (reshape.cc).
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

void Flatten::describe(Fields&) {}

Shape Flatten::output_shape(std::span<const Shape> inputs) const {
  return {only_input(inputs, name).elements()};
}

std::vector<Need> Flatten::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Flatten::run_forward(Pass<T>& pass) const {
  copy_elements<T>(pass.x(), pass.y());
}

template <class T>
void Flatten::run_backward(Pass<T>& pass) const {
  if (const View<T> dx = pass.dx()) copy_elements<T>(pass.dy(), dx);
}

template void Flatten::run_forward(Pass<float>&) const;
template void Flatten::run_forward(Pass<double>&) const;
template void Flatten::run_backward(Pass<float>&) const;
template void Flatten::run_backward(Pass<double>&) const;

LayerKind flatten_layer_kind() {
  return {Flatten::name, [] { return std::unique_ptr<Layer>(std::make_unique<Flatten>()); }};
}

}  // namespace pellucid
