// Findings on the terminal and in JSON. Not here: looking for them (pellucid/findings.h).
#pragma once

#include <string>
#include <vector>

#include "app/cli/terminal.h"
#include "pellucid/findings.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace pellucid::app {

/// "warning[D02]" or "note[D05]"
std::string finding_label(const Finding& finding);

/// Writes one line per finding, at most twelve.
void say_findings(Terminal& terminal, const std::vector<Finding>& findings);

/// Writes the findings about rows that a model predicts or is evaluated on: from reading the file, and from comparing
/// the rows with the training rows (RowWatch).
void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor);

}  // namespace pellucid::app
