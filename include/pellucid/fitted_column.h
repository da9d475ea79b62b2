// What the training rows taught about one column, feature or target.
// Not here: learning it and applying it (preprocess.h), the choices (column_kind.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pellucid/column_kind.h"
#include "pellucid/export.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// The values of the training rows, in the unit of the column: numbers as they are, dates in days since 1970 (times of
/// day in hours), booleans as 0 and 1.
struct ValueRange {
  double low = 0, high = 0, mean = 0;
  double deviation = 0;  ///< standard deviation, with n in the denominator
};

/// feature = (value + offset) · factor, then squashed.
struct NumberScale : ValueRange {
  double offset = 0;
  double factor = 1;  ///< 0 for a column that never varies
  double squash = 0;  ///< > 0: the feature x becomes x / √(1 + (x / squash)²), between -squash and squash
  double fill = 0;    ///< replaces a missing value, in the unit of the column; NaN: a missing value throws D14
};

struct NumberColumn {
  NumberScale scale{};
  std::string form{};  ///< Column::form: how later cells are written ("$1,234.5"); "": plainly
};

struct BytesColumn {
  NumberScale scale{};
};

struct BooleanColumn {
  NumberScale scale{};
  BooleanForm form = BooleanForm::no_yes;
};

struct DateColumn {
  struct Part {
    DatePart part = DatePart::elapsed;
    NumberScale scale{};
  };
  ValueRange range{};
  DateForm form = DateForm::year_month_day;
  std::vector<Part> parts{};     ///< one feature each: those that vary in the training rows, at least one
  bool refuses_missing = false;  ///< a missing cell throws D14; otherwise each part has its own fill
};

struct CategoricalColumn {
  /// Numbers by value, then words; at least one. A word that differs from one category only in blanks, the coding of
  /// accents, zeros of a whole number ("21.0", "021") or letter case is that category.
  std::vector<std::string> categories{};
  /// How many words of the training rows were too rare for a category. They share one more feature behind the
  /// categories, and so do words that training has not seen. 0: there is no such feature, and an unknown word is all
  /// zeros.
  std::int64_t other = 0;
  double other_share = 0;  ///< share of the training rows that hold one of those words
  bool codes = false;      ///< the words are whole numbers
  bool varies = true;      ///< false: every training row has the same word, and all features are 0
  /// One feature for the whole column, for an embedding layer: the index of the category. The index of "other" follows
  /// that of the last category; a missing cell is -1.
  bool embedded = false;
  std::int64_t fill = -1;        ///< index of the category that replaces a missing cell; -1: none, all zeros
  bool refuses_missing = false;  ///< a missing cell throws D14

  std::int64_t one_hot_features() const noexcept {
    return static_cast<std::int64_t>(categories.size()) + (other > 0 ? 1 : 0);
  }
};

/// How one column of a table becomes features. Without PreprocessOptions::kinds a column is, in this order:
/// - boolean, if its words are yes and no, true and false, t and f, y and n or on and off, in any case;
/// - a date, if all words are dates of one form, or if a column named like a time holds 20240301 or seconds since 1970;
/// - not used, if it looks like an ID: whole numbers that differ in every row, in a column named like an ID;
/// - categorical, if it holds other words, or codes: 3 to 20 different whole numbers of at least 0, with five rows each
///   on average, in a column whose name ends in code, type, zip, category or id;
/// - a number otherwise.
/// A categorical column is not used if it has more than 50 words and these are more than half of its rows, if it has 20
/// words or more and no two rows share one, or if every word is rare.
struct FittedColumn {
  std::string name{};
  Shape shape{};              ///< of one cell; rank 0: a single value
  bool indicator = false;     ///< the last feature is 1 where the cell is missing
  std::int64_t features = 1;  ///< how many features the column yields, the indicator included
  std::variant<NumberColumn, BooleanColumn, DateColumn, CategoricalColumn, BytesColumn> learned{};

  ColumnKind kind() const noexcept { return static_cast<ColumnKind>(learned.index()); }
  bool is(ColumnKind asked) const noexcept { return kind() == asked; }
  // Null where the column is of another kind.
  const NumberColumn* number() const noexcept { return std::get_if<NumberColumn>(&learned); }
  const BooleanColumn* boolean() const noexcept { return std::get_if<BooleanColumn>(&learned); }
  const DateColumn* date() const noexcept { return std::get_if<DateColumn>(&learned); }
  const CategoricalColumn* categorical() const noexcept { return std::get_if<CategoricalColumn>(&learned); }
  const NumberScale* scale() const noexcept;  ///< of number, boolean and bytes; null otherwise
  const ValueRange* range() const noexcept;   ///< null for a categorical column
  bool refuses_missing() const noexcept;      ///< a missing cell throws D14
  bool is_constant() const noexcept;          ///< the column never varies in the training rows
  bool is_one_hot() const noexcept;           ///< categorical and not embedded
};

/// What was learned of one target.
struct FittedTarget {
  std::string name{};
  std::vector<std::string> classes{};  ///< classification: in sorted order (numbers by value, then words)
  // Regression:
  double mean = 0, deviation = 1;  ///< the net learns (value - mean) / deviation
  /// The net learns the logarithm: value is ln(target + shift). Empty: value is the target itself.
  std::optional<double> shift{};
  double low = 0, high = 0;  ///< smallest and largest target of the training rows
  std::string form{};        ///< Column::form of the target

  double for_net(double value) const;  ///< what the net learns in place of this number
  double of_net(double output) const;  ///< the inverse: an output of the net in the target's unit
};

}  // namespace pellucid
