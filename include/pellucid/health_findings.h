// Findings about a training, made from its history: H02 to H07, and labels that may be wrong (D07).
// Not here: the figures of the layers (health.h), findings about the data (findings.h).
#pragma once

#include <cstdint>
#include <vector>

#include "pellucid/findings.h"
#include "pellucid/history.h"
#include "pellucid/metric.h"

namespace PELLUCID_EXPORT pellucid {

/// All findings about a training; empty if `history` has no health. docs/findings.md explains the thresholds.
/// Warnings:
/// - H02 dead units: more than half of a hidden layer has the same output for every row (a note above one tenth)
/// - H03 vanishing gradient: in the first epoch, that of the first layer is below 1/1,000 of that of the last layer
/// - H05 step size: in the first epoch, a step changes the weights of every layer by more than 3 % of their size, or
///   those of no layer by more than 0.001 %
/// - H06 not learning: after three epochs the training loss is not 2 % below that of the best constant prediction
/// - H07 overfitting: the final weights score better on training rows than on validation rows, by more than 10 points
///   of accuracy (0.1 of R²) and by more than chance explains
/// Notes:
/// - H04 saturated: more than half of the sigmoid or tanh outputs of a hidden layer in the first epoch
/// - H07 if only the last validation loss is more than 10 % above the lowest one: the best epoch was kept
/// `kind` says what the scores in the history are.
std::vector<Finding> find_training_faults(const History& history, ScoreKind kind);

/// H03 and H05 for the first measured epoch, as Observer::on_health gets it.
std::vector<Finding> find_early_faults(const EpochHealth& first);

/// A training row whose label may be wrong, by its position among the training rows.
struct LabelSuspect {
  std::int64_t position;
  double probability;  ///< Health::own_probability: that of its label, averaged over the epochs
};

/// D07: at most `most` training rows whose label got the lowest probabilities, the lowest first. Such rows are either
/// hard or mislabelled.
std::vector<LabelSuspect> label_suspects(const Health& health, std::int64_t most = 50);

}  // namespace pellucid
