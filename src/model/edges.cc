// set_edges: the bins of numeric embeddings, from quantiles of the training rows.
// Not here: what a layer computes with them (layers/piecewise_linear_embedding.cc).
#include <algorithm>
#include <span>
#include <vector>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/model.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

constexpr std::size_t together = 32;  // columns for which the rows are read once

// The values of each of these columns, sorted.
std::vector<std::vector<float>> sorted_columns(const Dataset& data, std::span<const std::int64_t> columns) {
  std::vector<float> row(static_cast<std::size_t>(data.row_shape().elements()));
  std::vector<std::vector<float>> values(columns.size());
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    data.read_row(r, row.data());
    for (std::size_t c = 0; c < columns.size(); ++c) values[c].push_back(row[static_cast<std::size_t>(columns[c])]);
  }
  for (std::vector<float>& column : values) std::sort(column.begin(), column.end());
  return values;
}

struct Distinct {
  double value;
  std::int64_t rows;
  bool is_frequent = false;  ///< has as many rows as a bin should have, or more
};

std::vector<Distinct> distinct_values(const std::vector<float>& sorted) {
  std::vector<Distinct> values;
  for (const float x : sorted) {
    if (values.empty() || values.back().value != x) values.push_back({x, 0});
    ++values.back().rows;
  }
  return values;
}

// Marks the frequent ones among the values, which `edges` edges divide. Returns how many rows of the others each bin
// between the remaining edges should have, and takes the marked ones off `edges`.
double mark_frequent(std::span<Distinct> values, std::int64_t& edges) {
  std::int64_t rows = 0;
  for (const Distinct& v : values) rows += v.rows;
  for (bool found = true; found;) {
    found = false;
    const double each = static_cast<double>(rows) / static_cast<double>(edges + 1);
    for (Distinct& v : values) {
      if (v.is_frequent || edges == 0 || static_cast<double>(v.rows) < each) continue;
      v.is_frequent = found = true;
      rows -= v.rows;
      --edges;
    }
  }
  return static_cast<double>(rows) / static_cast<double>(edges + 1);
}

// Edges between which about equally many rows lie: the smallest and the largest value, each frequent value, and
// quantiles of the rows that have another value. Plain quantiles would repeat a value that most rows have and leave few
// edges for the others.
std::vector<double> edges_of(const std::vector<float>& sorted, std::int64_t count) {
  std::vector<Distinct> values = distinct_values(sorted);
  const bool fits = static_cast<std::int64_t>(values.size()) <= count;
  std::vector<double> edges{values.front().value};
  const auto inner = std::span(values).subspan(1, values.size() - std::min<std::size_t>(values.size(), 2));
  std::int64_t left = count - 2;
  const double each = fits ? 0 : mark_frequent(inner, left);
  double rows = 0;
  for (std::int64_t next = 1; const Distinct& v : inner) {
    if (!v.is_frequent) rows += static_cast<double>(v.rows);
    const bool full = next <= left && !v.is_frequent && rows >= each * static_cast<double>(next);
    if (full) ++next;
    if (fits || full || v.is_frequent) edges.push_back(v.value);
  }
  if (values.size() > 1) edges.push_back(values.back().value);
  return edges;
}

template <class T>
void set_quantiles(const std::vector<float>& sorted, T* edges, std::int64_t count) {
  const std::vector<double> chosen = edges_of(sorted, count);
  T* const end = std::copy(chosen.begin(), chosen.end(), edges);
  std::fill(end, edges + count, end[-1]);
}

}  // namespace

template <class T>
void set_edges(BasicModel<T>& model, const Dataset& train) {
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    const Node& node = model.nodes()[i];
    const auto* const layer = dynamic_cast<const PiecewiseLinearEmbedding*>(node.layer.get());
    if (layer == nullptr || node.shares >= 0) continue;
    if (node.inputs != std::vector<int>{-1}) {
      throw Error("U20", "layer " + quote(node.name) + " does not read rows of data, so they have no edges for it");
    }
    if (!model.is_built() || model.row_shape().elements() != train.row_shape().elements() || train.empty()) {
      throw Error("U20", "set_edges takes a built model and rows of its shape",
                  {"call model.build(data.row_shape()) before"});
    }
    auto& parameters = model.parameters();
    const auto edges = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& p) { return p.node == static_cast<int>(i) && p.need == 0; });
    const std::int64_t count = edges->value.shape()[1];
    const std::span<const std::int64_t> columns = layer->columns();
    for (std::size_t first = 0; first < columns.size(); first += together) {
      T* to = edges->value.data() + static_cast<std::int64_t>(first) * count;
      for (const auto& values :
           sorted_columns(train, columns.subspan(first, std::min(together, columns.size() - first)))) {
        set_quantiles(values, to, count);
        to += count;
      }
    }
  }
}

template void set_edges(BasicModel<float>&, const Dataset&);
template void set_edges(BasicModel<double>&, const Dataset&);

}  // namespace pellucid
