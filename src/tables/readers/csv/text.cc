// Text: converts Windows-1252 by a table, UTF-16 and UTF-32 by iconv. Not here: rows (rows.cc).
#include "tables/readers/csv/text.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/text.h"
#include "core/utf8.h"
#include "pellucid/error.h"

namespace pellucid::csv {

namespace {

constexpr std::size_t portion = std::size_t{1} << 16;

// Code points of the Windows-1252 bytes 0x80 to 0x9F; 0: unused. All other bytes are their own code points.
constexpr std::uint16_t letters_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                            0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::uint32_t letter_1252(unsigned char byte) noexcept {
  return byte < 0x80 || byte > 0x9F ? byte : letters_1252[byte - 0x80];
}

bool follows(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Length of a UTF-8 sequence that begins with this byte; 0: no sequence does.
std::size_t letter_bytes(unsigned char first) noexcept {
  return first < 0x80                     ? 1
         : first >= 0xC2 && first <= 0xDF ? 2
         : (first & 0xF0) == 0xE0         ? 3
         : first >= 0xF0 && first <= 0xF4 ? 4
                                          : 0;
}

// Whether the text begins with a UTF-8 sequence of several bytes, or with the first bytes of one unless `whole`.
bool begins_utf8(std::string_view text, bool whole) noexcept {
  const std::size_t bytes = letter_bytes(static_cast<unsigned char>(text.front()));
  if (bytes < 2 || (whole && text.size() < bytes)) return false;
  const std::string_view rest = text.substr(1, bytes - 1);
  return std::all_of(rest.begin(), rest.end(), follows);
}

bool is_high(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

// Converts from one encoding to UTF-8 by iconv.
struct Text::Converter {
  iconv_t state;

  explicit Converter(const char* encoding) : state(::iconv_open("UTF-8", encoding)) {
    if (state == reinterpret_cast<iconv_t>(-1)) {
      throw Error("D16", fmt::format("this system cannot convert {}", encoding), {"make the file UTF-8 first"});
    }
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ::iconv_close(state); }

  // Appends the converted text to `out` and returns how many bytes were converted. `bad`: set if the next byte is
  // invalid.
  std::size_t convert(const std::string& bytes, std::string& out, bool& bad) const {
    char* from = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size();
    std::vector<char> room(2 * bytes.size() + 16);  // UTF-8 takes at most 3 bytes for 2
    char* to = room.data();
    std::size_t free = room.size();
    bad = ::iconv(state, &from, &left, &to, &free) == static_cast<std::size_t>(-1) && errno == EILSEQ;
    out.append(room.data(), room.size() - free);
    return bytes.size() - left;
  }
};

Text::Text(Blocks& blocks, const std::string& encoding) : blocks_(blocks), asked_(encoding != "auto") {
  if (encoding == "utf-8") form_ = Form::utf8;
  if (encoding == "cp1252") form_ = Form::cp1252;
  if (encoding == "utf-16") form_ = Form::wide;
  if (asked_ && form_ == Form::ascii) {
    throw Error("U12", "encoding takes auto, utf-8, cp1252 or utf-16, got " + quote(encoding));
  }
}

Text::~Text() = default;

void Text::expect(const char* encoding, bool guessed) {
  form_ = Form::wide;
  converter_ = std::make_unique<Converter>(encoding);
  if (guessed && !asked_) guess_ = std::string_view(encoding).starts_with("UTF-32") ? "UTF-32" : "UTF-16";
}

// Finds the encoding from a byte order mark, or from zero bytes among the first four bytes.
void Text::find_form(std::string_view head) {
  using namespace std::string_view_literals;
  const bool any = form_ == Form::ascii;
  if (form_ == Form::utf8 || form_ == Form::cp1252) return;
  if (any && head.starts_with("\xFF\xFE\0\0"sv)) return expect("UTF-32LE", true);
  if (any && head.starts_with("\0\0\xFE\xFF"sv)) return expect("UTF-32BE", true);
  if (head.starts_with("\xFF\xFE"sv)) return expect("UTF-16LE", true);
  if (head.starts_with("\xFE\xFF"sv)) return expect("UTF-16BE", true);
  const auto zero = [&](std::size_t at) { return at < head.size() && head[at] == '\0'; };
  const bool little = zero(1) && zero(3) && !zero(0) && !zero(2), big = zero(0) && zero(2) && !zero(1) && !zero(3);
  if (little || (big && head.size() > 3) || !any) expect(big ? "UTF-16BE" : "UTF-16LE", true);
}

// Length of the byte order mark at the beginning of the text; 0: none.
std::size_t Text::mark_bytes() const {
  using namespace std::string_view_literals;
  if (form_ != Form::wide) return form_ != Form::cp1252 && raw_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (raw_.starts_with("\xFF\xFE\0\0"sv) || raw_.starts_with("\0\0\xFE\xFF"sv)) return 4;
  return raw_.starts_with("\xFF\xFE") || raw_.starts_with("\xFE\xFF") ? 2 : 0;
}

std::size_t Text::hand_over(char* out, std::size_t bytes) {
  const std::size_t count = std::min(bytes, ready_.size() - given_);
  std::memcpy(out, ready_.data() + given_, count);
  given_ += count;
  if (given_ == ready_.size()) {
    ready_.clear();
    given_ = 0;
  }
  return count;
}

void Text::convert_1252(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x80) {
      ready_ += bytes[i];
      continue;
    }
    const std::uint32_t letter = letter_1252(byte);
    if (letter == 0) {
      throw Error("D16",
                  fmt::format("{}: byte {} (0x{:02x}) is neither UTF-8 nor Windows-1252", blocks_.name(),
                              count_text(static_cast<std::int64_t>(passed_ + i) + 1), byte),
                  {"convert the file from the encoding it has, for example: iconv -f cp850 -t utf-8"});
    }
    ++foreign_;
    if (begins_utf8(bytes.substr(i), true)) ++like_utf8_;
    append_utf8(ready_, letter);
  }
}

// Converts raw_, except an incomplete character at its end. At the end of the text, such a character is an error.
void Text::convert() {
  if (form_ == Form::cp1252) {
    convert_1252(raw_);
    passed_ += raw_.size();
    raw_.clear();
    // A UTF-8 character of two bytes counts as two foreign bytes and as one that is like UTF-8; hence the factor.
    if (ended_ && !asked_ && like_utf8_ * 4 > foreign_) {
      throw Error(
          "D16", blocks_.name() + " is partly UTF-8 and partly not",
          {"convert it to one encoding; `encoding = cp1252` or `encoding = utf-8` reads all of it as one of them"});
    }
    return;
  }
  bool bad = false;
  const std::size_t taken = converter_->convert(raw_, ready_, bad);
  passed_ += taken;
  raw_.erase(0, taken);
  if (!bad && !(ended_ && !raw_.empty())) return;
  throw Error("D16",
              fmt::format("{} is damaged: byte {} is not {} text", blocks_.name(),
                          count_text(static_cast<std::int64_t>(passed_) + 1), guess_.empty() ? "UTF-16" : guess_));
}

// Reads ASCII and UTF-8 directly into `out`, up to the first byte that shows that the text has another encoding.
std::size_t Text::read_plain(char* out, std::size_t bytes) {
  std::size_t count = std::min(raw_.size(), bytes);
  std::memcpy(out, raw_.data(), count);
  raw_.erase(0, count);
  if (raw_.empty() && count < bytes && !ended_) {
    const std::size_t more = blocks_.read(out + count, bytes - count);
    ended_ = more == 0;
    count += more;
  }
  if (form_ == Form::utf8) return passed_ += count, count;
  const auto high = static_cast<std::size_t>(std::find_if(out, out + count, is_high) - out);
  const bool binary = std::memchr(out, '\0', count) != nullptr;  // refused in rows.cc
  if (high == count || binary) return passed_ += count, count;
  const std::string_view rest(out + high, count - high);
  if (begins_utf8(rest, ended_)) {
    if (rest.size() >= letter_bytes(static_cast<unsigned char>(rest.front()))) form_ = Form::utf8;
    if (form_ == Form::utf8) return passed_ += count, count;
  } else if (letter_1252(static_cast<unsigned char>(rest.front())) != 0) {
    form_ = Form::cp1252;
    guess_ = "Windows-1252";
  } else {
    form_ = Form::utf8;  // csv.cc refuses cells with invalid UTF-8
    return passed_ += count, count;
  }
  raw_.insert(0, rest);
  passed_ += high;
  return high;
}

std::size_t Text::read(char* out, std::size_t bytes) {
  if (bytes == 0) return 0;
  if (!started_) {
    char head[512];
    while (raw_.size() < 4 && !ended_) {
      const std::size_t count = blocks_.read(head, sizeof head);
      ended_ = count == 0;
      raw_.append(head, count);
    }
    started_ = true;
    find_form(raw_);
    passed_ = mark_bytes();
    raw_.erase(0, passed_);
  }
  for (;;) {
    if (given_ < ready_.size()) return hand_over(out, bytes);
    if (form_ == Form::ascii || form_ == Form::utf8) {
      const std::size_t count = read_plain(out, bytes);
      if (count > 0 || (ended_ && raw_.empty())) return count;
      continue;
    }
    if (raw_.empty() && ended_) return 0;
    if (!ended_) {
      const std::size_t before = raw_.size();
      raw_.resize(before + portion);
      const std::size_t count = blocks_.read(raw_.data() + before, portion);
      raw_.resize(before + count);
      ended_ = count == 0;
    }
    convert();
  }
}

std::string Text::note() const {
  return guess_.empty() || asked_ ? ""
                                  : blocks_.name() + " is not UTF-8: read as " + guess_ + " (`encoding` sets another)";
}

}  // namespace pellucid::csv
