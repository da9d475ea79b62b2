// Writes each line to the terminal and to the log. Not here: the texts (run_printer.cc, app/text).
#include "app/cli/reporter.h"

#include <fmt/format.h>

#include "core/visible.h"

namespace pellucid::app {
namespace {
constexpr int label_width = 10;
}

void Reporter::attach(const std::string& folder) {
  log_.open(folder + "/log.txt");
  for (const std::string& line : early_) log_.write(visible(line));
  early_.clear();
}

void Reporter::detach() {
  log_.close();
  early_.clear();
}

void Reporter::note(const std::string& line) {
  if (log_.is_open()) {
    log_.write(visible(line));
  } else {
    early_.push_back(line);
  }
}

void Reporter::say(const std::string& shown, const std::string& plain) {
  note(plain);
  if (terminal_.flags().quiet == 0) terminal_.say(shown);
}

void Reporter::say(const Line& line) {
  const std::string label = fmt::format("{:<{}}", line.label, label_width);
  const Style style = line.label.starts_with("note") ? Style::warning : Style::label;
  if (line.label.empty() && line.text.empty()) return say("", "");
  say(terminal_.paint(line.label.empty() ? Style::plain : style, label) + line.text, label + line.text);
}

void Reporter::say(const std::vector<Line>& lines) {
  for (const Line& line : lines) say(line);
}

void Reporter::warn(const std::string& text) {
  note(text);
  terminal_.say(terminal_.paint(Style::warning, text));
}

void Reporter::result(const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    const std::string label = fmt::format("{:<{}}", line.label, label_width);
    note(label + line.text);
    terminal_.result(terminal_.paint_result(line.label.empty() ? Style::plain : Style::label, label) + line.text +
                     "\n");
  }
}

void Reporter::path(const std::string& path) {
  note(path);
  terminal_.path(path);
}

}  // namespace pellucid::app
