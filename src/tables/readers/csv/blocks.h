// Blocks: the bytes of a CSV, which can be read twice. A file is opened again; the bytes of a pipe are kept in memory
// for the second time. Not here: rows (rows.h), decompression (tables/source.h).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/large_vector.h"
#include "tables/source.h"

namespace pellucid::csv {

class Blocks {
 public:
  /// Path "-" is standard input. `live`: for a pipe, read() returns what is available, and rewind() is not possible.
  /// Throws D10.
  explicit Blocks(const std::string& path, bool live = false);
  /// A stream, read one line at a time, without rewind(). It must outlive this object.
  Blocks(std::istream& in, std::string name);
  /// Text in memory. It must outlive this object.
  Blocks(std::string_view text, std::string name);

  /// Reads up to `bytes` bytes into `out`; returns how many, 0 only at the end. Unless live(), fewer than `bytes` come
  /// only at the end. Throws D10, D16.
  std::size_t read(char* out, std::size_t bytes);
  /// Begins again at the first byte, at most once for a pipe. Throws D10 if the file no longer exists.
  void rewind();

  /// Estimated share of the whole text that its first `passed` bytes are, 0 … 1; 0: unknown, or too early to estimate.
  double share(std::uint64_t passed) const noexcept;
  const std::string& name() const noexcept { return name_; }
  /// Whether the data may arrive slowly, so that rows should be used as soon as they are complete.
  bool live() const noexcept { return live_; }

 private:
  std::size_t read_line(char* out, std::size_t bytes);
  std::size_t read_kept(char* out, std::size_t bytes);
  void keep(const char* bytes, std::size_t count);

  std::string path_, name_;
  std::unique_ptr<Source> source_;
  std::vector<LargeVector<char>> kept_;  // all bytes of a pipe, for the second reading
  std::size_t from_ = 0;                 // position of the next byte in kept_[at_]
  std::size_t at_ = 0;                   // position of the next element of kept_, or of the next byte in text_
  std::string_view text_;
  std::uint64_t size_ = 0;  // bytes of the whole text; 0: unknown
  std::istream* in_ = nullptr;
  bool live_ = false;
  bool keeps_ = false;    // whether bytes are appended to kept_
  bool replays_ = false;  // whether bytes are read from kept_
};

}  // namespace pellucid::csv
