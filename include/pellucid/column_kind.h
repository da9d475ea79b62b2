// Enums about columns: their kinds, the kinds a user may ask for, scaling of numbers, treatment of missing cells.
// Not here: what is learned from a column (fitted_column.h), reading (table.h), splitting (preprocess.h).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The kind of a column, which decides what features it becomes.
enum class ColumnKind {
  number,       ///< one feature for each number in a cell
  boolean,      ///< two words such as "no" and "yes": one feature, 0 or 1
  date,         ///< one feature each for year, month, weekday, hour and days elapsed
  categorical,  ///< words or codes: one-hot features, or one index for an embedding layer
  bytes,        ///< pixels, 0 … 255
  drop          ///< the column is not used
};

/// The kind of a column as given by the user (PreprocessOptions::kinds, ReadOptions::kinds). Names in files and flags
/// are as here, unless another is shown in quotes.
enum class AskedKind {
  number,
  decimal_comma,  ///< "decimal-comma": numbers such as "1.234,5"
  categorical,
  boolean,
  date,
  day_first,    ///< "day-first": dates such as 31/12/2024
  month_first,  ///< "month-first": dates such as 12/31/2024
  year_first,   ///< "year-first": dates such as 24/12/31
  drop,
  text  ///< only in ReadOptions: the cells are kept as words ("007" stays "007"), and the kind is decided later
};

/// The format of the dates in a column. Two-digit years 00 to 68 mean 2000 to 2068, and 69 to 99 mean 1969 to 1999.
enum class DateForm {
  year_month_day,        ///< "Y-M-D"
  day_month_year,        ///< "D-M-Y"
  month_day_year,        ///< "M-D-Y"
  day_month_short_year,  ///< "D-M-y"
  month_day_short_year,  ///< "M-D-y"
  short_year_month_day,  ///< "y-M-D"
  named_month,           ///< "D Mon Y": the month is a word; day, month and year may be in any order
  time_of_day,           ///< "h:m": a time without a date
  digits,                ///< "YMD": 20240301
  seconds,               ///< since 1970
  milliseconds           ///< since 1970
};

/// The two words of a boolean column: first the one that means 0, then the one that means 1. Case is ignored.
enum class BooleanForm { no_yes, false_true, n_y, f_t, off_on, zero_one };

/// The features that a date column becomes, in this order. elapsed: days since 1970.
enum class DatePart { year, month, weekday, hour, elapsed };

/// How numbers are scaled to features. Leave it at automatic unless the model needs a particular range.
enum class Scaling {
  automatic,  ///< "auto": bytes are divided by 255, other numbers are standardised
  standard,   ///< (x - mean) / standard deviation
  minmax,     ///< from 0 (smallest training value) to 1 (largest)
  /// (x - median) / interquartile range (or half of the full range if the interquartile range is 0), then x / √(1 +
  /// (x/3)²), so that outliers stay between -3 and 3. Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3.
  robust,
  none  ///< numbers are not scaled
};

/// How missing cells of a feature column are treated. Numbers and dates are filled from the training rows. A category
/// is never filled with mean or median: its one-hot features are all 0.
enum class MissingCells {
  automatic,      ///< "auto": the median, and an extra feature that is 1 where the cell is missing
  error,          ///< a missing cell throws D14
  mean,           ///< the mean of the training rows
  median,         ///< the median of the training rows
  most_frequent,  ///< "most-frequent": the most frequent value or category of the training rows
  drop  ///< training rows with a missing cell are removed; missing cells in later rows are filled with the median
};

/// How the target of a regression is transformed before it is learned.
enum class TargetScaling {
  standard,  ///< (y - mean) / standard deviation
  log        ///< the logarithm of y, standardised; of y + 1 if some target is 0. Targets must be ≥ 0
};

enum class Task { automatic, classification, regression };

/// All names of an enum's values, in their order: choices_of<Scaling>() is "auto", "standard", "minmax" …
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

/// The value with this name. Throws U12 if there is none; the message lists all names and begins with `setting`.
template <class Choice>
PELLUCID_EXPORT Choice choice_of(std::string_view name, std::string_view setting);

}  // namespace pellucid
