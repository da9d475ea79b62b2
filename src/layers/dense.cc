// Dense: y = f(x·W + b): shapes, needs, forward and backward pass.
// Not here: the products (src/kernels), the activation's formula (src/activations).
#include <cmath>

#include "core/settings.h"
#include "kernels/parallel.h"
#include "layers/apply.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { weight, bias, z, dz };  // the order of needs()

}  // namespace

Dense::Dense(std::int64_t units, Activation activation, DenseOptions options)
    : units_(units), activation_(activation), options_(std::move(options)) {
  if (units < 1) throw Error("U12", "layer dense: units takes ≥ 1, got " + std::to_string(units));
  activation_.check();
  Dense copy = *this;
  check_settings(copy, "layer dense");
}

void Dense::describe(Fields& fields) {
  fields.field({.name = "units", .help = "number of outputs", .range = {.low = 1}}, units_);
  std::string text = activation_.text();
  fields.field({.name = "activation", .help = "activation function"}, text);
  if (text != activation_.text()) activation_ = Activation::parse(text);
  fields.field({.name = "bias", .help = "whether a bias is added"}, options_.bias);
  text = options_.weight_initializer.text();
  fields.field({.name = "weight_initializer", .help = "first weights; auto: by activation"}, text);
  if (text != options_.weight_initializer.text()) options_.weight_initializer = Initializer::parse(text);
  text = options_.bias_initializer.text();
  fields.field({.name = "bias_initializer", .help = "first biases"}, text);
  if (text != options_.bias_initializer.text()) options_.bias_initializer = Initializer::parse(text);
  fields.field({.name = "parametrization",
                .help = "ntk: the layer multiplies its weights by 1/√inputs",
                .choices = "standard|ntk"},
               options_.parametrization);
  fields.field({.name = "bias_rate", .help = "factor on the learning rate of the bias", .range = {.low = 0}},
               options_.bias_rate);
}

Shape Dense::output_shape(std::span<const Shape> inputs) const {
  if (inputs.size() != 1) throw Error("U20", "layer dense reads one input, got " + std::to_string(inputs.size()));
  if (inputs[0].elements() < 1)
    throw Error("U20", "layer dense needs at least one input column, got shape " + inputs[0].text());
  return {units_};
}

std::vector<Need> Dense::needs(std::span<const Shape> inputs) const {
  const std::int64_t in = inputs[0].elements();
  const Initializer& chosen = options_.weight_initializer;
  return {
      {.name = "weight",
       .shape = {in, units_},
       .initializer = chosen.is_auto() ? Initializer(activation_.kind().initializer) : chosen,
       .fan_in = in,
       .fan_out = units_,
       .decays = true,
       .gain = options_.parametrization == "ntk" ? 1 / std::sqrt(static_cast<double>(in)) : 1},
      {.name = "bias",
       .shape = {units_},
       .wanted = options_.bias,
       .initializer = options_.bias_initializer,
       .fan_in = in,
       .fan_out = units_,
       .decays_in_groups = false,
       .learning_rate_factor = options_.bias_rate},
      {.name = "z", .role = Role::saved, .shape = {units_}, .optional = !keeps_input(activation_)},
      {.name = "z.gradient", .role = Role::scratch, .shape = {units_}, .optional = true},
  };
}

template <class T>
void Dense::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), w = pass.slice(weight), b = pass.slice(bias), sums = pass.slice(z);
  const bool linear = pass.logits_wanted() || is_identity(activation_);
  const bool fused = !linear && activation_.kind().builtin >= 0 && !activation_.kind().rowwise;
  const bool apart = !linear && !fused;
  const View<T>& target = apart && sums ? sums : y;
  T* const kept_sums = apart ? nullptr : sums.data;
  const Epilogue epilogue = fused ? epilogue_of(activation_) : Epilogue{};
  if (const SparseInput<T>* sparse = pass.sparse_x()) {
    const SparseProduct<T> product{.m = x.rows,
                                   .n = units_,
                                   .k = x.columns,
                                   .x = *sparse,
                                   .w = w.data,
                                   .ldw = w.stride,
                                   .bias = b.data,
                                   .y = target.data,
                                   .ldy = target.stride,
                                   .z = kept_sums,
                                   .epilogue = epilogue};
    parallel_product(pass.team(), pass.kernels(), product);
  } else {
    const Product<T> product{.m = x.rows,
                             .n = units_,
                             .k = x.columns,
                             .x = x.data,
                             .ldx = x.stride,
                             .w = w.data,
                             .ldw = w.stride,
                             .bias = b.data,
                             .y = target.data,
                             .ldy = target.stride,
                             .z = kept_sums,
                             .epilogue = epilogue};
    parallel_product(pass.team(), pass.kernels(), product);
  }
  if (apart) apply<T>(pass, activation_, target, y);
}

template <class T>
void Dense::run_backward(Pass<T>& pass) const {
  const View<T> dy = pass.dy(), dx = pass.dx();
  View<T> dsums = dy;
  if (const View<T> kept = pass.slice(dz)) dsums = kept;
  if (pass.logits_wanted() || is_identity(activation_)) {
    for (std::int64_t r = 0; dsums.data != dy.data && r < dy.rows; ++r) {
      std::copy(dy.row(r), dy.row(r) + dy.columns, dsums.row(r));
    }
  } else {
    apply_gradient<T>(pass, activation_, pass.slice(z), pass.y(), dy, dsums);
  }
  if (dx) {
    const View<T> w = pass.slice(weight);
    const Product<T> product{.m = dsums.rows,
                             .n = w.rows,
                             .k = units_,
                             .x = dsums.data,
                             .ldx = dsums.stride,
                             .w = w.data,
                             .ldw = w.stride,
                             .bias = nullptr,
                             .y = dx.data,
                             .ldy = dx.stride,
                             .w_transposed = true};
    parallel_product(pass.team(), pass.kernels(), product);
  }
  pass.product_gradient(weight, pass.x(), dsums);
  if (options_.bias) pass.sum_gradient(bias, dsums);
}

Expression::Value Dense::express(Expression& to) const {
  const Expression::Constant b = options_.bias ? to.constant(bias) : Expression::Constant{};
  return to.apply(activation_, to.product(to.input(), to.constant(weight), b));
}

template void Dense::run_forward(Pass<float>&) const;
template void Dense::run_forward(Pass<double>&) const;
template void Dense::run_backward(Pass<float>&) const;
template void Dense::run_backward(Pass<double>&) const;

LayerKind dense_layer_kind() {
  return {Dense::name, [] { return std::unique_ptr<Layer>(std::make_unique<Dense>()); }};
}

}  // namespace pellucid
