// The settings of optimizers, schedules and losses as a recipe names them: "optimizer.beta1".
// Not here: Choice, which holds them (pellucid/recipe.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/settings.h"
#include "pellucid/recipe.h"

namespace pellucid {

/// A loss seen as a thing with settings: its reduction, and its parameter where the kind has one.
class LossSettings {
 public:
  explicit LossSettings(const Loss& loss) : loss_(loss) {}
  void describe(Fields& fields);
  const Loss& loss() const noexcept { return loss_; }

 private:
  Loss loss_;
};

/// A kind without what a recipe has as settings of its own: an optimizer's learning rate and momentum, the name of a
/// schedule, and what a schedule of this name does not use.
bool is_listed(const Optimizer& kind, std::string_view setting);
bool is_listed(const Schedule& kind, std::string_view setting);

/// The kind with the choice's settings applied. The choice has a kind. Throws U12, and U35 for a setting that the kind
/// does not use, unless it has its default.
Optimizer chosen(const Choice<Optimizer>& choice);
Schedule chosen(const Choice<Schedule>& choice);
Loss chosen(const Choice<Loss>& choice);

/// "optimizer.beta1" and all others that some optimizer, some schedule or some loss has.
std::vector<std::string> kind_setting_names();
/// Whether the name is of such a form, known or not.
bool is_kind_setting(std::string_view name);
/// One of kind_setting_names() read from text. Throws U02, U12.
KindSetting read_kind_setting(const std::string& name, const std::string& text, const std::string& what);
/// The value of "optimizer.beta1" in the kind that the recipe has; "" where it has no kind, or the kind no such
/// setting.
std::string kind_setting_text(const Recipe& recipe, const std::string& name);
/// The same for the kind with its defaults.
std::string kind_setting_default(const Recipe& recipe, const std::string& name);

/// Visits the choice's kind as one word, and its settings that are decided as "OWNER.NAME".
void describe_choice(Fields& fields, const FieldInfo& info, Choice<Optimizer>& choice);
void describe_choice(Fields& fields, const FieldInfo& info, Choice<Schedule>& choice);
void describe_choice(Fields& fields, const FieldInfo& info, Choice<Loss>& choice);

}  // namespace pellucid
