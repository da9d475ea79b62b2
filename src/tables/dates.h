// Dates and times as tables spell them, and the numbers that are learned from them.
// Not here: which columns are dates (kinds.h), how the numbers are scaled (fit.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// The parts of a date, in the order of their features.
constexpr const char* date_parts[] = {"year", "month", "weekday", "hour", "elapsed"};

/// How a column writes its dates: y is a year of two digits (00 … 68 are 2000 … 2068, 69 … 99 are 1969 … 1999), "D Mon
/// Y" has names of months, in any order; "YMD" is 20240301, "h:m" a time of day, the last two count from 1970.
constexpr std::string_view date_forms[] = {"Y-M-D",   "D-M-Y", "M-D-Y", "D-M-y",   "M-D-y",       "y-M-D",
                                           "D Mon Y", "h:m",   "YMD",   "seconds", "milliseconds"};

struct Moment {
  double year = 0;
  double month = 0;    ///< 1 … 12
  double weekday = 0;  ///< 1 Monday … 7 Sunday
  double hour = 0;     ///< with its minutes and seconds as a fraction
  double elapsed = 0;  ///< days since 1970-01-01 0:00 (UTC where the cell has an offset); 0 of a time of day
  bool has_time = false;

  double part(std::size_t i) const { return (&year)[i]; }
};

/// "2024-03-01", "2024/3/1", with or without " 14:05", "T14:05:09.5", "2:05 PM", and behind that Z, UTC, "+01:00". Any
/// of
/// - / . may divide. Days that no calendar has are no dates.
std::optional<Moment> read_date(std::string_view cell, std::string_view form);

struct DatesFound {
  std::string form;       ///< "": the words are no dates, or ambiguous
  std::string ambiguous;  ///< a word that may be read in more than one of `forms`, where no word tells
  std::vector<std::string> forms{};
  std::string near;   ///< most words are dates of this form …
  std::string other;  ///< … and this is none
};

/// `asked`: "" | date | day-first | month-first | year-first.
DatesFound find_dates(const std::vector<std::string>& words, std::string_view asked);

/// Whether the word is a date of any form that has a day.
bool is_any_date(std::string_view word);

/// "day/month or month/day": how these forms differ; and what --kind takes for each.
std::string form_orders(const std::vector<std::string>& forms);
std::vector<std::string> form_kinds(const std::vector<std::string>& forms);

}  // namespace pellucid
