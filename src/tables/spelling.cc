// Normal forms of words, by code points. Not here: how unknown words become features (prepare/features.cc).
#include "tables/spelling.h"

#include <algorithm>

#include "core/utf8.h"

namespace pellucid {

namespace {

constexpr char32_t no_utf8 = 0x110000;  // plus a byte that is not UTF-8: above all code points

// Removes the first code point from `text` and returns it; for a byte that is not UTF-8, no_utf8 plus the byte.
char32_t next_point(std::string_view& text) {
  const CodePoint point = first_code_point(text);
  const char32_t value = point.length > 0 ? point.value : no_utf8 + static_cast<unsigned char>(text[0]);
  text.remove_prefix(std::max<std::size_t>(point.length, 1));
  return value;
}

void append_point(std::string& text, char32_t point) {
  if (point < no_utf8) return append_utf8(text, point);
  text += static_cast<char>(point - no_utf8);
}

bool is_blank(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool has_no_width(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

// A combining accent, the letters that it may follow, and the composed letters (Unicode canonical composition).
struct Accent {
  char32_t mark;
  std::u32string_view letters, composed;
};
constexpr Accent accents[] = {
    {0x0300, U"AEINOUaeinou", U"ÀÈÌǸÒÙàèìǹòù"},
    {0x0301, U"ACEILNORSUYZaceilnorsuyz", U"ÁĆÉÍĹŃÓŔŚÚÝŹáćéíĺńóŕśúýź"},
    {0x0302, U"ACEGHIJOSUWYaceghijosuwy", U"ÂĈÊĜĤÎĴÔŜÛŴŶâĉêĝĥîĵôŝûŵŷ"},
    {0x0303, U"AINOUainou", U"ÃĨÑÕŨãĩñõũ"},
    {0x0304, U"AEIOUaeiou", U"ĀĒĪŌŪāēīōū"},
    {0x0306, U"AEGIOUaegiou", U"ĂĔĞĬŎŬăĕğĭŏŭ"},
    {0x0307, U"CEGIZcegz", U"ĊĖĠİŻċėġż"},
    {0x0308, U"AEIOUYaeiouy", U"ÄËÏÖÜŸäëïöüÿ"},
    {0x030A, U"AUau", U"ÅŮåů"},
    {0x030B, U"OUou", U"ŐŰőű"},
    {0x030C, U"CDENRSTZcdenrstz", U"ČĎĚŇŘŠŤŽčďěňřšťž"},
    {0x0326, U"STst", U"ȘȚșț"},
    {0x0327, U"CGKLNRSTcgklnrst", U"ÇĢĶĻŅŖŞŢçģķļņŗşţ"},
    {0x0328, U"AEIUaeiu", U"ĄĘĮŲąęįų"},
};
constexpr bool are_paired() {
  for (const Accent& accent : accents) {
    if (accent.letters.size() != accent.composed.size()) return false;
  }
  return true;
}
static_assert(are_paired());

// The letter with this accent as one code point, or 0 if there is none.
char32_t composed(char32_t letter, char32_t mark) {
  const auto accent = std::find_if(std::begin(accents), std::end(accents), [&](auto& a) { return a.mark == mark; });
  if (accent == std::end(accents)) return 0;
  const std::size_t at = accent->letters.find(letter);
  return at == std::u32string_view::npos ? 0 : accent->composed[at];
}

char32_t lower(char32_t c) {
  const auto within = [&](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within('A', 'Z') || (within(0xC0, 0xDE) && c != 0xD7)) return c + 32;
  if (c == 0x178) return 0xFF;
  if (within(0x139, 0x148) || within(0x179, 0x17E)) return c % 2 == 1 ? c + 1 : c;
  if (within(0x100, 0x177) && c != 0x130 && c != 0x131 && c != 0x138) return c | 1;
  if (within(0x218, 0x21B)) return c | 1;
  if (within(0x391, 0x3A9) || within(0x410, 0x42F)) return c + 32;
  if (within(0x388, 0x38A)) return c + 37;
  if (c == 0x386) return 0x3AC;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 63;
  return within(0x400, 0x40F) ? c + 80 : c;
}

template <class Map, class Key>
void learn(Map& map, Key&& key, std::int64_t index) {
  const auto [entry, fresh] = map.emplace(std::forward<Key>(key), index);
  if (!fresh) entry->second = -1;
}

template <class Map, class Key>
std::int64_t look_up(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? -1 : found->second;
}

}  // namespace

namespace {

// plain_spelling() and lower_case() with memory of the caller, so that find() need not allocate.
void spell_plainly(std::string_view word, std::u32string& points, std::string& plain) {
  points.clear();
  while (!word.empty()) {
    const char32_t point = next_point(word);
    if (has_no_width(point)) continue;
    const bool blank = is_blank(point);
    if (blank && (points.empty() || points.back() == ' ')) continue;
    const char32_t one = points.empty() ? 0 : composed(points.back(), point);
    if (one != 0) {
      points.back() = one;
    } else {
      points += blank ? U' ' : point;
    }
  }
  if (!points.empty() && points.back() == ' ') points.pop_back();
  plain.clear();
  for (const char32_t point : points) append_point(plain, point);
}

void spell_in_lower_case(std::string_view word, std::string& text) {
  text.clear();
  while (!word.empty()) append_point(text, lower(next_point(word)));
}

}  // namespace

std::string plain_spelling(std::string_view word) {
  std::u32string points;
  std::string plain;
  spell_plainly(word, points, plain);
  return plain;
}

std::string lower_case(std::string_view word) {
  std::string text;
  spell_in_lower_case(word, text);
  return text;
}

std::optional<std::int64_t> whole_number_of(std::string_view word) noexcept {
  constexpr std::int64_t largest = std::int64_t{1} << 53;
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  const std::string_view digits = word.substr(0, word.find('.'));
  const std::string_view rest = word.substr(digits.size());
  if (digits.empty() || rest == "." || rest.find_first_not_of("0", 1) != std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9' || value > largest) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

KnownWords::KnownWords(const std::vector<std::string>& words) : words_(words) {
  exact_.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) exact_.emplace(words[i], static_cast<std::int64_t>(i));
}

void KnownWords::spell_out() {
  if (spelled_out_) return;
  points_.reserve(kept_bytes);
  plain_word_.reserve(2 * kept_bytes);  // more than any normal form of such a word takes
  lower_word_.reserve(2 * kept_bytes);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    std::string plain = plain_spelling(words_[i]);
    if (const auto number = whole_number_of(plain)) learn(numbers_, *number, index);
    learn(lower_, lower_case(plain), index);
    learn(plain_, std::move(plain), index);
  }
  spelled_out_ = true;
}

KnownWords::Found KnownWords::find(std::string_view word) {
  if (const std::int64_t at = look_up(exact_, word); at >= 0) return {at, Match::exact};
  spell_out();
  spell_plainly(word, points_, plain_word_);
  if (const std::int64_t at = look_up(plain_, plain_word_); at >= 0) return {at, Match::spelling};
  if (const auto number = whole_number_of(plain_word_)) {
    if (const std::int64_t at = look_up(numbers_, *number); at >= 0) return {at, Match::number};
  }
  spell_in_lower_case(plain_word_, lower_word_);
  if (const std::int64_t at = look_up(lower_, lower_word_); at >= 0) return {at, Match::letter_case};
  return {};
}

}  // namespace pellucid
