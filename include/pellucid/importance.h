// Permutation importance: how much worse a trained model gets when a column's cells are dealt out anew among the rows.
// Not here: what a column does to one prediction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

struct ImportanceOptions {
  std::int64_t rows = 2000;  ///< at most so many, evenly spread over the data
  std::int64_t repeats = 5;  ///< other orders of each column, at most
  double most_work = 2e9;    ///< parameters · columns · repeats · rows: first repeats, then rows are saved
  std::uint64_t seed = 42;
  std::int64_t threads = 0;  ///< as in BasicModel::predict
};

struct ColumnImportance {
  std::string column;
  /// What the score (ScoreKind, metric.h) got worse by: accuracy or R² lost, or RMSE gained in the target's unit; the
  /// mean over the repeats.
  double loss = 0;
  double deviation = 0;  ///< over the repeats, n − 1 in the denominator; 0 for one
};

struct Importance {
  std::int64_t rows = 0, repeats = 0;     ///< that were really used
  std::vector<ColumnImportance> columns;  ///< the most important first
};

/// On labelled rows the model was not trained on. All features of a column (its categories, the mark of a missing cell)
/// move together; columns that say the same cover for each other, so each of them may seem to matter little. Empty
/// where there are fewer than two columns, or where the work allows fewer than 100 rows (all, where there are fewer).
/// Throws U20 where the model has no preprocessor of its row's shape, or the data no targets; D17 without rows.
/// Breiman, "Random Forests", Machine Learning 45, 2001; for any model: Fisher, Rudin, Dominici, JMLR 20, 2019.
template <class T>
PELLUCID_EXPORT Importance permutation_importance(const BasicModel<T>& model, const Dataset& data,
                                                  const ImportanceOptions& options = {});

}  // namespace pellucid
