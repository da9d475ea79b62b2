// Finding: one remark about data or a training, with a stable code.
// Not here: looking for findings (findings.h, health_findings.h), errors (error.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// A remark that does not stop the work. A setting that would help stands in the text as `name = value` between
/// backticks (see setting_hint.h).
struct Finding {
  std::string code;                    ///< "D02"; `pellucid explain D02` says more; empty where there is none
  std::string text;                    ///< one or two sentences
  std::vector<std::string> columns{};  ///< names of the columns it is about; may be empty
  std::vector<std::int64_t> rows{};    ///< rows of the table it is about, from 0; at most a few examples
  bool warning = false;                ///< the result is in doubt; otherwise a note

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
