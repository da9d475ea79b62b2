// Downloader: downloads a file of known size and checksum over HTTP, from the first address that has it.
// Not here: the list of files (catalogue.h), output (app/commands/fetch.cc).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/fetch/part_file.h"
#include "data/catalogue.h"

namespace pellucid::app {

class Downloader {
 public:
  /// Called several times per second with the number of bytes received so far.
  using Watch = std::function<void(std::uint64_t)>;

  Downloader();

  /// Downloads the file into the folder and returns the address that had it; returns "" after Ctrl-C and keeps the
  /// partial file. Continues an existing partial file. Throws M04 if no address could be reached or sent the whole
  /// file, D24 if one sent another file, M01, M03. Not for several threads at the same time.
  std::string fetch(const CatalogueFile& file, const std::string& folder, const Watch& watch);

 private:
  /// The result of one request, or of all requests to one address.
  struct Outcome {
    std::string problem;  ///< "" if there is none
    bool again = false;   ///< trying the same address again may help
    bool wrong = false;   ///< the address has a file other than the expected one
  };

  Outcome fetch_from(const std::string& address, const CatalogueFile& file, PartFile& part, const Watch& watch);
  Outcome request(const std::string& address, const CatalogueFile& file, PartFile& part, const Watch& watch);

  std::unique_ptr<void, void (*)(void*)> curl_;
};

}  // namespace pellucid::app
