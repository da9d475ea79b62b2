// set_edges: the bins of numeric embeddings, from quantiles of the training rows.
// Not here: what a layer computes with them (layers/piecewise_linear_embedding.cc).
#include <algorithm>
#include <vector>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/model.h"
#include "pellucid/number_embeddings.h"

namespace pellucid {
namespace {

std::vector<float> sorted_column(const Dataset& data, std::int64_t column, std::vector<float>& row) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(data.rows()));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    data.read_row(r, row.data());
    values.push_back(row[static_cast<std::size_t>(column)]);
  }
  std::sort(values.begin(), values.end());
  return values;
}

template <class T>
void set_quantiles(const std::vector<float>& sorted, T* edges, std::int64_t count) {
  const auto last = static_cast<std::int64_t>(sorted.size()) - 1;
  T* end = edges;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto value = static_cast<T>(sorted[static_cast<std::size_t>(last * i / (count - 1))]);
    if (end == edges || value > end[-1]) *end++ = value;
  }
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
    std::vector<float> row(static_cast<std::size_t>(train.row_shape().elements()));
    for (std::size_t g = 0; g < layer->columns().size(); ++g) {
      set_quantiles(sorted_column(train, layer->columns()[g], row),
                    edges->value.data() + static_cast<std::int64_t>(g) * count, count);
    }
  }
}

template void set_edges(BasicModel<float>&, const Dataset&);
template void set_edges(BasicModel<double>&, const Dataset&);

}  // namespace pellucid
