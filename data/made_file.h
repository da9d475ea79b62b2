// Files of a data set that are made of others: a member of an archive, a table computed from raw columns.
// Not here: which (catalogue.h), checking and writing the result (cmd_fetch.cc).
#pragma once

#include <string>

#include "data/catalogue.h"

namespace pellucid {

/// The bytes of `file`, made of its `from` in this folder. Throws D10, and D16 where that is not what it should be.
std::string make_file(const CatalogueFile& file, const std::string& folder);

bool has_recipe(const std::string& name) noexcept;

}  // namespace pellucid
