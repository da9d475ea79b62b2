// Chosen by the validation rows, never by the test rows. Not here: the search (src/metrics/threshold.cc).
#include "threshold.h"

#include <fmt/format.h>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"

namespace pellucid::app {

void check_threshold(const TrainSettings& settings, const Split& split) {
  if (number_or_auto(settings.threshold) == 0.5) return;
  for (const FittedTarget& target : split.preprocessor.targets) {
    if (target.classes.size() == 2) continue;
    const auto classes = static_cast<std::int64_t>(target.classes.size());
    throw Error("U06", fmt::format("--threshold divides two classes, {} {}", quote(target.name),
                                   classes > 0 ? "has " + plural(classes, "class") : "is a number"));
  }
  if (settings.threshold == "auto" && split.validation.empty()) {
    throw Error("U06", "--threshold auto chooses by the validation rows, and there are none",
                {"give --val-split 0.15, or a number"});
  }
}

void set_threshold(Model& model, const TrainSettings& settings, const Split& split) {
  const std::optional<double> asked = number_or_auto(settings.threshold);
  if (asked) {
    model.threshold = *asked;
    return;
  }
  const Evaluation seen = evaluate(model, split.validation);
  std::vector<ClassPredictions> targets;
  for (const TargetEvaluation& target : seen.targets) targets.push_back(target.class_predictions());
  model.threshold = best_threshold(targets);
}

}  // namespace pellucid::app
