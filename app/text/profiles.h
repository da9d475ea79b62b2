// The output of `inspect` about a model or a table, as text and JSON.
// Not here: reading them (app/commands/inspect.cc), runs (run_profile.h).
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

/// `asked`: the kinds of columns that --kind sets, by column name.
using Kinds = std::map<std::string, AskedKind>;
std::string table_text(const Table& table, const Kinds& asked);
Json table_json(const Table& table, const Kinds& asked);

}  // namespace pellucid::app
