// What the kinds of columns are told by: forms, and the spellings of booleans. find_kind itself is public.
// Not here: what is learned from it (fit.cc), plain numbers against words (tables/readers/csv/column_reader.h).
#pragma once

#include <string_view>

#include "pellucid/preprocess.h"

namespace pellucid {

/// 0 or 1, or -1 where the word is neither of the boolean's form ("no/yes"), in any case.
int read_boolean(std::string_view word, std::string_view form);

/// Of column_kinds(): date, day-first, month-first, year-first.
bool is_date_kind(std::string_view kind);

/// Whether `form` is one that find_kind() gives to a column of this kind.
bool is_form(std::string_view kind, std::string_view form);

}  // namespace pellucid
