// Permutation importance: how much worse a trained model gets when the cells of one column are shuffled.
// Not here: the effect of a column on a single prediction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

struct ImportanceOptions {
  std::int64_t rows = 2000;  ///< largest number of rows, evenly spread over the data
  std::int64_t repeats = 5;  ///< largest number of shuffles per column
  /// Limit of parameters · columns · repeats · rows. Above it, first repeats are reduced, then rows.
  double most_work = 2e9;
  std::uint64_t seed = 42;
  std::int64_t threads = 0;  ///< as in BasicModel::predict
};

struct ColumnImportance {
  std::string column;
  /// How much worse the score (ScoreKind, metric.h) became, averaged over the repeats: accuracy or R² lost, or RMSE
  /// gained in the unit of the target. Near 0 or below: the model does not need the column.
  double loss = 0;
  double deviation = 0;  ///< standard deviation over the repeats (n − 1 in the denominator); 0 for one repeat
};

struct Importance {
  std::int64_t rows = 0, repeats = 0;     ///< numbers actually used
  std::vector<ColumnImportance> columns;  ///< the most important first
};

/// Computes the importance of every column. Use labelled rows that the model was not trained on. All features of a
/// column (its categories, its indicator of missing cells) are shuffled together. Columns with the same information can
/// replace each other, so each of them may seem unimportant. The result is empty if there are fewer than two columns,
/// or if most_work allows neither 100 rows nor all rows. Throws U20 if the model has no preprocessor that matches its
/// rows, or if the data have no targets; D17 if there are no rows. Breiman, "Random Forests", Machine Learning 45,
/// 2001; for any model: Fisher, Rudin, Dominici, JMLR 20, 2019.
template <class T>
PELLUCID_EXPORT Importance permutation_importance(const BasicModel<T>& model, const Dataset& data,
                                                  const ImportanceOptions& options = {});

}  // namespace pellucid
