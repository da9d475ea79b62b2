// Classes that occur only in later rows of a split by time. Not here: the split (split.cc), unknown classes of new data
// (transform.cc).
#pragma once

#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws D53 if validation or test rows have a class that no training row has. `time`: the column that divides the
/// rows.
void refuse_later_classes(const Table& table, std::span<const int> targets, const std::string& time,
                          const SplitPlan& plan);

}  // namespace pellucid
