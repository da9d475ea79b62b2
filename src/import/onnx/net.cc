// Collects the layers of an imported graph. Not here: making the Model (build.cc), operators (operators.cc).
#include "import/onnx/net.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/normalization.h"

namespace pellucid::importing {
namespace {

constexpr std::int64_t most_numbers = std::int64_t{1} << 24;  // in one row
constexpr std::int64_t most_diagonal = 4096;
constexpr double most_spent = 1 << 28;  // numbers of factors, shifts and weights that are made on the way
constexpr std::int64_t most_table_columns = 4096;

bool all_equal(const std::vector<double>& values, double to) {
  return std::ranges::all_of(values, [&](double x) { return x == to; });
}

bool all_same(const std::vector<double>& values) {
  return values.empty() || all_equal(values, values.front());
}

}  // namespace

std::int64_t count(const Extents& extents) {
  std::int64_t result = 1;
  for (const std::int64_t extent : extents) result *= extent;
  return result;
}

Net::Net(const Graph& graph) : graph_(graph) {
  for (const GraphInput& input : graph.inputs) {
    starts_.push_back(columns_);
    columns_ += count(input.extents);
  }
  column_factor_.assign(static_cast<std::size_t>(columns_), 1);
  column_shift_.assign(static_cast<std::size_t>(columns_), 0);
}

Value Net::input(std::size_t which) const {
  const GraphInput& input = graph_.inputs[which];
  return {.first = starts_[which], .extents = input.extents, .integers = input.integers, .alone = true};
}

bool Net::row_is_one_cell() const noexcept {
  return graph_.inputs.size() == 1 && (graph_.inputs[0].extents.size() > 1 || columns_ > most_table_columns);
}

// A hostile file must not make the program hold many long rows.
void Net::spend(std::int64_t numbers) {
  spent_ += static_cast<double>(numbers);
  if (spent_ > most_spent)
    refuse_part(graph_.file, "its constants would need more memory than any net of this size has");
}

Value Net::add(const Operator& op, Part part, Extents extents) {
  if (part.size > most_numbers) {
    refuse_part(graph_.file, fmt::format("{} computes {} numbers per row, at most {} are allowed", op.text(),
                                         count_text(part.size), count_text(most_numbers)));
  }
  part.operators = op.text();
  parts_.push_back(std::move(part));
  return {.part = static_cast<int>(parts_.size()) - 1, .extents = std::move(extents), .alone = true};
}

// The dense layer that computes x, if it may still be changed.
Net::Part* Net::open_dense(const Value& x) {
  if (x.part < 0 || !x.alone || !x.factor.empty()) return nullptr;
  Part& part = parts_[static_cast<std::size_t>(x.part)];
  return part.layer == nullptr && part.activation == Activation() && !part.frozen ? &part : nullptr;
}

Value Net::dense(const Operator& op, const Value& x, std::vector<double> weight, std::vector<double> bias) {
  const auto units = static_cast<std::int64_t>(bias.size());
  spend(static_cast<std::int64_t>(weight.size()));
  if (!x.factor.empty()) {  // (f x + s) W + b = x (f W) + (s W + b)
    for (std::size_t i = 0; i < x.factor.size(); ++i) {
      for (std::size_t j = 0; j < bias.size(); ++j) {
        double& w = weight[i * bias.size() + j];
        bias[j] += x.shift[i] * w;
        w *= x.factor[i];
      }
    }
  }
  Value plain = x;
  plain.factor.clear();
  plain.shift.clear();
  Part part{.inputs = {place(op, plain)}, .size = units, .weight = std::move(weight), .bias = std::move(bias)};
  return add(op, std::move(part), {units});
}

Value Net::activate(const Operator& op, const Value& x, const Activation& activation) {
  if (Part* dense = open_dense(x)) {
    dense->activation = activation;
    dense->operators += ", " + op.text();
    return x;
  }
  Part part{.layer = std::make_shared<ActivationLayer>(activation), .inputs = {place(op, x)}, .size = x.size()};
  return add(op, std::move(part), x.extents);
}

// Whether factor and shift can be applied to the columns of the table instead.
bool Net::joins_columns(const Value& x, const std::vector<double>& factor, const std::vector<double>& shift) const {
  if (x.part >= 0 || !x.alone || !x.factor.empty() || std::ranges::find(factor, 0.0) != factor.end()) return false;
  return !row_is_one_cell() || (all_same(factor) && all_same(shift));
}

Value Net::affine(const Operator& op, Value x, std::vector<double> factor, std::vector<double> shift) {
  plain(op, x);
  spend(2 * x.size());
  if (joins_columns(x, factor, shift)) {
    for (std::size_t i = 0; i < factor.size(); ++i) {
      const std::size_t c = static_cast<std::size_t>(x.first) + i;
      column_factor_[c] *= factor[i];
      column_shift_[c] = column_shift_[c] * factor[i] + shift[i];
    }
    column_scaling_ += (column_scaling_.empty() ? "" : ", ") + op.text();
    return x;
  }
  if (Part* dense = open_dense(x)) {
    for (std::size_t i = 0; i < dense->weight.size(); ++i) dense->weight[i] *= factor[i % factor.size()];
    for (std::size_t j = 0; j < factor.size(); ++j) dense->bias[j] = dense->bias[j] * factor[j] + shift[j];
    dense->operators += ", " + op.text();
    return x;
  }
  if (x.factor.empty()) {
    x.factor = std::move(factor);
    x.shift = std::move(shift);
  } else {
    for (std::size_t i = 0; i < factor.size(); ++i) {
      x.factor[i] *= factor[i];
      x.shift[i] = x.shift[i] * factor[i] + shift[i];
    }
  }
  if (all_equal(x.factor, 1) && all_equal(x.shift, 0)) x.factor = x.shift = {};
  return x;
}

Net::Place Net::plain(const Operator& op, const Value& x) {
  if (x.integers) {
    refuse_part(graph_.file, op.text() + " computes with integers", {"add a Cast to float32 behind the input"});
  }
  return {x.part, x.first, x.size()};
}

// Where a layer reads x; a factor or shift that waited becomes a layer of its own.
Net::Place Net::place(const Operator& op, Value x) {
  if (x.factor.empty()) return plain(op, x);
  const std::vector<double> factor = std::move(x.factor), shift = std::move(x.shift);
  x.factor = x.shift = {};
  Part& before = parts_[static_cast<std::size_t>(std::max(x.part, 0))];
  const bool sum = x.part >= 0 && x.alone && before.layer != nullptr && before.layer->kind() == Add::name;
  if (sum && all_equal(shift, 0) && all_equal(factor, 1.0 / static_cast<double>(before.inputs.size()))) {
    before.layer = std::make_shared<Average>();
    return plain(op, x);
  }
  Part part{.inputs = {plain(op, x)}, .size = x.size(), .frozen = true};
  const std::size_t n = factor.size();
  if (all_equal(shift, 0)) {
    part.layer = std::make_shared<Scale>();
    part.factor = factor;
  } else {
    if (part.size > most_diagonal) {
      refuse_part(graph_.file,
                  fmt::format("{} reads {} numbers to which a constant was added; pellucid can do this for {}",
                              op.text(), count_text(part.size), count_text(most_diagonal)));
    }
    spend(part.size * part.size);
    part.weight.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i) part.weight[i * n + i] = factor[i];
    part.bias = shift;
  }
  const Value made = add({.type = "constants", .name = "before " + op.name}, std::move(part), x.extents);
  return plain(op, made);
}

Value Net::combine(const Operator& op, const Layer& layer, const std::vector<Value>& inputs) {
  const Value& first = inputs.front();
  for (const Value& input : inputs) {
    if (input.extents == first.extents) continue;
    refuse_part(graph_.file, op.text() + " combines computed arrays of different shapes");
  }
  if (layer.kind() == Add::name && first.part >= 0 && first.alone && first.factor.empty()) {
    Part& sum = parts_[static_cast<std::size_t>(first.part)];
    if (sum.layer != nullptr && sum.layer->kind() == Add::name) {  // (a + b) + c is one layer
      std::vector<Place> more;
      for (std::size_t i = 1; i < inputs.size(); ++i) more.push_back(place(op, inputs[i]));
      Part moved = std::move(parts_[static_cast<std::size_t>(first.part)]);
      moved.inputs.insert(moved.inputs.end(), more.begin(), more.end());
      const std::string operators = moved.operators + ", " + op.text();
      parts_[static_cast<std::size_t>(first.part)] = {};
      Value result = add(op, std::move(moved), first.extents);
      parts_.back().operators = operators;
      return result;
    }
  }
  Part part{.layer = layer.clone(), .inputs = {}, .size = first.size()};
  for (const Value& input : inputs) part.inputs.push_back(place(op, input));
  return add(op, std::move(part), first.extents);
}

Value Net::concat(const Operator& op, const std::vector<Value>& inputs) {
  Value result = inputs.front();
  std::int64_t size = 0;
  bool neighbours = true, scaled = false;
  for (const Value& input : inputs) {
    neighbours = neighbours && input.part < 0 && input.factor.empty() && input.first == inputs.front().first + size &&
                 input.integers == inputs.front().integers;
    scaled = scaled || !input.factor.empty();
    result.alone = result.alone && input.alone;
    size += input.size();
  }
  result.extents = {size};
  if (neighbours) return result;
  spend(scaled ? 2 * size : 0);
  std::vector<double> factor, shift;
  Part part{.layer = std::make_shared<Concat>(), .inputs = {}, .size = size};
  for (Value input : inputs) {  // factors and shifts stay beside the values, for the next dense layer
    const std::size_t end = factor.size() + (scaled ? static_cast<std::size_t>(input.size()) : 0);
    factor.insert(factor.end(), input.factor.begin(), input.factor.end());
    shift.insert(shift.end(), input.shift.begin(), input.shift.end());
    factor.resize(end, 1);
    shift.resize(end, 0);
    input.factor = input.shift = {};
    part.inputs.push_back(place(op, input));
  }
  result = add(op, std::move(part), {size});
  result.factor = std::move(factor);
  result.shift = std::move(shift);
  return result;
}

Value Net::slice(const Operator& op, const Value& x, std::int64_t first, std::int64_t count) {
  Value result = x;
  if (x.part < 0) {
    result.first += first;
    result.extents = {count};
  } else {
    Value plain = x;
    plain.factor = plain.shift = {};
    Part part{.layer = std::make_shared<Slice>(first, Shape{count}), .inputs = {place(op, plain)}, .size = count};
    result = add(op, std::move(part), {count});
  }
  if (x.factor.empty()) return result;
  const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(first + count);
  result.factor.assign(x.factor.begin() + begin, x.factor.begin() + end);
  result.shift.assign(x.shift.begin() + begin, x.shift.begin() + end);
  return result;
}

Value Net::embed(const Operator& op, const Value& index, const Constant& table) {
  const std::int64_t rows = table.extents[0], size = table.extents[1];
  spend(rows * size);
  Part part{.layer = std::make_shared<Embedding>(std::vector<EmbeddedColumn>{{0, rows}}, size),
            .inputs = {{index.part, index.first, 1}},
            .size = size,
            .weight = table.numbers};
  Extents extents = index.extents;
  extents.push_back(size);
  embedded_.push_back({index.first, rows});
  return add(op, std::move(part), std::move(extents));
}

Value Net::dropout(const Operator& op, const Value& x, double rate) {
  Part part{.layer = std::make_shared<Dropout>(rate), .inputs = {place(op, x)}, .size = x.size()};
  return add(op, std::move(part), x.extents);
}

Value Net::layer_norm(const Operator& op, const Value& x, double epsilon, std::vector<double> gamma,
                      std::vector<double> beta) {
  Part part{.layer = std::make_shared<LayerNorm>(epsilon),
            .inputs = {place(op, x)},
            .size = x.size(),
            .gamma = std::move(gamma),
            .beta = std::move(beta)};
  return add(op, std::move(part), x.extents);
}

void Net::end(const Operator& last, Value answer) {
  const Place at = place(last, std::move(answer));
  if (at.part < 0) refuse_part(graph_.file, "its output is its input; there is no layer to import");
  parts_.resize(static_cast<std::size_t>(at.part) + 1);
}

const Activation* Net::last_activation() const {
  const Part& last = parts_.back();
  return last.layer != nullptr ? last.layer->output_activation() : &last.activation;
}

void Net::append_activation(const Activation& activation) {
  Part& last = parts_.back();
  if (last.layer == nullptr && !last.frozen && last.activation == Activation()) {
    last.activation = activation;
    return;
  }
  const int before = static_cast<int>(parts_.size()) - 1;
  const std::int64_t size = last.size;
  parts_.push_back({.layer = std::make_shared<ActivationLayer>(activation),
                    .inputs = {{before, 0, size}},
                    .size = size,
                    .operators = "added for the classes"});
}

}  // namespace pellucid::importing
