// OutputFile: where predictions go piece by piece: standard output, or a file that appears only when it is whole.
// Not here: small files written at once (core/file.h).
#pragma once

#include <string>
#include <string_view>

#include "terminal.h"

namespace pellucid::app {

class OutputFile {
 public:
  /// "" is standard output. Throws M01.
  OutputFile(Terminal& terminal, const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// False once the reader of standard output has gone away. Throws M01, M03.
  bool write(std::string_view text);
  /// Puts the file in its place.
  void commit();

 private:
  [[noreturn]] void fail(int reason) const;

  Terminal& terminal_;
  std::string path_, temporary_;
  int file_ = -1;
};

}  // namespace pellucid::app
