// Which words of a column become categories, and which are too rare for one.
// Not here: reading words (cells.h), writing features (transform.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/preprocess.h"

namespace pellucid {

struct Categories {
  std::vector<std::string> words{};  ///< sorted: numbers by value, then words; empty: `why` the column is left out
  std::int64_t commonest = 0;        ///< index of the one with the most rows, the first of equal ones
  std::int64_t rare = 0;             ///< words that are none of them
  double rare_share = 0;             ///< of the rows: those that hold one
  bool varies = false;               ///< there are several words, rare ones counted
  bool lacks = false;                ///< a row has none
  bool embedded = false;             ///< so many that they are left to an embedding layer
  std::string why{};
};

/// Why a column of words is not learned from: it differs in every row, or its words repeat too seldom. `present` and
/// `distinct`: how many cells have a word, and how many different words there are.
std::string reason_to_leave_out(std::int64_t distinct, std::int64_t present);

/// How many of `rows` training rows a category needs by the rule behind PreprocessOptions::rare. One-hot columns of
/// many words need more.
std::int64_t least_rows_of_category(std::int64_t rows);

/// By the rules that FittedColumn states. `asked`: the user calls the column categorical, so nothing of it looks like
/// names.
Categories find_categories(const Column& column, std::span<const std::int64_t> rows, const PreprocessOptions& options,
                           bool asked);

/// D30 where words were too rare for a category of their own. A note.
std::optional<Finding> note_on_rare_words(const Preprocessor& found);

}  // namespace pellucid
