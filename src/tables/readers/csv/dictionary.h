// Dictionary: the distinct words of a column. Not here: what a word means (column_reader.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::csv {

/// Distinct words, numbered in order of first appearance.
class Dictionary {
 public:
  static constexpr std::int32_t unknown = -2, missing = -1;

  /// The word's number, `missing` for a spelling that was said to be, or `unknown`.
  std::int32_t find(std::string_view word) const noexcept;
  /// An unknown one. Throws M02 before there are more than memory holds.
  std::int32_t insert(std::string_view word);
  void insert_missing(std::string_view word);  ///< an unknown one; not among words()
  /// The word's number; it is inserted if need be.
  std::int32_t code(std::string_view word);
  std::vector<std::string>& words() noexcept { return words_; }
  const std::vector<std::string>& words() const noexcept { return words_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t code = unknown;  // then the slot is free
  };
  const Slot& slot_of(std::string_view word, std::uint64_t key) const noexcept;
  void put(std::string_view word, std::int32_t code);
  void grow();

  std::vector<std::string> words_;
  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t used_ = 0;
  void require_room();

  double word_bytes_ = 0;
  double checked_bytes_ = 0;  // for so many it was made sure that there is memory
};

}  // namespace pellucid::csv
