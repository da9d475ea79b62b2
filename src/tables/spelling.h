// Recognises other spellings of a known word: blanks, accents, letter case, "21.0" for "21".
// Not here: numbers from text (words.h), spellings of missing cells (missing.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pellucid {

/// The word in a normal form: no blanks around it, single blanks inside it, no zero-width characters, and accented
/// Latin letters as one code point each. Unicode's blanks (no-break space, …) count as blanks.
std::string plain_spelling(std::string_view word);

/// The word with Latin, Greek and Cyrillic letters in lower case. Other letters stay as they are.
std::string lower_case(std::string_view word);

/// The value of a whole number written with digits only, or with only zeros after the point: "21", "021", "-21.00".
/// Nothing for any other text.
std::optional<std::int64_t> whole_number_of(std::string_view word) noexcept;

/// Looks up words in a list, also if they are spelled differently there.
class KnownWords {
 public:
  enum class Match { exact, spelling, number, letter_case, none };
  struct Found {
    std::int64_t index = -1;  ///< position in the list; -1 if match is `none`
    Match match = Match::none;
  };

  /// The list must outlive this object.
  explicit KnownWords(const std::vector<std::string>& words);

  /// Looks for the word itself, then for a word with the same plain_spelling(), then for the same whole number, then
  /// for the same word in lower case. A spelling that several words of the list share matches none of them.
  Found find(std::string_view word);

  /// Prepares the look-up of other spellings. Without this call, find() does it at the first word that is not in the
  /// list. After this call, find() allocates no memory for words of up to `kept_bytes` bytes.
  void spell_out();
  static constexpr std::size_t kept_bytes = 256;

 private:
  const std::vector<std::string>& words_;
  std::unordered_map<std::string_view, std::int64_t> exact_;
  // Positions by other spelling, filled by spell_out(); -1: several words share the spelling.
  bool spelled_out_ = false;
  std::unordered_map<std::string, std::int64_t> plain_, lower_;
  std::unordered_map<std::int64_t, std::int64_t> numbers_;
  // Scratch memory of find(): the other spellings of the word being looked up.
  std::u32string points_;
  std::string plain_word_, lower_word_;
};

}  // namespace pellucid
