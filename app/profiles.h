// What `inspect` tells of a model, a run and a table, as text and JSON.
// Not here: reading them (cmd_inspect.cc).
#pragma once

#include <map>
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

/// `asked`: kinds of columns by name, as --kind.
using Kinds = std::map<std::string, std::string>;
std::string table_text(const Table& table, const Kinds& asked);
Json table_json(const Table& table, const Kinds& asked);

}  // namespace pellucid::app
