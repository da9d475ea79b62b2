// Temperature scaling: the root of a monotone function, found by halving; and its place in the last layer.
// Not here: how well calibrated a model is (src/metrics/calibration.cc).
#include "pellucid/temperature.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

constexpr double least = 0.05, most = 20;
constexpr double smallest_probability = 1e-37;  // what a float softmax rounds to 0 still has a logarithm
constexpr int halvings = 48;                    // of an interval of 20: to 12 digits

void require_logits(const Model& model) {
  if (takes_temperature(model)) return;
  throw Error("U20", "a temperature divides the logits of a last dense layer with softmax, or with one sigmoid; " +
                         quote(model.nodes().back().name) + " is no such layer");
}

// Logits up to a number that is the same for all classes of a row, and each row's class.
struct Rows {
  std::vector<double> logits;
  std::vector<std::int32_t> labels;
  std::int64_t classes;
};

Rows rows_of(const Model& model, const Dataset& data, std::int64_t threads) {
  const Tensor<double> said = predict_proba(model, data, threads);
  Rows rows{{}, {}, said.view().columns};
  for (const double p : said.values()) rows.logits.push_back(math::log(std::max(p, smallest_probability)));
  for (std::int64_t r = 0; r < data.rows(); ++r) rows.labels.push_back(data.label(r));
  return rows;
}

// ∂/∂β of the mean log loss of softmax(β · logits): the mean logit that is expected, less the target's.
double slope(const Rows& rows, double beta) {
  const auto n = static_cast<double>(rows.labels.size()), classes = static_cast<double>(rows.classes);
  const double own = (n + 1) / (n + 2), other = (1 - own) / (classes - 1);
  double sum = 0;
  for (std::size_t r = 0; r < rows.labels.size(); ++r) {
    const double* z = rows.logits.data() + static_cast<std::int64_t>(r) * rows.classes;
    const double top = *std::max_element(z, z + rows.classes);
    double total = 0, expected = 0, all = 0;
    for (std::int64_t c = 0; c < rows.classes; ++c) {
      const double share = math::exp(beta * (z[c] - top));
      total += share;
      expected += share * z[c];
      all += z[c];
    }
    const double target = other * all + (own - other) * z[rows.labels[r]];
    sum += expected / total - target;
  }
  return sum / n;
}

}  // namespace

bool takes_temperature(const Model& model) {
  const Node& last = model.nodes().back();
  const Activation* activation = last.layer->output_activation();
  if (last.layer->kind() != Dense::name || activation == nullptr) return false;
  const std::string_view name = activation->kind().name;
  return name == softmax.kind().name || (name == sigmoid.kind().name && model.output_shape().elements() == 1);
}

double fit_temperature(const Model& model, const Dataset& data, std::int64_t threads) {
  if (data.empty()) throw Error("D17", "there are no rows to find a temperature with");
  if (!data.has_targets() || !data.is_classification()) throw Error("U20", "a temperature is found with classes");
  require_logits(model);
  const Rows rows = rows_of(model, data, threads);
  double low = 1 / most, high = 1 / least;
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (slope(rows, middle) < 0 ? low : high) = middle;
  }
  return 1 / (0.5 * (low + high));
}

void apply_temperature(Model& model, double temperature) {
  if (!(temperature > 0) || !std::isfinite(temperature)) {
    throw Error("U12", "a temperature is a number above 0, got " + number_text(temperature));
  }
  require_logits(model);
  const int last = static_cast<int>(model.nodes().size()) - 1;
  for (Parameter<float>& parameter : model.parameters()) {
    if (parameter.node != last) continue;
    for (float& value : parameter.value.values()) value = static_cast<float>(static_cast<double>(value) / temperature);
  }
}

}  // namespace pellucid
