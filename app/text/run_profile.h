// What `inspect` says of a run: result, curves, health of the layers. Not here: models and data (profiles.h).
#pragma once

#include <string>

#include "core/settings.h"

namespace pellucid::app {

/// From report.json; what a run of another version lacks is left out.
std::string run_text(const Json& report, int width);

/// "label     text", broken to 80 columns; nothing for an empty text.
std::string labelled(const char* label, const std::string& text);
/// A name from other people's files: control characters made visible, a long one cut.
std::string printable(const std::string& name, std::size_t most);

}  // namespace pellucid::app
