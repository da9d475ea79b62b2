// Reporter: says things to the terminal and writes the same words into the run's log.txt.
// Not here: which words (run_printer.h, app/text).
#pragma once

#include <string>
#include <vector>

#include "app/cli/terminal.h"
#include "core/new_file.h"

namespace pellucid::app {

/// "data      iris.csv …" is a label and a text; an empty label continues the line above.
struct Line {
  std::string label, text;
};

class Reporter {
 public:
  explicit Reporter(Terminal& terminal) : terminal_(terminal) {}

  Terminal& terminal() noexcept { return terminal_; }
  /// From here on everything also goes to the folder's log.txt; what was said before is put there first.
  void attach(const std::string& folder);
  /// From here on nothing is logged any more.
  void detach();

  /// To standard error unless -q.
  void say(const Line& line);
  void say(const std::vector<Line>& lines);
  /// To standard error unless -q; `shown` may hold colours, `plain` goes to the log.
  void say(const std::string& shown, const std::string& plain);
  void warn(const std::string& text);  ///< also with -q
  void note(const std::string& text);  ///< to the log alone
  /// To standard output.
  void result(const std::vector<Line>& lines);
  void path(const std::string& path);  ///< the last line: what scripts go on with

 private:
  Terminal& terminal_;
  LineFile log_;
  std::vector<std::string> early_;
};

}  // namespace pellucid::app
