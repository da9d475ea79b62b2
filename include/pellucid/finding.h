// Finding: one remark about the data or the training, with a stable code.
// Not here: the checks that make findings (findings.h, health_findings.h), errors (error.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// A remark that does not stop the work. If a setting would help, the text contains it as `name = value` between
/// backticks (setting_hint.h).
struct Finding {
  std::string code;                    ///< "D02", explained by `pellucid explain D02`; empty: the finding has no code
  std::string text;                    ///< one or two sentences
  std::vector<std::string> columns{};  ///< names of the columns concerned; may be empty
  std::vector<std::int64_t> rows{};    ///< a few of the rows concerned, as indices into the table from 0; may be empty
  bool warning = false;                ///< true: the result may be wrong or misleading; false: a note for information

  static Finding note(std::string code, std::string text, std::vector<std::string> columns = {},
                      std::vector<std::int64_t> rows = {}) {
    return {std::move(code), std::move(text), std::move(columns), std::move(rows), false};
  }
  static Finding warn(std::string code, std::string text, std::vector<std::string> columns = {},
                      std::vector<std::int64_t> rows = {}) {
    return {std::move(code), std::move(text), std::move(columns), std::move(rows), true};
  }
  bool operator==(const Finding&) const = default;
};

}  // namespace pellucid
