// PeriodicEmbedding: each number x beside a small learned function of its cosines, W·cos(2π f·x + p) + b.
// Not here: the cosine (kernels/math-inl.h), products by group (layers/numbers.h).
#include <cmath>
#include <numbers>

#include "core/settings.h"
#include "layers/numbers.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

enum Slice {
  frequency,
  phase,
  weight,
  bias,
  angles,
  waves,
  dwaves,
  dnumbers,
  frequency_sums,
  weight_sums
};  // as in needs()

constexpr double turn = 2 * std::numbers::pi;
constexpr double rate = 0.1;  // on the learning rate of all parameters: RealMLP's plr_lr_factor
constexpr std::int64_t most = 4096;

}  // namespace

PeriodicEmbedding::PeriodicEmbedding(std::vector<std::int64_t> columns, PeriodicEmbeddingOptions options)
    : columns_(std::move(columns)), options_(options) {
  check_number_columns(name, columns_);
  PeriodicEmbedding copy = *this;
  check_settings(copy, "layer periodic_embedding");
}

void PeriodicEmbedding::describe(Fields& fields) {
  describe_number_columns(fields, name, columns_);
  fields.field({.name = "frequencies", .help = "learned frequencies per column", .range = {.low = 1, .high = most}},
               options_.frequencies);
  fields.field({.name = "size", .help = "learned numbers per column, beside x", .range = {.low = 1, .high = most}},
               options_.size);
  fields.field({.name = "sigma", .help = "standard deviation of the first frequencies", .range = {.low = 0}},
               options_.sigma);
}

Shape PeriodicEmbedding::output_shape(std::span<const Shape> inputs) const {
  return {width_with_columns(inputs, name, columns_) + groups() * options_.size};
}

std::vector<Need> PeriodicEmbedding::needs(std::span<const Shape>) const {
  const std::int64_t f = options_.frequencies, all = groups() * f;
  const double bound = 1 / std::sqrt(static_cast<double>(f));
  // Frequencies are stored as 2π f, and learn as f does.
  return {{.name = "frequency",
           .shape = {groups(), f},
           .initializer = Initializer("normal", turn * options_.sigma),
           .learning_rate_factor = rate,
           .gain = turn},
          {.name = "phase",
           .shape = {all},
           .initializer = Initializer("uniform", -std::numbers::pi, std::numbers::pi),
           .learning_rate_factor = rate},
          {.name = "weight",
           .shape = {all, options_.size},
           .initializer = Initializer("uniform", -bound, bound),
           .fan_in = f,
           .fan_out = options_.size,
           .decays = true,
           .learning_rate_factor = rate},
          {.name = "bias",
           .shape = {groups() * options_.size},
           .initializer = Initializer("uniform", -bound, bound),
           .learning_rate_factor = rate},
          {.name = "angles", .role = Role::saved, .shape = {all}},
          {.name = "waves", .role = Role::saved, .shape = {all}},
          {.name = "waves.gradient", .role = Role::scratch, .shape = {all}},
          {.name = "numbers.gradient", .role = Role::scratch, .shape = {groups()}},
          {.name = "frequency.sums", .role = Role::scratch, .shape = {groups(), f}, .whole = true},
          {.name = "weight.sums", .role = Role::scratch, .shape = {all, options_.size}, .whole = true}};
}

template <class T>
void PeriodicEmbedding::run_forward(Pass<T>& pass) const {
  const std::int64_t f = options_.frequencies, size = options_.size;
  const View<const T> x = pass.x();
  const double cost = static_cast<double>(x.columns + groups() * f * (16 + 2 * size));
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> from = rows_of(x, begin, end);
    const View<T> to = rows_of(pass.y(), begin, end), h = rows_of(pass.slice(waves), begin, end);
    copy_columns<T>(from, 0, to, 0, x.columns);
    group_products<T>(pass.kernels(), {from, 1, columns_}, pass.slice(frequency), pass.slice(phase).data, h,
                      pass.slice(angles).row(begin), epilogue_of(cos));
    group_products<T>(pass.kernels(), {h, f}, pass.slice(weight), pass.slice(bias).data,
                      columns_from(to, x.columns, groups() * size));
  });
}

template <class T>
void PeriodicEmbedding::run_backward(Pass<T>& pass) const {
  const std::int64_t f = options_.frequencies, size = options_.size;
  const View<const T> x = pass.x(), h = pass.slice(waves), sums = pass.slice(angles);
  const View<const T> de = columns_from<const T>(pass.dy(), x.columns, groups() * size);
  const View<T> dz = pass.slice(dwaves);
  const double cost = static_cast<double>(groups() * f * (16 + 2 * size));
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    const View<T> mine = rows_of(dz, begin, end);
    group_products_back<T>(pass.kernels(), rows_of(de, begin, end), pass.slice(weight), f, mine);
    apply_gradient<T>(pass.kernels(), cos, rows_of(sums, begin, end), rows_of(h, begin, end), mine, mine);
    if (!pass.dx()) return;
    const View<T> dx = rows_of(pass.dx(), begin, end), numbers = rows_of(pass.slice(dnumbers), begin, end);
    copy_columns<T>(rows_of(pass.dy(), begin, end), 0, dx, 0, x.columns);
    group_products_back<T>(pass.kernels(), mine, pass.slice(frequency), 1, numbers);
    add_to_columns<T>(numbers, columns_, dx);
  });
  group_gradients<T>(pass, {h, f}, de, pass.slice(weight_sums));
  group_gradients<T>(pass, {x, 1, columns_}, dz, pass.slice(frequency_sums));
  pass.gradient(frequency, pass.slice(frequency_sums).data);
  pass.sum_gradient(phase, dz);
  pass.gradient(weight, pass.slice(weight_sums).data);
  pass.sum_gradient(bias, de);
}

Expression::Value PeriodicEmbedding::express(Expression& to) const {
  const Expression::Value numbers = express_columns(to, columns_);
  const Expression::Value h =
      to.apply(cos, to.group_product(numbers, groups(), to.constant(frequency), to.constant(phase)));
  const Expression::Value values[] = {to.input(),
                                      to.group_product(h, groups(), to.constant(weight), to.constant(bias))};
  return to.concat(values);
}

template void PeriodicEmbedding::run_forward(Pass<float>&) const;
template void PeriodicEmbedding::run_forward(Pass<double>&) const;
template void PeriodicEmbedding::run_backward(Pass<float>&) const;
template void PeriodicEmbedding::run_backward(Pass<double>&) const;

LayerKind periodic_embedding_layer_kind() {
  return {PeriodicEmbedding::name, [] { return std::unique_ptr<Layer>(std::make_unique<PeriodicEmbedding>()); }};
}

}  // namespace pellucid
