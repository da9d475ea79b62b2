// Dictionary: a hash table with open addressing. The key of a short word is the word itself, so most words are found by
// comparing one number.
// Not here: what a word means (column_reader.cc).
#include "tables/readers/csv/dictionary.h"

#include <functional>

#include "core/memory.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/large_vector.h"

namespace pellucid::csv {

namespace {

constexpr std::uint64_t long_word = std::uint64_t{1} << 63;

// Key of a word. Up to 7 bytes: the length and the bytes, so that no two short words have the same key. Longer: a hash
// with the top bit set, which no key of a short word has.
std::uint64_t key_of(std::string_view word) noexcept {
  if (word.size() > 7) return std::hash<std::string_view>{}(word) | long_word;
  std::uint64_t key = word.size();
  for (const char c : word) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}

std::size_t first_slot(std::uint64_t key, std::size_t slots) noexcept {
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> 32) & (slots - 1);
}

}  // namespace

// The slot of the word, or the free slot where it would be inserted.
const Dictionary::Slot& Dictionary::slot_of(std::string_view word, std::uint64_t key) const noexcept {
  std::size_t at = first_slot(key, slots_.size());
  for (; slots_[at].code != unknown; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].key == key && (key < long_word || words_[slots_[at].code] == word)) break;
  }
  return slots_[at];
}

std::int32_t Dictionary::find(std::string_view word) const noexcept {
  return slot_of(word, key_of(word)).code;
}

std::int32_t Dictionary::insert(std::string_view word) {
  const auto fresh = static_cast<std::int32_t>(words_.size());
  words_.emplace_back(word);
  word_bytes_ +=
      static_cast<double>(sizeof(std::string) + (word.size() < sizeof(std::string) / 2 ? 0 : word.size() + 16));
  if (word_bytes_ > checked_bytes_) require_room();
  put(word, fresh);
  return fresh;
}

// Words are always in memory, never in files. Checks that there is memory for the next ones, and that all of them stay
// below the limit for data in memory.
void Dictionary::require_room() {
  constexpr double step = 1 << 24;
  checked_bytes_ = word_bytes_ + step;
  require_memory(step);
  const auto limit = large_data_use().limit;
  if (!limit || word_bytes_ <= step || word_bytes_ <= static_cast<double>(*limit)) return;
  throw Error("M02", bytes_text(word_bytes_) + " of words are more than the " +
                         bytes_text(static_cast<double>(*limit)) + " that data may use in memory");
}

// Long words (a missing cell is long only if it has many blanks) are not stored but examined again each time.
void Dictionary::insert_missing(std::string_view word) {
  if (key_of(word) < long_word) put(word, missing);
}

void Dictionary::put(std::string_view word, std::int32_t code) {
  const std::uint64_t key = key_of(word);
  std::size_t at = first_slot(key, slots_.size());
  while (slots_[at].code != unknown) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {key, code};
  if (++used_ * 2 > slots_.size()) grow();
}

std::int32_t Dictionary::code(std::string_view word) {
  const std::int32_t known = find(word);
  return known == unknown ? insert(word) : known;
}

void Dictionary::grow() {
  // Memory for four times as many words, which may come until the next growth.
  require_memory(4 * static_cast<double>(slots_.size() * sizeof(Slot)) + 3 * word_bytes_);
  std::vector<Slot> old(slots_.size() * 4);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.code == unknown) continue;
    std::size_t at = first_slot(slot.key, slots_.size());
    while (slots_[at].code != unknown) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace pellucid::csv
