// Slice: takes a range of columns of each row. The named inputs of a model are slices too.
// Not here: which columns a named input has (BasicModel::add_input, model/model.cc).
#include "core/settings.h"
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

Slice::Slice(std::int64_t first, Shape shape) : first_(first), shape_(shape) {
  parse_shape(shape_.text(), name);
  Slice copy = *this;
  check_settings(copy, "layer slice");
}

void Slice::describe(Fields& fields) {
  fields.field({.name = "first", .help = "index of the first number, from 0", .range = {.low = 0}}, first_);
  const std::string before = shape_.text();
  std::string text = before;
  fields.field({.name = "shape", .help = "shape of the part, such as 12 or 28x28"}, text);
  if (text != before) shape_ = parse_shape(text, name);
}

Shape Slice::output_shape(std::span<const Shape> inputs) const {
  const std::int64_t width = only_input(inputs, name).elements(), count = shape_.elements();
  if (first_ <= width && count <= width - first_) return shape_;
  throw Error("U20", "layer slice takes " + plural(count, "number") + " from index " + std::to_string(first_) +
                         " on, its input has " + plural(width, "number") + " (shape " + inputs[0].text() + ")");
}

std::vector<Need> Slice::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Slice::run_forward(Pass<T>& pass) const {
  copy_columns<T>(pass.x(), first_, pass.y(), 0, pass.y().columns);
}

template <class T>
void Slice::run_backward(Pass<T>& pass) const {
  const View<T> dx = pass.dx();
  if (!dx) return;
  for (std::int64_t r = 0; r < dx.rows; ++r) std::fill_n(dx.row(r), dx.columns, T(0));
  copy_columns<T>(pass.dy(), 0, dx, first_, pass.y().columns);
}

template void Slice::run_forward(Pass<float>&) const;
template void Slice::run_forward(Pass<double>&) const;
template void Slice::run_backward(Pass<float>&) const;
template void Slice::run_backward(Pass<double>&) const;

LayerKind slice_layer_kind() {
  return {Slice::name, [] { return std::unique_ptr<Layer>(std::make_unique<Slice>()); }};
}

}  // namespace pellucid
