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

#include "pellucid/column_kind.h"
#include "pellucid/dataset.h"
#include "pellucid/finding.h"
#include "pellucid/fitted_column.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// "2026-01-31", with " 14:05" unless it is midnight: the low and high of DateColumn::range as text.
std::string date_text(double days_since_1970);

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
  std::vector<std::string> drop{};           ///< columns that are not used
  std::map<std::string, AskedKind> kinds{};  ///< column -> what it is, where the rules of FittedColumn would err
  Scaling scale = Scaling::automatic;        ///< of numbers and bytes
  MissingCells missing = MissingCells::automatic;
  /// Categories with fewer training rows are merged into "other". 0 (automatic): one row in 500, at least 1 and at most
  /// 10; one-hot columns of more than 50 words also need 1 % of the rows that have a word.
  std::int64_t rare = 0;
  /// One-hot features up to this many categories, a learned embedding above. 0: never embed.
  std::int64_t one_hot = 50;
  TargetScaling target_scale = TargetScaling::standard;  ///< regression only
};

/// What fit() takes a column for.
struct FoundKind {
  ColumnKind kind = ColumnKind::number;
  DateForm date = DateForm::year_month_day;   ///< of a date
  BooleanForm boolean = BooleanForm::no_yes;  ///< of a boolean
  bool codes = false;                         ///< categorical: whole numbers are the words
  std::string why{};                          ///< drop: the reason
};

/// By the rules that FittedColumn states, over all rows of the table. `asked`: what the user says; nothing: the rules
/// decide. Throws D12 where the cells are not what was asked for.
FoundKind find_kind(const Table& table, const Column& column, std::optional<AskedKind> asked = {});

/// Indices of the columns to be learned, in the order they are named; without a name, as PreprocessOptions::target
/// says. Throws D11 (no such column, or none can be guessed), D20 (its cells are no single values), U12 (named twice).
std::vector<int> find_targets(const Table& table, const ColumnNames& names);

class Preprocessor {
 public:
  /// Learns from `rows` of the table (the training rows). Throws D11, D12, D14, D17 (one class only, no rows), D18 (a
  /// target cell is missing), D33 (targets that cannot be learned together), U12 (a target named twice, a dropped
  /// target …).
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
  std::vector<Finding> notes;  ///< what splitting and fitting found; a note without a code says how rows were divided
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
  std::vector<Finding> notes;
};
SplitPlan plan_split(const Table& table, const SplitOptions& options);
/// split() in two steps: split_by(table, plan_split(table, options)).
Split split_by(const Table& table, SplitPlan plan);
Split split_by(Table&& table, SplitPlan plan);

/// Row numbers only: parts[0] train, [1] validation, [2] test. `labels` empty: not stratified.
std::vector<LargeVector<std::int64_t>> split_rows(std::int64_t rows, std::span<const std::int32_t> labels,
                                                  double validation, double test, std::uint64_t seed);

}  // namespace pellucid
