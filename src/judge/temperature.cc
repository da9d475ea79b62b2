// Temperature scaling: the best temperature is the root of a monotone function, found by bisection, and is then divided
// into the weights of the last layer.
// Not here: how well calibrated a model is (src/metrics/calibration.cc).
#include "pellucid/temperature.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

constexpr double least = 0.05, most = 20;
constexpr double smallest_probability = 1e-37;  // in place of a probability that a float softmax rounds to 0
constexpr int halvings = 48;                    // of an interval of length 20: 12 digits

// The activation that ends the model: "softmax", "sigmoid", or "" for any other end.
std::string_view end_of(const Model& model) {
  model.output_shape();  // throws if the model is not built and so has no last layer
  if (!model.heads().empty()) return "";
  const Node& last = model.nodes().back();
  const Activation* activation = last.layer->output_activation();
  if (last.layer->kind() != Dense::name || activation == nullptr) return "";
  const std::string_view name = activation->kind().name;
  return name == softmax.kind().name || name == sigmoid.kind().name ? name : "";
}

[[noreturn]] void refuse(const Model& model) {
  throw Error("U20",
              "a temperature divides the logits of a last dense layer with softmax or, for targets with two classes, "
              "sigmoid; " +
                  quote(model.nodes().back().name) + " is no such layer for these rows");
}

// The logits of each answer, up to a constant that all its classes share, and its true class.
struct Answers {
  std::vector<double> logits;
  std::vector<std::int32_t> labels;
  std::int64_t classes;
};

double logarithm(double p) {
  return math::log(std::max(p, smallest_probability));
}

Answers answers_of(const Model& model, const Dataset& data, std::int64_t threads) {
  const Tensor<double> predicted = predict_proba(model, data, threads);
  const bool questions = data.is_multi_label();
  Answers answers{{}, {}, questions ? 2 : predicted.view().columns};
  for (const double p : predicted.values()) {
    if (questions) answers.logits.push_back(logarithm(1 - p));
    answers.logits.push_back(logarithm(p));
  }
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    for (std::int64_t c = 0; c < (questions ? predicted.view().columns : 1); ++c)
      answers.labels.push_back(questions ? static_cast<std::int32_t>(data.value(r, c)) : data.label(r));
  }
  return answers;
}

// ∂/∂β of the mean log loss of softmax(β · logits): the mean over the answers of the expected logit less the target's.
double slope(const Answers& answers, double beta) {
  const auto n = static_cast<double>(answers.labels.size()), classes = static_cast<double>(answers.classes);
  const double own = (n + 1) / (n + 2), other = (1 - own) / (classes - 1);
  double sum = 0;
  for (std::size_t r = 0; r < answers.labels.size(); ++r) {
    const double* z = answers.logits.data() + static_cast<std::int64_t>(r) * answers.classes;
    const double top = *std::max_element(z, z + answers.classes);
    double total = 0, expected = 0, all = 0;
    for (std::int64_t c = 0; c < answers.classes; ++c) {
      const double share = math::exp(beta * (z[c] - top));
      total += share;
      expected += share * z[c];
      all += z[c];
    }
    const double target = other * all + (own - other) * z[answers.labels[r]];
    sum += expected / total - target;
  }
  return sum / n;
}

}  // namespace

bool takes_temperature(const Model& model, const Dataset& rows) {
  if (!rows.has_targets() || !rows.is_classification()) return false;
  const std::string_view end = end_of(model);
  if (rows.is_multi_label()) return end == sigmoid.kind().name;
  return end == softmax.kind().name || (end == sigmoid.kind().name && model.output_shape().elements() == 1);
}

double fit_temperature(const Model& model, const Dataset& rows, std::int64_t threads) {
  if (rows.empty()) throw Error("D17", "there are no rows to find a temperature with");
  if (!takes_temperature(model, rows)) refuse(model);
  require_match(model, rows, default_loss(model, rows));
  const Answers answers = answers_of(model, rows, threads);
  double low = 1 / most, high = 1 / least;
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (slope(answers, middle) < 0 ? low : high) = middle;
  }
  return 1 / (0.5 * (low + high));
}

void apply_temperature(Model& model, double temperature) {
  if (!(temperature > 0) || !std::isfinite(temperature)) {
    throw Error("U12", "a temperature is a number above 0, got " + number_text(temperature));
  }
  if (end_of(model).empty()) refuse(model);
  model.conformal.clear();
  const int last = static_cast<int>(model.nodes().size()) - 1;
  for (Parameter<float>& parameter : model.parameters()) {
    if (parameter.node != last) continue;
    for (float& value : parameter.value.values()) value = static_cast<float>(static_cast<double>(value) / temperature);
  }
}

}  // namespace pellucid
