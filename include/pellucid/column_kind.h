// Choices about columns, as enums: what a column is, what a user may ask for, how numbers are scaled and cells filled.
// Not here: what is learned from a column (fitted_column.h), reading (table.h), splitting (preprocess.h).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// What a column of a table is when it becomes features.
enum class ColumnKind {
  number,       ///< one feature per number of a cell
  boolean,      ///< two words such as "no" and "yes": one feature, 0 or 1
  date,         ///< year, month, weekday, hour and days elapsed: one feature each
  categorical,  ///< words or codes: one-hot features, or one index for an embedding layer
  bytes,        ///< pixels, 0 … 255
  drop          ///< the column is not used
};

/// What a user says that a column is: PreprocessOptions::kinds and ReadOptions::kinds.
enum class AskedKind {
  number,
  decimal_comma,  ///< "decimal-comma": numbers such as "1.234,5"
  categorical,
  boolean,
  date,
  day_first,    ///< "day-first": dates such as 31/12/2024
  month_first,  ///< "month-first": dates such as 12/31/2024
  year_first,   ///< "year-first"
  drop,
  text  ///< ReadOptions only: keep the cells as words ("007" stays "007") and decide later
};

/// How a column writes its dates. A year of two digits from 00 to 68 is 2000 to 2068; 69 to 99 are 1969 to 1999.
enum class DateForm {
  year_month_day,        ///< "Y-M-D"
  day_month_year,        ///< "D-M-Y"
  month_day_year,        ///< "M-D-Y"
  day_month_short_year,  ///< "D-M-y"
  month_day_short_year,  ///< "M-D-y"
  short_year_month_day,  ///< "y-M-D"
  named_month,           ///< "D Mon Y": the month is a word, in any order
  time_of_day,           ///< "h:m": no day
  digits,                ///< "YMD": 20240301
  seconds,               ///< since 1970
  milliseconds           ///< since 1970
};

/// The word that means 0 and the word that means 1, in any case.
enum class BooleanForm { no_yes, false_true, n_y, f_t, off_on, zero_one };

/// The features that a date gives, in this order.
enum class DatePart { year, month, weekday, hour, elapsed };

/// How numbers become features. Leave it at automatic unless a model needs a particular range.
enum class Scaling {
  automatic,  ///< "auto": bytes are divided by 255, numbers are standardised
  standard,   ///< (x - mean) / standard deviation
  minmax,     ///< from 0 (smallest training value) to 1 (largest)
  /// (x - median) / interquartile range (half of the full range where that is 0), then x / √(1 + (x/3)²), so that
  /// outliers stay between -3 and 3. Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3.
  robust,
  none  ///< the numbers themselves
};

/// What happens to a missing cell of a feature.
enum class MissingCells {
  automatic,  ///< "auto": the median (of words: no category), and one more feature that is 1 where a cell is missing
  error,      ///< a missing cell throws D14
  mean,       ///< words: no category
  median,     ///< words: no category
  most_frequent,  ///< "most-frequent"
  drop            ///< training rows with a missing cell are not used; later rows are filled with the median
};

/// The scale on which the numbers of a regression target are learned.
enum class TargetScaling {
  standard,  ///< (y - mean) / standard deviation
  log        ///< the same of the logarithm of y, or of y + 1 where 0 occurs; targets must be at least 0
};

enum class Task { automatic, classification, regression };

/// All names of a choice, in the order of its values: choices_of<Scaling>() is "auto", "standard", "minmax" …
template <class Choice>
PELLUCID_EXPORT std::span<const std::string_view> choices_of() noexcept;

/// The name of one value, as settings, files and messages write it.
template <class Choice>
PELLUCID_EXPORT std::string_view text_of(Choice value) noexcept {
  return choices_of<Choice>()[static_cast<std::size_t>(value)];
}

/// The value with this name, or nothing.
template <class Choice>
PELLUCID_EXPORT std::optional<Choice> find_choice(std::string_view name) noexcept;

/// The value with this name. Throws U12 with all names where there is none; `setting` says what was set.
template <class Choice>
PELLUCID_EXPORT Choice choice_of(std::string_view name, std::string_view setting);

}  // namespace pellucid
