// Findings on data, in words with codes: what `check` prints, and whether rows are far from the training data.
// Not here: errors of reading (the library), findings of training (a split's notes).
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/cli/terminal.h"
#include "pellucid/findings.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace pellucid::app {

/// D01 repeated rows, D03 small classes, D04 constant columns, D05 columns to be left out, D14 missing cells, D18 rows
/// without target, what reading noted, and the library's findings (findings.h): leaks, dull columns, test rows that
/// repeat or differ. `targets` are columns of the table; empty: none is known.
std::vector<Finding> check_table(const Table& table, std::span<const int> targets, const PreprocessOptions& options);

/// The library's findings on the parts that train splits a table into. `later`: the test rows are of another file or
/// time, so that they may be distributed otherwise.
std::vector<Finding> check_parts(const Table& table, const SplitPlan& plan, bool later);

/// D36: words of --na that no cell has, so that a slip of the pen is no silence. A warning.
std::vector<Finding> find_unused_words(const Table& table, const MissingWords& asked);

/// What the columns are, the targets aside: "3 numeric, 1 date (when), 1 text (colour)".
std::string kinds_text(const Table& table, std::span<const int> targets,
                       const std::map<std::string, std::string>& asked);

/// What reading noted (D26 …).
std::vector<Finding> notes_of_reading(const Table& table);

/// A line for each; of many columns the first dozen.
void say_findings(Terminal& terminal, const std::vector<Finding>& findings);

/// Says what is odd about rows that a model is to judge: what reading noted, and what is unlike the training rows
/// (RowWatch).
void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor);

/// Missing cells of a column; distinct values of a column of single cells.
std::int64_t missing_cells(const Column& column);
std::int64_t distinct_cells(const Column& column);

}  // namespace pellucid::app
