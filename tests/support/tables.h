// Preprocessors fitted on all rows of a table, and the rows they produce.
// Not here: tables (each test makes its own).
#pragma once

#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid::test {

std::vector<std::int64_t> all_rows(const Table& table);

/// Fitted on all rows of the table.
Preprocessor fitted(const Table& table, const PreprocessOptions& options);

/// The features of row r.
std::vector<float> row(const Dataset& data, std::int64_t r);

}  // namespace pellucid::test
