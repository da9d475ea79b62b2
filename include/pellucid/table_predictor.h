// TablePredictor: predicts tables of any size, piece by piece, with a model that is compiled once.
// Not here: one row at a time without allocation (record.h), rows that are features already (Predictor in model.h),
// rows with known targets (evaluate in evaluation.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "pellucid/evaluation.h"
#include "pellucid/model.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// Predicts the rows of tables with a model that was trained on a table. The model's plan, its memory and the look-up
/// of categories are made once and used for every table, so that small tables cost little. A TablePredictor belongs to
/// one thread; the model must outlive it and is read only.
class TablePredictor {
 public:
  /// Receives the predictions of `rows` rows of the table, from row `first` on: one entry per target, in the order of
  /// the model's targets (with heads: of the heads). They are valid until it returns. Returns false to end the
  /// prediction.
  using Use =
      std::function<bool(std::int64_t first, std::int64_t rows, std::span<const TargetPredictions> predictions)>;

  /// `threads`: as in BasicModel::predict; the predictions are identical for any number. Throws U20 where the model has
  /// no preprocessor, U21, M02.
  explicit TablePredictor(const Model& model, std::int64_t threads = 0);
  TablePredictor(TablePredictor&&) noexcept;
  TablePredictor& operator=(TablePredictor&&) noexcept;
  ~TablePredictor();

  /// Predicts the rows in order, so many at a time that their predictions take little memory. Columns are found by
  /// name, as in Preprocessor::transform. Returns false if `use` ended the prediction. Throws what transform throws
  /// (D12, D14, D15, D20), D39 with the place of a row whose output is not finite, U24 where the model has changed.
  bool predict(const Table& table, const Use& use);
  /// The predictions of all rows, valid until the next call. No entries where the user's own loss gives no predictions.
  std::span<const TargetPredictions> predict(const Table& table);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pellucid
