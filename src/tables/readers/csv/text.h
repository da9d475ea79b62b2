// Text: converts the bytes of a CSV to UTF-8, from the encoding that is set or found.
// Not here: reading bytes (blocks.h), cells with invalid UTF-8 (csv.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tables/readers/csv/blocks.h"

namespace pellucid::csv {

/// Encoding "auto": a byte order mark decides; it is not part of the text. Without one, zero bytes between the first
/// characters mean UTF-16. Other text is UTF-8 or, if its first bytes above 127 are not UTF-8, Windows-1252.
class Text {
 public:
  /// `encoding`: as in ReadOptions. Throws U12 for an unknown one.
  Text(Blocks& blocks, const std::string& encoding);
  ~Text();

  /// Reads up to `bytes` bytes of UTF-8 into `out`; returns how many, 0 only at the end. Throws D16 for bytes that are
  /// invalid in the encoding.
  std::size_t read(char* out, std::size_t bytes);
  /// The encoding that was found: "UTF-8", "Windows-1252", "UTF-16" …
  std::string encoding() const { return guess_.empty() ? "UTF-8" : guess_; }
  /// Text of the finding D50, which names the encoding, if one other than UTF-8 was found under "auto"; else "".
  std::string note() const;

 private:
  enum class Form { ascii, utf8, cp1252, wide };  // ascii: only ASCII so far; wide: UTF-16, UTF-32
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
  std::string guess_;  // name of the encoding that was found
  std::string raw_;    // bytes that are not converted yet
  std::string ready_;  // converted text; read() continues at given_
  std::size_t given_ = 0;
  std::uint64_t passed_ = 0;                  // number of bytes before raw_
  std::int64_t foreign_ = 0, like_utf8_ = 0;  // Windows-1252: bytes above 127; those also valid in UTF-8
  std::unique_ptr<Converter> converter_;      // for UTF-16 and UTF-32
};

}  // namespace pellucid::csv
