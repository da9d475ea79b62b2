// The gradient check: numeric against analytic gradients in double precision.
// Not here: training (trainer.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// The result for one parameter, or for the input.
struct GradientVerdict {
  std::string name;
  double relative_error;  ///< ‖a − n‖ / (‖a‖ + ‖n‖) of analytic and numeric gradient; 0 where both vanish
  double analytic_norm;
  std::int64_t checked, skipped;  ///< components; skipped: too near a kink for the differences to settle
  bool ok;                        ///< relative_error ≤ 1e-7, of at least one component
};

struct GradientCheckOptions {
  /// Components checked per parameter, chosen at random by the seed: at least 1. Each costs up to 18 evaluations of the
  /// loss.
  std::int64_t most_per_parameter = 200;
  std::int64_t most_rows = 0;  ///< rows of the batch that is checked, from the first row on; 0: all rows
  std::uint64_t seed = 42;     ///< also of dropout
};

/// Compares the gradients of backward() with numeric ones, in double precision: one verdict per parameter, and one for
/// the input. Without a loss it takes the one that fit() would choose; a model with heads has losses of its own.
/// Throws U20 without rows or targets or where data and model do not fit, U12 for an option out of range.
std::vector<GradientVerdict> check_gradients(const BasicModel<double>& model, const Dataset& data,
                                             const std::optional<Loss>& loss = std::nullopt,
                                             const GradientCheckOptions& options = {});

}  // namespace pellucid
