// Writes settings and columns as lines of toml. Not here: reading toml (setting_sources.cc).
#include "app/text/config_template.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "app/cli/flag_text.h"
#include "app/cli/setting_sources.h"
#include "app/cli/terminal.h"
#include "app/text/findings_text.h"
#include "app/text/profiles.h"
#include "core/settings.h"
#include "core/text.h"
#include "core/visible.h"
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"
#include "recipe/build.h"
#include "recipe/config_text.h"
#include "recipe/data.h"

namespace pellucid::app {
namespace {

std::string commented(const std::string& text) {
  std::string result;
  std::istringstream lines(visible(text));
  for (std::string line; std::getline(lines, line);) result += line.empty() ? "#\n" : "# " + line + "\n";
  return result;
}

// The values that the setting takes, "(≥ 1 or auto)" or "(none|balanced)"; "" if it takes any text.
std::string takes(const std::string& name, const FieldState& field) {
  if (std::holds_alternative<bool>(field.value)) return " (true|false)";
  const std::string range = field.range(), unit = field.info.unit;
  if (unit.starts_with("auto|")) return " (" + (range.empty() ? unit : range + " or auto") + ")";
  if (!range.empty()) return " (" + range + ")";
  if (unit.find_first_of("=,|") != std::string::npos) return " (" + unit + ")";
  const std::vector<std::string> words = setting_words(name);
  return words.empty() ? "" : " (" + join(words, "|") + ")";
}

std::string setting_line(const std::string& name, const FieldState& field, bool holds) {
  return fmt::format("{}{:<{}} # {}{}\n", holds ? "" : "# ", name + " = " + toml_value(field), holds ? 34 : 32,
                     field.info.help, takes(name, field));
}

std::string setting_lines(Recipe& settings) {
  Recipe defaults;
  const std::vector<FieldState> usual = list_fields(defaults), fields = list_fields(settings);
  std::string text, group;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string name = fields[i].info.name, title = setting_group(name);
    if (name == "resume") continue;  // it continues one run and is no setting for new runs
    if (!title.empty() && title != group) text += fmt::format("\n# {}\n", group = title);
    text += setting_line(name, fields[i], fields[i].text() != usual[i].text());
  }
  return text;
}

// The settings of optimizers, schedules and losses, one line per name: several optimizers share some names.
class DetailLines {
 public:
  void add(const std::string& owner, std::string_view kind, Describable thing) {
    for (const FieldState& field : list_fields(thing)) {
      const std::string name = field.info.name;
      if (name == "learning_rate" || name == "kind" || (owner == "optimizer" && name == "momentum")) continue;
      add(owner + "." + name, kind, field);
    }
  }

  void add(const std::string& name, std::string_view kind, const FieldState& field) {
    const auto [line, fresh] = lines_.try_emplace(name, Line{field, {}});
    if (fresh) order_.push_back(name);
    if (!kind.empty()) line->second.kinds.push_back(fmt::format("{} {}", kind, field.text()));
  }

  std::string text() const {
    std::string text;
    for (const std::string& name : order_) {
      const Line& line = lines_.at(name);
      std::string lines = setting_line("\"" + name + "\"", line.field, false);
      if (!line.kinds.empty()) lines.insert(lines.size() - 1, "; " + join(line.kinds, ", "));
      text += lines;
    }
    return text;
  }

 private:
  struct Line {
    FieldState field;
    std::vector<std::string> kinds;
  };
  std::map<std::string, Line> lines_;
  std::vector<std::string> order_;
};

std::string detail_lines(const Recipe& resolved) {
  DetailLines lines;
  Optimizer chosen = make_optimizer(resolved);
  lines.add("optimizer", chosen.name(), chosen);
  for (Optimizer optimizer : optimizer_kinds()) {
    if (optimizer.name() != chosen.name()) lines.add("optimizer", optimizer.name(), optimizer);
  }
  Schedule schedule;
  lines.add("schedule", "", schedule);
  const auto add_loss = [&](const LossKind& kind, double parameter) {
    if (kind.parameter.name == nullptr) return;
    lines.add(std::string("loss.") + kind.parameter.name, kind.name, {kind.parameter, parameter});
  };
  const Loss* loss = resolved.model.loss.kind();
  if (loss != nullptr) add_loss(loss->kind(), loss->parameter());
  for (const LossKind* kind : loss_kinds()) {
    if (loss == nullptr || kind->name != loss->kind().name) add_loss(*kind, kind->parameter_default);
  }
  const FieldInfo reduction{"reduction", "how the losses of a batch's rows are combined", {}, "", "mean|sum"};
  lines.add("loss.reduction", "", {reduction, std::string("mean")});
  return "\n# Settings of the chosen optimizer, schedule and loss; the default is that of the kind that is named "
         "first\n" +
         lines.text();
}

}  // namespace

std::string config_template(const Table& table, Recipe settings, const Recipe& resolved, const std::string& reason,
                            const std::vector<Finding>& findings) {
  std::string text =
      "# Settings of `pellucid train`, which reads this file in the folder where it runs: pellucid train\n"
      "# Lines with a # in front show the default. Flags and PELLUCID_* variables take precedence over this file.\n#\n";
  text += commented(table_text(table, read_options(settings).kinds));
  text += "#\n" + commented("target: " + join(settings.data.target, ", ") + ", " + reason);
  for (const Finding& f : findings) {
    text += commented(wrapped(finding_label(f) + " " + with_flags(f.text), 98, 2));
  }
  return text + setting_lines(settings) + detail_lines(resolved);
}

}  // namespace pellucid::app
