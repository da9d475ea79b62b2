// Files of a data set that are made from others: a member of an archive, or a table computed from raw columns.
// Not here: the list of such files (data/catalogue.h), checking and writing the result (app/commands/fetch.cc).
#pragma once

#include <string>

#include "data/catalogue.h"

namespace pellucid {

/// Returns the bytes of `file`, made from its file `from` in this folder. Throws D10, and D16 if `from` has unexpected
/// contents.
std::string make_file(const CatalogueFile& file, const std::string& folder);

bool has_recipe(const std::string& name) noexcept;

}  // namespace pellucid
