// Checks of a table before training: leakage, repeated rows, columns without information, shifted columns.
// Not here: findings of splitting and fitting themselves (preprocess.h), errors (error.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/finding.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// All checks of a whole table: D01 repeated rows, D02 leakage, D03 rare classes, D04 constant columns, D05 columns
/// that will not be used, D14 missing cells, D17 and D18 about the targets, the other findings of this header, and the
/// findings of reading the file. `targets`, here and in the other functions, are the indices of the target columns;
/// empty: no target is known. `options` say which columns are used for learning.
std::vector<Finding> check_table(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// Checks of a split: leakage, columns without information, test rows that repeat training rows. `later`: the test rows
/// come from another file or a later time, so shifts (D22) are checked too.
std::vector<Finding> check_split(const Table& table, const SplitPlan& plan, bool later);

/// D36: words that the user named as missing (MissingWords::words) but that occur in no cell. A warning.
std::vector<Finding> find_unused_words(const Table& table, const MissingWords& asked);

/// The kinds of the feature columns as text: "3 numeric, 1 date (when), 1 text (colour)".
std::string kinds_text(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// Number of missing cells of a column; number of distinct values of a column with single values as cells.
std::int64_t missing_cells(const Column& column);
std::int64_t distinct_cells(const Column& column);

/// D34: text columns of which at least half the cells are numbers or dates (or dates that can be read in two ways),
/// unless the user has set their kind (options.kinds). Not reported: columns with few distinct words, for which one
/// category per word serves as well, and columns in which many different words stand beside the numbers, as in tickets
/// and codes. Warnings.
std::vector<Finding> find_near_values(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options);

/// D35: reasons against a random split, checked from 100 rows on: a date column is used as a feature, or a column has a
/// name that suggests groups (patient, customer …) and several rows for most of its values. Warnings.
std::vector<Finding> find_split_risks(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options);

/// D02, leakage, checked on at most 2,000 of these rows, evenly spread. It is reported if
/// - one column alone predicts the target: each row is predicted from the other rows with equal or neighbouring cells,
///   and R² ≥ 0.999, or at least 99.5 % of the classes are right and nine out of ten mistakes of always predicting the
///   most frequent class are avoided (checked from 100 rows and two columns on);
/// - a column is a copy of a numeric target, or the sum or difference of two or three numeric columns is the target,
///   exactly or with R² ≥ 0.999 (checked from 30 rows on; with more than 100 numeric columns only up to two are
///   combined, with more than 1,000 only copies are found).
/// Other targets are not checked as columns.
std::vector<Finding> find_leaks(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                std::span<const std::int64_t> rows);

/// D33, D38: reasons why these targets cannot be learned, or not together, from these rows; empty if they can.
/// Warnings.
std::vector<Finding> find_unlike_targets(const Table& table, std::span<const int> targets,
                                         const PreprocessOptions& options, std::span<const std::int64_t> rows);

/// D37: classes of the targets that are spelled in several ways in these rows, or differently than in the model. A
/// note.
std::vector<Finding> find_spelled_classes(const Table& table, const Preprocessor& learned);

/// The classes that the column would have as a target, with the number of rows of each, in the order of their first
/// rows.
std::vector<std::pair<std::string, std::int64_t>> class_rows(const Table& table, const Column& target,
                                                             const PreprocessOptions& options);

/// D03: one warning that lists the classes with fewer than `least` rows. `classes`: name and number of rows, in the
/// order in which the text shall list them.
std::vector<Finding> find_rare_classes(const std::vector<std::pair<std::string, std::int64_t>>& classes,
                                       std::int64_t least);

/// D01: number of these rows that equal an earlier one in every column.
std::vector<Finding> find_repeats(const Table& table, std::span<const std::int64_t> rows);

/// D01: number of `test` rows that equal a row of `train` in the targets and in all columns used for learning. A
/// warning from 5 % on, otherwise a note.
std::vector<Finding> find_repeats(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                  std::span<const std::int64_t> train, std::span<const std::int64_t> test);

/// D08: columns in which at least 99.5 % of the present cells are equal, but not all; columns with several numbers per
/// cell are not checked. D06 (from 50 rows on): columns of whole numbers that never repeat and that either count the
/// rows (they fill at least half of their range), always rise or always fall, or all have the same number of digits, at
/// least six.
std::vector<Finding> find_dull_columns(const Table& table, std::span<const int> targets,
                                       const PreprocessOptions& options, std::span<const std::int64_t> rows);

/// D22: columns whose distribution in `later` differs from that in `train`. The distance is the Kolmogorov-Smirnov
/// distance for numbers, and half the sum of the absolute differences of the shares for words; it is reported if it is
/// at least 0.2 larger than chance explains for these numbers of rows. Meant for test rows from another file or a later
/// time; after a random split the check is not needed.
std::vector<Finding> find_shifts(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                 std::span<const std::int64_t> train, std::span<const std::int64_t> later);

/// Compares rows that a trained model is to predict with the rows it was trained on. The rows may come in several
/// tables.
/// - D22: a column whose numbers are on average more than 5 standard deviations from the training mean; otherwise
///   single numbers and dates that are outside the training range by more than its width; words that did not occur in
///   training.
/// - D45: words that were treated as a category with another spelling (a note).
/// - D47: rows and columns without any value.
class RowWatch {
 public:
  /// `learned` must outlive this object.
  explicit RowWatch(const Preprocessor& learned);
  ~RowWatch();

  /// Adds rows. Columns may be missing.
  void see(const Table& table);
  std::int64_t rows() const noexcept;  ///< number of rows added so far
  /// The findings about all rows added so far.
  std::vector<Finding> findings() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The Kolmogorov-Smirnov distance: the largest difference between the empirical distribution functions of a and b, 0 …
/// 1. NaNs are ignored; 0 if one of them has no other numbers. Kolmogorov 1933, Smirnov 1939.
double kolmogorov_smirnov(LargeVector<double> a, LargeVector<double> b);

}  // namespace pellucid
