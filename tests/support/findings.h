// Findings as lines, for comparison in tests. Not here: how the program prints them.
#pragma once

#include <string>
#include <vector>

#include "pellucid/finding.h"

namespace pellucid::test {

/// "D04 1 column never varies: flat"; without a code the text alone.
inline std::string line_of(const Finding& finding) {
  return finding.code.empty() ? finding.text : finding.code + " " + finding.text;
}

inline std::vector<std::string> lines_of(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(line_of(finding));
  return lines;
}

}  // namespace pellucid::test
