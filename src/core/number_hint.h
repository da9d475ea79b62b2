// What the user probably meant by text that is not a number. Not here: reading numbers (core/text.h,
// tables/number_form.h).
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// The end of an error message that suggests a correction: "; write 0.01" for "0,01", "; write 0.15" for "15%", ";
/// write 10" for "10.0" where a whole number is expected (`whole`). Empty if nothing can be guessed.
std::string number_hint(std::string_view text, bool whole);

}  // namespace pellucid
