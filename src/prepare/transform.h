// Datasets of a table whose rows are not all used. Not here: Preprocessor::transform, which is public.
#pragma once

#include <span>

#include "pellucid/dataset.h"
#include "pellucid/preprocess.h"

namespace pellucid {

/// As Preprocessor::transform, but only `used` rows need a target; the others' targets mean nothing. `taken`: the same
/// table, which may be emptied on the way; or null.
Dataset transform_rows(const Preprocessor& by, const Table& table, Table* taken, std::span<const std::int64_t> used);

}  // namespace pellucid
