// The data sets that `pellucid fetch` knows: their files, with size, checksum and addresses.
// Not here: fetching them (download.h), making files of others (made_file.h), where they lie (data_folders.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// A file of a data set: fetched from one of its addresses, or made of an earlier file of the set.
struct CatalogueFile {
  std::string name;
  std::uint64_t size = 0;              ///< bytes, exactly
  std::string sha256;                  ///< 64 digits, a to f in lower case
  std::vector<std::string> addresses;  ///< whole, in the order they are tried; none for a file that is made
  std::string from;                    ///< the file it is made of, "" for one that is fetched
  std::string member;                  ///< made by taking this member out of the .tar.gz …
  std::string recipe;                  ///< … or by the recipe of this name (made_file.h)
};

struct CatalogueSet {
  std::string name;
  std::string about, licence;  ///< a line each
  std::string next;            ///< the command to go on with, {folder} in place of the set's folder; may be ""
  std::vector<CatalogueFile> files;

  std::uint64_t download_size() const;  ///< bytes of the files that are fetched
};

/// An address with a file's (or folder's) name behind it, percent-encoded. `address` ends with a slash.
std::string address_of(const std::string& address, std::string_view name);

/// Text with what stands between "//" and "@" of an address replaced: a user's name and password are nobody else's.
std::string without_password(std::string text);

/// The catalogue of this text, which calls itself `name`. Throws U05 with all mistakes.
std::vector<CatalogueSet> parse_catalogue(std::string_view text, const std::string& name);

/// The one that the program carries (data/catalogue.json).
const std::vector<CatalogueSet>& built_in_catalogue();

}  // namespace pellucid
