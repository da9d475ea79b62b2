// The classes of a target and their spellings: "True", "TRUE", "true" and 1 are one class, "Ja" and "ja" are.
// Not here: categories of features (categories.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tables/spelling.h"

namespace pellucid {

/// The classes that words occurring `counts` times make, sorted: numbers by value, then words. Words that differ only
/// in blanks, the coding of accents, letter case (from two letters on, for "a" and "A" may be two letters) or a point
/// with zeros are one class, called by its most frequent spelling; so are all words for yes and all for no where there
/// are no others. `as_written`: every word is a class of its own.
std::vector<std::string> merged_classes(const std::vector<std::string>& words, const std::vector<std::int64_t>& counts,
                                        bool as_written);

/// Finds the class that a word spells.
class ClassFinder {
 public:
  /// The list must outlive this.
  explicit ClassFinder(const std::vector<std::string>& classes);
  std::int32_t find(std::string_view word);  ///< its index; -2: none

 private:
  KnownWords known_;
  std::int32_t no_ = -1, yes_ = -1;  // the classes, where there are two and these are what they mean
};

}  // namespace pellucid
