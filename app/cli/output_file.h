// OutputFile: writes predictions in pieces to standard output, or to a file that appears only when it is complete.
// Not here: writing such a file safely (core/new_file.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/cli/terminal.h"
#include "core/new_file.h"

namespace pellucid::app {

class OutputFile {
 public:
  /// An empty path means standard output. Throws M01.
  OutputFile(Terminal& terminal, const std::string& path) : terminal_(terminal) {
    if (!path.empty()) file_.emplace(path);
  }

  /// Returns false if the reader of standard output has closed the pipe. Throws M01, M03.
  bool write(std::string_view text) { return file_ ? file_->write(text) : terminal_.data(text); }
  /// Moves the complete file to its path.
  void commit() {
    if (file_) file_->commit();
  }

 private:
  Terminal& terminal_;
  std::optional<NewFile> file_;
};

}  // namespace pellucid::app
