// Gather and Slice: columns of a row, and rows of a table of learned numbers (embeddings).
// Not here: the same operators on constants (constants.cc).
#include <algorithm>
#include <cmath>

#include "import/onnx/operators.h"

namespace pellucid::importing {
namespace {

void require_flat(const Values& values, const Operator& op, const Value& x, std::int64_t axis) {
  if (x.extents.size() == 1 && (axis == 1 || axis == -1)) return;
  refuse(values, op, "takes something else than columns of a flat row");
}

// A whole number of the file as an index of one of n columns, counted from the front; n for the end.
std::int64_t index_in(double number, std::int64_t n) {
  const double index = number < 0 ? number + static_cast<double>(n) : number;
  return static_cast<std::int64_t>(std::clamp(index, 0.0, static_cast<double>(n)));
}

Value look_up(Values& values, const Operator& op, const Constant& table) {
  const Value index = values.take(op, 1);
  if (index.size() != 1 || index.part >= 0 || !index.factor.empty()) {
    refuse(values, op, "looks up something else than one column of the data");
  }
  if (table.extents.size() != 2 || table.numbers.empty())
    refuse(values, op, "looks up in a table that is not of two axes");
  return values.net().embed(op, index, table);
}

}  // namespace

Value gather(Values& values, const Operator& op, Attributes& attributes) {
  const std::int64_t axis = attributes.integer("axis", 0);
  if (const Constant* const table = values.constant(op, 0)) {
    if (axis != 0) refuse(values, op, "looks up along another axis than 0");
    return look_up(values, op, *table);
  }
  const Value x = values.take(op, 0);
  const Constant* const index = values.constant(op, 1);
  require_flat(values, op, x, axis);
  if (index == nullptr || index->numbers.empty() || index->extents.size() > 1) {
    refuse(values, op, "takes columns that depend on the data");
  }
  const std::int64_t first = index_in(index->numbers.front(), x.size());
  for (std::size_t i = 0; i < index->numbers.size(); ++i) {
    const std::int64_t at = index_in(index->numbers[i], x.size());
    if (at >= x.size()) refuse_file(values.graph().file, op.text() + " has an index out of range");
    if (at != first + static_cast<std::int64_t>(i)) refuse(values, op, "takes columns that are not neighbours");
  }
  Value result = values.net().slice(op, x, first, static_cast<std::int64_t>(index->numbers.size()));
  if (index->extents.empty()) result.extents.clear();
  return result;
}

Value slice(Values& values, const Operator& op, Attributes& attributes) {
  const auto list = [&](const char* name, std::size_t input) {  // an attribute up to operator set 9, then an input
    const std::vector<std::int64_t> given = attributes.integers(name);
    if (!given.empty()) return std::vector<double>(given.begin(), given.end());
    const Constant* const found = values.constant(op, input);
    return found != nullptr ? found->numbers : std::vector<double>{};
  };
  const std::vector<double> starts = list("starts", 1), ends = list("ends", 2), axes = list("axes", 3),
                            steps = list("steps", 4);
  const Value x = values.take(op, 0);
  require_flat(values, op, x, axes.size() == 1 && std::abs(axes[0]) == 1 ? 1 : 0);
  if (starts.size() != 1 || ends.size() != 1 || (!steps.empty() && steps != std::vector<double>{1})) {
    refuse(values, op, "takes columns that are not neighbours, or that depend on the data");
  }
  const std::int64_t first = index_in(starts[0], x.size()), last = index_in(ends[0], x.size());
  if (first >= last) refuse(values, op, "takes no columns");
  return values.net().slice(op, x, first, last - first);
}

}  // namespace pellucid::importing
