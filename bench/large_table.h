// A large table as CSV text with the same bytes on every machine. Not here: measuring (bench/table_bench.cc).
#pragma once

#include <cstdint>
#include <string>

namespace pellucid::bench {

/// 42 columns, about 150 bytes per row: 8 numbers with decimals, 8 whole numbers, 16 digits, 9 words, and the target
/// `grade`, a word that depends on some of them. In two of the columns, one cell in a hundred is missing.
std::string large_table(std::int64_t rows);

}  // namespace pellucid::bench
