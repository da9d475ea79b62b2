// Findings: what is odd about a table before anything is learned from it: leaks, repeated rows, columns that say
// nothing, columns that shift. Not here: what splitting and fitting note themselves (preprocess.h), errors (error.h).
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

/// Everything that can be said about a table before a training: D01 repeated rows, D02 leaks, D03 rare classes, D04
/// constant columns, D05 columns that will not be used, D14 missing cells, D17 and D18 about the targets, the other
/// findings of this header, and what reading found. `targets` are indices of columns; empty: no target is known.
std::vector<Finding> check_table(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// Findings about the three parts of a split: leaks, columns without information, test rows that repeat training rows.
/// `later`: the test rows come from another file or a later time, so that shifts (D22) are looked for too.
std::vector<Finding> check_split(const Table& table, const SplitPlan& plan, bool later);

/// D36: words that were named as missing (MissingWords::words) and that no cell holds. A warning.
std::vector<Finding> find_unused_words(const Table& table, const MissingWords& asked);

/// What the columns are, without the targets: "3 numeric, 1 date (when), 1 text (colour)".
std::string kinds_text(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// Missing cells of a column, and distinct values of a column of single cells.
std::int64_t missing_cells(const Column& column);
std::int64_t distinct_cells(const Column& column);

/// D34: columns of words, half of whose cells or more are numbers or dates (or dates that may be read in two ways),
/// which nobody has said to be words (options.kinds). Passed over are columns of few words, where a category each
/// serves as well, and those where many different words stand beside the numbers, as tickets and codes have. Warnings.
std::vector<Finding> find_near_values(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options);

/// D35: what speaks against a random split (from 100 rows on): a column of dates that is learned from, and a column
/// that is named as groups are (patient, customer …) and has several rows of most of its values. Warnings.
std::vector<Finding> find_split_risks(const Table& table, std::span<const int> targets,
                                      const PreprocessOptions& options);

/// D02. Looks at no more than 2,000 of these rows, evenly spread. Found are
/// - a column that alone tells the target: each row is guessed from the other rows of equal or neighbouring cells, and
///   R² ≥ 0.999, or at least 99.5 % of the classes are right and nine of ten mistakes of the most frequent class gone
///   (from 100 rows and two columns on);
/// - a copy of a numeric target, or the sum or difference of two or three numeric columns that is it, exactly or with
///   R² ≥ 0.999 (from 30 rows on; of more than 100 numeric columns two at most, of more than 1,000 one).
/// `options` say which columns are learned from; `targets`, here and below, are the indices of the target columns,
/// which never tell each other.
std::vector<Finding> find_leaks(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                std::span<const std::int64_t> rows);

/// D33, D38: why these targets cannot be learned, or not together, from these rows; nothing where they can. A warning.
std::vector<Finding> find_unlike_targets(const Table& table, std::span<const int> targets,
                                         const PreprocessOptions& options, std::span<const std::int64_t> rows);

/// D37: classes of the learned targets that these rows spell in several ways, or otherwise than the model calls them. A
/// note.
std::vector<Finding> find_spelled_classes(const Table& table, const Preprocessor& learned);

/// The classes that the column's words make as a target, and the rows of each, in the order of their first rows.
std::vector<std::pair<std::string, std::int64_t>> class_rows(const Table& table, const Column& target,
                                                             const PreprocessOptions& options);

/// D03: the classes (name and rows, in the order they are to be named) of fewer rows than `least`, in one line. A
/// warning.
std::vector<Finding> find_rare_classes(const std::vector<std::pair<std::string, std::int64_t>>& classes,
                                       std::int64_t least);

/// D01: how many of these rows equal an earlier one in every column.
std::vector<Finding> find_repeats(const Table& table, std::span<const std::int64_t> rows);

/// D01: how many of `test` equal one of `train` in the targets and all columns that are learned from; a warning where
/// that is one in twenty or more.
std::vector<Finding> find_repeats(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                  std::span<const std::int64_t> train, std::span<const std::int64_t> test);

/// D08: columns of which at least 99.5 % of the present cells are equal, but not all; blocks of cells are passed over.
/// D06: whole numbers that never repeat and count the rows (they fill at least half of their range), rise or fall all
/// the way, or all have the same number of digits, at least six (from 50 rows on).
std::vector<Finding> find_dull_columns(const Table& table, std::span<const int> targets,
                                       const PreprocessOptions& options, std::span<const std::int64_t> rows);

/// D22: columns whose cells are distributed otherwise in `later` than in `train`: the Kolmogorov-Smirnov distance of
/// numbers, half the sum of the shares' differences for words, is at least 0.2 more than chance makes of so many rows.
/// For test rows of another file or a later time; a random split needs no such look.
std::vector<Finding> find_shifts(const Table& table, std::span<const int> targets, const PreprocessOptions& options,
                                 std::span<const std::int64_t> train, std::span<const std::int64_t> later);

/// Looks at rows that a trained model is to judge, piece by piece, and says what is unlike the rows it was trained on:
/// - D22: a column whose numbers lie more than 5 standard deviations from the training mean on average, else single
///   numbers and dates that are outside the training range by more than its width; words that no training row had;
/// - D45: words that were taken for the category of another spelling (a note);
/// - D47: rows and columns that hold nothing.
class RowWatch {
 public:
  /// What was learned must outlive this.
  explicit RowWatch(const Preprocessor& learned);
  ~RowWatch();

  /// Further rows; they need not have all columns.
  void see(const Table& table);
  std::int64_t rows() const noexcept;  ///< seen so far
  /// Of all rows so far.
  std::vector<Finding> findings() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The largest difference between the two cumulated shares, 0 … 1. NaNs are left out; 0 where nothing is left.
/// Kolmogorov 1933, Smirnov 1939.
double kolmogorov_smirnov(LargeVector<double> a, LargeVector<double> b);

}  // namespace pellucid
