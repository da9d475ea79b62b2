// Temperature scaling: for one net the best temperature is the root of a monotone function, found by bisection; for an
// average of nets a minimum, found by golden section. It is then divided into the weights of the last layers.
// Not here: how well calibrated a model is (src/metrics/calibration.cc).
#include "judge/temperature.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/text.h"
#include "kernels/scalar_math.h"
#include "model/match.h"
#include "pellucid/error.h"
#include "pellucid/evaluation.h"
#include "pellucid/layers.h"
#include "pellucid/temperature.h"

namespace pellucid {
namespace {

constexpr double least = 0.05, most = 20;
constexpr double smallest_probability = 1e-37;  // in place of a probability that a float softmax rounds to 0
constexpr int halvings = 48;                    // of an interval of length 20: 12 digits

// The dense layers whose softmax or sigmoids end the model: the last one, or those that a last Average averages. Empty
// for any other end.
std::vector<int> last_layers(const Model& model) {
  model.output_shape();  // throws if the model is not built and so has no last layer
  if (!model.heads().empty()) return {};
  const auto& nodes = model.nodes();
  const Node& last = nodes.back();
  const bool averages = last.layer->kind() == Average::name;
  std::vector<int> layers = averages ? last.inputs : std::vector{static_cast<int>(nodes.size()) - 1};
  const Activation* const end = last.layer->output_activation();
  const auto fits = [&](int layer) {
    if (layer < 0 || end == nullptr || (*end != softmax && *end != sigmoid)) return false;
    return nodes[static_cast<std::size_t>(layer)].layer->kind() == Dense::name;
  };
  return std::ranges::all_of(layers, fits) ? layers : std::vector<int>();
}

// "softmax", "sigmoid", or "" for a model whose end takes no temperature.
std::string_view end_of(const Model& model) {
  return last_layers(model).empty() ? "" : model.nodes().back().layer->output_activation()->kind().name;
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

// Whether each output is the probability of yes.
bool is_one_each(const Dataset& data, std::int64_t columns) {
  return data.is_multi_label() || columns == 1;
}

void add_labels(Answers& answers, const Dataset& data, std::int64_t columns) {
  const bool questions = data.is_multi_label();
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    for (std::int64_t c = 0; c < (questions ? columns : 1); ++c)
      answers.labels.push_back(questions ? static_cast<std::int32_t>(data.value(r, c)) : data.label(r));
  }
}

Answers answers_of(const Model& model, const Dataset& data, std::int64_t threads) {
  const Tensor<double> predicted = predict_proba(model, data, threads);
  const bool questions = data.is_multi_label();
  Answers answers{{}, {}, questions ? 2 : predicted.view().columns};
  for (const double p : predicted.values()) {
    if (questions) answers.logits.push_back(logarithm(1 - p));
    answers.logits.push_back(logarithm(p));
  }
  add_labels(answers, data, predicted.view().columns);
  return answers;
}

// The same from outputs, without labels.
Answers answers_of(const Tensor<float>& outputs, const Dataset& data) {
  const std::int64_t columns = outputs.view().columns;
  const bool one_each = is_one_each(data, columns);
  Answers answers{{}, {}, one_each ? 2 : columns};
  for (const float p : outputs.values()) {
    if (one_each) answers.logits.push_back(logarithm(1 - static_cast<double>(p)));
    answers.logits.push_back(logarithm(p));
  }
  return answers;
}

// Adds softmax(logits / temperature) of one answer to `sum`.
void add_probabilities(const double* logits, std::int64_t classes, double temperature, double* sum) {
  const double top = *std::max_element(logits, logits + classes);
  double total = 0;
  for (std::int64_t c = 0; c < classes; ++c) total += math::exp((logits[c] - top) / temperature);
  for (std::int64_t c = 0; c < classes; ++c) sum[c] += math::exp((logits[c] - top) / temperature) / total;
}

// The mean log loss of the averaged probabilities.
double average_loss(const std::vector<Answers>& nets, const std::vector<std::int32_t>& labels, double temperature) {
  const std::int64_t classes = nets.front().classes;
  const auto n = static_cast<double>(labels.size());
  const double own = (n + 1) / (n + 2), other = (1 - own) / (static_cast<double>(classes) - 1);
  std::vector<double> p(static_cast<std::size_t>(classes));
  double loss = 0;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    std::fill(p.begin(), p.end(), 0.0);
    for (const Answers& net : nets) {
      add_probabilities(net.logits.data() + static_cast<std::int64_t>(r) * classes, classes, temperature, p.data());
    }
    for (std::int64_t c = 0; c < classes; ++c) {
      const double target = c == labels[r] ? own : other;
      loss -= target * logarithm(p[static_cast<std::size_t>(c)] / static_cast<double>(nets.size()));
    }
  }
  return loss / n;
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

// 1/T for one net.
double sharpness(const Answers& answers) {
  double low = 1 / most, high = 1 / least;
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (slope(answers, middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
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
  if (model.nodes().back().layer->kind() != Average::name) return 1 / sharpness(answers_of(model, rows, threads));
  std::vector<Tensor<float>> outputs;
  for (const int layer : last_layers(model)) {
    outputs.push_back(model.up_to(model.nodes()[static_cast<std::size_t>(layer)].name).predict(rows, threads));
  }
  return ensemble_temperature(outputs, rows);
}

double ensemble_temperature(std::span<const Tensor<float>> outputs, const Dataset& rows) {
  if (rows.empty()) throw Error("D17", "there are no rows to find a temperature with");
  constexpr double golden = 0.6180339887498949;  // (√5 − 1) / 2
  std::vector<Answers> nets;
  for (const Tensor<float>& net : outputs) nets.push_back(answers_of(net, rows));
  Answers truth;
  add_labels(truth, rows, outputs.front().view().columns);
  const auto loss = [&](double log_t) { return average_loss(nets, truth.labels, math::exp(log_t)); };
  double low = math::log(least), high = math::log(most);
  double a = high - golden * (high - low), b = low + golden * (high - low), at_a = loss(a), at_b = loss(b);
  for (int i = 0; i < 32; ++i) {
    if (at_a <= at_b) {
      high = std::exchange(b, a);
      at_b = at_a;
      at_a = loss(a = high - golden * (high - low));
    } else {
      low = std::exchange(a, b);
      at_a = at_b;
      at_b = loss(b = low + golden * (high - low));
    }
  }
  return math::exp(0.5 * (low + high));
}

Tensor<float> average_at(std::span<const Tensor<float>> outputs, const Dataset& rows, double temperature) {
  Tensor<float> mean(outputs.front().shape());
  const std::int64_t columns = mean.view().columns;
  std::vector<Answers> nets;
  for (const Tensor<float>& net : outputs) nets.push_back(answers_of(net, rows));
  const std::int64_t classes = nets.front().classes;
  const bool one_each = is_one_each(rows, columns);
  std::vector<double> p(static_cast<std::size_t>(classes));
  const std::int64_t answers = one_each ? mean.size() : mean.view().rows;
  float* to = mean.data();
  for (std::int64_t i = 0; i < answers; ++i) {
    std::fill(p.begin(), p.end(), 0.0);
    for (const Answers& net : nets) {
      add_probabilities(net.logits.data() + i * classes, classes, temperature, p.data());
    }
    for (std::int64_t c = one_each ? 1 : 0; c < classes; ++c) {
      *to++ = static_cast<float>(p[static_cast<std::size_t>(c)] / static_cast<double>(nets.size()));
    }
  }
  return mean;
}

void apply_temperature(Model& model, double temperature) {
  if (!(temperature > 0) || !std::isfinite(temperature)) {
    throw Error("U12", "a temperature is a number above 0, got " + number_text(temperature));
  }
  const std::vector<int> layers = last_layers(model);
  if (layers.empty()) refuse(model);
  model.conformal.clear();
  for (Parameter<float>& parameter : model.parameters()) {
    if (std::ranges::find(layers, parameter.node) == layers.end()) continue;
    for (float& value : parameter.value.values()) value = static_cast<float>(static_cast<double>(value) / temperature);
  }
}

}  // namespace pellucid
