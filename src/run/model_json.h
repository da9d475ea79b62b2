// A trained model as JSON: the columns that it reads, its targets and their classes.
// Not here: the model file (files/architecture_json.h), a run (run_json.h).
#pragma once

#include "core/json.h"
#include "pellucid/model.h"

namespace pellucid {

/// Name, kind, number of features, and the range or the number of categories.
Json column_json(const FittedColumn& column);
/// The members name, and classes or low and high, of each target.
Json targets_json(const Preprocessor& by);

/// Everything that a caller of the model needs to know: task, columns (with their categories, and whether a cell may be
/// missing), targets, threshold, features, outputs, parameters, and how it was trained. The columns are in the order of
/// their indices; they and the targets are empty for a model that was not trained on a table.
Json model_json(const Model& model);

}  // namespace pellucid
