// One table: what each metric asks of a training. Not here: the presets, which come first (presets.cc).
#include "recipe/metric_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "recipe/presets.h"

namespace pellucid {
namespace {

struct Rule {
  Metric metric;
  const char* name;
  bool of_classes;
  bool has_unit;  // of one target, so that there is no mean over several
  const char* best_by;
  const char* loss;     // "": as it is
  bool smooths_labels;  // false: the loss must not
};

// Smoothed labels cost log loss, and the epoch with the most right answers is not the one with the best order of rows.
// Holzmüller, Grinsztajn, Steinwart, "Better by Default", NeurIPS 2024, appendix.
constexpr Rule rules[] = {
    {Metric::accuracy, "accuracy", true, false, "score", "", true},
    {Metric::log_loss, "log_loss", true, false, "loss", "", false},
    {Metric::roc_auc, "roc_auc", true, false, "loss", "", false},
    {Metric::rmse, "rmse", false, true, "score", "", true},
    {Metric::mae, "mae", false, true, "loss", "mae", true},
    {Metric::r2, "r2", false, false, "score", "", true},
};

const Rule& rule_of(Metric metric) {
  return *std::ranges::find(rules, metric, &Rule::metric);
}

bool is_free(const Recipe& recipe, const char* setting) {
  return is_by_rule(origin_of(recipe, setting));
}

}  // namespace

std::string metric_name(const Recipe& recipe) {
  const Auto<Metric>& metric = recipe.training.metric;
  return metric.is_auto() ? "" : rule_of(metric.value()).name;
}

void check_metric(const Recipe& recipe, const Preprocessor& preprocessor) {
  if (recipe.training.metric.is_auto()) return;
  const Rule& rule = rule_of(recipe.training.metric.value());
  const bool classes = preprocessor.is_classification(), several = preprocessor.targets.size() > 1;
  const std::string hint = setting_hint("metric", rule.name);
  std::vector<std::string> others;
  for (const Rule& other : rules) {
    if (other.of_classes == classes && !(several && other.has_unit))
      others.push_back(setting_hint("metric", other.name));
  }
  const std::vector<std::string> ways = {"choose: " + join(others, " | ")};
  if (rule.of_classes != classes) {
    throw Error("U06",
                fmt::format("{} is for {}, {} {}", hint, rule.of_classes ? "classes" : "numbers",
                            quote(preprocessor.targets.front().name), classes ? "has classes" : "is a number"),
                ways);
  }
  if (several && rule.has_unit) {
    throw Error("U06",
                fmt::format("{} is in the unit of one target, and there are {}", hint, preprocessor.targets.size()),
                ways);
  }
}

Recipe with_metric(Recipe recipe) {
  if (recipe.training.metric.is_auto()) return recipe;
  const Rule& rule = rule_of(recipe.training.metric.value());
  const std::string origin = fmt::format("metric {}", rule.name);
  const auto put = [&](const char* setting, const std::string& value) {
    if (!is_free(recipe, setting) || setting_text(recipe, setting) == value) return;
    set_setting(recipe, setting, value, origin);
    recipe.origins[setting] = origin;
  };
  put("best_by", rule.best_by);
  if (*rule.loss != '\0') put("loss", rule.loss);
  const Choice<Loss>& loss = recipe.model.loss;
  if (!rule.smooths_labels && !loss.is_auto() && loss.kind()->kind().from_logits) put("loss", loss.kind()->kind().name);
  return recipe;
}

}  // namespace pellucid
