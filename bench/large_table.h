// A large table as CSV text, the same bytes everywhere. Not here: what is measured on it (table_bench.cc).
#pragma once

#include <cstdint>
#include <string>

namespace pellucid::bench {

/// 42 columns, about 150 bytes a row: 8 numbers with decimals, 8 whole ones, 16 digits, 9 words, and the target
/// `grade`, a word that follows from some of them. A cell in a hundred of two of the columns is missing.
std::string large_table(std::int64_t rows);

}  // namespace pellucid::bench
