// ParametricActivation: y = x + a (f(x) - x), with a learned factor a per unit.
// Not here: the formulas (src/activations).
#include "core/settings.h"
#include "layers/apply.h"
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { factor, value, inner };  // the order of needs()

constexpr double rate = 0.1;  // on the learning rate of the factors: RealMLP's act_lr_factor

}  // namespace

ParametricActivation::ParametricActivation(Activation activation) : activation_(activation) {
  activation_.check();
}

void ParametricActivation::describe(Fields& fields) {
  std::string text = activation_.text();
  fields.field({.name = "activation", .help = "activation function"}, text);
  if (text != activation_.text()) activation_ = Activation::parse(text);
}

Shape ParametricActivation::output_shape(std::span<const Shape> inputs) const {
  return only_input(inputs, name);
}

std::vector<Need> ParametricActivation::needs(std::span<const Shape> inputs) const {
  const Shape units{inputs[0].elements()};
  return {{.name = "factor", .shape = units, .initializer = Initializer("constant", 1), .learning_rate_factor = rate},
          {.name = "value", .role = Role::saved, .shape = units},
          {.name = "inner.gradient", .role = Role::scratch, .shape = units}};
}

template <class T>
void ParametricActivation::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), f = pass.slice(value);
  const T* a = pass.slice(factor).data;
  apply<T>(pass, activation_, x, f);
  parallel_rows<T>(pass.team(), x.rows, static_cast<double>(x.columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      const T *from = x.row(r), *fr = f.row(r);
      T* to = y.row(r);
      for (std::int64_t c = 0; c < x.columns; ++c) to[c] = from[c] + a[c] * (fr[c] - from[c]);
    }
  });
}

template <class T>
void ParametricActivation::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x(), f = pass.slice(value);
  const View<T> dy = pass.dy(), dx = pass.dx(), df = pass.slice(inner);
  const T* a = pass.slice(factor).data;
  const double cost = static_cast<double>(x.columns) * (4 + cost_of(activation_));
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; dx && r < end; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) df(r, c) = a[c] * dy(r, c);
    }
    if (dx) {
      apply_gradient<T>(pass.kernels(), activation_, rows_of(x, begin, end), rows_of(f, begin, end),
                        rows_of<const T>(df, begin, end), rows_of(df, begin, end));
    }
    for (std::int64_t r = begin; r < end; ++r) {
      for (std::int64_t c = 0; dx && c < x.columns; ++c) dx(r, c) = (1 - a[c]) * dy(r, c) + df(r, c);
      for (std::int64_t c = 0; c < x.columns; ++c) dy(r, c) *= f(r, c) - x(r, c);
    }
  });
  pass.sum_gradient(factor, dy);
}

Expression::Value ParametricActivation::express(Expression& to) const {
  const Expression::Value x = to.input();
  const Expression::Value change = to.add(to.apply(activation_, x), to.multiply(-1.0, x));
  return to.add(x, to.multiply(to.constant(factor), change));
}

template void ParametricActivation::run_forward(Pass<float>&) const;
template void ParametricActivation::run_forward(Pass<double>&) const;
template void ParametricActivation::run_backward(Pass<float>&) const;
template void ParametricActivation::run_backward(Pass<double>&) const;

LayerKind parametric_activation_layer_kind() {
  return {ParametricActivation::name, [] { return std::unique_ptr<Layer>(std::make_unique<ParametricActivation>()); }};
}

}  // namespace pellucid
