// Record: predicts one row of a table, set column by column. After its construction a record allocates
// no memory, except for an unknown word of more than 256 bytes.
// Not here: whole tables (table_predictor.h), rows that are features already (Predictor in
// model.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pellucid/export.h"
#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// The prediction for one record. The spans are valid until the next call of Record::predict.
struct Answer {
  std::span<const double> values{};         ///< regression: one per target, in its unit
  std::span<const double> probabilities{};  ///< classification: one per class; of several binary targets, of each "yes"
  std::int32_t predicted_class = -1;        ///< classification of one target: index of the class
  std::string_view class_name{};            ///< and its name

  double value() const { return values.front(); }  ///< the first target of a regression
};

/// One row for a model that was trained on a table. A column is addressed by its index among the columns that the model
/// uses, which index() finds by name. A column that was never set counts as missing. Values stay set until they are set
/// again, so that records which differ in one column need one call of set(). A record belongs to one thread; the model
/// must outlive it and is read only.
class Record {
 public:
  /// Throws U20 where the model has no preprocessor.
  explicit Record(const Model& model);
  Record(Record&&) noexcept;
  Record& operator=(Record&&) noexcept;
  ~Record();

  int columns() const noexcept;
  /// Index of the column. Throws D11 with the nearest name.
  int index(std::string_view column) const;

  /// A number, boolean (0 or 1), date (20240301 or seconds, as in training) or code. NaN: the cell is missing. Throws
  /// U20 for an index out of range, D12 where the number means nothing in this column, D15 where it is too far from the
  /// training data.
  Record& set(int column, double value);
  /// A cell as a file would hold it: a number is read in the form of the training data, and a text that means a missing
  /// value there ("", NA, …) does so here. An unknown category counts as it does in `predict`: as "other" or as none.
  /// Throws D12 for text that is not a number, date or boolean where the
  /// column needs one.
  Record& set(int column, std::string_view word);
  /// A cell of several numbers, such as the pixels of an image (0 … 255), row after row: as many as the column's shape
  /// holds. Throws U20 for another count, D12 for a pixel that is not such a number, D15.
  Record& set(int column, std::span<const double> cell);
  Record& set_missing(int column);

  /// Throws D14 where a cell is missing that the model refuses (always for an image), D39 where an output is not
  /// finite, U24 where the model has changed.
  Answer predict();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pellucid
