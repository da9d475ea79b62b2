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

/// One line per finding; of many findings the first dozen.
void say_findings(Terminal& terminal, const std::vector<Finding>& findings);

/// Says what is unusual about rows that a model is to predict or judge: what reading found, and what is unlike the
/// training rows (RowWatch).
void say_oddities(Terminal& terminal, const Table& table, const Preprocessor& preprocessor);

}  // namespace pellucid::app
