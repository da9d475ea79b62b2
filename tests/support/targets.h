// Evaluations of two targets whose scores were worked by hand, for tests.
// Not here: what is tested of them (targets_*_test.cc).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid::test {

/// A net that says of its columns what they are, through `last`.
Model passes_on(std::int64_t columns, const Activation& last);

/// First target: truths 0, 2, 4, 6 (mean 3, Σ(t − 3)² = 20), errors 1, 1, 1, 1: RMSE 1, R² 1 − 4/20 = 0.8.
/// Second: truths 10, 10, 30, 30 (mean 20, 400), errors 0, 10, 0, 10: RMSE √50, R² 1 − 200/400 = 0.5.
/// Of rows: (1/5 + 0)/2 = 0.1 and (1/5 + 100/100)/2 = 0.6, of which the mean is 0.35 = 1 − (0.8 + 0.5)/2.
Evaluation four_rows();

/// Probabilities of yes 0.73 and 0.27. First question: right, right, wrong, right; second: right, wrong, wrong, right.
Evaluation four_answers(double threshold = 0.5);

}  // namespace pellucid::test
