// Reads .npy: one NumPy array as a table. Not here: reading the array (npy/array.cc), archives (npz.cc).
#include "tables/readers/format.h"
#include "tables/readers/npy/array.h"
#include "tables/source.h"

namespace pellucid {

namespace npy {
namespace {

Table read(const std::string& path, const ReadOptions& options) {
  Source source(path);
  Array array =
      read_array({path, [&](void* out, std::size_t bytes) { return source.read(out, bytes); }, source.at_most()});
  Table table;
  table.source = path;
  table.rows = array.rows();
  add_columns(table, std::move(array), false);
  refuse_unfit_numbers(table, options);
  return table;
}

Recognition recognises(const std::string& path, std::string_view head) {
  if (head.starts_with("\x93NUMPY")) return Recognition::by_content;
  return has_extension(path, ".npy") && !head.empty() ? Recognition::by_name : Recognition::no;
}

}  // namespace
}  // namespace npy

extern const DataFormat npy_format;
const DataFormat npy_format{"npy", ".npy: a NumPy array of numbers, rows first", npy::recognises, npy::read};

}  // namespace pellucid
