// Where data sets lie, and the way to one by its name: for every command and lesson that works on known data.
// Not here: reading them (pellucid/table.h), fetching them (cmd_fetch.cc).
#pragma once

#include <string>
#include <vector>

namespace pellucid {

/// $XDG_CACHE_HOME/pellucid, or ~/.cache/pellucid: where `pellucid fetch` puts data sets. Throws M01 where neither
/// variable names a folder.
std::string cache_folder();

/// The folders in which data sets are looked for, in this order: `given` (a --data DIR), $PELLUCID_DATA, ../shared/data
/// and the cache.
std::vector<std::string> data_folders(const std::string& given = "");

/// The path of a data set's folder or file ("mnist", "california-housing/california_housing.csv"; a file also with .gz)
/// in the first of these folders that has it. A folder in which a fetch was interrupted does not count. Throws D25,
/// which says where was looked and how to get it.
std::string find_data(const std::string& name, const std::string& given = "");

}  // namespace pellucid
