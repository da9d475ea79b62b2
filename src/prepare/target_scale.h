// The scale on which a model learns a numeric target: the values themselves or their logarithms, standardised.
// Not here: which column is the target (target.h), classes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// A learned logarithm is taken for at most this, because e to it is still a double.
inline constexpr double highest_logarithm = 700;

/// Sets the scale of `result`, whose name is already set, from the training rows' values. Throws U12 for a logarithm of
/// values below 0, D17 if all values are equal.
void fit_target_scale(FittedTarget& result, const Table& table, std::span<const double> values, TargetScaling scale);

/// Note D32 if the values are skewed and their logarithms are not.
std::optional<Finding> note_on_skew(const std::string& target, std::span<const double> values);

}  // namespace pellucid
