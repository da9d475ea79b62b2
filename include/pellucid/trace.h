// Trace: one training step of some rows with every number it made: forward, loss, backward, update.
// Not here: how it is told (app/text/trace_text.cc), single values while a run goes on (pellucid/observer.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pellucid/trainer.h"

namespace PELLUCID_EXPORT pellucid {

/// A copy of a kept value: rows × columns, row-major. Of a parameter: in × out.
struct TracedValue {
  std::int64_t rows = 0, columns = 0;
  std::vector<float> numbers;

  float operator()(std::int64_t r, std::int64_t c) const { return numbers[static_cast<std::size_t>(r * columns + c)]; }
};

struct Trace {
  /// By the names of observer.h: input, dense1.z, dense1.output, dense1.z.gradient, dense1.weight.gradient, …; and
  /// dense1.weight, before the step. `target`: what is to be learned, as numbers, where there are several.
  std::map<std::string, TracedValue> values;
  std::map<std::string, TracedValue> updated;  ///< the parameters after it
  std::string loss_name, loss_formula, optimizer;
  std::vector<std::string> target_names;
  bool sums_outputs = false;  ///< a row's loss is the sum of one term an output
  double loss = 0, loss_after = 0, learning_rate = 0;

  bool has(const std::string& name) const { return values.contains(name); }
  const TracedValue& operator[](const std::string& name) const { return values.at(name); }
};

/// Takes the step that fit() takes with these options on all the rows as one batch, on a copy of the model. Throws as
/// fit().
Trace trace_step(const Model& model, const Dataset& rows, FitOptions options);

}  // namespace pellucid
