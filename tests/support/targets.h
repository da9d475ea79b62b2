// Evaluations of two targets whose scores were computed by hand.
// Not here: the tests of evaluations (tests/judge).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid::test {

/// A model that returns its input columns, passed through `last`.
Model passes_on(std::int64_t columns, const Activation& last);

/// First target: actual 0, 2, 4, 6 (mean 3, Σ(t − 3)² = 20), errors 1, 1, 1, 1: RMSE 1, R² 1 − 4/20 = 0.8.
/// Second target: actual 10, 10, 30, 30 (mean 20, Σ 400), errors 0, 10, 0, 10: RMSE √50, R² 1 − 200/400 = 0.5.
/// Loss per row: (1/5 + 0)/2 = 0.1 and (1/5 + 100/100)/2 = 0.6, with the mean 0.35 = 1 − (0.8 + 0.5)/2.
Evaluation four_rows();

/// Probabilities of yes are 0.73 and 0.27. First target: right, right, wrong, right; second: right, wrong, wrong,
/// right.
Evaluation four_answers(double threshold = 0.5);

}  // namespace pellucid::test
