// Finds and reads the files that MODEL and DATA name on the command line.
// Not here: training data (recipe/data.h).
#pragma once

#include <map>
#include <string>

#include "pellucid/model.h"
#include "pellucid/table.h"
#include "recipe/data.h"
#include "run/run_files.h"

namespace pellucid::app {

/// Throws U02 if DATA is missing, or is a model or a run instead of data.
void require_data(const std::string& data, const char* command);

/// The same for a command that takes MODEL DATA; also throws U02 if the two are in the wrong order.
void require_model_and_data(const std::string& model, const std::string& data, const char* command);

/// Loads a model that was trained on a table. Throws D10, D21; D20 if it has no preprocessor.
Model load_table_model(const std::string& path);

/// Reads rows as the model needs them: categories as text, numbers as numbers, images in its size and colour mode.
/// Columns that are missing in the file cause no error here; transform() reports them.
Table read_rows_for(const Preprocessor& preprocessor, const std::string& data, ReadOptions options);

/// The last part of a path: "new.csv".
std::string file_name(const std::string& path);

}  // namespace pellucid::app
