// Text columns that are almost numbers. Not here: findings (near_findings.cc), reading (formats/csv).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// How many cells of a text column are numbers, and which words are not.
struct NearNumbers {
  std::int64_t numbers = 0, cells = 0;  ///< cells that are numbers, and cells that are not missing
  std::size_t distinct = 0;             ///< number of different numbers
  /// The words that are not numbers, with their count, most frequent first.
  std::vector<std::pair<std::int64_t, std::string>> odd;
};

/// Counts over all rows of a text column. Numbers may be written in any form that number_form.h reads.
NearNumbers near_numbers(const Column& column);

/// Whether the column was probably meant as numbers: at least half of the cells are numbers, there are many different
/// ones, and few words besides.
bool should_be_numbers(const NearNumbers& near);

/// The setting that declares the other words missing ("`na = price:POA`"); "" if there are too many of them.
std::string na_hint(const std::string& column, const NearNumbers& near);

}  // namespace pellucid
