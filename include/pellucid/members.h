// Members: records of nets that were trained side by side and averaged into one model (settings members, cross_fit and
// time_limit of recipe.h).
// Not here: training them (run.h), the layer that averages (Average in layers.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// One net of a member.
struct MemberNet {
  std::uint64_t seed = 0;   ///< of its first weights, order of rows and dropout
  std::int64_t fold = 0;    ///< cross-fitting: the fold by which it was validated, from 1; otherwise 0
  std::int64_t epochs = 0;  ///< epochs trained
  std::int64_t best_epoch = 0;
  double validation_score = std::numeric_limits<double>::quiet_NaN();  ///< of the best epoch, on its validation rows
  double seconds = 0;
};

/// One member: drawn settings, and one net, or with cross-fitting one net per fold.
struct MemberRecord {
  std::int64_t number = 0;  ///< from 1. Member 1 has the recipe's own settings; no member depends on how many follow
  std::string settings;     ///< what was drawn for it: "learning_rate 0.031 · dropout 0.12"; "" if nothing was
  std::vector<MemberNet> nets;  ///< in the order of the folds
  bool diverged = false;        ///< one of its nets diverged (N01): it is not used
  bool chosen = false;          ///< its nets are part of the model
  /// By which members are chosen, on the validation rows (with cross-fitting, each row by the net that has not seen
  /// it), smaller is better: mean log loss of classes, RMSE of a number, mean 1 − R² of several numbers; with the
  /// setting `metric` 1 − accuracy, 1 − ROC AUC or the mean absolute error. NaN if it diverged.
  double loss = std::numeric_limits<double>::quiet_NaN();
  double score = std::numeric_limits<double>::quiet_NaN();  ///< of the same rows (ScoreKind, metric.h)
};

/// All members of a training, and what the best ones reach together.
struct Members {
  std::int64_t planned = 0;  ///< number of members asked for
  std::int64_t folds = 0;    ///< with cross-fitting: nets per member; otherwise 0
  std::vector<MemberRecord> members;
  std::size_t best = 0;                                     ///< index of the best single member
  double score = std::numeric_limits<double>::quiet_NaN();  ///< of the chosen members together, like a member's
  double seconds = 0;
  std::int64_t best_parameters = 0;  ///< number of parameters of the best single member
  /// How alike the chosen members err, in the order of their numbers: the Pearson correlation of the errors of each two
  /// on the validation rows. The error of a row is the predicted minus the true number, or 1 minus the probability of
  /// the true class. The lower it is, the more averaging brings.
  std::vector<std::vector<double>> error_correlations;

  std::int64_t chosen() const noexcept;  ///< number of chosen members
};

/// The state of a training after a further member.
struct MemberProgress {
  const MemberRecord& member;
  std::int64_t finished = 0, planned = 0;
  double best_score = 0;      ///< of the best single member so far, on its validation rows
  double ensemble_score = 0;  ///< of the members chosen from those so far
  double seconds_left = 0;    ///< about how long the other members will take
};

}  // namespace pellucid
