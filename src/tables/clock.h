// The time of a day as tables spell it. Not here: days (dates.h).
#pragma once

#include <optional>
#include <string_view>

namespace pellucid {

struct Clock {
  double hour = 0;    ///< with its minutes and seconds as a fraction
  double offset = 0;  ///< hours ahead of UTC
};

/// The whole of `text`: "14:05", "14:05:09.5", "2:05 PM", with Z, UTC, GMT, "+01:00", "-0530" or "+01" behind it or
/// not.
std::optional<Clock> read_clock(std::string_view text);

/// Takes a number of so many digits off the front; -1: there is none.
int take_number(std::string_view& text, std::size_t least, std::size_t most);

}  // namespace pellucid
