// Text that survives being pasted: words of a POSIX shell, and lists of column names as the flags take them.
// Not here: text that is only read (quote in core/text.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// The text as one word of a shell: unchanged where that is safe, else in single quotes; with control characters as
/// $'…', which bash, zsh and ksh read.
std::string shell_word(std::string_view text);

/// One name in a list of names: unchanged, or in double quotes as a cell of a CSV file where it contains a comma or a
/// double quote or has blanks around it.
std::string list_name(std::string_view name);

/// The names of a list, by the one rule that all flags for several columns share: commas separate names, and a name
/// that itself contains a comma stands in double quotes, as in a CSV file. Blanks around a name do not count.
std::vector<std::string> split_names(std::string_view list);

/// An assignment of such a list, NAME=VALUE, cut at the last "=" outside double quotes. Without one, `value` is empty
/// and `assigned` is false.
struct NamedValue {
  std::string name, value;
  bool assigned = false;
};
std::vector<NamedValue> split_named_values(std::string_view list);

/// The hint (setting_hint.h) of the setting that says what a column is: `kind = a b=number`.
std::string kind_hint(std::string_view column, std::string_view kind);

}  // namespace pellucid
