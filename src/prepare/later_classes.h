// Classes that training rows lack because time or a column divides the rows. Not here: the split (split.cc), unknown
// classes of new data (transform.cc).
#pragma once

#include <span>
#include <string>

#include "pellucid/preprocess.h"

namespace pellucid {

/// Throws D53 if the rows are split by time or by the words of a column, and validation or test rows have a class that
/// no training row has.
void refuse_later_classes(const Table& table, std::span<const int> targets, const SplitOptions& options,
                          const SplitPlan& plan);

}  // namespace pellucid
