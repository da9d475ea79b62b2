// Blocks: the bytes of a CSV, from the start as often as asked. A file is opened again; what comes down a pipe cannot
// be, and is kept until then. Not here: rows (rows.h), unpacking (tables/source.h).
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
  /// "-" is standard input. `live`: a pipe gives what is there, and is not kept. Throws D10.
  explicit Blocks(const std::string& path, bool live = false);
  /// Lines of a stream, which must outlive this, one at a time.
  Blocks(std::istream& in, std::string name);
  /// Text in memory, which must outlive this.
  Blocks(std::string_view text, std::string name);

  /// At most `bytes` into `out`, and nothing only at the end. Fills it unless this is live(). Throws D10, D16.
  std::size_t read(char* out, std::size_t bytes);
  /// Begins again at the first byte. Throws D10 where the file is gone.
  void rewind();

  /// Which share of it the first `passed` bytes of text are, for guesses; 0: unknown, or too early to say.
  double share(std::uint64_t passed) const noexcept;
  const std::string& name() const noexcept { return name_; }
  /// Whether rows should be used as soon as they are there.
  bool live() const noexcept { return live_; }

 private:
  std::size_t read_line(char* out, std::size_t bytes);
  std::size_t read_kept(char* out, std::size_t bytes);
  void keep(const char* bytes, std::size_t count);

  std::string path_, name_;
  std::unique_ptr<Source> source_;
  std::vector<LargeVector<char>> kept_;  // what a pipe has given
  std::size_t from_ = 0;                 // next byte of kept_[at_]
  std::size_t at_ = 0;                   // next of kept_, or next byte of text_
  std::string_view text_;
  std::uint64_t size_ = 0;  // 0: unknown
  std::istream* in_ = nullptr;
  bool live_ = false;
  bool keeps_ = false;
  bool replays_ = false;
};

}  // namespace pellucid::csv
