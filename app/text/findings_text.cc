// One line per finding. Not here: looking for findings (src/prepare/checks).
#include "app/text/findings_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/flag_text.h"

namespace pellucid::app {

std::string finding_label(const Finding& finding) {
  return fmt::format("{}[{}]", finding.warning ? "warning" : "note", finding.code);
}

void say_findings(Terminal& terminal, const std::vector<Finding>& findings) {
  constexpr std::size_t most_said = 12;
  for (std::size_t i = 0; i < std::min(findings.size(), most_said); ++i) {
    const Style style = findings[i].warning ? Style::warning : Style::faint;
    terminal.say(terminal.paint(style, finding_label(findings[i])) + ": " + with_flags(findings[i].text));
  }
  if (findings.size() > most_said) {
    terminal.say(fmt::format("and {} more like these", findings.size() - most_said));
  }
}

void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor) {
  RowWatch watch(preprocessor);
  watch.see(table);
  say_findings(terminal, table.notes);
  say_findings(terminal, find_spelled_classes(table, preprocessor));
  say_findings(terminal, watch.findings());
}

}  // namespace pellucid::app
