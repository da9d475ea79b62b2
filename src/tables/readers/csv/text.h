// Text: the bytes of a CSV as UTF-8, in whatever encoding they are.
// Not here: reading bytes (blocks.h), cells that are not UTF-8 although the file is (csv.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tables/readers/csv/blocks.h"

namespace pellucid::csv {

/// A byte order mark at the start decides and is passed over. Without one the text is UTF-8, unless its first bytes
/// above 127 are not: then Windows-1252. Zero bytes between the first letters are UTF-16.
class Text {
 public:
  /// `encoding` as in ReadOptions. Throws U12 for one that is not known.
  Text(Blocks& blocks, const std::string& encoding);
  ~Text();

  /// UTF-8, at most `bytes` of it, and nothing only at the end. Throws D16 for bytes that the encoding does not have.
  std::size_t read(char* out, std::size_t bytes);
  /// What was found: "UTF-8", "Windows-1252", "UTF-16" …
  std::string encoding() const { return guess_.empty() ? "UTF-8" : guess_; }
  /// Which encoding was found, where it is not UTF-8 and nobody named it: "D50 …"; else "".
  std::string note() const;

 private:
  enum class Form { ascii, utf8, cp1252, wide };  // ascii: so far
  struct Converter;

  std::size_t read_plain(char* out, std::size_t bytes);
  std::size_t mark_bytes() const;
  void find_form(std::string_view head);
  void expect(const char* encoding, bool guessed);
  std::size_t hand_over(char* out, std::size_t bytes);
  void convert();
  void convert_1252(std::string_view bytes);

  Blocks& blocks_;
  Form form_ = Form::ascii;
  bool asked_ = false, started_ = false, ended_ = false;
  std::string guess_;  // the encoding that was found
  std::string raw_;    // bytes that wait to be converted
  std::string ready_;  // UTF-8 that waits to be read, from given_ on
  std::size_t given_ = 0;
  std::uint64_t passed_ = 0;                  // bytes before raw_
  std::int64_t foreign_ = 0, like_utf8_ = 0;  // letters above 127 of Windows-1252; those that would be UTF-8 too
  std::unique_ptr<Converter> converter_;      // of UTF-16 and UTF-32
};

}  // namespace pellucid::csv
