// ZipWriter: a ZIP archive in memory, without compression and without times. Not here: reading (zip_archive.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pellucid {

class ZipWriter {
 public:
  ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;
  ~ZipWriter();

  void add(const std::string& name, std::string_view bytes);
  std::string finish();  ///< the bytes of the archive; nothing can be added afterwards

  struct Memory;

 private:
  std::unique_ptr<Memory> memory_;
  void* zip_ = nullptr;
};

}  // namespace pellucid
