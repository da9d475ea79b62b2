// visible: other people's names and cells as text that a terminal shows and does not obey.
// Not here: where text is printed (the program's Terminal), cells in quotation marks (quote, core/text.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// The text with what would not be shown as it stands spelled out (\x1b, \u202e): control characters other than line
/// ends, marks that reverse the direction of writing, invisible characters, bytes that are no UTF-8.
std::string visible(std::string_view text);

/// The first character of a text (not empty), spelled out if it must be, line ends too; it is taken off the text.
std::string take_visible(std::string_view& text);

}  // namespace pellucid
