// Options of fit() and Stepper from JSON, with the checks of a settings description.
// Not here: which arguments of Python they come from (pellucid/_model.py).
#pragma once

#include <string>

#include "pellucid/stepper.h"
#include "pellucid/trainer.h"

namespace pellucid::python {

/// Members as in FitOptions; "optimizer" and "schedule" are objects with a "kind" and settings, "loss" is text. Throws
/// U05 for an unknown member, U11, U12.
FitOptions fit_options(const std::string& json);
StepOptions step_options(const std::string& json);

}  // namespace pellucid::python
