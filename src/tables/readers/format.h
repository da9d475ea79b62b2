// A data format: one file and one row. The row knows the format's files and reads them into a Table.
// Not here: the formats themselves (csv.cc, idx.cc, …), model files (safetensors.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pellucid/table.h"

namespace pellucid {

enum class Recognition { no, by_default, by_name, by_content };  ///< the greatest wins

struct DataFormat {
  const char* name;
  const char* help;  ///< one line: which files
  /// `head`: the first bytes, unpacked; empty for a folder.
  Recognition (*recognises)(const std::string& path, std::string_view head);
  Table (*read)(const std::string& path, const ReadOptions& options);
};

/// Every format, by name; collected by CMake.
std::span<const DataFormat* const> data_formats() noexcept;

/// What every reader owes: throws D15 on infinite numbers, D14 on missing ones where they are an error.
void refuse_unfit_numbers(const Table& table, const ReadOptions& options);

/// Whether the path ends so, .gz aside.
bool has_extension(std::string_view path, std::string_view extension) noexcept;

}  // namespace pellucid
