// Reshape and its kin: the numbers of a row stay in their order, so no layer is needed.
// Not here: the same operators on constants (constants.cc).
#include <algorithm>
#include <cmath>

#include "import/onnx/constants.h"
#include "import/onnx/operators.h"

namespace pellucid::importing {
namespace {

// The data in memory stay as they are, if every row stays one row.
Value with_extents(const Values& values, const Operator& op, Value x, const std::vector<double>& shape) {
  if (shape.empty()) refuse(values, op, "leaves no axis for the rows");
  Extents extents;
  double elements = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    double extent = shape[axis];
    if (extent == -1) {
      double others = 1;
      for (std::size_t i = 1; i < shape.size(); ++i) others *= i == axis ? 1 : shape[i];
      extent = static_cast<double>(x.size()) / others;
    }
    if (!(extent >= 1 && extent <= static_cast<double>(x.size()) && extent == std::floor(extent))) {
      refuse(values, op, "mixes rows of data, or takes a shape that does not hold its numbers");
    }
    extents.push_back(static_cast<std::int64_t>(extent));
    elements *= extent;
  }
  if (elements != static_cast<double>(x.size()))
    refuse(values, op, "mixes rows of data: each row would become several");
  x.extents = std::move(extents);
  return x;
}

std::int64_t fixed_rows(const Graph& graph) {
  return graph.inputs.front().rows;
}

}  // namespace

Value reshape(Values& values, const Operator& op, Attributes& attributes) {
  const bool zeros = attributes.integer("allowzero", 0) != 0;
  const Value x = values.take(op, 0);
  const Constant* const target = values.constant(op, 1);
  if (target == nullptr || target->numbers.empty()) refuse(values, op, "takes a shape that depends on the data");
  std::vector<double> shape = target->numbers;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (shape[axis] == 0 && !zeros && axis <= x.extents.size()) shape[axis] = static_cast<double>(x.extents[axis - 1]);
  }
  const bool keeps_rows =
      shape[0] == any_rows || shape[0] == -1 || (shape[0] == 0 && !zeros) ||
      (fixed_rows(values.graph()) > 0 && shape[0] == static_cast<double>(fixed_rows(values.graph())));
  if (!keeps_rows) refuse(values, op, "gives the first axis, the rows of data, another size");
  return with_extents(values, op, x, shape);
}

Value flatten(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  const std::int64_t axis = attributes.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(x.extents.size()) + 1;
  if (axis != 1 && axis != 1 - rank) refuse(values, op, "has another axis than 1, which mixes rows of data");
  return with_extents(values, op, x, {any_rows, static_cast<double>(x.size())});
}

Value squeeze(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  attributes.integers("axes");
  std::vector<std::int64_t> axes =
      axes_of(op, values.constant(op, 1), static_cast<std::int64_t>(x.extents.size()) + 1, values.graph());
  std::vector<double> shape{any_rows};
  for (std::size_t i = 0; i < x.extents.size(); ++i) {
    const bool named = axes.empty() || std::ranges::find(axes, static_cast<std::int64_t>(i) + 1) != axes.end();
    if (!named || x.extents[i] != 1) shape.push_back(static_cast<double>(x.extents[i]));
    if (named && !axes.empty() && x.extents[i] != 1) refuse(values, op, "removes an axis of more than one number");
  }
  if (std::ranges::find(axes, 0) != axes.end()) refuse(values, op, "removes the axis of the rows");
  return with_extents(values, op, x, shape);
}

Value unsqueeze(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  const Constant* const input = values.constant(op, 1);
  const std::size_t more = input != nullptr ? input->numbers.size() : attributes.integers("axes").size();
  attributes.integers("axes");
  if (more > 8) refuse(values, op, "adds too many axes");
  const std::size_t rank = x.extents.size() + 1 + more;
  const std::vector<std::int64_t> axes = axes_of(op, input, static_cast<std::int64_t>(rank), values.graph());
  std::vector<double> shape;
  std::size_t from = 0;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const bool added = std::ranges::find(axes, static_cast<std::int64_t>(axis)) != axes.end();
    if (axis == 0) {
      if (added) refuse(values, op, "adds an axis before the rows");
      shape.push_back(any_rows);
    } else if (added || from >= x.extents.size()) {
      shape.push_back(1);
    } else {
      shape.push_back(static_cast<double>(x.extents[from++]));
    }
  }
  return with_extents(values, op, x, shape);
}

// Only axes of one number may move; the numbers then stay in their order.
Value transpose(Values& values, const Operator& op, Attributes& attributes) {
  const Value x = values.take(op, 0);
  const std::vector<std::int64_t> order = attributes.integers("perm");
  const auto rank = static_cast<std::int64_t>(x.extents.size()) + 1;
  std::vector<std::int64_t> sorted = order;
  std::ranges::sort(sorted);
  for (std::int64_t i = 0; i < rank; ++i) {
    if (static_cast<std::int64_t>(sorted.size()) != rank || sorted[static_cast<std::size_t>(i)] != i) {
      refuse(values, op, "has no order of all axes");
    }
  }
  std::vector<double> shape{any_rows};
  std::int64_t last = 0;
  for (const std::int64_t axis : order) {
    const std::int64_t extent = axis == 0 ? 2 : x.extents[static_cast<std::size_t>(axis) - 1];
    if (extent != 1 && axis < last)
      refuse(values, op, "changes the order of the numbers; pellucid has no layer for that");
    if (extent != 1) last = axis;
    if (axis != 0) shape.push_back(static_cast<double>(extent));
  }
  return with_extents(values, op, x, shape);
}

}  // namespace pellucid::importing
