// Chosen by the validation rows, never by the test rows. Not here: the search (src/metrics/threshold.cc,
// src/judge/temperature.cc).
#include "recipe/probabilities.h"

#include <fmt/format.h>

#include "core/text.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "pellucid/temperature.h"
#include "pellucid/trainer.h"

namespace pellucid {
namespace {

// Smoothed labels teach a net to doubt what it knows.
bool is_smoothed(const Model& model) {
  const Loss loss = Loss::parse(model.training->loss);
  return loss.kind().from_logits && loss.parameter() > 0;
}

void check_calibration(const Recipe& settings, const Split& split) {
  if (settings.model.calibrate != Calibrate::temperature) return;
  const std::vector<FittedTarget>& targets = split.preprocessor.targets;
  if (!split.preprocessor.is_classification()) {
    throw Error("U06", fmt::format("{} is for classes, {} is a number", setting_hint("calibrate"),
                                   quote(targets.front().name)));
  }
  const Auto<Activation>& output = settings.model.output;
  const bool softmax_end = output == softmax && targets.size() == 1;
  const bool sigmoid_end = output == sigmoid && targets.front().classes.size() == 2;
  if (!output.is_auto() && !softmax_end && !sigmoid_end) {
    throw Error("U06", setting_hint("calibrate", "temperature") + " needs " + setting_hint("output", "softmax") +
                           ", or sigmoid for two classes; got " + output.value().text());
  }
  if (split.validation.empty()) {
    throw Error("U06", setting_hint("calibrate", "temperature") + " needs validation rows, and there are none",
                {"use " + setting_hint("val_split", "0.15")});
  }
}

void check_threshold(const Recipe& settings, const Split& split) {
  if (settings.model.threshold == 0.5) return;
  for (const FittedTarget& target : split.preprocessor.targets) {
    if (target.classes.size() == 2) continue;
    const auto classes = static_cast<std::int64_t>(target.classes.size());
    throw Error("U06",
                fmt::format("{} is for targets with two classes, {} {}", setting_hint("threshold"), quote(target.name),
                            classes > 0 ? "has " + plural(classes, "class") : "is a number"));
  }
  if (settings.model.threshold.is_auto() && split.validation.empty()) {
    throw Error("U06", setting_hint("threshold", "auto") + " needs validation rows, and there are none",
                {"use " + setting_hint("val_split", "0.15") + ", or give a number"});
  }
}

}  // namespace

void check_probabilities(const Recipe& settings, const Split& split) {
  check_calibration(settings, split);
  check_threshold(settings, split);
}

bool wants_temperature(const Model& model, const Recipe& settings) {
  return settings.model.calibrate == Calibrate::temperature ||
         (settings.model.calibrate == Calibrate::automatic && is_smoothed(model));
}

std::optional<double> settle_probabilities(Model& model, const Recipe& settings, const Split& split) {
  std::optional<double> temperature;
  if (wants_temperature(model, settings) && !split.validation.empty() && takes_temperature(model, split.validation)) {
    temperature = fit_temperature(model, split.validation, settings.training.threads);
    apply_temperature(model, *temperature);
  }
  if (!settings.model.threshold.is_auto()) {
    model.threshold = settings.model.threshold.value();
  } else {
    const Evaluation seen = evaluate(model, split.validation);
    std::vector<ClassPredictions> targets;
    for (const TargetEvaluation& target : seen.targets) targets.push_back(target.class_predictions());
    model.threshold = best_threshold(targets);
  }
  return temperature;
}

}  // namespace pellucid
