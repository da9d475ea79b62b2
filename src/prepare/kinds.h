// What the kinds of columns are told by: forms, and the spellings of booleans. find_kind itself is public.
// Not here: what is learned from it (fit.cc), plain numbers against words (tables/readers/csv/column_reader.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pellucid/preprocess.h"

namespace pellucid {

/// 0 or 1, or -1 where the word is neither of the two words of the form. Letter case does not matter.
int read_boolean(std::string_view word, BooleanForm form);

/// What the user says that this column is, or nothing.
std::optional<AskedKind> asked_kind(const PreprocessOptions& options, const std::string& column);

}  // namespace pellucid
