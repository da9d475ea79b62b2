// How many rows are predicted at once, and by how many threads. Not here: predicting them (predictor.cc).
#pragma once

#include <cstdint>

#include "pellucid/model.h"

namespace pellucid {

inline constexpr std::int64_t rows_predicted_at_once = 256;  ///< per thread; does not change results

/// Number of threads that pay for this many rows, at most `threads`; 0: at most the CPUs that this process may use. One
/// if the model has a user's own activation, which may not be safe to call from several threads.
template <class T>
int threads_for(const BasicModel<T>& model, std::int64_t rows, std::int64_t threads);

}  // namespace pellucid
