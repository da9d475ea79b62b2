// Reading and writing whole files. A file is written beside its target and renamed, so no reader sees half a file.
// Not here: file formats (src/tables/readers, src/files), folders of runs (src/run).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pellucid {

/// Writes to a temporary name in the same folder, flushes to the disk and renames. Throws M01 or M03; then the
/// temporary file is removed and an older file of this name is unchanged.
void write_file(const std::string& path, std::string_view bytes);

/// Receives a text in pieces.
using TextSink = std::function<void(std::string_view)>;
/// The same for a file that is too large to build in memory: `make` passes the text to the sink in pieces of any size.
void write_file(const std::string& path, const std::function<void(const TextSink&)>& make);

/// Creates the folder and its parents; true if the folder did not exist. Throws M01 with the advice `way_out`.
bool make_folders(const std::string& path, const std::string& way_out = {});

/// Whether the path exists. A path that cannot be examined (a loop of links, a name that is too long) counts as
/// existing, because opening it then reports the reason.
bool is_there(const std::string& path);

/// Throws D10 (no such file, a directory, unreadable; suggests the nearest name in the folder), and M02 above `most`
/// bytes.
std::string read_file(const std::string& path, std::uint64_t most = std::uint64_t{1} << 36);

/// The error D10 for a path that cannot be opened; suggests files of the same folder with a similar name.
class Error cannot_open(const std::string& path);

}  // namespace pellucid
