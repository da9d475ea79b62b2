// The values that replace "auto" in the options of a training, and the checks of these options.
// Not here: the rules for the shape of a net (recipe).
#pragma once

#include "pellucid/trainer.h"

namespace pellucid {

/// The options with every auto replaced. Throws U12 for values out of range, U06 for options that exclude each other or
/// that L-BFGS cannot use.
template <class T>
BasicFitOptions<T> with_defaults(BasicFitOptions<T> options, const Dataset& train);

/// Throws U12 where a setting is out of range: "l1 takes ≥ 0, got -1".
void require_setting(bool holds, const char* name, const char* range, double got);

/// What the user's schedule answers. Throws U12 where it is negative or not finite.
double checked_factor(const ScheduleFunction& schedule, const Progress& progress);

}  // namespace pellucid
