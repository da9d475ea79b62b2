// Rows: the rows of a CSV, of whose text only a block is in memory at a time.
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

/// What a file's name tells: the cells of .tsv are separated by tabs.
ReadOptions options_for(const std::string& path, ReadOptions options);

class Rows {
 public:
  /// Reads the first block. Throws D16 for bytes that are no text (here and in all that follows), D10.
  Rows(Blocks& blocks, const ReadOptions& options);

  /// How the rows are written, from as much of the text's start as it takes. Throws D10 where the text is empty, and
  /// as find_dialect.
  Dialect find_dialect();

  /// Passes over what stands above the first row.
  void begin(const Dialect& dialect);
  /// The next row's cells, which hold until the next call. False at the end. Throws D16 for quotes that make no sense,
  /// D13 for other than so many cells as there are columns, M02 for a row of more than 32 MiB, D52.
  bool next(std::vector<Cell>& cells);
  std::uint32_t line() const noexcept { return scanner_->row_line(); }  ///< where that row begins

  std::string encoding() const { return source_.encoding(); }

  /// What was found out about the text and is to be told: "D50 …"; empty again after it.
  std::vector<Finding> take_notes();

  /// How many bytes of text have been passed.
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
  std::uint64_t passed_ = 0;  // bytes before the buffer
  bool ended_ = false;
  Marks marks_;
  std::string name_;
  std::size_t columns_ = 0;
  bool header_ = false;
  std::int64_t rows_ = 0;  // that have been read
  bool blank_told_ = false;
  std::string encoding_note_;  // that has been told
  std::vector<Finding> notes_;
  std::optional<Scanner> scanner_;
};

}  // namespace pellucid::csv
