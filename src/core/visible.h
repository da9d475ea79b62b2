// Makes text from files safe to print: control characters are spelled out, so that a terminal shows them instead of
// obeying them.
// Not here: printing (app/), text in quotation marks (quote in core/text.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// The text with all characters spelled out (\x1b, \u202e) that would not be shown as they are: control characters
/// except line ends, marks that reverse the writing direction, invisible characters, and bytes that are not UTF-8.
std::string visible(std::string_view text);

/// Removes the first character from a text that is not empty and returns it, spelled out if necessary, also line ends.
std::string take_visible(std::string_view& text);

}  // namespace pellucid
