// Setting hints: how messages of the library name a setting, so that each front end can spell it in its own way.
// Not here: the settings themselves, errors (error.h), findings (finding.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// A setting and a value between backticks: `missing = drop`; without a value `dropout`. A backtick inside the value is
/// doubled. The text is readable as it stands; the program shows it as a flag, `--missing drop`.
std::string setting_hint(std::string_view name, std::string_view value = {});

/// The same with a list of names as the value, separated by commas; a name that contains a comma is put in double
/// quotes, like a cell of a CSV file: `drop = age,"size, sqm"`.
std::string setting_hint_list(std::string_view name, const std::vector<std::string>& names);

/// Replaces each setting hint in the text by what `spell` returns for its name and its value (empty: none). Other text
/// in backticks stays unchanged, and so do hints for which `spell` returns an empty text.
std::string with_settings(std::string_view text,
                          const std::function<std::string(std::string_view name, std::string_view value)>& spell);

}  // namespace pellucid
