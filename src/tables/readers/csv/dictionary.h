// Dictionary: the distinct words of a column and their codes. Not here: what a word means (column_reader.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::csv {

/// Distinct words. A word's code is its position in the order of first appearance.
class Dictionary {
 public:
  static constexpr std::int32_t unknown = -2, missing = -1;

  /// The word's code; `missing` for a word given to insert_missing(); or `unknown`.
  std::int32_t find(std::string_view word) const noexcept;
  /// Adds an unknown word and returns its code. Throws M02 if the words would not fit into memory.
  std::int32_t insert(std::string_view word);
  void insert_missing(std::string_view word);  ///< adds an unknown word that means a missing cell; not in words()
  /// The word's code; adds the word if it is unknown.
  std::int32_t code(std::string_view word);
  std::vector<std::string>& words() noexcept { return words_; }
  const std::vector<std::string>& words() const noexcept { return words_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t code = unknown;  // unknown: the slot is free
  };
  const Slot& slot_of(std::string_view word, std::uint64_t key) const noexcept;
  void put(std::string_view word, std::int32_t code);
  void grow();

  std::vector<std::string> words_;
  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t used_ = 0;
  void require_room();

  double word_bytes_ = 0;
  double checked_bytes_ = 0;  // for up to this many bytes of words, memory has been checked
};

}  // namespace pellucid::csv
