// Concat: joins the numbers of several inputs into one row.
// Not here: taking columns of a row (slice.cc).
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {

void Concat::describe(Fields&) {}

Shape Concat::output_shape(std::span<const Shape> inputs) const {
  require_inputs(inputs, name);
  std::int64_t columns = 0;
  for (const Shape& shape : inputs) columns += shape.elements();
  return {columns};
}

std::vector<Need> Concat::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Concat::run_forward(Pass<T>& pass) const {
  std::int64_t first = 0;
  for (int i = 0; i < pass.inputs(); ++i) {
    const View<const T> x = pass.x(i);
    copy_columns<T>(x, 0, pass.y(), first, x.columns);
    first += x.columns;
  }
}

template <class T>
void Concat::run_backward(Pass<T>& pass) const {
  std::int64_t first = 0;
  for (int i = 0; i < pass.inputs(); ++i) {
    const std::int64_t columns = pass.x(i).columns;
    if (const View<T> dx = pass.dx(i)) copy_columns<T>(pass.dy(), first, dx, 0, columns);
    first += columns;
  }
}

template void Concat::run_forward(Pass<float>&) const;
template void Concat::run_forward(Pass<double>&) const;
template void Concat::run_backward(Pass<float>&) const;
template void Concat::run_backward(Pass<double>&) const;

LayerKind concat_layer_kind() {
  return {Concat::name, [] { return std::unique_ptr<Layer>(std::make_unique<Concat>()); }};
}

}  // namespace pellucid
