// Messages of the library name settings ("`missing = drop`"); the program shows them as flags, ready for a shell.
// Not here: the messages, the flags themselves (setting_flags.h).
#pragma once

#include <string>
#include <string_view>

#include "pellucid/error.h"

namespace pellucid::app {

/// Replaces every setting hint (pellucid/setting_hint.h) by a flag: "`missing = drop`" becomes "--missing drop".
std::string with_flags(std::string_view text);

/// The same for the message and the details of an error.
Error with_flags(const Error& error);

}  // namespace pellucid::app
