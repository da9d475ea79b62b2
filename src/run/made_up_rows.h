// Rows that nobody has seen, for a teacher to label: mixtures of two training rows each.
// Not here: who labels them and learns from them (distill.cc).
#pragma once

#include <cstdint>

#include "pellucid/preprocess.h"

namespace pellucid {

/// The rows of `data`, followed by `count` new ones. A new row is a row of the data in which each column is replaced,
/// with probability 0.3, by that column of another row, the same one for all its columns; its target is the first
/// row's, as a stand-in. Columns are whole: all features of a category, and a number with its "is missing". Rows that
/// are not stored as numbers and codes (images) get no new rows. The same seed gives the same rows.
Dataset with_made_up_rows(const Dataset& data, const Preprocessor& by, std::int64_t count, std::uint64_t seed);

}  // namespace pellucid
