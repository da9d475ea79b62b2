// PiecewiseLinearEmbedding: each number x becomes w·x + b + W·PLE(x), a learned piecewise linear function with kinks at
// given edges. Not here: how edges are chosen (model/edges.cc), products by group (layers/numbers.h).
//
// All bins below a number count wholly and all bins above it not at all, so W·PLE(x) is a sum of rows of W up to the
// number's bin, made once per batch, and a part of one more row. Gradients go the same way back: each row of a batch
// adds to the sums of its bin, and the sums of all bins above a bin are added at the end.
#include <algorithm>
#include <cmath>

#include "core/settings.h"
#include "layers/numbers.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

// as in needs()
enum Slice { edges, slope, bias, weight, bin, share, lower, part, dnumbers, slope_sums, bin_sums, weight_sums };

constexpr std::int64_t most = 4096;

/// The bins between the edges of one column. Those without width come last.
template <class T>
struct Bins {
  const T* edge;
  std::int64_t count;  ///< of those with a width

  Bins(const T* edges, std::int64_t most_bins) : edge(edges), count(0) {
    while (count < most_bins && edges[count + 1] > edges[count]) ++count;
  }
  /// The bin of x; the first and the last are open.
  std::int64_t of(T x) const { return count < 2 ? 0 : std::upper_bound(edge + 1, edge + count, x) - (edge + 1); }
  T width(std::int64_t t) const { return edge[t + 1] - edge[t]; }
  /// The part of bin t, which is the one of x, that lies below x.
  T share(std::int64_t t, T x) const { return count == 0 ? 0 : (x - edge[t]) / width(t); }
  T slope(std::int64_t t) const { return count == 0 ? 0 : 1 / width(t); }
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
          {.name = "bin", .role = Role::saved, .shape = {groups()}},
          {.name = "share", .role = Role::saved, .shape = {groups()}},
          {.name = "lower", .role = Role::scratch, .shape = {all, size_}, .whole = true},
          {.name = "part", .role = Role::scratch, .shape = {size_}},
          {.name = "numbers.gradient", .role = Role::scratch, .shape = {groups()}},
          {.name = "slope.sums", .role = Role::scratch, .shape = {groups(), size_}, .whole = true},
          {.name = "bin.sums", .role = Role::scratch, .shape = {all, size_}, .whole = true},
          {.name = "weight.sums", .role = Role::scratch, .shape = {all, size_}, .whole = true}};
}

// Row t of a group becomes the sum of the group's rows of the weight before t.
template <class T>
void PiecewiseLinearEmbedding::sum_lower_bins(const Pass<T>& pass) const {
  const View<const T> w = pass.slice(weight);
  const View<T> sums = pass.slice(lower);
  for (std::int64_t t = 0; t < w.rows; ++t) {
    if (t % bins_ == 0) {
      std::fill_n(sums.row(t), size_, T(0));
    } else {
      std::copy_n(sums.row(t - 1), size_, sums.row(t));
      pass.kernels().add(size_, w.row(t - 1), sums.row(t));
    }
  }
}

template <class T>
void PiecewiseLinearEmbedding::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x(), limits = pass.slice(edges), w = pass.slice(weight);
  const std::int64_t others = x.columns - groups(), out = groups() * size_;
  sum_lower_bins(pass);
  const View<const T> sums = pass.slice(lower);
  const double cost = static_cast<double>(groups() * (32 + 8 * size_));
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    const View<const T> from = rows_of(x, begin, end);
    const View<T> to = rows_of(pass.y(), begin, end), place = rows_of(pass.slice(bin), begin, end);
    const View<T> shares = rows_of(pass.slice(share), begin, end), terms = rows_of(pass.slice(part), begin, end);
    for (std::int64_t r = 0; r < from.rows; ++r) {
      T* y = to.row(r);
      for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
        y = std::copy(&from(r, first), from.row(r) + last, y);
      });
    }
    group_products<T>(pass.kernels(), {from, 1, columns_}, pass.slice(slope), pass.slice(bias).data,
                      columns_from(to, others, out));
    for (std::int64_t g = 0; g < groups(); ++g) {
      const Bins<T> bins(limits.row(g), bins_);
      for (std::int64_t r = 0; r < from.rows; ++r) {
        const T number = from(r, columns_[static_cast<std::size_t>(g)]);
        const std::int64_t t = bins.of(number), row = g * bins_ + t;
        place(r, g) = static_cast<T>(t);
        shares(r, g) = bins.share(t, number);
        std::copy_n(sums.row(row), size_, terms.row(r));
        pass.kernels().axpy(size_, shares(r, g), w.row(row), terms.row(r));
        pass.kernels().add(size_, terms.row(r), to.row(r) + others + g * size_);
      }
    }
  });
}

template <class T>
void PiecewiseLinearEmbedding::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const std::int64_t others = x.columns - groups();
  const View<const T> de = columns_from<const T>(pass.dy(), others, groups() * size_);
  if (pass.dx()) input_gradients<T>(pass, de);
  group_gradients<T>(pass, {x, 1, columns_}, de, pass.slice(slope_sums));
  weight_gradients<T>(pass, de);
  pass.gradient(slope, pass.slice(slope_sums).data);
  pass.sum_gradient(bias, de);
  pass.gradient(weight, pass.slice(weight_sums).data);
}

// The gradient of row t of the weight: the numbers of bin t count by their share, those of higher bins wholly. One
// chain over the rows per bin, then one over the bins. Threads share the groups.
template <class T>
void PiecewiseLinearEmbedding::weight_gradients(const Pass<T>& pass, View<const T> de) const {
  const View<const T> place = pass.slice(bin), shares = pass.slice(share);
  const View<T> whole = pass.slice(bin_sums), sums = pass.slice(weight_sums);
  const double cost = static_cast<double>(de.rows * (16 + 4 * size_) + bins_ * 2 * size_);
  parallel_rows<T>(pass.team(), groups(), cost, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t g = begin; g < end; ++g) {
      std::fill_n(whole.row(g * bins_), bins_ * size_, T(0));
      std::fill_n(sums.row(g * bins_), bins_ * size_, T(0));
      for (std::int64_t r = 0; r < de.rows; ++r) {
        const std::int64_t row = g * bins_ + static_cast<std::int64_t>(place(r, g));
        pass.kernels().add(size_, de.row(r) + g * size_, whole.row(row));
        pass.kernels().axpy(size_, shares(r, g), de.row(r) + g * size_, sums.row(row));
      }
      for (std::int64_t row = (g + 1) * bins_ - 2; row >= g * bins_; --row) {
        pass.kernels().add(size_, whole.row(row + 1), sums.row(row));
        pass.kernels().add(size_, whole.row(row + 1), whole.row(row));
      }
    }
  });
}

template <class T>
void PiecewiseLinearEmbedding::input_gradients(const Pass<T>& pass, View<const T> de) const {
  const View<const T> x = pass.x(), limits = pass.slice(edges), w = pass.slice(weight), place = pass.slice(bin);
  const View<T> dx = pass.dx(), numbers = pass.slice(dnumbers);
  group_products_back<T>(pass.kernels(), de, pass.slice(slope), 1, numbers);
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const T* from = pass.dy().row(r);
    for_other_columns(columns_, x.columns, [&](std::int64_t first, std::int64_t last) {
      std::copy_n(from, last - first, dx.row(r) + first);
      from += last - first;
    });
    for (std::int64_t g = 0; g < groups(); ++g) {
      const Bins<T> bins(limits.row(g), bins_);
      const auto t = static_cast<std::int64_t>(place(r, g));
      const T bent = pass.kernels().dot(size_, de.row(r) + g * size_, w.row(g * bins_ + t));
      dx(r, columns_[static_cast<std::size_t>(g)]) = numbers(r, g) + bent * bins.slope(t);
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
