// What columns of words nearly are: numbers or dates. Not here: findings (near_findings.cc), reading (formats/csv).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/table.h"

namespace pellucid {

/// The words of a column that are no numbers, where the others are.
struct NearNumbers {
  std::int64_t numbers = 0, cells = 0;                    ///< cells that are numbers, present cells
  std::size_t distinct = 0;                               ///< numbers
  std::vector<std::pair<std::int64_t, std::string>> odd;  ///< the others: cells and word, the most frequent first
};

/// Of a column of words, over all rows. A number is one in any of the forms that number_form.h reads.
NearNumbers near_numbers(const Column& column);

/// Whether a column should rather be numbers: most cells are, of many values, and what is not are few words.
bool should_be_numbers(const NearNumbers& near);

/// "`na = price:POA`": the setting that makes the odd words missing, if they are few; otherwise "".
std::string na_hint(const std::string& column, const NearNumbers& near);

}  // namespace pellucid
