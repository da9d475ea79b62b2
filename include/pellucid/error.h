// Error: the only exception type of the library, its codes, and the exit status for each.
// Not here: the texts of `pellucid explain CODE` (src/core/error_codes.cc), printing (the library never prints).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// Exception that the library throws for everything it cannot or will not do.
///
/// `code` is a letter and two digits whose meaning never changes; `pellucid explain CODE` describes it:
///   Uxx  a wrong call, flag or configuration      (exit status 2)
///   Dxx  wrong data or a wrong model file         (exit status 3)
///   Nxx  training failed numerically              (exit status 4)
///   Mxx  the machine: memory, disk space, files   (exit status 5)
///   Pxx  a bug in pellucid itself                 (exit status 70)
/// `what()` is one line: first the place (file:line, column), then what was expected and what was found. `details` are
/// further lines: counts, what to do, "did you mean". Together they fit on one screen; longer text is cut, and "…"
/// marks the cut.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message, std::vector<std::string> details = {});

  const std::string& code() const noexcept { return code_; }
  const std::vector<std::string>& details() const noexcept { return details_; }

  /// The exit status for a program that ends because of this error: 2, 3, 4, 5 or 70, by the letter of the code.
  int exit_code() const noexcept;

  /// Code, message and details as lines of text for a terminal or log: `error[D10]: …\n  …`.
  std::string text() const;

 private:
  std::string code_;
  std::vector<std::string> details_;
};

/// The candidate with the smallest edit distance to `given`; "" if none is close enough to be a useful suggestion.
std::string closest(std::string_view given, const std::vector<std::string>& candidates);

}  // namespace pellucid
