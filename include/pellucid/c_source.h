// c_source: a model as two C files that need no library and give the same bits as Predictor.
// Not here: the operations that a layer is made of (expression.h), files (the caller writes them).
#pragma once

#include <cstdint>
#include <string>

#include "pellucid/model.h"

namespace PELLUCID_EXPORT pellucid {

/// A model as C99: `NAME.h` declares the functions, `NAME.c` holds them, the weights and everything that was learned of
/// the columns. The code allocates nothing, has no state, and may be called from any number of threads.
struct CSource {
  std::string header, source;       ///< the texts of NAME.h and NAME.c
  std::int64_t constant_bytes = 0;  ///< weights and biases: read-only memory (flash), without the code
  std::int64_t stack_bytes = 0;     ///< arrays on the stack during a prediction, without frames of functions
};

/// Writes the model. Its functions are
///   void NAME_net(const float features[], float outputs[]);        the net alone: the bits of Predictor
///   int NAME_predict(const double record[], double answer[]);      with the columns of the table, and
///   double NAME_code(int column, const char *word);                words of a column as numbers of a record,
/// the last two only for a model without heads that was trained on a table. The header describes every column.
///
/// The same bits need a compiler that keeps to float (FLT_EVAL_METHOD 0: any 64-bit target; -msse2 -mfpmath=sse on
/// 32-bit x86) and an exact fmaf; `#error` says so otherwise. Numbers smaller than 1.2e-38 count as zero, as in
/// pellucid itself; processors for which the code cannot set this (others than x86 and 64-bit ARM) keep them.
///
/// Throws U12 where `name` is no C identifier; U29 for a layer without express() (layer.h), an activation of your own,
/// a softmax over more than 4,096 numbers, or a loss of your own that predicts; U21 where the model is not built.
PELLUCID_EXPORT CSource c_source(const Model& model, const std::string& name);

}  // namespace pellucid
