// Reporter: shows lines on the terminal and writes the same lines to the run's log.txt.
// Not here: the texts (run_printer.h, app/text).
#pragma once

#include <string>
#include <vector>

#include "app/cli/terminal.h"
#include "core/new_file.h"

namespace pellucid::app {

/// A label and a text: "data      iris.csv …". An empty label continues the line above.
struct Line {
  std::string label, text;
};

class Reporter {
 public:
  explicit Reporter(Terminal& terminal) : terminal_(terminal) {}

  Terminal& terminal() noexcept { return terminal_; }
  /// From now on every line also goes to log.txt in this folder; earlier lines are written there first.
  void attach(const std::string& folder);
  /// Stops logging.
  void detach();

  /// Writes a line to standard error, unless -q was given.
  void say(const Line& line);
  void say(const std::vector<Line>& lines);
  /// The same; `shown` may contain colours, `plain` goes to the log.
  void say(const std::string& shown, const std::string& plain);
  void warn(const std::string& text);  ///< also with -q
  void note(const std::string& text);  ///< to the log alone
  /// Writes lines to standard output.
  void result(const std::vector<Line>& lines);
  void path(const std::string& path);  ///< the last line: what scripts go on with

 private:
  Terminal& terminal_;
  LineFile log_;
  std::vector<std::string> early_;
};

}  // namespace pellucid::app
