// Finding and reading what MODEL and DATA name on the command line.
// Not here: training data (recipe/data.h).
#pragma once

#include <map>
#include <string>

#include "pellucid/model.h"
#include "pellucid/table.h"
#include "run/run_files.h"

namespace pellucid::app {

/// Throws U02 where the command's DATA was left out or is a model or a run, not data.
void require_data(const std::string& data, const char* command);

/// The same of a command that takes MODEL DATA, also where the two are turned round.
void require_model_and_data(const std::string& model, const std::string& data, const char* command);

/// A model that was trained on a table. Throws D10, D21; D20 where it holds no preprocessor.
Model load_table_model(const std::string& path);

/// Whether the model's column is made from words, not from numbers.
bool takes_words(const FittedColumn& column);

/// Cells are read as they were in training: numbers and dates in their form, the same words as missing, beside those
/// that `options` name already.
void read_as_trained(ReadOptions& options, const Preprocessor& preprocessor);

/// Reads rows with the model's categories as text, its numbers as numbers, images as large and coloured as its own. A
/// column of the model that is not there is left for transform() to name.
Table read_rows_for(const Preprocessor& preprocessor, const std::string& data, ReadOptions options);

/// The last part of a path: "new.csv".
std::string file_name(const std::string& path);

}  // namespace pellucid::app
