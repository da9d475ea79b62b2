// Reshape: changes the shape of a row; the numbers stay the same.
// Not here: one dimension (flatten.cc).
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

Reshape::Reshape(Shape shape) : shape_(shape) {
  parse_shape(shape_.text(), name);
}

void Reshape::describe(Fields& fields) {
  std::string text = shape_.rank() == 0 ? "" : shape_.text();
  const std::string before = text;
  fields.field({.name = "shape", .help = "shape of one row, such as 28x28; empty: as the input"}, text);
  if (text != before) shape_ = text.empty() ? Shape{} : parse_shape(text, name);
}

Shape Reshape::output_shape(std::span<const Shape> inputs) const {
  const Shape& from = only_input(inputs, name);
  if (shape_.rank() == 0) return from;
  if (from.elements() == shape_.elements()) return shape_;
  throw Error("U20", "layer reshape makes rows of shape " + shape_.text() + " (" + count_text(shape_.elements()) +
                         " numbers), its input has shape " + from.text() + " (" + count_text(from.elements()) + ")");
}

std::vector<Need> Reshape::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Reshape::run_forward(Pass<T>& pass) const {
  copy_elements<T>(pass.x(), pass.y());
}

template <class T>
void Reshape::run_backward(Pass<T>& pass) const {
  if (const View<T> dx = pass.dx()) copy_elements<T>(pass.dy(), dx);
}

template void Reshape::run_forward(Pass<float>&) const;
template void Reshape::run_forward(Pass<double>&) const;
template void Reshape::run_backward(Pass<float>&) const;
template void Reshape::run_backward(Pass<double>&) const;

LayerKind reshape_layer_kind() {
  return {Reshape::name, [] { return std::unique_ptr<Layer>(std::make_unique<Reshape>()); }};
}

}  // namespace pellucid
