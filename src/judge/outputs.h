// The outputs of a net for one row as probabilities. Not here: units of values (scorer.h), whole data sets
// (evaluate.cc).
#pragma once

#include <span>

#include "pellucid/model.h"

namespace pellucid {

/// Whether the outputs are logits: a linear end that was trained with a cross-entropy.
template <class T>
bool gives_logits(const BasicModel<T>& model);

/// One row of outputs as probabilities of classes, which sum to 1. Logits pass through softmax or sigmoid; several
/// outputs that are no logits are divided by their sum. A single output is the probability of class 1 of two.
void class_probabilities(std::span<const double> outputs, bool logits, std::span<double> p);

/// Several binary targets: one probability per output, each that of the answer yes.
void answer_probabilities(std::span<const double> outputs, bool logits, std::span<double> p);

}  // namespace pellucid
