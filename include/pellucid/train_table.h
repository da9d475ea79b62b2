// TrainTable: the rows of a training as they stand in its files, before they are split.
// Not here: tables in general (table.h), splitting and scaling (preprocess.h).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/recipe.h"
#include "pellucid/table.h"

namespace PELLUCID_EXPORT pellucid {

/// One table: first the rows to learn from, then `validation_rows` rows for validation, then `table.test_rows` rows for
/// the test. Where the last two are 0, rows are split by the recipe's val_split and test_split.
struct TrainTable {
  Table table;
  std::int64_t validation_rows = 0;
  std::string name;  ///< as given: "data/digits.csv"; reports show it, and a run's folder is named after it
};

/// Reads recipe.data.file, and appends the rows of recipe.data.val and recipe.data.test where these name files. Throws
/// as read_table, and U06 where settings exclude each other.
TrainTable read_train_table(const Recipe& recipe);

}  // namespace pellucid
