// Preprocessors fitted on all rows of a table, and rows of what they make, for tests.
// Not here: tables themselves (each test writes its own).
#pragma once

#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid::test {

std::vector<std::int64_t> all_rows(const Table& table);

/// On all rows of the table.
Preprocessor fitted(const Table& table, const PreprocessOptions& options);

/// The features of row r.
std::vector<float> row(const Dataset& data, std::int64_t r);

}  // namespace pellucid::test
