// Blocks: the bytes of a CSV, from the start as often as asked. A file is opened again; what comes down a pipe cannot
// be, and is kept until then. Not here: rows (rows.h), unpacking (data/source.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/source.h"

namespace pellucid::csv {

class Blocks {
 public:
  /// "-" is standard input. Throws D10.
  explicit Blocks(const std::string& path);
  /// Text in memory, which must outlive this.
  Blocks(std::string_view text, std::string name);

  /// Fills `out`; fewer than `bytes` only at the end. Throws D10, D16.
  std::size_t read(char* out, std::size_t bytes);
  /// Begins again at the first byte. Throws D10 where the file is gone.
  void rewind();

  /// How many bytes there are in all, for guesses; 0: unknown.
  std::uint64_t size() const noexcept { return size_; }
  const std::string& name() const noexcept { return name_; }

 private:
  std::size_t read_kept(char* out, std::size_t bytes);

  std::string path_, name_;
  std::unique_ptr<Source> source_;
  std::vector<std::string> kept_;  // what a pipe has given
  std::size_t at_ = 0;             // next of kept_, or next byte of text_
  std::string_view text_;
  std::uint64_t size_ = 0;
  bool keeps_ = false;
  bool replays_ = false;
};

}  // namespace pellucid::csv
