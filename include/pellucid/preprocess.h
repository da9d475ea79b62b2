// Preprocessor: learned from the training rows of a table (kinds, scaling, categories, classes) and applied to any
// rows; and splitting a table into training, validation and test rows.
// Not here: reading files (table.h), batches (dataset.h).
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

/// A date as text: "2026-01-31", or "2026-01-31 14:05" if it is not midnight. For DateColumn::range, for example.
std::string date_text(double days_since_1970);

/// One or several column names: `.target = "price"` or `.target = {"heating", "cooling"}`.
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
  /// Columns to predict, each named once. Default: the column named label, target, class or y (D11 if there is none).
  /// Several targets must be all numeric (one linear output each) or all have two classes (multi-label: one sigmoid
  /// output each); otherwise only one target can be learned (D33).
  ColumnNames target{};
  /// automatic: classification if the target is text, or has at most 20 distinct integers with 5 rows each on average;
  /// otherwise regression
  Task task = Task::automatic;
  std::vector<std::string> drop{};  ///< names of columns that are not used
  /// column -> kind, for columns for which the rules in FittedColumn choose the wrong kind
  std::map<std::string, AskedKind> kinds{};
  Scaling scale = Scaling::automatic;  ///< scaling of numbers and bytes
  MissingCells missing = MissingCells::automatic;
  /// Categories with fewer training rows than this are merged into "other". 0 (automatic): 1/500 of the rows, but at
  /// least 1 and at most 10; if a one-hot column has more than 50 words, a category also needs 1 % of the rows that
  /// have a word.
  std::int64_t rare = 0;
  /// Columns with up to this many categories become one-hot features, others are embedded. 0: never embed.
  std::int64_t one_hot = 50;
  TargetScaling target_scale = TargetScaling::standard;  ///< regression only
  bool clamp = false;  ///< regression only: predictions are limited to the range of the training rows' targets
};

/// The kind that Preprocessor::fit() chooses for a column.
struct FoundKind {
  ColumnKind kind = ColumnKind::number;
  DateForm date = DateForm::year_month_day;   ///< for a date
  BooleanForm boolean = BooleanForm::no_yes;  ///< for a boolean
  bool codes = false;                         ///< for categorical: the words are whole numbers
  std::string why{};                          ///< for drop: the reason
};

/// Finds the kind of a column from all rows of the table, by the rules described at FittedColumn. `asked`: the kind
/// that the user has set; if empty, the rules decide. Throws D12 if the cells do not match `asked`.
FoundKind find_kind(const Table& table, const Column& column, std::optional<AskedKind> asked = {});

/// Indices of the target columns, in the order of their names; without names, as described at
/// PreprocessOptions::target. Throws D11 (no such column, or none can be guessed), D20 (cells are not single values),
/// U12 (named twice).
std::vector<int> find_targets(const Table& table, const ColumnNames& names);

class Preprocessor {
 public:
  /// Learns from the rows `rows` of the table (the training rows). Throws D11, D12, D14, D17 (only one class, no rows),
  /// D18 (a target cell is missing), D33 (targets that cannot be learned together), U12 (a target named twice, a
  /// dropped target …).
  static Preprocessor fit(const Table& table, std::span<const std::int64_t> rows, const PreprocessOptions& options);

  /// Converts all rows of the table to features, and to targets if with_target is set and all target columns exist.
  /// Columns are found by name; additional columns are ignored. Throws D20 for missing columns (the message names them
  /// and the nearest existing names), D12, D14, D17 (a class that did not occur in training; the message names the
  /// row), D18.
  Dataset transform(const Table& table, bool with_target = true) const;
  /// The same, but frees the table's memory column by column, so that table and features are never in memory as a whole
  /// at the same time. The cells of the table are lost.
  Dataset transform(Table&& table, bool with_target = true) const;

  bool is_classification() const noexcept { return task == Task::classification; }
  /// True for several targets with two classes each.
  bool is_multi_label() const noexcept { return is_classification() && targets.size() > 1; }
  std::vector<std::string> target_names() const;
  Shape row_shape() const;                         ///< shape of one row of features
  std::vector<std::string> feature_names() const;  ///< "age", "colour=red", "when: year", "age is missing", "pixels[3]"

  Task task = Task::automatic;
  std::string task_reason;            ///< why automatic chose this task: "text", "10 distinct integers", …
  std::vector<FittedTarget> targets;  ///< at least one, in the order of the outputs
  /// the scaling that was used: "standard", "minmax", "none", "bytes / 255"; several joined by " + "
  std::string scale;
  std::vector<FittedColumn> columns;
  std::vector<std::string> constant_columns;  ///< columns that are constant in the training rows (finding D04)
  std::vector<std::string> left_out;          ///< columns that become no feature, each with the reason (finding D05)
  /// Table::missing_words of the training table; later tables are read with the same words
  MissingWords missing_words;

  /// Conversion to JSON and back. from_json throws D21 for anything that to_json does not write.
  std::string to_json() const;
  static Preprocessor from_json(std::string_view json);
};

struct SplitOptions {
  ColumnNames target{};
  double validation = 0.15;  ///< share of the rows; of the rows that are not test rows, if the table has test rows
  double test = 0.15;        ///< share of the rows; ignored if the table has test rows
  std::uint64_t seed = 42;
  PreprocessOptions preprocess{};  ///< `target` above replaces preprocess.target unless it is empty
  /// rows with the same value in this column (one patient, say) stay in the same split; the column is not a feature
  std::string group{};
  /// Column of numbers or dates (read like the cells of a feature). Training rows are the earliest, test rows the
  /// latest; rows with the same time stay together. The column is not a feature unless preprocess.kinds names it.
  std::string time{};
  /// > 0: the last rows of the table before its test rows, this many, are the validation rows; `validation` is ignored.
  std::int64_t validation_rows = 0;
  std::int64_t folds = 0;  ///< ≥ 2: the test rows are one of this many folds, and `test` is ignored
  std::int64_t fold = 0;   ///< which fold is the test rows, 0 … folds − 1
  /// ≥ 2: cross-fitting. The training and validation rows together are divided into this many folds (stratified, by
  /// group if there is one; a class's only row is in none), and the preprocessor is fitted on all of them. Training and
  /// validation rows of the split are then those of the first fold's net.
  std::int64_t cross_fit = 0;
};

/// Training, validation and test rows of one table as datasets, and the preprocessor, which is fitted on the training
/// rows only.
struct Split {
  Dataset train, validation, test;
  Preprocessor preprocessor;
  bool stratified = false;
  /// With cross-fitting, for each fold: the rows of the other folds to train on, and its own to validate with.
  struct Fold {
    Dataset train, validation;
  };
  std::vector<Fold> folds;
  Dataset out_of_fold;  ///< the validation rows of all folds, one fold after the other
  /// findings of splitting and fitting; one without a code describes how the rows were divided
  std::vector<Finding> notes;
};

/// Splits the rows, fits the preprocessor and transforms all rows. The split is stratified by class if there is one
/// target and it has classes: every class with at least 3 rows then has a row in each non-empty split, and the only row
/// of a class is a training row. Throws as Preprocessor::fit; D19 if there are too few rows for the splits (two rows
/// for three splits); U12 for shares that leave no training rows; U06 for group together with time, for folds together
/// with time or given test rows, and for a target used as group or time. If the table is moved in, its memory is freed
/// on the way. Cross-fitting cannot be combined with time or with given validation rows (U06).
Split split(const Table& table, const SplitOptions& options);
Split split(Table&& table, const SplitOptions& options);

/// The result of splitting and fitting, before the table is transformed (and perhaps freed).
struct SplitPlan {
  LargeVector<std::int64_t> train, validation, test;  ///< indices of rows of the table
  std::vector<LargeVector<std::int64_t>> folds;       ///< with cross-fitting: the rows of each fold
  Preprocessor preprocessor;
  bool stratified = false;
  std::vector<Finding> notes;
};
SplitPlan plan_split(const Table& table, const SplitOptions& options);
/// Transforms the rows of a plan. split(table, options) is split_by(table, plan_split(table, options)).
Split split_by(const Table& table, SplitPlan plan);
Split split_by(Table&& table, SplitPlan plan);

/// Splits row numbers only. Result: [0] training, [1] validation, [2] test. `labels`: class of each row; empty: not
/// stratified.
std::vector<LargeVector<std::int64_t>> split_rows(std::int64_t rows, std::span<const std::int32_t> labels,
                                                  double validation, double test, std::uint64_t seed);

}  // namespace pellucid
