// read_table: finds the format of a file and calls its reader; the checks that all readers share.
// Not here: the formats (csv.cc, idx.cc, …).
#include "tables/readers/format.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <vector>

#include "core/text.h"
#include "pellucid/error.h"
#include "tables/readers/csv/foreign.h"
#include "tables/row_blocks.h"
#include "tables/source.h"
#include "tables/words.h"

namespace pellucid {

#define PELLUCID_ROW(name) extern const DataFormat name##_format;
#include "tables/readers/rows.inc"
#undef PELLUCID_ROW

namespace {

constexpr const DataFormat* formats[] = {
#define PELLUCID_ROW(name) &name##_format,
#include "tables/readers/rows.inc"
#undef PELLUCID_ROW
};

const DataFormat& format_named(const std::string& name) {
  std::vector<std::string> names;
  for (const DataFormat* format : formats) {
    if (format->name == name) return *format;
    names.push_back(format->name);
  }
  throw Error("U12", "no data format " + quote(name), {"there are: " + listed(names)});
}

// Finds the format by content and name. A pipe can be read only once, so its content is not examined: it must be CSV.
const DataFormat& format_of(const std::string& path) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(path, ignored);
  if (path == "-" ||
      (!folder && std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))) {
    return format_named("csv");
  }
  std::string head(folder ? 0 : 512, '\0');
  if (!folder) head.resize(Source(path).read(head.data(), head.size()));
  if (!folder && head.empty()) throw Error("D10", path + " is empty");
  csv::refuse_foreign(path, head);
  const DataFormat* best = nullptr;
  Recognition most = Recognition::no;
  for (const DataFormat* format : formats) {
    const Recognition found = format->recognises(path, head);
    if (found > most) {
      most = found;
      best = format;
    }
  }
  if (best == nullptr) {
    throw Error("D10", "cannot read " + path + ": the folder contains no data files of a known format",
                {"known are MNIST's IDX files, and PNG or JPEG images in one folder per class"});
  }
  return *best;
}

}  // namespace

std::span<const DataFormat* const> data_formats() noexcept {
  return formats;
}

void refuse_unfit_numbers(const Table& table, const ReadOptions& options) {
  for (const Column& column : table.columns) {
    if (column.type != Column::Type::number) continue;
    const auto infinite =
        std::find_if(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isinf(x); });
    const auto missing =
        std::find_if(column.numbers.begin(), column.numbers.end(), [](double x) { return std::isnan(x); });
    if (infinite != column.numbers.end()) {
      const std::int64_t row = (infinite - column.numbers.begin()) / column.cell();
      throw Error("D15", table.place(row) + ", column " + quote(column.name) + ": inf is not a finite number");
    }
    if (options.missing_error && missing != column.numbers.end()) {
      const std::int64_t row = (missing - column.numbers.begin()) / column.cell();
      throw Error("D14", table.place(row) + ", column " + quote(column.name) + ": NaN, a missing number");
    }
  }
}

bool has_extension(std::string_view path, std::string_view extension) noexcept {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(extension);
}

Table read_table(const std::string& path, const ReadOptions& options) try {
  const DataFormat& format = options.format.empty() ? format_of(path) : format_named(options.format);
  Table table = format.read(path, options);
  for (const Column& column : table.columns) expect_reading_in_order(column);
  return table;
} catch (const std::bad_alloc&) {
  throw Error("M02", "no memory for the data of " + shown(path));
} catch (const std::length_error&) {
  throw Error("M02", "no memory for the data of " + shown(path));
}

}  // namespace pellucid
