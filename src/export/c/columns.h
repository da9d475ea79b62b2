// The columns of a C source: a record of doubles becomes the features of the net.
// Not here: what was learned of the columns (pellucid/fitted_column.h), the answer (answers.h).
#pragma once

#include <string>

#include "pellucid/preprocess.h"

namespace pellucid::c {

struct ColumnsText {
  std::string declarations;  ///< for the header: what each number of a record means, codes of words
  std::string helpers;       ///< functions that the body calls
  std::string body;          ///< of `int features(const double *r, float *x)`
  std::int64_t numbers = 0;  ///< of a record
};

ColumnsText columns_text(const Preprocessor& by, const std::string& prefix);

}  // namespace pellucid::c
