// The output of `inspect` about a run: result, curves, health of the layers. Not here: models and data (profiles.h).
#pragma once

#include <string>

#include "core/settings.h"

namespace pellucid::app {

/// The text about a report.json. Members that the run of another version does not have are omitted.
std::string run_text(const Json& report, int width);

/// "label     text", broken into lines of 80 characters; empty if the text is empty.
std::string labelled(const char* label, const std::string& text);
/// A name from an untrusted file: control characters made visible, cut to `most` characters.
std::string printable(const std::string& name, std::size_t most);

}  // namespace pellucid::app
