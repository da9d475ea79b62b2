// --memory: how much memory columns and features may use; the rest is stored in temporary files.
// Not here: the files (pellucid/large_vector.h).
#pragma once

#include <string>

#include "app/cli/terminal.h"

namespace pellucid::app {

/// Sets the limit: "auto" (half of the free memory), "256M", "1.5G" …. Call it before any data are read. Temporary
/// files are created in $TMPDIR, or in `folder` if that is not set. Throws U02.
void limit_memory(const std::string& memory, const std::string& folder);

/// "up to 3.1 GiB of the data are in temporary files, …"; "" if no data are or were in files.
std::string memory_text();
/// Writes the same text to standard error, unless it is empty.
void say_memory(Terminal& terminal);

}  // namespace pellucid::app
