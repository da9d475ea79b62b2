// What was probably meant by text that is not a number. Not here: reading numbers (core/text.h, tables/words.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// "; write 0.01" for "0,01", "; write 0.15" for "15%", "; write 10" for "10.0" where a whole number is wanted; ""
/// where nothing can be guessed. It ends the message that refuses the text.
std::string number_hint(std::string_view text, bool whole);

}  // namespace pellucid
