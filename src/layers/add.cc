// Add: the sum of several inputs, element by element.
// Not here: adding gradients of a node that several others read (model/workspace.cc).
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

void Add::describe(Fields&) {}

Shape Add::output_shape(std::span<const Shape> inputs) const {
  return common_shape(inputs, name);
}

std::vector<Need> Add::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Add::run_forward(Pass<T>& pass) const {
  copy_elements<T>(pass.x(0), pass.y());
  for (int i = 1; i < pass.inputs(); ++i) for_elements<T>(pass.x(i), pass.y(), pass.kernels().add);
}

template <class T>
void Add::run_backward(Pass<T>& pass) const {
  for (int i = 0; i < pass.inputs(); ++i) {
    if (const View<T> dx = pass.dx(i)) copy_elements<T>(pass.dy(), dx);
  }
}

Expression::Value Add::express(Expression& to) const {
  Expression::Value sum = to.input(0);
  for (int i = 1; i < to.inputs(); ++i) sum = to.add(sum, to.input(i));
  return sum;
}

template void Add::run_forward(Pass<float>&) const;
template void Add::run_forward(Pass<double>&) const;
template void Add::run_backward(Pass<float>&) const;
template void Add::run_backward(Pass<double>&) const;

LayerKind add_layer_kind() {
  return {Add::name, [] { return std::unique_ptr<Layer>(std::make_unique<Add>()); }};
}

}  // namespace pellucid
