// Whole files in and out: written beside the target and renamed, so that nobody ever sees half a file.
// Not here: what is in them (src/tables/readers, src/run).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pellucid {

/// Writes to a temporary name in the same folder, flushes to the disk and renames. Throws M01, M03; then the temporary
/// file is removed and an older file of this name is untouched.
void write_file(const std::string& path, std::string_view bytes);

/// Takes text bit by bit.
using TextSink = std::function<void(std::string_view)>;
/// The same of a file that is too large to be made in memory first: `make` hands it over in pieces, however small.
void write_file(const std::string& path, const std::function<void(const TextSink&)>& make);

/// Makes the folder and those around it; true where it was not there before. Throws M01, which advises `way_out`.
bool make_folders(const std::string& path, const std::string& way_out = {});

/// Whether anything has this path. What cannot be looked at (links in a loop, a name too long) counts as there: opening
/// it says why.
bool is_there(const std::string& path);

/// Throws D10 (no such file, a directory, unreadable; with the nearest name in the folder) and M02 above `most` bytes.
std::string read_file(const std::string& path, std::uint64_t most = std::uint64_t{1} << 36);

/// The D10 error for a path that cannot be opened, with the files of its folder that look like it.
class Error cannot_open(const std::string& path);

}  // namespace pellucid
