// Rows: the rows of a CSV, of whose text only a block is in memory at a time.
// Not here: cells (scanner.h), bytes (blocks.h), what rows mean (csv.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/csv/blocks.h"
#include "formats/csv/scanner.h"

namespace pellucid::csv {

class Rows {
 public:
  /// Reads the first block. Throws D16 for bytes that are no text (here and in all that follows), D10.
  explicit Rows(Blocks& blocks);

  /// The text from the first row on, as far as it has been read; *end() is '\0'. For finding the dialect.
  std::string_view text() const noexcept { return {buffer_.data() + first_, filled_ - first_}; }
  bool whole() const noexcept { return ended_; }  ///< nothing follows text()
  /// Reads more; only before the first row.
  void grow();

  void begin(char delimiter);
  /// The next row's cells, which hold until the next call. False at the end. Throws D16 for quotes that make no sense.
  bool next(std::vector<Cell>& cells);
  std::uint32_t line() const noexcept { return scanner_->row_line(); }  ///< where that row begins

  /// How many bytes of text have been passed.
  std::uint64_t passed() const noexcept {
    return passed_ + static_cast<std::uint64_t>(scanner_->at() - buffer_.data());
  }

 private:
  void fill();
  void refill(const char* from, std::uint32_t line);

  Blocks& blocks_;
  std::vector<char> buffer_;
  std::size_t first_ = 0;     // of the text; a byte order mark is passed over
  std::size_t filled_ = 0;    // bytes of the buffer that hold text
  std::uint64_t passed_ = 0;  // bytes before the buffer
  bool ended_ = false;
  char delimiter_ = ',';
  std::optional<Scanner> scanner_;
};

}  // namespace pellucid::csv
