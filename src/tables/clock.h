// Reads times of day as tables spell them. Not here: days (dates.h).
#pragma once

#include <optional>
#include <string_view>

namespace pellucid {

struct Clock {
  double hour = 0;    ///< 0 … below 24; minutes and seconds are its fraction
  double offset = 0;  ///< hours ahead of UTC; 0 if the text gives no offset
};

/// Reads all of `text`: "14:05", "14:05:09.5" or "2:05 PM", optionally followed by Z, UTC, GMT, "+01:00", "-0530" or
/// "+01". Returns nothing if the text is anything else.
std::optional<Clock> read_clock(std::string_view text);

/// Removes a number from the front of `text` and returns it: as many digits as there are, up to `most`. Returns -1 if
/// there are fewer than `least`.
int take_number(std::string_view& text, std::size_t least, std::size_t most);

}  // namespace pellucid
