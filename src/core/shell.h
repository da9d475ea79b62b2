// Quoting of text that users paste: words of a POSIX shell, and lists of column names as the flags take them.
// Not here: quoting for display (quote in core/text.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// The text as one shell word: unchanged if that is safe, otherwise in single quotes; with control characters as $'…',
/// which bash, zsh and ksh understand.
std::string shell_word(std::string_view text);

/// One name in a list of names: unchanged, or in double quotes (as in a CSV file) if it contains a comma or a double
/// quote or begins or ends with a blank.
std::string list_name(std::string_view name);

/// Splits a list of names. All flags that take several columns use this rule: commas separate names, and a name that
/// itself contains a comma is in double quotes, as in a CSV file. Blanks around a name are ignored.
std::vector<std::string> split_names(std::string_view list);

/// One NAME=VALUE item of such a list, split at the last "=" outside double quotes. Without "=", `value` is empty and
/// `assigned` is false.
struct NamedValue {
  std::string name, value;
  bool assigned = false;
};
std::vector<NamedValue> split_named_values(std::string_view list);

/// The hint (setting_hint.h) that sets the kind of a column: `kind = a b=number`.
std::string kind_hint(std::string_view column, std::string_view kind);

}  // namespace pellucid
