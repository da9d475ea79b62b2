// Parts of what Preprocessor::transform does, for callers inside the library. Not here: transform itself, which is
// public.
#pragma once

#include <span>

#include "pellucid/dataset.h"
#include "pellucid/preprocess.h"
#include "prepare/features.h"

namespace pellucid {

/// Like Preprocessor::transform, but only the rows `used` need a target; the targets of other rows are undefined.
/// `taken`: the same table, if it may be emptied on the way; else null.
Dataset transform_rows(const Preprocessor& by, const Table& table, Table* taken, std::span<const std::int64_t> used);

/// Like Preprocessor::transform without targets, for many tables: `words` are words_of(by.columns), made once.
Dataset features_of(const Preprocessor& by, const Table& table, ColumnWords& words);

/// Index of the column with this name. Throws D11 with the nearest name.
int index_of(const std::vector<FittedColumn>& columns, std::string_view name);

}  // namespace pellucid
