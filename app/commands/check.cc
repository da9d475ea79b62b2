// pellucid check: prints the findings about a table. Not here: making the findings (pellucid/findings.h).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/flag_text.h"
#include "app/cli/memory_limit.h"
#include "app/cli/model_path.h"
#include "app/cli/setting_flags.h"
#include "app/commands/command.h"
#include "app/text/findings_text.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/data.h"
#include "run/run_json.h"

namespace pellucid::app {
namespace {

// The columns named by --target; otherwise the only column named label, target, class or y; otherwise none.
std::vector<int> targets_of(const Table& table, const std::vector<std::string>& names) {
  if (!names.empty()) return find_targets(table, names);
  std::vector<int> found;
  for (const char* usual : {"label", "target", "class", "y"}) {
    const int at = table.find(usual);
    if (at >= 0) found.push_back(at);
  }
  return found.size() == 1 ? found : std::vector<int>();
}

class Check : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("DATA", data_, "the rows to look at")->group("");
    flags_.declare(app, {"target", "task", "kind", "drop", "na", "no_na", "delimiter", "header", "skip_rows", "quote",
                         "encoding", "image_size", "image_color", "memory"});
    app.add_flag("--json", output.json, "write the findings as one JSON object")->group("Output");
  }

  int run(Terminal& terminal) override {
    const Recipe settings = flags_.settings();
    require_data(data_, "check");
    limit_memory(settings.run.memory, ".");
    const Table table = read_table(data_, read_options(settings));
    PreprocessOptions options = preprocess_options(settings, table);
    for (const std::string& column : options.drop) options.kinds[column] = AskedKind::drop;
    const std::vector<int> targets = targets_of(table, options.target.list());
    std::vector<Finding> findings = check_table(table, targets, options);
    const std::vector<Finding> unused =
        find_unused_words(table, missing_words_of(settings.data.na, settings.data.no_na));
    findings.insert(findings.end(), unused.begin(), unused.end());
    const std::string kinds = kinds_text(table, targets, options);
    say_memory(terminal);
    terminal.result(output.json ? json_of(table, kinds, findings) : text_of(terminal, table, targets, kinds, findings));
    return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.warning; }) ? 1 : 0;
  }

 private:
  static std::string json_of(const Table& table, const std::string& kinds, const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (const Finding& f : findings) {
      Json entry = finding_json(f);
      entry["text"] = with_flags(f.text);
      list.push_back(std::move(entry));
    }
    return json_text({{"v", 1},
                      {"rows", table.rows},
                      {"columns", table.columns.size()},
                      {"kinds", kinds},
                      {"findings", list}}) +
           "\n";
  }

  static std::string text_of(const Terminal& terminal, const Table& table, const std::vector<int>& targets,
                             const std::string& kinds, const std::vector<Finding>& findings) {
    std::vector<std::string> names;
    for (const int target : targets) names.push_back(table.columns[static_cast<std::size_t>(target)].name);
    const std::string learned =
        names.empty() ? "" : (names.size() > 1 ? " · targets " : " · target ") + join(names, ", ");
    std::string text = fmt::format("{} · {} · {}{}\n", table.source, plural(table.rows, "row"),
                                   plural(static_cast<std::int64_t>(table.columns.size()), "column"), learned);
    if (!kinds.empty()) text += wrapped("columns: " + kinds, 80, 2) + "\n";
    std::int64_t warnings = 0;
    for (const Finding& f : findings) {
      warnings += f.warning ? 1 : 0;
      const Style style = f.warning ? Style::warning : Style::faint;
      text += terminal.paint_result(style, finding_label(f)) + " " + with_flags(f.text) + "\n";
    }
    return text + (warnings == 0 ? "no warnings\n" : plural(warnings, "warning") + "\n");
  }

  std::string data_;
  SettingFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_check() {
  return std::make_unique<Check>();
}

}  // namespace pellucid::app
