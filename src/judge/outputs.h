// The outputs of a net for one row as probabilities. Not here: units of values (scorer.h), whole data sets
// (evaluate.cc).
#pragma once

#include <span>

#include "pellucid/model.h"

namespace pellucid {

/// Whether the outputs are logits: a linear end that was trained with a cross-entropy.
template <class T>
bool gives_logits(const BasicModel<T>& model);

/// One probability per class that sum to 1; one output gives two of them. Logits pass through softmax or sigmoid.
void class_probabilities(std::span<const double> outputs, bool logits, std::span<double> p);

/// Several binary targets: one probability per output.
void answer_probabilities(std::span<const double> outputs, bool logits, std::span<double> p);

}  // namespace pellucid
