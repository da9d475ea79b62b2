// Dates and times as tables spell them, and the numbers that are learned from them.
// Not here: which columns are dates (kinds.h), how the numbers are scaled (fit_dates.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// The parts of a date, in the order of their features.
constexpr const char* date_parts[] = {"year", "month", "weekday", "hour", "elapsed"};

struct Moment {
  double year = 0;
  double month = 0;    ///< 1 … 12
  double weekday = 0;  ///< 1 Monday … 7 Sunday
  double hour = 0;     ///< with its minutes and seconds as a fraction
  double elapsed = 0;  ///< days since 1970-01-01 0:00
  bool has_time = false;

  double part(std::size_t i) const { return (&year)[i]; }
};

/// "2024-03-01", "2024/3/1", with or without " 14:05", "T14:05:09.5", "2:05 PM", "Z" at the end, in the order of
/// `form`: "Y-M-D", "D-M-Y" or "M-D-Y". Any of - / . may divide. Days that no calendar has are no dates.
std::optional<Moment> read_date(std::string_view cell, std::string_view form);

struct DatesFound {
  std::string form;       ///< "": the words are no dates, or ambiguous
  std::string ambiguous;  ///< a word that may be day/month or month/day, where no word tells
  std::string other;      ///< most words are dates; this is none
};

/// `asked`: "" | date | day-first | month-first.
DatesFound find_dates(const std::vector<std::string>& words, std::string_view asked);

}  // namespace pellucid
