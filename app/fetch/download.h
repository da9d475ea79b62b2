// Downloader: a file of known size and checksum over HTTP, from the first of its addresses that has it.
// Not here: which files there are (catalogue.h), what is printed (app/commands/fetch.cc).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/fetch/part_file.h"
#include "data/catalogue.h"

namespace pellucid::app {

class Downloader {
 public:
  /// Hears how many bytes of the file are there, several times a second.
  using Watch = std::function<void(std::uint64_t)>;

  Downloader();

  /// Puts the file into the folder; says which address gave it, or "" after Ctrl-C, when the part is kept.
  /// A part that is there is gone on with. Throws M04 where no address could be reached or gave all of it, D24 where
  /// one gave something else, M01 and M03. One thread at a time.
  std::string fetch(const CatalogueFile& file, const std::string& folder, const Watch& watch);

 private:
  /// What became of one request or of all requests to one address.
  struct Outcome {
    std::string problem;  ///< "" where there is none
    bool again = false;   ///< the same address may do better the next time
    bool wrong = false;   ///< it has another file than the expected one
  };

  Outcome fetch_from(const std::string& address, const CatalogueFile& file, PartFile& part, const Watch& watch);
  Outcome request(const std::string& address, const CatalogueFile& file, PartFile& part, const Watch& watch);

  std::unique_ptr<void, void (*)(void*)> curl_;
};

}  // namespace pellucid::app
