// Walks over the operators of a graph in their order. Not here: what each operator becomes (operators.cc).
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "import/onnx/constants.h"
#include "import/onnx/operators.h"
#include "pellucid/error.h"

namespace pellucid::importing {
namespace {

// Why there is no layer for some operators that nets often contain, and what to do instead.
struct Reason {
  const char* type;
  const char* way_out;
};

constexpr Reason reasons[] = {
    {"Conv", "pellucid has no convolutions; it imports nets of dense layers"},
    {"ConvTranspose", "pellucid has no convolutions; it imports nets of dense layers"},
    {"MaxPool", "pellucid has no pooling; it imports nets of dense layers"},
    {"AveragePool", "pellucid has no pooling; it imports nets of dense layers"},
    {"GlobalAveragePool", "pellucid has no pooling; it imports nets of dense layers"},
    {"LogSoftmax", "export the net with Softmax, or without it and with `classes`"},
    {"LSTM", "pellucid has no recurrent layers; it imports nets of dense layers"},
    {"GRU", "pellucid has no recurrent layers; it imports nets of dense layers"},
    {"Clip", "relu is imported; for ReLU6 there is no layer"},
};

[[noreturn]] void refuse_operator(const Operator& op, const std::string& file) {
  std::vector<std::string> ways_out;
  for (const Reason& reason : reasons) {
    if (op.type == reason.type) ways_out.emplace_back(reason.way_out);
  }
  refuse_part(file, "it contains " + op.text() + ", for which pellucid has no layer", ways_out);
}

}  // namespace

Values::Values(Graph& graph, Net& net, const std::string& answer) : graph_(graph), net_(net) {
  std::unordered_map<std::string, int> wanted{{answer, 1}};
  needed_.resize(graph.operators.size());
  for (std::size_t i = graph.operators.size(); i-- > 0;) {
    const Operator& op = graph.operators[i];
    needed_[i] = std::ranges::any_of(op.outputs, [&](const std::string& name) { return wanted.count(name) != 0; });
    if (!needed_[i]) continue;
    // An operator that reads only the shape of a value does not keep a layer from being merged with the next one.
    for (const std::string& input : op.inputs) wanted[input] += op.type == "Shape" ? 0 : 1;
  }
  uses_ = std::move(wanted);
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) values_.emplace(graph.inputs[i].name, net.input(i));
}

const Constant* Values::constant(const Operator& op, std::size_t input) const {
  if (input >= op.inputs.size()) return nullptr;
  const auto found = graph_.constants.find(op.inputs[input]);
  return found == graph_.constants.end() ? nullptr : &found->second;
}

Value Values::take(const Operator& op, std::size_t input) const {
  if (input >= op.inputs.size() || op.inputs[input].empty()) refuse_file(graph_.file, op.text() + " lacks an input");
  const std::string& name = op.inputs[input];
  const auto found = values_.find(name);
  if (found == values_.end()) {
    refuse_part(graph_.file,
                fmt::format("{} reads {}, which does not depend on the net's input", op.text(), quote(name)));
  }
  Value value = found->second;
  value.alone = value.alone && uses_.at(name) == 1;
  return value;
}

// Computes an operator on constants, and the shape of a value.
bool Values::run_constant(const Operator& op) {
  if (op.type == "Shape" && op.inputs.size() == 1 && op.attributes.empty() && is_computed(op.inputs[0])) {
    graph_.constants[op.outputs[0]] = shape_of(values_.at(op.inputs[0]));
    return true;
  }
  std::vector<const Constant*> inputs;
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    if (is_computed(op.inputs[i])) return false;
    inputs.push_back(constant(op, i));
  }
  std::optional<Constant> result = fold(op, inputs, graph_);
  if (!result && conversion(op.type) == nullptr) refuse_operator(op, graph_.file);
  if (!result) refuse_part(graph_.file, op.text() + " works on constants in a way that pellucid cannot compute");
  graph_.constants[op.outputs[0]] = std::move(*result);
  return true;
}

void Values::run(const Operator& op) {
  if (run_constant(op)) return;
  const Convert convert = conversion(op.type);
  if (convert == nullptr) refuse_operator(op, graph_.file);
  for (std::size_t i = 1; i < op.outputs.size(); ++i) {
    if (uses_.count(op.outputs[i]) != 0) refuse_part(graph_.file, "the second output of " + op.text() + " is used");
  }
  Attributes attributes(op, graph_.file);
  values_[op.outputs[0]] = convert(*this, op, attributes);
  attributes.finish();
}

Value Values::compute(const std::string& answer) {
  for (std::size_t i = 0; i < graph_.operators.size(); ++i) {
    if (needed_[i]) run(graph_.operators[i]);
  }
  const auto found = values_.find(answer);
  if (found == values_.end()) refuse_part(graph_.file, "its output " + quote(answer) + " is a constant");
  return found->second;
}

}  // namespace pellucid::importing
