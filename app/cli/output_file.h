// OutputFile: where predictions go piece by piece: standard output, or a file that appears only when it is whole.
// Not here: how such a file comes about (core/new_file.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/cli/terminal.h"
#include "core/new_file.h"

namespace pellucid::app {

class OutputFile {
 public:
  /// "" is standard output. Throws M01.
  OutputFile(Terminal& terminal, const std::string& path) : terminal_(terminal) {
    if (!path.empty()) file_.emplace(path);
  }

  /// False once the reader has gone away. Throws M01, M03.
  bool write(std::string_view text) { return file_ ? file_->write(text) : terminal_.data(text); }
  /// Puts the file in its place.
  void commit() {
    if (file_) file_->commit();
  }

 private:
  Terminal& terminal_;
  std::optional<NewFile> file_;
};

}  // namespace pellucid::app
