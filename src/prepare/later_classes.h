// Classes that a split by time leaves to later rows. Not here: the split (split.cc), classes of new data
// (transform.cc).
#pragma once

#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws D53 where validation or test rows of a plan, which `time` divides, have classes that no training row has.
void refuse_later_classes(const Table& table, std::span<const int> targets, const std::string& time,
                          const SplitPlan& plan);

}  // namespace pellucid
