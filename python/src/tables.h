// What the binding does with the rows of a training before it begins.
// Not here: building its columns (columns.h).
#pragma once

#include "pellucid/train_table.h"

namespace pellucid::python {

/// Orders the rows by their cells and merges rows with equal cells, whose weights are added. Rows with the weight 0 are
/// dropped. Afterwards the mean of the weights is 1; if all are 1, there are none. The result depends neither on the
/// order of the rows nor on whether a row is repeated or has a weight.
void put_in_order(TrainTable& data);

}  // namespace pellucid::python
