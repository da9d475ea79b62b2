// Searches the data folders. Not here: the contents of data sets (data/catalogue.h).
#include "data/data_folders.h"

#include <cstdlib>
#include <filesystem>

#include "core/text.h"
#include "data/catalogue.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The cache folder, or "" without one. The XDG specification says that a relative path is ignored.
std::string cache_if_any() {
  const std::string xdg = variable("XDG_CACHE_HOME"), home = variable("HOME");
  if (xdg.starts_with('/')) return xdg + "/pellucid";
  return home.empty() ? "" : home + "/.cache/pellucid";
}

bool is_whole(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return fs::exists(path, ignored);
  bool any = false;
  fs::directory_iterator entry(path, ignored);
  for (; !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    if (entry->path().extension() == ".part") return false;
    any = true;
  }
  return any;
}

Error absent(const std::string& name, const std::vector<std::string>& folders) {
  const std::string set = name.substr(0, name.find('/'));
  std::string way = "put it into one of these folders, or set PELLUCID_DATA to its folder";
  for (const CatalogueSet& known : built_in_catalogue()) {
    if (known.name == set) way = "download it with: pellucid fetch " + set;
  }
  return Error("D25", "the data set " + quote(name) + " was not found", {"looked in: " + join(folders, ", "), way});
}

}  // namespace

std::string cache_folder() {
  const std::string folder = cache_if_any();
  if (!folder.empty()) return folder;
  throw Error("M01", "no cache folder: neither XDG_CACHE_HOME nor HOME is set", {"choose a folder with --into DIR"});
}

std::vector<std::string> data_folders(const std::string& given) {
  std::vector<std::string> folders;
  for (const std::string& folder : {given, variable("PELLUCID_DATA"), std::string("../shared/data"), cache_if_any()}) {
    if (!folder.empty()) folders.push_back(folder);
  }
  return folders;
}

std::string find_data(const std::string& name, const std::string& given) {
  const std::vector<std::string> folders = data_folders(given);
  for (const std::string& folder : folders) {
    for (const char* suffix : {"", ".gz"}) {
      const std::string path = folder + "/" + name + suffix;
      if (is_whole(path)) return path;
    }
  }
  throw absent(name, folders);
}

}  // namespace pellucid
