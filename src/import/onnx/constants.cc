// Arithmetic and shapes of constants. Not here: operators on data (operators.cc).
#include "import/onnx/constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pellucid::importing {
namespace {

using Inputs = std::vector<const Constant*>;

Constant transposed(const Operator& op, const Constant& x, const Graph& graph) {
  Attributes attributes(op, graph.file);
  const std::vector<std::int64_t> order = attributes.integers("perm");
  attributes.finish();
  if (x.extents.size() < 2 || order == std::vector<std::int64_t>{0, 1}) return x;
  if (x.extents.size() != 2 || (!order.empty() && order != std::vector<std::int64_t>{1, 0})) {
    refuse_part(graph.file, op.text() + " transposes a constant of more than two axes");
  }
  Constant result{.extents = {x.extents[1], x.extents[0]}, .integers = x.integers};
  const auto rows = static_cast<std::size_t>(x.extents[0]), columns = static_cast<std::size_t>(x.extents[1]);
  result.numbers.resize(x.numbers.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result.numbers[c * rows + r] = x.numbers[r * columns + c];
  }
  return result;
}

// One number with a list, or two lists of equal shapes.
std::optional<Constant> arithmetic(const std::string& type, const Constant& a, const Constant& b) {
  if (a.numbers.empty() || b.numbers.empty()) return std::nullopt;
  if (a.extents != b.extents && a.numbers.size() != 1 && b.numbers.size() != 1) return std::nullopt;
  const bool first = b.numbers.size() == 1;
  Constant result{.extents = first ? a.extents : b.extents, .integers = a.integers && b.integers};
  if (result.integers && type == "Div") return std::nullopt;
  result.numbers.resize(std::max(a.numbers.size(), b.numbers.size()));
  for (std::size_t i = 0; i < result.numbers.size(); ++i) {
    const double x = a.numbers[a.numbers.size() == 1 ? 0 : i], y = b.numbers[b.numbers.size() == 1 ? 0 : i];
    if (x == any_rows || y == any_rows) return std::nullopt;
    result.numbers[i] = type == "Add" ? x + y : type == "Sub" ? x - y : type == "Mul" ? x * y : x / y;
    if (!std::isfinite(result.numbers[i])) return std::nullopt;
  }
  return result;
}

std::optional<Constant> joined(const Inputs& inputs) {
  Constant result{.extents = {0}, .integers = true};
  for (const Constant* input : inputs) {
    if (input->extents.size() != 1 || result.numbers.size() + input->numbers.size() > 16) return std::nullopt;
    result.numbers.insert(result.numbers.end(), input->numbers.begin(), input->numbers.end());
    result.integers = result.integers && input->integers;
  }
  result.extents = {static_cast<std::int64_t>(result.numbers.size())};
  return result;
}

std::optional<Constant> gathered(const Operator& op, const Constant& from, const Constant& at, const Graph& graph) {
  Attributes attributes(op, graph.file);
  if (attributes.integer("axis", 0) != 0 || from.extents.size() != 1 || at.numbers.size() > 16) return std::nullopt;
  attributes.finish();
  Constant result{.extents = at.extents, .integers = from.integers};
  const auto n = static_cast<double>(from.numbers.size());
  for (double index : at.numbers) {
    if (index < 0) index += n;
    if (!(index >= 0 && index < n)) refuse_file(graph.file, op.text() + " has an index out of range");
    result.numbers.push_back(from.numbers[static_cast<std::size_t>(index)]);
  }
  return result;
}

std::optional<Constant> sliced(const Operator& op, const Inputs& inputs, const Graph& graph) {
  if (inputs.size() < 3 || inputs[0]->extents.size() != 1) return std::nullopt;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i] == nullptr || inputs[i]->numbers.size() != 1) return std::nullopt;
  }
  if (inputs.size() > 3 && inputs[3]->numbers[0] != 0) return std::nullopt;
  if (inputs.size() > 4 && inputs[4]->numbers[0] != 1) return std::nullopt;
  const auto n = static_cast<double>(inputs[0]->numbers.size());
  const auto place = [&](double at) { return std::clamp(at < 0 ? at + n : at, 0.0, n); };
  const double first = place(inputs[1]->numbers[0]), last = place(inputs[2]->numbers[0]);
  if (!(first < last)) refuse_file(graph.file, op.text() + " takes nothing");
  const auto begin = inputs[0]->numbers.begin();
  Constant result{.integers = inputs[0]->integers};
  result.numbers.assign(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last));
  result.extents = {static_cast<std::int64_t>(result.numbers.size())};
  return result;
}

// Squeeze, Unsqueeze: the numbers stay.
Constant reaxed(const Operator& op, const Inputs& inputs, const Graph& graph) {
  Constant result = *inputs[0];
  const bool more = op.type == "Unsqueeze";
  const Constant* const given = inputs.size() > 1 ? inputs[1] : nullptr;
  const auto rank = static_cast<std::int64_t>(result.extents.size());
  const std::int64_t added = more ? static_cast<std::int64_t>(given != nullptr ? given->numbers.size() : 1) : 0;
  std::vector<std::int64_t> axes = axes_of(op, given, rank + added, graph);
  std::ranges::sort(axes);
  Extents extents;
  std::int64_t from = 0;
  for (std::int64_t axis = 0; axis < rank + added; ++axis) {
    const bool named = std::ranges::find(axes, axis) != axes.end();
    if (more && named) {
      extents.push_back(1);
    } else if (from < rank) {
      const std::int64_t extent = result.extents[static_cast<std::size_t>(from++)];
      if (!more && (axes.empty() || named) && extent == 1) continue;
      extents.push_back(extent);
    }
  }
  result.extents = extents;
  return result;
}

}  // namespace

std::vector<std::int64_t> axes_of(const Operator& op, const Constant* input, std::int64_t rank, const Graph& graph) {
  Attributes attributes(op, graph.file);
  std::vector<std::int64_t> axes = attributes.integers("axes");
  attributes.finish();
  if (input != nullptr) {
    for (const double axis : input->numbers)
      axes.push_back(axis > -100 && axis < 100 ? static_cast<std::int64_t>(axis) : 100);
  }
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank) refuse_file(graph.file, op.text() + " names an axis that its input does not have");
  }
  return axes;
}

Constant shape_of(const Value& value) {
  Constant result{
      .extents = {static_cast<std::int64_t>(value.extents.size()) + 1}, .numbers = {any_rows}, .integers = true};
  result.numbers.insert(result.numbers.end(), value.extents.begin(), value.extents.end());
  return result;
}

std::optional<Constant> fold(const Operator& op, const Inputs& inputs, const Graph& graph) {
  const std::string& type = op.type;
  if (inputs.empty() || inputs[0] == nullptr || !inputs[0]->words.empty()) return std::nullopt;
  const bool two = inputs.size() == 2 && inputs[1] != nullptr;
  if (type == "Identity" || type == "Cast") return *inputs[0];
  if (type == "Transpose") return transposed(op, *inputs[0], graph);
  if (type == "Concat" && std::ranges::find(inputs, nullptr) == inputs.end()) return joined(inputs);
  if (type == "Squeeze" || type == "Unsqueeze") return reaxed(op, inputs, graph);
  if (type == "Gather" && two) return gathered(op, *inputs[0], *inputs[1], graph);
  if (type == "Slice") return sliced(op, inputs, graph);
  if (two && (type == "Add" || type == "Sub" || type == "Mul" || type == "Div")) {
    return arithmetic(type, *inputs[0], *inputs[1]);
  }
  if (type != "Sqrt" && type != "Neg") return std::nullopt;
  Constant result = *inputs[0];
  for (double& x : result.numbers) x = type == "Neg" ? -x : std::sqrt(x);
  if (std::ranges::any_of(result.numbers, [](double x) { return !std::isfinite(x); })) return std::nullopt;
  return result;
}

std::vector<double> one_row(const Operator& op, const Constant& constant, const Extents& extents, const Graph& graph) {
  const auto refuse = [&] {
    refuse_part(graph.file, op.text() + " combines a computed array with a constant of another shape");
  };
  if (constant.numbers.empty()) refuse();
  const std::size_t rank = extents.size() + 1, own = constant.extents.size();
  if (own > rank || (own == rank && constant.extents[0] != 1)) refuse();
  const auto size = static_cast<std::size_t>(count(extents));
  std::vector<double> result(size);
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t at = 0, step = 1, rest = i;
    for (std::size_t back = 0; back < extents.size(); ++back) {  // from the last axis on
      const auto extent = static_cast<std::size_t>(extents[extents.size() - 1 - back]);
      const std::size_t index = rest % extent;
      rest /= extent;
      if (back >= own) continue;
      const auto its = static_cast<std::size_t>(constant.extents[own - 1 - back]);
      if (its != extent && its != 1) refuse();
      at += its == 1 ? 0 : index * step;
      step *= its;
    }
    result[i] = constant.numbers[at];
  }
  return result;
}

}  // namespace pellucid::importing
