// The gradient check: numeric against analytic gradients in double precision.
// Not here: training (trainer.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// Numeric against analytic gradients, in double. One verdict a parameter, and one for the input.
struct GradientVerdict {
  std::string name;
  double relative_error;  ///< ‖a − n‖ / (‖a‖ + ‖n‖); 0 where both vanish
  double analytic_norm;
  std::int64_t checked, skipped;  ///< components; skipped: too near a kink for the differences to settle
  bool ok;                        ///< relative_error ≤ 1e-7, of at least one component
};
std::vector<GradientVerdict> check_gradients(const BasicModel<double>& model, const Dataset& data, const Loss& loss,
                                             std::int64_t most_per_parameter = 200, std::uint64_t seed = 42);

}  // namespace pellucid
