// The one exception type of the library, and what its codes mean for a program's exit status.
// Not here: the texts of `pellucid explain CODE` (src/core/error_codes.cc), printing (the library never prints).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// Everything the library refuses is thrown as an Error.
///
/// `code` is a letter and two digits, stable for good:
///   Uxx  a wrong call, flag or configuration   (exit status 2)
///   Dxx  wrong data or a wrong model file      (exit status 3)
///   Nxx  training failed numerically           (exit status 4)
///   Mxx  the machine: space, memory, files     (exit status 5)
///   Pxx  a mistake in pellucid itself          (exit status 70)
/// `what()` is one line: the place first (file:line, column), then what was expected and what was found.
/// `details` are further lines: counts, the way out, "did you mean". All of it fits a screen: what is longer is cut,
/// with a "…" where something was left out.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message, std::vector<std::string> details = {});

  const std::string& code() const noexcept { return code_; }
  const std::vector<std::string>& details() const noexcept { return details_; }

  /// The exit status a program should end with: 2, 3, 4, 5 or 70 by the code's letter.
  int exit_code() const noexcept;

  /// Message and details as lines of text, ready for a log: `error[D10]: …\n  …`.
  std::string text() const;

 private:
  std::string code_;
  std::vector<std::string> details_;
};

/// The candidate nearest to `given` by edit distance, or "" if none is near enough to be worth suggesting.
std::string closest(std::string_view given, const std::vector<std::string>& candidates);

}  // namespace pellucid
