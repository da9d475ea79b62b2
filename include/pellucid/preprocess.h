// Preprocessor: what is learned from the training rows of a table (kinds, scaling, categories, classes) and applied to
// any rows after; and splitting a table's rows. Not here: reading files (table.h), batches (dataset.h).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pellucid/dataset.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// "2026-01-31", with " 14:05" where it is no whole day: what FittedColumn::low and high of a date are.
std::string date_text(double days_since_1970);

enum class Task { automatic, classification, regression };

/// What `kinds` takes: number, decimal-comma (a number), categorical, boolean, date, day-first, month-first and
/// year-first (a date whose day, month or year comes first), drop.
const std::vector<std::string>& column_kinds();

/// Names of columns: one, `.target = "price"`, or several, `.target = {"heating", "cooling"}`.
class ColumnNames {
 public:
  ColumnNames() = default;
  ColumnNames(std::string name) {
    if (!name.empty()) list_.push_back(std::move(name));
  }
  ColumnNames(const char* name) : ColumnNames(std::string(name)) {}
  ColumnNames(std::initializer_list<std::string> names) : list_(names) {}
  ColumnNames(std::vector<std::string> names) : list_(std::move(names)) {}

  const std::vector<std::string>& list() const noexcept { return list_; }
  bool empty() const noexcept { return list_.empty(); }

 private:
  std::vector<std::string> list_;
};

struct PreprocessOptions {
  /// Columns to be learned, each named once; none: the one that is named label, target, class or y, else D11. Several
  /// are all numbers (a linear output each), or all of two classes (multi-label: yes or no, a sigmoid output each); of
  /// anything else one can be learned (D33).
  ColumnNames target{};
  /// automatic: text, or at most 20 distinct integers with 5 rows each on average, is classification
  Task task = Task::automatic;
  std::vector<std::string> drop{};             ///< columns left out
  std::map<std::string, std::string> kinds{};  ///< column -> one of column_kinds()
  /// auto | standard | minmax | robust | none (auto: bytes / 255, numbers standard). robust: less the median, through
  /// the range of the middle half (where that is 0, half the whole range), then x / √(1 + (x/3)²), so that outliers
  /// come near (Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024, §3).
  std::string scale = "auto";
  /// auto | error | mean | median | most-frequent | drop. auto: the median (words: no category) plus an indicator where
  /// training rows lack cells; drop: rows that lack a cell are not learned from.
  std::string missing = "auto";
  /// Training rows that a category needs; words of fewer share the feature "other". 0 (auto): one row in 500, 1 to 10;
  /// one-hot columns of more than 50 words also 1 % of the rows that have one.
  std::int64_t rare = 0;
  /// A column of more categories than this is left to an embedding layer; 0: none is.
  std::int64_t one_hot = 50;
  /// Regression: standard (less the mean, by the deviation) or log (that of the logarithm; of value + 1 where 0
  /// occurs).
  std::string target_scale = "standard";
};

/// How one column of the table becomes features. By itself a column is: numbers; a date, if all words are (year, month,
/// weekday, hour where there are times, days elapsed since 1970: those of them that vary); boolean, if its words are
/// yes and no, true and false, t and f, y and n or on and off in any case (one feature, 0 or 1); categorical: other
/// words, and codes: whole numbers from 0, 3 to 20 different, five rows each, in a column whose name ends in code,
/// type, zip, category or id; left out as an id: whole numbers, no two alike, of a column named as one. Words are
/// one-hot: those of at least PreprocessOptions::rare training rows; the others share one more feature. Where there are
/// more than PreprocessOptions::one_hot they are one feature, an index. A column with more words than half its rows and
/// 50, with 20 or more and no two alike, or with rare words only, is left out.
struct FittedColumn {
  std::string name{};
  std::string kind{};  ///< "number", "bytes", "categorical", "boolean", "date"
  /// number: Column::form, as cells to come will be written; date: "Y-M-D", "D-M-Y", "M-D-Y", with y for a year of two
  /// digits, "D Mon Y" (names of months), "YMD" (20240301), "h:m" (a time of day), "seconds" or "milliseconds" (since
  /// 1970); boolean: "no/yes", the
  /// word that is 0 and the one that is 1; categorical: "code" where numbers are the words
  std::string form{};
  Shape shape{};      ///< of one cell
  double offset = 0;  ///< number, bytes: feature = (cell + offset) · factor
  double factor = 1;  ///< 0 for a constant column; categorical: 1 or 0
  double squash = 0;  ///< > 0: then x / √(1 + (x / squash)²), which stays between -squash and squash
  double fill = 0;    ///< in place of a missing cell: a number in the column's unit, or the index of a category (-1:
                      ///< none, all zeros); NaN: a missing cell is refused
  bool indicator = false;  ///< one more feature: 1 where the cell was missing
  /// Of the training rows; date: in days since 1970, of "h:m" in hours. categorical: mean is the share of the rows that
  /// hold words too rare for a category, the others are 0.
  double low = 0, high = 0, mean = 0, deviation = 0;
  std::vector<FittedColumn> parts{};  ///< date: a number each, named "year" …; their fill holds where a cell is missing
  std::vector<std::string> categories{};  ///< categorical: one feature each; a missing cell is all zeros
  /// categorical: so many words of the training rows were too rare; they share a feature behind the categories, and
  /// unseen words fall to it. 0: there is no such feature, and an unseen word is all zeros. A word that differs from
  /// one category only in blanks, the coding of accents, zeros of a whole number ("21.0", "021") or letter case is that
  /// category.
  std::int64_t other = 0;
  /// categorical: one feature for all of it, the index of the category (that of "other" follows the last one's, a
  /// missing cell is −1), for a layer embedding.
  bool embedded = false;
  std::int64_t features = 1;  ///< how many features the column yields
};

/// What was learned of one target.
struct FittedTarget {
  std::string name{};
  std::vector<std::string> classes{};  ///< classification: in sorted order (numbers by value, then words)
  // Of a regression:
  double mean = 0, deviation = 1;  ///< the net learns (value - mean) / deviation
  /// On the scale of logarithms: the value is ln(target + shift); empty: the target itself.
  std::optional<double> shift{};
  double low = 0, high = 0;  ///< of the target in the training rows
  std::string form{};        ///< Column::form of the target

  double for_net(double value) const;  ///< what the net learns in place of this number
  double of_net(double output) const;  ///< and back, in the target's unit
};

/// What fit() takes a column for.
struct ColumnKind {
  std::string kind;  ///< as FittedColumn::kind, or "drop": it is left out
  std::string form;  ///< as FittedColumn::form, of a boolean, a date, codes
  std::string why;   ///< drop: the reason
};

/// By the rules that FittedColumn states, over all rows of the table. `asked`: "" or one of column_kinds(). Throws D12
/// where the cells are not what was asked for.
ColumnKind find_kind(const Table& table, const Column& column, std::string_view asked = "");

/// Indices of the columns to be learned, in the order they are named; without a name, as PreprocessOptions::target
/// says. Throws D11 (no such column, or none can be guessed), D20 (its cells are no single values), U12 (named twice).
std::vector<int> find_targets(const Table& table, const ColumnNames& names);

class Preprocessor {
 public:
  /// Learns from `rows` of the table (the training rows). Throws D11, D12, D14, D17 (one class only, no rows), D18 (a
  /// target cell is missing), D33 (targets that cannot be learned together), U12 (unknown scale, a target named
  /// twice…).
  static Preprocessor fit(const Table& table, std::span<const std::int64_t> rows, const PreprocessOptions& options);

  /// Every row of the table as features, and as targets if all target columns are there and with_target. Columns are
  /// found by name; more columns are ignored. Throws D20 naming the columns that are missing and their nearest present
  /// name, D12, D14, D17 (a class that was not in training, with the row's place), D18.
  Dataset transform(const Table& table, bool with_target = true) const;
  /// The same features, but the table gives its memory back while they are made, so that both are never there at once:
  /// its cells are lost.
  Dataset transform(Table&& table, bool with_target = true) const;

  bool is_classification() const noexcept { return task == Task::classification; }
  /// Several targets of two classes each.
  bool is_multi_label() const noexcept { return is_classification() && targets.size() > 1; }
  std::vector<std::string> target_names() const;
  Shape row_shape() const;                         ///< of one row of features
  std::vector<std::string> feature_names() const;  ///< "age", "colour=red", "when: year", "age is missing", "pixels[3]"

  Task task = Task::automatic;
  std::string task_reason;            ///< "text", "10 distinct integers", …: why automatic chose what it chose
  std::vector<FittedTarget> targets;  ///< at least one, in the order of the outputs
  std::string scale;  ///< what "auto" became: "standard", "minmax", "none", "bytes / 255", joined by " + "
  std::vector<FittedColumn> columns;
  std::vector<std::string> constant_columns;  ///< never vary in the training rows (finding D04)
  std::vector<std::string> left_out;          ///< give no feature, each with the reason (finding D05)
  MissingWords missing_words;                 ///< Table::missing_words: cells to come are read so

  /// As JSON and back. from_json throws D21 on anything that is not as to_json writes it.
  std::string to_json() const;
  static Preprocessor from_json(std::string_view json);
};

struct SplitOptions {
  ColumnNames target{};
  double validation = 0.15;  ///< share of the rows (of the rows that are no test rows, where test rows are given)
  double test = 0.15;        ///< ignored where the table has test rows
  std::uint64_t seed = 42;
  PreprocessOptions preprocess{};  ///< its target is taken from here unless empty
  std::string group{};             ///< rows of equal cells in this column stay in one part; it is no feature then
  /// Column of numbers or of dates, which are read as a feature's are: training rows are the earliest, test rows the
  /// latest, rows of the same time stay together. It is no feature then, unless preprocess.kinds names it.
  std::string time{};
  /// The last so many rows before the table's test rows are the validation rows, and `validation` is ignored.
  std::int64_t validation_rows = 0;
  std::int64_t folds = 0;  ///< ≥ 2: the test rows are one of so many folds, and `test` is ignored
  std::int64_t fold = 0;   ///< 0 … folds − 1
};

/// Three datasets over one table, and the preprocessor that was fitted on the training rows alone.
struct Split {
  Dataset train, validation, test;
  Preprocessor preprocessor;
  bool stratified = false;
  std::vector<std::string> notes;  ///< findings, "D03 class ... has 1 row", one a line
};

/// Splits (stratified by class where one target of classes is learned), fits and transforms. Every class with at least
/// 3 rows has a row in each non-empty part; the only row of a class is a training row. Throws as Preprocessor::fit, and
/// D19 when the rows cannot fill the parts (two rows for three parts), U12 on shares that leave nothing to train on,
/// U06 for group with time, folds with time or given test rows, and a target that divides the rows. A table that is
/// given away gives its memory back meanwhile.
Split split(const Table& table, const SplitOptions& options);
Split split(Table&& table, const SplitOptions& options);

/// A split before its datasets are made, while the table can still be looked at.
struct SplitPlan {
  LargeVector<std::int64_t> train, validation, test;  ///< rows of the table
  Preprocessor preprocessor;
  bool stratified = false;
  std::vector<std::string> notes;
};
SplitPlan plan_split(const Table& table, const SplitOptions& options);
/// split() in two steps: split_by(table, plan_split(table, options)).
Split split_by(const Table& table, SplitPlan plan);
Split split_by(Table&& table, SplitPlan plan);

/// Row numbers only: parts[0] train, [1] validation, [2] test. `labels` empty: not stratified.
std::vector<LargeVector<std::int64_t>> split_rows(std::int64_t rows, std::span<const std::int32_t> labels,
                                                  double validation, double test, std::uint64_t seed);

}  // namespace pellucid
