// set_first_weights: first weights and biases of dense layers that depend on the training rows.
// Not here: the other initializers (src/initializers), the edges of embeddings (edges.cc).
#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/float_env.h"
#include "kernels/kernels.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"
#include "pellucid/model.h"
#include "pellucid/random.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_rows = 4096;
constexpr std::int64_t mixed = 5;  // sums of which a bias is made

template <class T>
Tensor<T> some_rows(const Dataset& train) {
  const std::int64_t count = std::min(most_rows, train.rows());
  Tensor<T> rows(Shape{count, train.row_shape().elements()});
  for (std::int64_t i = 0; i < count; ++i) train.read_row<T>(i * train.rows() / count, rows.view().row(i));
  return rows;
}

// x·W for all rows.
template <class T>
Tensor<T> sums_of(View<const T> x, View<const T> w) {
  Tensor<T> sums(Shape{x.rows, w.columns});
  kernels<T>().product({.m = x.rows,
                        .n = w.columns,
                        .k = w.rows,
                        .x = x.data,
                        .ldx = x.stride,
                        .w = w.data,
                        .ldw = w.stride,
                        .bias = nullptr,
                        .y = sums.data(),
                        .ldy = w.columns});
  return sums;
}

// Divides each unit's weights, and its sums, by the sums' standard deviation. A unit whose sums are all equal stays.
template <class T>
void divide_by_deviation(View<T> sums, View<T> w) {
  const auto rows = static_cast<double>(sums.rows);
  for (std::int64_t c = 0; c < w.columns; ++c) {
    double mean = 0, squares = 0;
    for (std::int64_t r = 0; r < sums.rows; ++r) mean += static_cast<double>(sums(r, c)) / rows;
    for (std::int64_t r = 0; r < sums.rows; ++r) {
      const double difference = static_cast<double>(sums(r, c)) - mean;
      squares += difference * difference / rows;
    }
    const double deviation = std::sqrt(squares);
    if (!(deviation > 0)) continue;
    for (std::int64_t k = 0; k < w.rows; ++k) w(k, c) = static_cast<T>(static_cast<double>(w(k, c)) / deviation);
    for (std::int64_t r = 0; r < sums.rows; ++r)
      sums(r, c) = static_cast<T>(static_cast<double>(sums(r, c)) / deviation);
  }
}

// b = −Σ w z over a few rows, with w exponentially distributed and divided by their sum.
template <class T>
void set_kinks(View<const T> sums, const RandomKey& key, T* bias) {
  Random random(key);
  for (std::int64_t c = 0; c < sums.columns; ++c) {
    double total = 0, mixture = 0;
    for (std::int64_t i = 0; i < mixed; ++i) {
      const auto row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(sums.rows)));
      const double weight = -math::log(1 - random.uniform());
      total += weight;
      mixture += weight * static_cast<double>(sums(row, c));
    }
    bias[c] = static_cast<T>(total > 0 ? -mixture / total : 0);
  }
}

bool is_kind(const Initializer& initializer, std::string_view name) {
  return initializer.kind().name == name;
}

template <class T>
Tensor<T>* parameter_of(BasicModel<T>& model, int node, int need) {
  for (Parameter<T>& parameter : model.parameters()) {
    if (parameter.node == node && parameter.need == need) return &parameter.value;
  }
  return nullptr;
}

// What the node reads in prediction, row by row.
template <class T>
Tensor<T> input_of(const BasicModel<T>& model, const Node& node, const Tensor<T>& rows) {
  const int from = node.inputs.front();
  return from < 0 ? rows : model.up_to(model.nodes()[static_cast<std::size_t>(from)].name).predict(rows.view(), 1);
}

}  // namespace

template <class T>
void set_first_weights(BasicModel<T>& model, const Dataset& train, std::uint64_t seed) {
  const FloatEnvironment<T> environment;
  Tensor<T> rows;
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    const Node& node = model.nodes()[i];
    const auto* const dense = dynamic_cast<const Dense*>(node.layer.get());
    if (dense == nullptr || node.shares >= 0 || node.frozen) continue;
    const bool scales = is_kind(dense->options().weight_initializer, "std");
    const bool shifts = is_kind(dense->options().bias_initializer, "kinks") && dense->options().bias;
    if (!scales && !shifts) continue;
    if (!model.is_built() || model.row_shape().elements() != train.row_shape().elements() || train.empty()) {
      throw Error("U20", "set_first_weights takes a built model and rows of its shape",
                  {"call model.build(data.row_shape()) before"});
    }
    if (rows.size() == 0) rows = some_rows<T>(train);
    const Tensor<T> x = input_of(model, node, rows);
    Tensor<T>& weight = *parameter_of(model, static_cast<int>(i), 0);
    Tensor<T> sums = sums_of<T>(x.view(), weight.view());
    if (scales) divide_by_deviation<T>(sums.view(), weight.view());
    const RandomKey key{.seed = seed,
                        .purpose = Purpose::initialize,
                        .stream = static_cast<std::uint32_t>(i),
                        .step = 1};  // of need 1, the bias
    if (shifts) set_kinks<T>(sums.view(), key, parameter_of(model, static_cast<int>(i), 1)->data());
  }
}

template void set_first_weights(BasicModel<float>&, const Dataset&, std::uint64_t);
template void set_first_weights(BasicModel<double>&, const Dataset&, std::uint64_t);

}  // namespace pellucid
