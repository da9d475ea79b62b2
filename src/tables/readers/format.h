// DataFormat: how files of one format are recognised and read into a Table. Each format has one file, which defines it.
// Not here: the formats themselves (csv.cc, idx.cc, …), model files (files/safetensors.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pellucid/table.h"

namespace pellucid {

/// Why a format takes a file. If several formats do, the greatest value wins.
enum class Recognition { no, by_default, by_name, by_content };

struct DataFormat {
  const char* name;
  const char* help;  ///< one line: which files have this format
  /// `head`: the first 512 bytes, decompressed if they are gzip; empty for a folder.
  Recognition (*recognises)(const std::string& path, std::string_view head);
  Table (*read)(const std::string& path, const ReadOptions& options);
};

/// All formats, sorted by name. CMake collects them from the files of this folder.
std::span<const DataFormat* const> data_formats() noexcept;

/// Throws D15 for infinite numbers, and D14 for missing numbers if ReadOptions::missing_error is set. Every reader
/// whose files may contain such numbers must call it.
void refuse_unfit_numbers(const Table& table, const ReadOptions& options);

/// Whether the path ends with this extension, optionally followed by .gz.
bool has_extension(std::string_view path, std::string_view extension) noexcept;

}  // namespace pellucid
