// Classes of a target and their spellings: "True", "TRUE", "true" and 1 are one class, and so are "Ja" and "ja".
// Not here: categories of features (categories.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tables/spelling.h"

namespace pellucid {

/// The classes that these words form, sorted: numbers by value, then words. `counts`: number of rows per word; words
/// with 0 are ignored. Words are the same class if they differ only in blanks, the coding of accents, letter case (from
/// two letters on, because "a" and "A" may be two classes) or in ".0" after a number. If all words mean yes or no, they
/// form two classes. A class is named by its most frequent spelling. `as_written`: every word is a class of its own.
std::vector<std::string> merged_classes(const std::vector<std::string>& words, const std::vector<std::int64_t>& counts,
                                        bool as_written);

/// Finds the class of which a word is a spelling.
class ClassFinder {
 public:
  /// Keeps a reference to the list, which must outlive this object.
  explicit ClassFinder(const std::vector<std::string>& classes);
  std::int32_t find(std::string_view word);  ///< index of the class; -2: none

 private:
  KnownWords known_;
  std::int32_t no_ = -1, yes_ = -1;  // indices of the two classes if they mean no and yes; else -1
};

}  // namespace pellucid
