// Putting one setting of a recipe from text. Not here: which settings there are (recipe.cc).
#include <algorithm>

#include <fmt/format.h>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"
#include "pellucid/recipe.h"
#include "pellucid/schedule.h"

namespace pellucid {
namespace {

bool is_detail(const std::string& name) {
  return name.starts_with("optimizer.") || name.starts_with("schedule.") || name.starts_with("loss.");
}

// "optimizer.beta1" and all others that some optimizer, the schedules or some loss have.
std::vector<std::string> detail_names() {
  std::vector<std::string> names = {"loss.reduction"};
  for (Optimizer optimizer : optimizer_kinds()) {
    for (const FieldState& field : list_fields(optimizer)) names.push_back(std::string("optimizer.") + field.info.name);
  }
  Schedule schedule;
  for (const FieldState& field : list_fields(schedule)) names.push_back(std::string("schedule.") + field.info.name);
  for (const LossKind* kind : loss_kinds()) {
    if (kind->parameter.name != nullptr) names.push_back(std::string("loss.") + kind->parameter.name);
  }
  return names;
}

// A name that is no setting, with the nearest; without one, where to look, for the list is long.
void require_known(const std::vector<std::string>& names, const std::string& name, const std::string& what) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string near = closest(name, names);
  throw Error("U05", fmt::format("{}: no setting {}; {}", what, quote(name),
                                 near.empty() ? "all are in: pellucid help train" : "did you mean " + near + "?"));
}

}  // namespace

bool holds_list(Recipe& settings, std::string_view name) {
  for (const FieldState& field : list_fields(settings)) {
    if (name == field.info.name) return std::holds_alternative<std::vector<std::string>>(field.value);
  }
  return false;
}

void set_setting(Recipe& settings, const std::string& name, const std::vector<std::string>& texts,
                 const std::string& what) {
  if (holds_list(settings, name)) {
    set_list_field(settings, name, texts.size() == 1 && texts[0].empty() ? std::vector<std::string>() : texts, what);
    return;
  }
  const bool several = name == "drop" || name == "kind";
  set_setting(settings, name, several ? join(texts, ",") : texts.empty() ? "" : texts.back(), what);
}

void set_setting(Recipe& settings, std::string name, const std::string& text, const std::string& what) {
  std::replace(name.begin(), name.end(), '-', '_');
  if (is_detail(name)) {
    require_known(detail_names(), name, what);
    settings.details[name] = text;
    return;
  }
  std::vector<std::string> names;
  for (const FieldState& field : list_fields(settings)) names.emplace_back(field.info.name);
  require_known(names, name, what);
  set_field(settings, name, text, what);
  check_auto_numbers(settings, what);
}

}  // namespace pellucid
