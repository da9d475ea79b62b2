// FittedColumn, FittedTarget: what was learned from the training rows about one column.
// Not here: learning and applying it (preprocess.h), the enums about columns (column_kind.h).
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

/// Range of the values in the training rows, in the unit of the column: numbers as they are, dates in days since 1970
/// (times of day in hours), booleans as 0 and 1.
struct ValueRange {
  double low = 0, high = 0, mean = 0;
  double deviation = 0;  ///< standard deviation (n in the denominator)
};

/// How a number becomes a feature: (value + offset) · factor, then squashed.
struct NumberScale : ValueRange {
  double offset = 0;
  double factor = 1;  ///< 0 if the column is constant
  /// > 0: the feature x becomes x / √(1 + (x / squash)²), which lies between -squash and squash. 0: not squashed
  double squash = 0;
  double fill = 0;  ///< value for missing cells, in the unit of the column; NaN: a missing cell throws D14
};

struct NumberColumn {
  NumberScale scale{};
  /// Column::form, an example of how numbers are written ("$1,234.5"); later cells are read like this; "": plain
  /// numbers
  std::string form{};
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
  std::vector<Part> parts{};  ///< one feature each. Only parts that vary in the training rows, but at least one
  /// true: a missing cell throws D14; false: each part is filled with its NumberScale::fill
  bool refuses_missing = false;
};

struct CategoricalColumn {
  /// The categories: numbers sorted by value, then words sorted; at least one. A word that differs from exactly one
  /// category only in blanks, the encoding of accents, zeros of a whole number ("21.0", "021") or letter case counts as
  /// that category.
  std::vector<std::string> categories{};
  /// Number of distinct words in the training rows that were too rare to be a category. If > 0, there is an additional
  /// feature "other" after the categories, for these words and for words that training has not seen. If 0, there is no
  /// such feature, and the features of an unknown word are all 0.
  std::int64_t other = 0;
  double other_share = 0;  ///< share of the training rows that contain one of these rare words
  bool codes = false;      ///< true: the words are whole numbers
  bool varies = true;      ///< false: all training rows have the same word, and all features are 0
  /// True: the column becomes a single feature for an embedding layer, the index of the category. "other" has the index
  /// after the last category; a missing cell is -1.
  bool embedded = false;
  std::int64_t fill = -1;        ///< index of the category for missing cells; -1: none, all features are 0
  bool refuses_missing = false;  ///< true: a missing cell throws D14

  std::int64_t one_hot_features() const noexcept {
    return static_cast<std::int64_t>(categories.size()) + (other > 0 ? 1 : 0);
  }
};

/// How one column of a table becomes features. If PreprocessOptions::kinds does not name the column, its kind is the
/// first of these that applies:
/// - boolean, if its words are yes and no, true and false, t and f, y and n, or on and off, in any letter case;
/// - date, if all words are dates in one format, or if the column's name suggests a time and its cells are numbers such
///   as 20240301 or seconds since 1970;
/// - not used, if it looks like an ID: whole numbers that differ in every row, in a column whose name suggests an ID;
/// - categorical, if it contains other words, or codes: 3 to 20 different whole numbers ≥ 0, with five rows each on
///   average, in a column whose name ends in code, type, zip, category or id;
/// - number otherwise.
/// A categorical column is not used if it has more than 50 words and these are more than half of its rows, if it has at
/// least 20 words and every row has a different one, or if every word is rare.
struct FittedColumn {
  std::string name{};
  Shape shape{};              ///< shape of one cell; rank 0: a single value
  bool indicator = false;     ///< true: there is an additional last feature, which is 1 where the cell is missing
  std::int64_t features = 1;  ///< number of features of the column, including the indicator
  std::variant<NumberColumn, BooleanColumn, DateColumn, CategoricalColumn, BytesColumn> learned{};

  ColumnKind kind() const noexcept { return static_cast<ColumnKind>(learned.index()); }
  bool is(ColumnKind asked) const noexcept { return kind() == asked; }
  // Each returns null if the column has another kind.
  const NumberColumn* number() const noexcept { return std::get_if<NumberColumn>(&learned); }
  const BooleanColumn* boolean() const noexcept { return std::get_if<BooleanColumn>(&learned); }
  const DateColumn* date() const noexcept { return std::get_if<DateColumn>(&learned); }
  const CategoricalColumn* categorical() const noexcept { return std::get_if<CategoricalColumn>(&learned); }
  const NumberScale* scale() const noexcept;  ///< for number, boolean and bytes columns; null otherwise
  const ValueRange* range() const noexcept;   ///< null for a categorical column
  bool refuses_missing() const noexcept;      ///< true: a missing cell throws D14
  bool is_constant() const noexcept;          ///< true: the column is constant in the training rows
  bool is_one_hot() const noexcept;           ///< true: categorical and not embedded
};

/// What was learned about one target.
struct FittedTarget {
  std::string name{};
  /// classification: the classes, sorted (numbers by value, then words); empty for a regression
  std::vector<std::string> classes{};
  // Regression:
  double mean = 0, deviation = 1;  ///< the model learns (value - mean) / deviation
  /// Set if the logarithm is learned: value is then ln(target + shift). Not set: value is the target itself.
  std::optional<double> shift{};
  double low = 0, high = 0;  ///< smallest and largest target of the training rows
  bool clamped = false;      ///< predictions are limited to low … high
  std::string form{};        ///< Column::form of the target

  double for_net(double value) const;      ///< the scaled number that the model learns for this target
  double of_net(double output) const;      ///< the inverse: converts an output of the model to the unit of the target
  double prediction(double output) const;  ///< of_net(output), limited to low … high if `clamped`
};

}  // namespace pellucid
