// CosineEmbedding: each number x becomes a ⊙ [x, cos(2π(f·x + p))] + c.
// Not here: the cosine (kernels/math-inl.h), products by group (layers/numbers.h).
#include <numbers>

#include "core/settings.h"
#include "layers/numbers.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

enum Slice {
  frequency,
  phase,
  factor,
  bias,
  angles,
  waves,
  dfactor,
  dwaves,
  dnumbers,
  frequency_sums
};  // as in needs()

constexpr double turn = 2 * std::numbers::pi;
constexpr std::int64_t most = 4096;

}  // namespace

CosineEmbedding::CosineEmbedding(std::vector<std::int64_t> columns, std::int64_t size, double scale)
    : columns_(std::move(columns)), size_(size), scale_(scale) {
  check_number_columns(name, columns_);
  CosineEmbedding copy = *this;
  check_settings(copy, "layer cosine_embedding");
}

void CosineEmbedding::describe(Fields& fields) {
  describe_number_columns(fields, name, columns_);
  fields.field({.name = "size", .help = "cosines per column", .range = {.low = 1, .high = most}}, size_);
  fields.field({.name = "scale", .help = "standard deviation of the first frequencies", .range = {.low = 0}}, scale_);
}

Shape CosineEmbedding::output_shape(std::span<const Shape> inputs) const {
  return {width_with_columns(inputs, name, columns_) + groups() * size_};
}

std::vector<Need> CosineEmbedding::needs(std::span<const Shape>) const {
  const std::int64_t all = groups() * size_;
  // Frequencies and phases are stored as 2π f and 2π p, and learn as f and p do.
  return {{.name = "frequency",
           .shape = {groups(), size_},
           .initializer = Initializer("truncated_normal", turn * scale_),
           .gain = turn},
          {.name = "phase", .shape = {all}, .gain = turn},
          // At 0 all inputs of the next layer would be 0, where relu without biases has no slope: nothing would learn.
          {.name = "factor", .shape = {groups() + all}, .initializer = Initializer("constant", 0.01)},
          {.name = "bias", .shape = {groups() + all}},
          {.name = "angles", .role = Role::saved, .shape = {groups() + all}},
          {.name = "waves", .role = Role::saved, .shape = {groups() + all}},
          {.name = "factor.gradients", .role = Role::scratch, .shape = {groups() + all}},
          {.name = "waves.gradient", .role = Role::scratch, .shape = {groups() + all}},
          {.name = "numbers.gradient", .role = Role::scratch, .shape = {groups()}},
          {.name = "frequency.sums", .role = Role::scratch, .shape = {groups(), size_}, .whole = true}};
}

template <class T>
void CosineEmbedding::run_forward(Pass<T>& pass) const {
  const std::int64_t g = groups(), all = g * size_;
  const View<const T> x = pass.x();
  const T *a = pass.slice(factor).data, *c = pass.slice(bias).data;
  const double cost = static_cast<double>(x.columns + all * 18);
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> from = rows_of(x, begin, end);
    const View<T> to = rows_of(pass.y(), begin, end), v = rows_of(pass.slice(waves), begin, end);
    group_products<T>(pass.kernels(), {from, 1, columns_}, pass.slice(frequency), pass.slice(phase).data,
                      columns_from(v, g, all), pass.slice(angles).row(begin) + g, epilogue_of(cos));
    for (std::int64_t r = 0; r < from.rows; ++r) {
      T* y = to.row(r);
      for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
        y = std::copy(&from(r, first), from.row(r) + last, y);
      });
      T* const values = v.row(r);
      for (std::int64_t i = 0; i < g; ++i) values[i] = from(r, columns_[static_cast<std::size_t>(i)]);
      for (std::int64_t i = 0; i < g + all; ++i) y[i] = a[i] * values[i] + c[i];
    }
  });
}

template <class T>
void CosineEmbedding::run_backward(Pass<T>& pass) const {
  const std::int64_t g = groups(), all = g * size_, others = pass.x().columns - g;
  const View<const T> x = pass.x(), v = pass.slice(waves), sums = pass.slice(angles);
  const View<const T> de = columns_from<const T>(pass.dy(), others, g + all);
  const View<T> da = pass.slice(dfactor), dv = pass.slice(dwaves), dz = columns_from(dv, g, all);
  const T* a = pass.slice(factor).data;
  parallel_rows<T>(pass.team(), x.rows, static_cast<double>(all * 20), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      for (std::int64_t i = 0; i < g + all; ++i) da(r, i) = de(r, i) * v(r, i);
      for (std::int64_t i = 0; i < g + all; ++i) dv(r, i) = de(r, i) * a[i];
      pass.kernels().activate_gradient(epilogue_of(cos), all, sums.row(r) + g, v.row(r) + g, dz.row(r), dz.row(r));
    }
    if (!pass.dx()) return;
    const View<T> dx = rows_of(pass.dx(), begin, end), numbers = rows_of(pass.slice(dnumbers), begin, end);
    group_products_back<T>(pass.kernels(), rows_of(dz, begin, end), pass.slice(frequency), 1, numbers);
    for (std::int64_t r = 0; r < dx.rows; ++r) {
      const T* from = pass.dy().row(begin + r);
      for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
        std::copy_n(from, last - first, dx.row(r) + first);
        from += last - first;
      });
      for (std::int64_t i = 0; i < g; ++i) dx(r, columns_[static_cast<std::size_t>(i)]) = dv(begin + r, i);
    }
    add_to_columns<T>(numbers, columns_, dx);
  });
  group_gradients<T>(pass, {x, 1, columns_}, dz, pass.slice(frequency_sums));
  pass.gradient(frequency, pass.slice(frequency_sums).data);
  pass.sum_gradient(phase, dz);
  pass.sum_gradient(factor, da);
  pass.sum_gradient(bias, de);
}

Expression::Value CosineEmbedding::express(Expression& to) const {
  const Expression::Value numbers = express_columns(to, columns_);
  const Expression::Value waves[] = {
      numbers, to.apply(cos, to.group_product(numbers, groups(), to.constant(frequency), to.constant(phase)))};
  const Expression::Value embedded = to.add(to.constant(bias), to.multiply(to.constant(factor), to.concat(waves)));
  if (to.size(to.input()) == groups()) return embedded;
  const Expression::Value values[] = {express_other_columns(to, columns_), embedded};
  return to.concat(values);
}

template void CosineEmbedding::run_forward(Pass<float>&) const;
template void CosineEmbedding::run_forward(Pass<double>&) const;
template void CosineEmbedding::run_backward(Pass<float>&) const;
template void CosineEmbedding::run_backward(Pass<double>&) const;

LayerKind cosine_embedding_layer_kind() {
  return {CosineEmbedding::name, [] { return std::unique_ptr<Layer>(std::make_unique<CosineEmbedding>()); }};
}

}  // namespace pellucid
