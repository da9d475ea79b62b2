// The table of error and finding codes: what `pellucid explain CODE` prints.
// Not here: the Error type itself (pellucid/error.h).
#pragma once

#include <span>

namespace pellucid {

struct CodeInfo {
  const char* code;
  const char* title;
  const char* meaning;  ///< one or more sentences of plain text
  const char* way_out;
};

std::span<const CodeInfo> code_table();

}  // namespace pellucid
