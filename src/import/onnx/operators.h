// The ONNX operators that pellucid has layers for. Not here: how layers are merged (net.h), constants (constants.h).
#pragma once

#include <string>
#include <unordered_map>

#include "import/onnx/net.h"

namespace pellucid::importing {

/// The values of a graph while its operators are turned into layers, one after the other.
class Values {
 public:
  /// `answer`: the value to compute; operators that it does not need are left out.
  Values(Graph& graph, Net& net, const std::string& answer);

  /// Turns every operator into layers; returns the answer. Throws D21, U38.
  Value compute(const std::string& answer);

  Net& net() noexcept { return net_; }
  const Graph& graph() const noexcept { return graph_; }
  /// The constant with this name; null if it is computed, or left out.
  const Constant* constant(const Operator& op, std::size_t input) const;
  /// The computed value that an operator reads. Throws U38 if it is a constant, D21 if it is left out.
  Value take(const Operator& op, std::size_t input) const;
  bool is_computed(const std::string& name) const { return values_.count(name) != 0; }

 private:
  void run(const Operator& op);
  bool run_constant(const Operator& op);

  Graph& graph_;
  Net& net_;
  std::unordered_map<std::string, Value> values_;
  std::unordered_map<std::string, int> uses_;
  std::vector<bool> needed_;  // per operator
};

/// What turns one operator into layers.
using Convert = Value (*)(Values& values, const Operator& op, Attributes& attributes);

/// Throws U38: `what` continues the text of the operator.
[[noreturn]] void refuse(const Values& values, const Operator& op, const std::string& what);

// Of shapes.cc.
Value reshape(Values& values, const Operator& op, Attributes& attributes);
Value flatten(Values& values, const Operator& op, Attributes& attributes);
Value squeeze(Values& values, const Operator& op, Attributes& attributes);
Value unsqueeze(Values& values, const Operator& op, Attributes& attributes);
Value transpose(Values& values, const Operator& op, Attributes& attributes);
// Of gather.cc.
Value gather(Values& values, const Operator& op, Attributes& attributes);
Value slice(Values& values, const Operator& op, Attributes& attributes);

/// Null if pellucid has nothing for the operator.
Convert conversion(const std::string& type);

}  // namespace pellucid::importing
