// Trace: one training step with every number that it computes: forward, loss, backward, update.
// Not here: its text (app/text/trace_text.cc), single values during a training (pellucid/observer.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pellucid/trainer.h"

namespace PELLUCID_EXPORT pellucid {

/// A copy of one value: rows × columns, row-major; for a weight, inputs × outputs.
struct TracedValue {
  std::int64_t rows = 0, columns = 0;
  std::vector<float> numbers;

  float operator()(std::int64_t r, std::int64_t c) const { return numbers[static_cast<std::size_t>(r * columns + c)]; }
};

struct Trace {
  /// By the names of observer.h (input, dense1.z, dense1.output, dense1.z.gradient, dense1.weight.gradient, …).
  /// Parameters (dense1.weight) are those before the step. `target` holds the targets as numbers, if there are several.
  std::map<std::string, TracedValue> values;
  std::map<std::string, TracedValue> updated;  ///< the parameters after the step
  std::string loss_name, loss_formula, optimizer;
  std::vector<std::string> target_names;
  bool sums_outputs = false;  ///< true: the loss of a row is a sum of one term per output
  double loss = 0, loss_after = 0, learning_rate = 0;

  bool has(const std::string& name) const { return values.contains(name); }
  const TracedValue& operator[](const std::string& name) const { return values.at(name); }
};

/// Runs, on a copy of the model, the step that fit() would take with these options and all rows in one batch. Throws as
/// fit().
Trace trace_step(const Model& model, const Dataset& rows, FitOptions options);

}  // namespace pellucid
