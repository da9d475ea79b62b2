// The answer of a C source: outputs of the net as probabilities, or as values in the unit of the table.
// Not here: the same for pellucid itself (src/judge).
#pragma once

#include <string>

#include "export/c/functions.h"
#include "pellucid/model.h"

namespace pellucid::c {

/// The body of `int answer(const float *y, double *p)` for a model with a preprocessor. `numbers`: of an answer.
struct AnswerText {
  std::string body{}, declaration{};
  std::int64_t numbers = 0;
};

AnswerText answer_text(const Model& model, const std::string& prefix, Functions& functions);

}  // namespace pellucid::c
