// Helpers for finding a column's kind: spellings of booleans, kinds that the user set. find_kind itself is public.
// Not here: fitting (fit.cc), telling numbers from text (tables/readers/csv/column_reader.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pellucid/preprocess.h"

namespace pellucid {

/// 0 or 1, or -1 if the word is neither of the form's two words. Letter case does not matter.
int read_boolean(std::string_view word, BooleanForm form);

/// The kind that the user set for this column, or nothing.
std::optional<AskedKind> asked_kind(const PreprocessOptions& options, const std::string& column);

}  // namespace pellucid
