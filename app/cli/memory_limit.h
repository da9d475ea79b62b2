// --memory: how much of columns and features may lie in memory, the rest lies in temporary files.
// Not here: the files (pellucid/large_vector.h).
#pragma once

#include <string>

#include "app/cli/terminal.h"

namespace pellucid::app {

/// Puts "auto" (half of what is free), "256M", "1.5G" … into force, before anything is read. Files are made in $TMPDIR,
/// or else in `folder`. Throws U02.
void limit_memory(const std::string& memory, const std::string& folder);

/// "3.1 GiB of the data in temporary files …" if so much is or was there, else "".
std::string memory_text();
/// The same as a line to standard error, if there is something to tell.
void say_memory(Terminal& terminal);

}  // namespace pellucid::app
