// ZipArchive: reads the files inside a ZIP archive, such as .npz. Not here: what the files contain, writing archives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pellucid {

class ZipArchive {
 public:
  /// Throws D10 (cannot be opened), D16 (not a ZIP archive, or its directory is damaged).
  explicit ZipArchive(const std::string& path);
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;
  ~ZipArchive();

  const std::string& path() const noexcept { return path_; }
  const std::vector<std::string>& names() const noexcept { return names_; }  ///< in the order of the archive
  bool holds(const std::string& name) const { return members_.count(name) != 0; }

  /// One file of the archive, read from its beginning. Only one can be open at a time.
  class Member {
   public:
    Member(Member&&) noexcept = default;
    /// Reads up to `bytes`; fewer only at the end. Throws D16 where the packed data or its checksum is wrong.
    std::size_t read(void* out, std::size_t bytes);
    /// Upper limit for the unpacked size, whatever the archive says: deflate packs at most 1032 bytes into one.
    std::uint64_t at_most() const noexcept { return at_most_; }

   private:
    friend class ZipArchive;
    Member() = default;
    struct Close {
      void operator()(void* zip) const noexcept;
    };
    std::unique_ptr<void, Close> open_;
    std::string name_;
    std::uint64_t at_most_ = 0;
    bool at_end_ = false;
  };
  /// `title` names the file in messages. Throws D16 where it is missing, encrypted or packed in an unknown way.
  Member open(const std::string& name, const std::string& title);

 private:
  struct Place {
    std::uint64_t position, number, packed, unpacked;
    bool readable;
  };
  std::string path_;
  std::uint64_t bytes_ = 0;
  void* zip_ = nullptr;
  std::vector<std::string> names_;
  std::map<std::string, Place> members_;
};

}  // namespace pellucid
