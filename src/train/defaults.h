// The values that replace "auto" in training options, and the checks of these options.
// Not here: choosing the layers of a model (recipe).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid {

/// Returns the options with every auto replaced. Throws U12 for a value out of range, U06 for options that exclude each
/// other or that L-BFGS cannot use.
template <class T>
BasicFitOptions<T> with_defaults(BasicFitOptions<T> options, const Dataset& train);

/// Throws U12 unless `holds`: "l1 takes ≥ 0, got -1".
void require_setting(bool holds, const char* name, const char* range, double got);

/// Calls the user's schedule. Throws U12 if the factor is negative or not finite.
double checked_factor(const ScheduleFunction& schedule, const Progress& progress);

}  // namespace pellucid
