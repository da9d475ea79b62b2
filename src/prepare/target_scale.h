// The scale on which a net learns numbers: the target's own, or its logarithm.
// Not here: which column is the target (target.h), classes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// A learned logarithm is taken for at most this, because e to it is still a double.
inline constexpr double highest_logarithm = 700;

/// Learns the scale of the target, whose name is known, from the training rows' values. Throws U12 where a logarithm is
/// asked for and values are below 0, D17 where all are equal.
void fit_target_scale(FittedTarget& result, const Table& table, std::span<const double> values, TargetScaling scale);

/// D32 where the values are far from symmetric and their logarithms are not. A note.
std::optional<Finding> note_on_skew(const std::string& target, std::span<const double> values);

}  // namespace pellucid
