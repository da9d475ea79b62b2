// TrainTable: the rows of a training as they stand in its files, before they are split; and what a recipe becomes with
// them.
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

/// The recipe that train() would train these rows with, without training: the preset is chosen, every rule behind
/// "auto" is applied, and Recipe::origins tells the reason of each value. It divides the rows on the way, because some
/// rules count training rows. Training the result gives the same model as training `recipe`. A setting of the data
/// stays "auto" where no value says the same as its rule; its origin then tells what was found. Throws as train()
/// before its first step: U06, U12, U20, U35, and what splitting throws.
Recipe resolve(const Recipe& recipe, const TrainTable& data);

}  // namespace pellucid
