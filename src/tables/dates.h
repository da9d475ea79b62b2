// Reads dates and times as tables spell them, and finds the form in which a column writes its dates.
// Not here: which columns are dates (prepare/kinds.h), how a date's numbers are scaled (prepare/fit.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/column_kind.h"

namespace pellucid {

/// A date or time as the numbers that become features.
struct Moment {
  double year = 0;
  double month = 0;    ///< 1 … 12
  double weekday = 0;  ///< 1 Monday … 7 Sunday
  double hour = 0;     ///< minutes and seconds are its fraction
  double elapsed = 0;  ///< days since 1970-01-01 0:00 (UTC if the cell has an offset); 0 for a time of day
  bool has_time = false;

  double part(DatePart which) const { return (&year)[static_cast<int>(which)]; }
};

/// Reads all of `cell` as a date of this form: "2024-03-01" or "2024/3/1", optionally followed by " 14:05",
/// "T14:05:09.5" or " 2:05 PM" and then by Z, UTC or "+01:00". The separator may be - or / or a dot. Returns nothing
/// for other text and for days that do not exist.
std::optional<Moment> read_date(std::string_view cell, DateForm form);

struct DatesFound {
  std::optional<DateForm> form{};  ///< empty: the words are not dates, or ambiguous
  std::string ambiguous{};         ///< if several forms fit every word: an example
  std::vector<DateForm> forms{};   ///< all forms that fit every word
  std::optional<DateForm> near{};  ///< if no form fits every word: the form that fits most, if more than half
  std::string other{};             ///< the first word that does not fit `near`
};

/// Whether this kind says that a column holds dates: date, day_first, month_first or year_first.
bool asks_for_dates(std::optional<AskedKind> asked) noexcept;

/// Finds the date form of a column from its distinct words. `asked`: a kind for which asks_for_dates() is true, or
/// nothing; then forms of digits only (20240301, seconds since 1970) are not tried, because they look like numbers.
DatesFound find_dates(const std::vector<std::string>& words, std::optional<AskedKind> asked = {});

/// Whether the word is a date of any form, except a mere time of day.
bool is_any_date(std::string_view word);

/// How these forms differ, for messages ("day/month or month/day"), and for each form the kind that chooses it.
std::string form_orders(const std::vector<DateForm>& forms);
std::vector<AskedKind> form_kinds(const std::vector<DateForm>& forms);

}  // namespace pellucid
