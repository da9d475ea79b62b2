// NAME_code() and NAME_class(): words of columns as numbers of a record, classes as words.
// Not here: how words that are spelled differently are matched (prepare/, only in `pellucid predict`).
#pragma once

#include <string>

#include "pellucid/preprocess.h"

namespace pellucid::c {

std::string words_text(const Preprocessor& by, const std::string& prefix);

}  // namespace pellucid::c
