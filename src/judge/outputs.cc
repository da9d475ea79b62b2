// Softmax and sigmoid of one row in double, and clamped probabilities.
// Not here: activations inside the net (src/kernels).
#include "judge/outputs.h"

#include <algorithm>

#include "kernels/scalar_math.h"

namespace pellucid {

template <class T>
bool gives_logits(const BasicModel<T>& model) {
  const Activation* last = model.nodes().back().layer->output_activation();
  return (last == nullptr || std::string_view(last->kind().name) == "linear") && model.training &&
         model.training->loss.find("cross_entropy") != std::string::npos;
}

void class_probabilities(std::span<const double> y, bool logits, std::span<double> p) {
  if (y.size() == 1) {
    p[1] = logits ? 1 / (1 + math::exp(-y[0])) : std::clamp(y[0], 0.0, 1.0);
    p[0] = 1 - p[1];
    return;
  }
  const double top = logits ? *std::ranges::max_element(y) : 0;
  double sum = 0;
  for (std::size_t c = 0; c < y.size(); ++c) sum += p[c] = logits ? math::exp(y[c] - top) : std::max(y[c], 0.0);
  for (double& value : p) value = sum > 0 ? value / sum : 1.0 / static_cast<double>(y.size());
}

void answer_probabilities(std::span<const double> y, bool logits, std::span<double> p) {
  for (std::size_t c = 0; c < y.size(); ++c) p[c] = logits ? 1 / (1 + math::exp(-y[c])) : std::clamp(y[c], 0.0, 1.0);
}

template bool gives_logits(const BasicModel<float>&);
template bool gives_logits(const BasicModel<double>&);

}  // namespace pellucid
