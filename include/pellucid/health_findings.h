// What is wrong with a training, told from its course: findings H02 to H07, and labels that look wrong (D07).
// Not here: looking at the layers (health.h), what is odd about the data (findings.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/findings.h"
#include "pellucid/history.h"
#include "pellucid/metric.h"

namespace PELLUCID_EXPORT pellucid {

/// Thresholds and how they were measured: docs/findings.md. `history` needs its health; without, H06 and H07 rest too.
/// Warnings:
/// - H02 dead units: over half of a hidden layer gives the same output to every row (a note from a tenth on)
/// - H03 vanishing gradient: the first layer's is under a thousandth of the last one's in the first epoch
/// - H05 step size: a step of the first epoch moves each layer's weights by over 3/100 of their size, or none by as
/// much as
///   1/100,000
/// - H06 not learning: after three epochs the training loss is not 2 % below that of the best constant answer
/// - H07 overfitting: the kept weights do better on training rows than on validation rows by more than 10 points of
///   accuracy (0.1 of R²) and more than chance explains
/// Notes:
/// - H04 saturated: over half of a hidden layer's sigmoid or tanh outputs in the first epoch
/// - H07 where only the validation loss ends over 10 % above its best: the best epoch was kept
/// `kind`: what the history's scores are.
std::vector<Finding> find_training_faults(const History& history, ScoreKind kind);

/// H03 and H05, which the first epoch tells, as a fit's on_health meets it.
std::vector<Finding> find_early_faults(const EpochHealth& first);

/// A training row, by its position among them.
struct LabelSuspect {
  std::int64_t position;
  double probability;  ///< of its own label, the mean over the epochs
};

/// D07. The training rows whose own label the net believed in least, at most `most`, least first. Rows that the net
/// never came to believe in are either hard or mislabelled.
std::vector<LabelSuspect> label_suspects(const Health& health, std::int64_t most = 50);

}  // namespace pellucid
