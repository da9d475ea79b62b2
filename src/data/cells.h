// The cells of a column in the form that learning needs: numbers, or words with codes, whatever the file held.
// Not here: what is learned from them (fit.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// All cells as numbers (NaN: missing). Words are read as numbers; throws D12 for one that is none.
/// The span lies in the column or, where something had to be made, in `storage`.
std::span<const double> cells_as_numbers(const Table& table, const Column& column, std::vector<double>& storage);

struct Words {
  std::vector<std::string> words;   ///< distinct
  std::vector<std::int32_t> codes;  ///< of each row; -1: missing
};

/// A column of single cells as words; numbers as word_of() spells them.
Words cells_as_words(const Column& column);

/// Row by row: is any of the row's cells missing?
std::vector<bool> rows_with_missing(const Column& column);

}  // namespace pellucid
