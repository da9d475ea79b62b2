// Finding an update rule in the kernels' table by its name.
// Not here: the formulas and the meaning of their constants (*-inl.h), the settings (optimizer.cc).
#pragma once

#include <string_view>

namespace pellucid {

/// Index for Kernels::update, by the name of the formula file ("adam"); -1: there is none.
int update_rule(std::string_view name) noexcept;

/// How many state values the rule keeps for each parameter; 0 for -1.
int update_slots(int rule) noexcept;

}  // namespace pellucid
