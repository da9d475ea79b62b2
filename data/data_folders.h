// The folders of data sets, and finding a data set by its name, for all commands and lessons.
// Not here: reading data sets (pellucid/table.h), downloading them (app/commands/fetch.cc).
#pragma once

#include <string>
#include <vector>

namespace pellucid {

/// $XDG_CACHE_HOME/pellucid, or ~/.cache/pellucid: the folder into which `pellucid fetch` downloads. Throws M01 if
/// neither XDG_CACHE_HOME nor HOME names a folder.
std::string cache_folder();

/// The folders that are searched for data sets, in this order: `given` (from --data DIR), $PELLUCID_DATA,
/// ../shared/data and the cache.
std::vector<std::string> data_folders(const std::string& given = "");

/// The path of a data set's folder or file ("mnist", "california-housing/california_housing.csv"; a file may also end
/// in .gz) in the first of these folders that has it. Folders with an interrupted download are skipped. Throws D25,
/// which lists the searched folders and the command to download it.
std::string find_data(const std::string& name, const std::string& given = "");

}  // namespace pellucid
