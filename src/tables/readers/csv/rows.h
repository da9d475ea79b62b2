// Rows: reads the rows of a CSV; only a block of its text is in memory at a time.
// Not here: cells (scanner.h), bytes (blocks.h), encodings (text.h), what rows mean (csv.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tables/readers/csv/blocks.h"
#include "tables/readers/csv/dialect.h"
#include "tables/readers/csv/scanner.h"
#include "tables/readers/csv/text.h"

namespace pellucid::csv {

/// The options, with the delimiter tab for a file named .tsv, unless a delimiter is set.
ReadOptions options_for(const std::string& path, ReadOptions options);

class Rows {
 public:
  /// Reads the first block. Throws D10 (cannot read, a foreign format), D16 (bytes that are not text). All functions
  /// that read may throw these.
  Rows(Blocks& blocks, const ReadOptions& options);

  /// Finds how the rows are written, reading as much of the text as is needed. Throws D10 if the text is empty, and
  /// like csv::find_dialect().
  Dialect find_dialect();

  /// Skips everything above the first data row.
  void begin(const Dialect& dialect);
  /// Reads the next row. The cells are valid until the next call. Returns false at the end. Throws D13 (number of cells
  /// differs from the number of columns), D16 (malformed quotes), D52 (quotes that enclose rows), M02 (a row of more
  /// than 32 MiB).
  bool next(std::vector<Cell>& cells);
  std::uint32_t line() const noexcept { return scanner_->row_line(); }  ///< line where that row begins, from 1

  std::string encoding() const { return source_.encoding(); }  ///< see Text::encoding()

  /// The findings about the text since the last call: D50, D51.
  std::vector<Finding> take_notes();

  /// Number of bytes of text that have been read as rows.
  std::uint64_t passed() const noexcept {
    return passed_ + static_cast<std::uint64_t>(scanner_->at() - buffer_.data());
  }

 private:
  std::string_view text() const noexcept { return {buffer_.data(), filled_}; }
  void fill();
  void grow();
  void refill(const char* from, std::uint32_t line);
  bool next_row(std::vector<Cell>& cells);
  bool row_is_cut(Found found) const noexcept;

  Blocks& blocks_;
  const ReadOptions& options_;
  Text source_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;    // bytes of the buffer that hold text
  std::uint64_t passed_ = 0;  // bytes of text before the buffer
  bool ended_ = false;
  Marks marks_;
  std::string name_;
  std::size_t columns_ = 0;
  bool header_ = false;
  std::int64_t rows_ = 0;  // number of rows read
  bool blank_told_ = false;
  std::string encoding_note_;  // text of the last D50
  std::vector<Finding> notes_;
  std::optional<Scanner> scanner_;
};

}  // namespace pellucid::csv
