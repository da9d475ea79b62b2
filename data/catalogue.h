// The data sets that `pellucid fetch` knows: their files with size, checksum and addresses.
// Not here: downloading (app/fetch/download.h), computed files (data/made_file.h), data folders (data/data_folders.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// A file of a data set: downloaded from one of its addresses, or made from an earlier file of the set.
struct CatalogueFile {
  std::string name;
  std::uint64_t size = 0;  ///< exact size in bytes
  std::string sha256;      ///< 64 hexadecimal digits in lower case
  /// Complete addresses in the order in which they are tried; empty for a file that is made.
  std::vector<std::string> addresses;
  std::string from;    ///< the file from which it is made; "" for a downloaded file
  std::string member;  ///< the member to extract from a .tar.gz, or
  std::string recipe;  ///< the name of the recipe that computes it (data/made_file.h)
};

struct CatalogueSet {
  std::string name;
  std::string about, licence;  ///< one line each
  std::string next;            ///< the suggested next command, with {folder} for the folder of the set; may be ""
  std::vector<CatalogueFile> files;

  std::uint64_t download_size() const;  ///< total size in bytes of the files that are downloaded
};

/// The address of a file or folder below `address`, with `name` percent-encoded. `address` must end with a slash.
std::string address_of(const std::string& address, std::string_view name);

/// Hides user names and passwords in addresses: replaces the text between "//" and "@".
std::string without_password(std::string text);

/// Parses a catalogue; `name` is its name in messages. Throws U05, which lists all mistakes.
std::vector<CatalogueSet> parse_catalogue(std::string_view text, const std::string& name);

/// The catalogue inside the program (data/catalogue.json).
const std::vector<CatalogueSet>& built_in_catalogue();

}  // namespace pellucid
