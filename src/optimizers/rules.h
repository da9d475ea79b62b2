// Finds an update rule in the kernel table by its name.
// Not here: the formulas and their constants (src/optimizers/*-inl.h), settings (optimizers/optimizer.cc).
#pragma once

#include <string_view>

namespace pellucid {

/// Index for Kernels::update, given the name of the formula file ("adam"); -1 if there is no such rule.
int update_rule(std::string_view name) noexcept;

/// Number of state values per parameter that the rule keeps; 0 for rule -1.
int update_slots(int rule) noexcept;

}  // namespace pellucid
