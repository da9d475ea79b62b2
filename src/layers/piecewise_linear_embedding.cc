// PiecewiseLinearEmbedding: each number x becomes w·x + b + W·PLE(x), a learned piecewise linear function with kinks at
// given edges. Not here: how edges are chosen (model/edges.cc), products by group (layers/numbers.h).
#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "layers/numbers.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

enum Slice { edges, slope, bias, weight, shares, sums, dshares, dnumbers, slope_sums, weight_sums };  // as in needs()

constexpr std::int64_t most = 4096;

/// The bins between the edges of one column.
template <class T>
struct Bins {
  const T* edge;
  std::int64_t count;

  bool has_width(std::int64_t t) const { return edge[t + 1] > edge[t]; }
  bool is_last(std::int64_t t) const { return t + 1 == count || !has_width(t + 1); }
  /// The part of bin t that lies below x.
  T share(std::int64_t t, T x) const {
    if (!has_width(t) || (t > 0 && x <= edge[t])) return 0;
    if (x >= edge[t + 1] && !is_last(t)) return 1;
    return (x - edge[t]) / (edge[t + 1] - edge[t]);
  }
  T slope_of(std::int64_t t, T x) const {
    if (!has_width(t) || (t > 0 && x <= edge[t]) || (x >= edge[t + 1] && !is_last(t))) return 0;
    return 1 / (edge[t + 1] - edge[t]);
  }
};

}  // namespace

PiecewiseLinearEmbedding::PiecewiseLinearEmbedding(std::vector<std::int64_t> columns, std::int64_t size,
                                                   std::int64_t bins)
    : columns_(std::move(columns)), size_(size), bins_(bins) {
  check_number_columns(name, columns_);
  PiecewiseLinearEmbedding copy = *this;
  check_settings(copy, "layer piecewise_linear_embedding");
}

void PiecewiseLinearEmbedding::describe(Fields& fields) {
  describe_number_columns(fields, name, columns_);
  fields.field({.name = "size", .help = "learned numbers per column", .range = {.low = 1, .high = most}}, size_);
  fields.field({.name = "bins", .help = "bins per column, at most", .range = {.low = 1, .high = most}}, bins_);
}

Shape PiecewiseLinearEmbedding::output_shape(std::span<const Shape> inputs) const {
  return {width_with_columns(inputs, name, columns_) - groups() + groups() * size_};
}

std::vector<Need> PiecewiseLinearEmbedding::needs(std::span<const Shape>) const {
  const std::int64_t all = groups() * bins_, out = groups() * size_;
  const double bound = 1 / std::sqrt(static_cast<double>(size_));
  const Initializer even("uniform", -bound, bound);
  return {{.name = "edges", .role = Role::state, .shape = {groups(), bins_ + 1}},
          {.name = "slope", .shape = {groups(), size_}, .initializer = even},
          {.name = "bias", .shape = {out}, .initializer = even},
          {.name = "weight", .shape = {all, size_}, .fan_in = bins_, .fan_out = size_, .decays = true},
          {.name = "shares", .role = Role::saved, .shape = {all}},
          {.name = "sums", .role = Role::scratch, .shape = {out}},
          {.name = "shares.gradient", .role = Role::scratch, .shape = {all}},
          {.name = "numbers.gradient", .role = Role::scratch, .shape = {groups()}},
          {.name = "slope.sums", .role = Role::scratch, .shape = {groups(), size_}, .whole = true},
          {.name = "weight.sums", .role = Role::scratch, .shape = {all, size_}, .whole = true}};
}

template <class T>
void PiecewiseLinearEmbedding::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x(), limits = pass.slice(edges);
  const std::int64_t others = x.columns - groups(), out = groups() * size_;
  const double cost = static_cast<double>(groups() * bins_ * (4 + 2 * size_));
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> from = rows_of(x, begin, end);
    const View<T> to = rows_of(pass.y(), begin, end), p = rows_of(pass.slice(shares), begin, end);
    const View<T> second = rows_of(pass.slice(sums), begin, end);
    for (std::int64_t r = 0; r < from.rows; ++r) {
      T *y = to.row(r), *share = p.row(r);
      for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
        y = std::copy(&from(r, first), from.row(r) + last, y);
      });
      for (std::int64_t g = 0; g < groups(); ++g) {
        const Bins<T> bins{limits.row(g), bins_};
        const T number = from(r, columns_[static_cast<std::size_t>(g)]);
        for (std::int64_t t = 0; t < bins_; ++t) *share++ = bins.share(t, number);
      }
    }
    group_products<T>(pass.kernels(), {from, 1, columns_}, pass.slice(slope), pass.slice(bias).data,
                      columns_from(to, others, out));
    group_products<T>(pass.kernels(), {p, bins_}, pass.slice(weight), nullptr, second);
    for (std::int64_t r = 0; r < from.rows; ++r) pass.kernels().add(out, second.row(r), to.row(r) + others);
  });
}

template <class T>
void PiecewiseLinearEmbedding::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const std::int64_t others = x.columns - groups();
  const View<const T> de = columns_from<const T>(pass.dy(), others, groups() * size_);
  if (pass.dx()) input_gradients<T>(pass, de);
  group_gradients<T>(pass, {x, 1, columns_}, de, pass.slice(slope_sums));
  group_gradients<T>(pass, {pass.slice(shares), bins_}, de, pass.slice(weight_sums));
  pass.gradient(slope, pass.slice(slope_sums).data);
  pass.sum_gradient(bias, de);
  pass.gradient(weight, pass.slice(weight_sums).data);
}

template <class T>
void PiecewiseLinearEmbedding::input_gradients(const Pass<T>& pass, View<const T> de) const {
  const View<const T> x = pass.x(), limits = pass.slice(edges);
  const View<T> dx = pass.dx(), dp = pass.slice(dshares), numbers = pass.slice(dnumbers);
  group_products_back<T>(pass.kernels(), de, pass.slice(slope), 1, numbers);
  group_products_back<T>(pass.kernels(), de, pass.slice(weight), bins_, dp);
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const T* from = pass.dy().row(r);
    for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
      std::copy_n(from, last - first, dx.row(r) + first);
      from += last - first;
    });
    for (std::int64_t g = 0; g < groups(); ++g) {
      const std::int64_t column = columns_[static_cast<std::size_t>(g)];
      const Bins<T> bins{limits.row(g), bins_};
      dx(r, column) = numbers(r, g);
      for (std::int64_t t = 0; t < bins_; ++t) dx(r, column) += dp(r, g * bins_ + t) * bins.slope_of(t, x(r, column));
    }
  }
}

Expression::Value PiecewiseLinearEmbedding::express(Expression& to) const {
  const Expression::Value numbers = express_columns(to, columns_);
  const Expression::Value straight = to.group_product(numbers, groups(), to.constant(slope), to.constant(bias));
  const Expression::Value bent =
      to.group_product(to.bin_shares(numbers, to.constant(edges)), groups(), to.constant(weight), {});
  const Expression::Value embedded = to.add(straight, bent);
  if (to.size(to.input()) == groups()) return embedded;
  const Expression::Value values[] = {express_other_columns(to, columns_), embedded};
  return to.concat(values);
}

template void PiecewiseLinearEmbedding::run_forward(Pass<float>&) const;
template void PiecewiseLinearEmbedding::run_forward(Pass<double>&) const;
template void PiecewiseLinearEmbedding::run_backward(Pass<float>&) const;
template void PiecewiseLinearEmbedding::run_backward(Pass<double>&) const;

LayerKind piecewise_linear_embedding_layer_kind() {
  return {PiecewiseLinearEmbedding::name,
          [] { return std::unique_ptr<Layer>(std::make_unique<PiecewiseLinearEmbedding>()); }};
}

}  // namespace pellucid
