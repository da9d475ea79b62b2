// Dates and times as tables spell them, and the numbers that are learned from them.
// Not here: which columns are dates (kinds.h), how the numbers are scaled (fit.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/column_kind.h"

namespace pellucid {

struct Moment {
  double year = 0;
  double month = 0;    ///< 1 … 12
  double weekday = 0;  ///< 1 Monday … 7 Sunday
  double hour = 0;     ///< with its minutes and seconds as a fraction
  double elapsed = 0;  ///< days since 1970-01-01 0:00 (UTC where the cell has an offset); 0 of a time of day
  bool has_time = false;

  double part(DatePart which) const { return (&year)[static_cast<int>(which)]; }
};

/// "2024-03-01", "2024/3/1", with or without " 14:05", "T14:05:09.5", "2:05 PM", and behind that Z, UTC, "+01:00". Any
/// of
/// - / . may divide. Days that no calendar has are no dates.
std::optional<Moment> read_date(std::string_view cell, DateForm form);

struct DatesFound {
  std::optional<DateForm> form{};  ///< nothing: the words are not dates, or ambiguous
  std::string ambiguous{};         ///< a word that can be read in more than one of `forms`, if no word decides
  std::vector<DateForm> forms{};   ///< all that fit every word
  std::optional<DateForm> near{};  ///< most words are dates of this form …
  std::string other{};             ///< … but this one is not
};

/// Whether the user says by this that a column holds dates: date, day_first, month_first, year_first.
bool asks_for_dates(std::optional<AskedKind> asked) noexcept;

/// `asked`: nothing, or one of those.
DatesFound find_dates(const std::vector<std::string>& words, std::optional<AskedKind> asked = {});

/// Whether the word is a date of any form that has a day.
bool is_any_date(std::string_view word);

/// "day/month or month/day": how these forms differ; and the kind that chooses each.
std::string form_orders(const std::vector<DateForm>& forms);
std::vector<AskedKind> form_kinds(const std::vector<DateForm>& forms);

}  // namespace pellucid
