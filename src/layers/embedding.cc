// Embedding: a learned vector per category, looked up by index.
// Not here: which columns of a table are embedded (src/prepare), one-hot columns (dense.cc reads them as sparse rows).
#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { weight, sums };  // the order of needs()

constexpr std::int64_t most_rows = std::int64_t{1} << 24;  // whole numbers up to this are exact in float
constexpr std::int64_t most_size = std::int64_t{1} << 24;

// As in "0:12,3:40": columns and their numbers of categories.
std::string columns_text(const std::vector<EmbeddedColumn>& columns) {
  std::vector<std::string> parts;
  for (const EmbeddedColumn& c : columns) parts.push_back(fmt::format("{}:{}", c.column, c.categories));
  return join(parts, ",");
}

std::vector<EmbeddedColumn> parse_columns(const std::string& text) {
  std::vector<EmbeddedColumn> columns;
  for (const std::string& part : split_text(text, ',')) {
    const std::size_t colon = part.find(':');
    EmbeddedColumn found;
    if (colon == std::string::npos || !parse_integer(part.substr(0, colon), found.column) ||
        !parse_integer(part.substr(colon + 1), found.categories)) {
      throw Error("U12", "layer embedding: columns takes COLUMN:CATEGORIES,… such as 0:12,3:40, got " + quote(text));
    }
    columns.push_back(found);
  }
  return columns;
}

void check(const std::vector<EmbeddedColumn>& columns, std::int64_t size) {
  std::int64_t before = -1;
  for (const EmbeddedColumn& c : columns) {
    if (c.column <= before || c.categories < 1 || c.categories > most_rows) {
      throw Error("U12", fmt::format("layer embedding: columns are ascending from 0, each with 1 to {} categories; "
                                     "got {}",
                                     most_rows, columns_text(columns)));
    }
    before = c.column;
  }
  if (columns.empty()) throw Error("U12", "layer embedding: no column is named");
  if (size < 1 || size > most_size) {
    throw Error("U12", fmt::format("layer embedding: size takes 1 to {}, got {}", most_size, size));
  }
}

// The index that a number rounds to, or -1 if it is out of range.
template <class T>
std::int64_t index_of(T x, std::int64_t categories) noexcept {
  return x > T(-0.5) && x < static_cast<T>(categories) - T(0.5) ? static_cast<std::int64_t>(x + T(0.5)) : -1;
}

// Calls what(first, end) for each range of columns between embedded ones.
template <class F>
void for_others(const std::vector<EmbeddedColumn>& columns, std::int64_t width, const F& what) {
  std::int64_t first = 0;
  for (const EmbeddedColumn& c : columns) {
    what(first, c.column);
    first = c.column + 1;
  }
  what(first, width);
}

}  // namespace

Embedding::Embedding(std::vector<EmbeddedColumn> columns, std::int64_t size)
    : columns_(std::move(columns)), size_(size) {
  check(columns_, size_);
}

void Embedding::describe(Fields& fields) {
  std::string text = columns_text(columns_);
  fields.field({.name = "columns", .help = "COLUMN:CATEGORIES of each column of indices, from 0"}, text);
  fields.field({.name = "size", .help = "learned numbers per category", .range = {.low = 1, .high = most_size}}, size_);
  if (text != columns_text(columns_)) {
    std::vector<EmbeddedColumn> given = parse_columns(text);
    check(given, size_);
    columns_ = std::move(given);
  }
}

std::int64_t Embedding::table_rows() const noexcept {
  std::int64_t rows = 0;
  for (const EmbeddedColumn& c : columns_) rows += c.categories;
  return rows;
}

Shape Embedding::output_shape(std::span<const Shape> inputs) const {
  if (inputs.size() != 1) throw Error("U20", "layer embedding reads one input, got " + std::to_string(inputs.size()));
  const std::int64_t width = inputs[0].elements();
  if (columns_.back().column >= width) {
    throw Error("U20", fmt::format("layer embedding: there is no column {} in rows of shape {}", columns_.back().column,
                                   inputs[0].text()));
  }
  const auto embedded = static_cast<std::int64_t>(columns_.size());
  return {width - embedded + embedded * size_};
}

std::vector<Need> Embedding::needs(std::span<const Shape>) const {
  const std::int64_t rows = table_rows();
  return {{.name = "weight",
           .shape = {rows, size_},
           .initializer = Initializer("normal", 1),
           .fan_in = 1,
           .fan_out = size_,
           .decays = true},
          {.name = "weight.sums", .role = Role::scratch, .shape = {rows, size_}, .whole = true}};
}

template <class T>
void Embedding::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), table = pass.slice(weight);
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const T* from = x.row(r);
    T* to = y.row(r);
    for_others(columns_, x.columns,
               [&](std::int64_t first, std::int64_t end) { to = std::copy(from + first, from + end, to); });
    std::int64_t base = 0;
    for (const EmbeddedColumn& c : columns_) {
      const std::int64_t index = index_of(from[c.column], c.categories);
      to = index < 0 ? std::fill_n(to, size_, T(0)) : std::copy_n(table.row(base + index), size_, to);
      base += c.categories;
    }
  }
}

template <class T>
void Embedding::add_gradients(View<const T> x, View<const T> dy, T* gradient) const {
  const std::int64_t others = x.columns - static_cast<std::int64_t>(columns_.size());
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const T* from = dy.row(r) + others;
    std::int64_t base = 0;
    for (const EmbeddedColumn& c : columns_) {
      const std::int64_t index = index_of(x(r, c.column), c.categories);
      T* to = gradient + (base + index) * size_;
      for (std::int64_t i = 0; index >= 0 && i < size_; ++i) to[i] += from[i];
      from += size_;
      base += c.categories;
    }
  }
}

template <class T>
void Embedding::run_backward(Pass<T>& pass) const {
  const View<const T> x = pass.x(), dy = pass.dy();
  if (const View<T> dx = pass.dx()) {
    for (std::int64_t r = 0; r < x.rows; ++r) {
      const T* from = dy.row(r);
      for_others(columns_, x.columns, [&](std::int64_t first, std::int64_t end) {
        std::copy_n(from, end - first, dx.row(r) + first);
        from += end - first;
      });
      // An index is not a quantity, so its gradient is 0.
      for (const EmbeddedColumn& c : columns_) dx(r, c.column) = T(0);
    }
  }
  const View<T> gradient = pass.slice(sums);
  std::fill_n(gradient.data, table_rows() * size_, T(0));
  add_gradients<T>(x, dy, gradient.data);
  pass.gradient(weight, gradient.data);
}

Expression::Value Embedding::express(Expression& to) const {
  std::vector<Expression::Value> values;
  for_others(columns_, to.size(to.input()), [&](std::int64_t first, std::int64_t end) {
    if (end > first) values.push_back(to.slice(to.input(), first, end - first));
  });
  std::int64_t base = 0;
  for (const EmbeddedColumn& c : columns_) {
    values.push_back(to.look_up(to.input(), c.column, to.constant(weight), base, c.categories));
    base += c.categories;
  }
  return to.concat(values);
}

template void Embedding::run_forward(Pass<float>&) const;
template void Embedding::run_forward(Pass<double>&) const;
template void Embedding::run_backward(Pass<float>&) const;
template void Embedding::run_backward(Pass<double>&) const;

LayerKind embedding_layer_kind() {
  return {Embedding::name, [] { return std::unique_ptr<Layer>(std::make_unique<Embedding>()); }};
}

}  // namespace pellucid
