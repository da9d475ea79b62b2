// Findings on data, in words with codes: what `check` prints, and whether rows are far from the training data.
// Not here: errors of reading (the library), findings of training (a split's notes).
#pragma once

#include <string>
#include <vector>

#include "pellucid/preprocess.h"
#include "pellucid/table.h"
#include "terminal.h"

namespace pellucid::app {

struct Finding {
  bool warning;
  std::string code, text;
};

/// D01 repeated rows, D03 small classes, D04 constant columns, D14 missing cells, D18 rows without target, and what
/// reading noted.
/// `target` may be -1: none is known.
std::vector<Finding> check_table(const Table& table, int target, Task task);

/// Says what is odd about rows that a model is to judge: what reading noted (D26 …), and each column whose cells lie
/// many deviations from those of training (D22).
void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor);

/// Missing cells of a column; distinct values of a column of single cells.
std::int64_t missing_cells(const Column& column);
std::int64_t distinct_cells(const Column& column);

}  // namespace pellucid::app
