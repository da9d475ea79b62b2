// Which words of a column become categories of their own, and which are too rare.
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
  std::vector<std::string> words{};  ///< sorted: numbers by value, then words; empty: the column is left out, see `why`
  std::int64_t commonest = 0;        ///< index of the most frequent word; the first one of equally frequent words
  std::int64_t rare = 0;             ///< number of different words that are too rare to be a category
  double rare_share = 0;             ///< share of the rows that hold a rare word
  bool varies = false;               ///< whether there are at least two different words, rare ones included
  bool lacks = false;                ///< whether a row has a missing cell
  bool embedded = false;             ///< whether there are so many categories that an embedding layer represents them
  std::string why{};
};

/// Why a text column is not used as a feature: it differs in every row, or its words repeat too seldom. `distinct`:
/// number of different words; `present`: number of cells that are not missing.
std::string reason_to_leave_out(std::int64_t distinct, std::int64_t present);

/// How many of `rows` training rows a category needs by the rule behind PreprocessOptions::rare. One-hot columns of
/// many words need more.
std::int64_t least_rows_of_category(std::int64_t rows);

/// Applies the rules that FittedColumn documents. `asked`: the user declared the column categorical, so it is never
/// left out because it looks like names.
Categories find_categories(const Column& column, std::span<const std::int64_t> rows, const PreprocessOptions& options,
                           bool asked);

/// Note D30 if words were too rare for a category of their own.
std::optional<Finding> note_on_rare_words(const Preprocessor& found);

}  // namespace pellucid
