// Gradient check: compares the analytic gradients of a model with numeric ones, in double precision.
// Not here: training (trainer.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// The result of the check for one parameter, or for the input.
struct GradientVerdict {
  std::string name;
  /// ‖a − n‖ / (‖a‖ + ‖n‖) for the analytic gradient a and the numeric gradient n; 0 if both are 0
  double relative_error;
  double analytic_norm;
  /// numbers of components; skipped: too close to a kink of the loss for a numeric derivative
  std::int64_t checked, skipped;
  bool ok;  ///< relative_error ≤ 1e-7, and at least one component was checked
};

struct GradientCheckOptions {
  /// Largest number of components checked per parameter, chosen at random by the seed; ≥ 1. Each costs up to 18
  /// evaluations of the loss.
  std::int64_t most_per_parameter = 200;
  std::int64_t most_rows = 0;  ///< number of rows in the batch, the first rows of the data; 0: all rows
  std::uint64_t seed = 42;     ///< for the choice of components and for dropout
};

/// Compares the gradients of backward() with numeric ones, in double precision. Returns one verdict per parameter and
/// one for the input. Without `loss`, the loss that fit() would choose is used; a model with heads always uses the
/// losses of its heads. Throws U20 if there are no rows or targets or if data and model do not match, U12 for an option
/// out of range.
std::vector<GradientVerdict> check_gradients(const BasicModel<double>& model, const Dataset& data,
                                             const std::optional<Loss>& loss = std::nullopt,
                                             const GradientCheckOptions& options = {});

}  // namespace pellucid
