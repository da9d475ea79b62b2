// Chosen by the validation rows, never by the test rows. Not here: the search (src/metrics/threshold.cc,
// src/train/temperature.cc).
#include "probabilities.h"

#include <fmt/format.h>

#include "core/text.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"
#include "pellucid/temperature.h"
#include "pellucid/trainer.h"

namespace pellucid::app {
namespace {

// Smoothed labels teach a net to doubt what it knows.
bool is_smoothed(const Model& model) {
  const Loss loss = Loss::parse(model.training->loss);
  return loss.kind().from_logits && loss.parameter() > 0;
}

void check_calibration(const TrainSettings& settings, const Split& split) {
  if (settings.calibrate != "temperature") return;
  if (!split.preprocessor.is_classification()) {
    throw Error("U06", fmt::format("--calibrate is for classes, {} is a number", quote(split.preprocessor.target)));
  }
  const bool softmax_end = settings.output == "auto" || settings.output == softmax.kind().name;
  const bool sigmoid_end = settings.output == sigmoid.kind().name && split.preprocessor.classes.size() == 2;
  if (!softmax_end && !sigmoid_end) {
    throw Error("U06",
                "--calibrate temperature needs --output softmax, or sigmoid for two classes; got " + settings.output);
  }
  if (split.validation.empty()) {
    throw Error("U06", "--calibrate temperature goes by the validation rows, and there are none",
                {"give --val-split 0.15"});
  }
}

void check_threshold(const TrainSettings& settings, const Split& split) {
  if (number_or_auto(settings.threshold) == 0.5) return;
  const Preprocessor& p = split.preprocessor;
  if (p.classes.size() != 2) {
    throw Error(
        "U06", fmt::format("--threshold divides two classes, {} {}", quote(p.target),
                           p.is_classification() ? "has " + plural(static_cast<std::int64_t>(p.classes.size()), "class")
                                                 : "is a number"));
  }
  if (settings.threshold == "auto" && split.validation.empty()) {
    throw Error("U06", "--threshold auto chooses by the validation rows, and there are none",
                {"give --val-split 0.15, or a number"});
  }
}

}  // namespace

void check_probabilities(const TrainSettings& settings, const Split& split) {
  check_calibration(settings, split);
  check_threshold(settings, split);
}

std::optional<double> settle_probabilities(Model& model, const TrainSettings& settings, const Split& split) {
  std::optional<double> temperature;
  const bool wanted = settings.calibrate == "temperature" || (settings.calibrate == "auto" && is_smoothed(model));
  if (wanted && takes_temperature(model) && !split.validation.empty()) {
    temperature = fit_temperature(model, split.validation, settings.threads);
    apply_temperature(model, *temperature);
  }
  if (const std::optional<double> asked = number_or_auto(settings.threshold)) {
    model.threshold = *asked;
  } else {
    const Evaluation seen = evaluate(model, split.validation);
    model.threshold = best_threshold({seen.truth_labels, seen.probabilities, 2});
  }
  return temperature;
}

}  // namespace pellucid::app
