// One word, several spellings: blanks, accents, letter case, "21.0" for "21".
// Not here: numbers from text (words.h), the missing spellings (table.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pellucid {

/// The word without blanks around it, with single blanks inside it (no-break spaces and the like count as blanks,
/// characters without width are left out), and with accented Latin letters as one character each.
std::string plain_spelling(std::string_view word);

/// In lower case: Latin, Greek and Cyrillic letters. Other letters stay as they are.
std::string lower_case(std::string_view word);

/// A whole number that is written with digits only, or with zeros behind a point: "21", "021", "21.00"; else nothing.
std::optional<std::int64_t> whole_number_of(std::string_view word) noexcept;

/// Looks words up in a list, also those that are spelled otherwise than there.
class KnownWords {
 public:
  enum class Match { exact, spelling, number, letter_case, none };
  struct Found {
    std::int64_t index = -1;  ///< in the list; -1: `none`
    Match match = Match::none;
  };

  /// The list must outlive this.
  explicit KnownWords(const std::vector<std::string>& words);

  /// The word itself, else the one word of the list that is the same by plain_spelling, as a whole number, or in lower
  /// case, in this order. A spelling that several words share is none of them.
  Found find(std::string_view word);

  /// Prepares the look-up of other spellings, which find() otherwise does when a word is first unknown. After this
  /// call find() allocates no memory for words of up to `kept_bytes` bytes.
  void spell_out();
  static constexpr std::size_t kept_bytes = 256;

 private:
  const std::vector<std::string>& words_;
  std::unordered_map<std::string_view, std::int64_t> exact_;
  // Made when they are first needed; -1: several words.
  bool spelled_out_ = false;
  std::unordered_map<std::string, std::int64_t> plain_, lower_;
  std::unordered_map<std::int64_t, std::int64_t> numbers_;
  // The word that is looked up, spelled otherwise.
  std::u32string points_;
  std::string plain_word_, lower_word_;
};

}  // namespace pellucid
