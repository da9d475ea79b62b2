// What `inspect` tells of a model, a run and a table, as text and JSON.
// Not here: reading them (cmd_inspect.cc).
#pragma once

#include <string>

#include "core/settings.h"
#include "pellucid/model.h"
#include "pellucid/table.h"

namespace pellucid::app {

std::string model_text(const Model& model);
std::string weights_text(const Model& model);
Json model_json(const Model& model, bool weights);

/// From report.json; fields that are not there are left out.
std::string run_text(const Json& report);

std::string table_text(const Table& table);
Json table_json(const Table& table);

}  // namespace pellucid::app
