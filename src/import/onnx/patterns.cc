// Decomposed activations are found by flattening products into factors. Not here: the other operators (operators.cc).
#include "import/onnx/patterns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace pellucid::importing {
namespace {

constexpr std::size_t most_factors = 8;
constexpr double root_half = 0.70710678118654752;
constexpr double enough_for_softplus = 15;  // ln(1 + exp(15)) is 15 in float32

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::abs(b);
}

class Finder {
 public:
  explicit Finder(Graph& graph) : graph_(graph) {
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
      for (const std::string& output : graph.operators[i].outputs) makers_.emplace(output, i);
      for (const std::string& input : graph.operators[i].inputs) ++reads_[input];
    }
  }

  void rewrite() {
    std::vector<Operator> all;
    for (const Operator& op : graph_.operators) {
      if (auto joined = op.type == "Mul" ? product(op) : op.type == "Where" ? softplus(op) : std::nullopt) {
        all.insert(all.end(), joined->begin(), joined->end());
      } else {
        all.push_back(op);
      }
    }
    graph_.operators = std::move(all);
  }

 private:
  const Operator* maker(const std::string& name, std::string_view type) const {
    const auto found = makers_.find(name);
    if (found == makers_.end() || graph_.operators[found->second].type != type) return nullptr;
    const Operator& op = graph_.operators[found->second];
    const std::size_t inputs = type == "Mul" || type == "Div" || type == "Add" || type == "Greater" ? 2 : 1;
    return op.inputs.size() == inputs ? &op : nullptr;
  }

  // The number, if this name is a constant with one element.
  std::optional<double> number(const std::string& name) const {
    const auto found = graph_.constants.find(name);
    if (found == graph_.constants.end() || found->second.numbers.size() != 1) return std::nullopt;
    return found->second.numbers.front();
  }

  // Follows products with numbers, and changes of sign, back to x: the value is factor · x.
  std::string source(std::string name, double& factor) const {
    for (std::size_t step = 0; step < most_factors; ++step) {
      if (const Operator* op = maker(name, "Neg")) {
        factor = -factor;
        name = op->inputs[0];
      } else if (const Operator* quotient = maker(name, "Div"); quotient && number(quotient->inputs[1])) {
        factor /= *number(quotient->inputs[1]);
        name = quotient->inputs[0];
      } else if (const Operator* mul = maker(name, "Mul"); mul && number(mul->inputs[1])) {
        factor *= *number(mul->inputs[1]);
        name = mul->inputs[0];
      } else if (mul != nullptr && number(mul->inputs[0])) {
        factor *= *number(mul->inputs[0]);
        name = mul->inputs[1];
      } else {
        break;
      }
    }
    return name;
  }

  // The x of 1 + erf(x/√2) or erfc(-x/√2); "" for anything else.
  std::string twice_normal(const std::string& name) const {
    double factor = 1;
    if (const Operator* op = maker(name, "Erfc")) {
      const std::string x = source(op->inputs[0], factor);
      return near(factor, -root_half) ? x : "";
    }
    const Operator* sum = maker(name, "Add");
    if (sum == nullptr) return "";
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
      const Operator* erf = maker(sum->inputs[i], "Erf");
      if (erf == nullptr || number(sum->inputs[1 - i]) != 1.0) continue;
      const std::string x = source(erf->inputs[0], factor);
      return near(factor, root_half) ? x : "";
    }
    return "";
  }

  // The x of which the named factor is a gate, and the activation x · gate; 2 · gelu for the normal distribution.
  std::string gated(const std::string& name, const char*& activation, double& scale) const {
    scale = 1;
    activation = "Silu";
    if (const Operator* op = maker(name, "Sigmoid")) return op->inputs[0];
    activation = "Mish";
    if (const Operator* op = maker(name, "Tanh")) {
      const Operator* inner = maker(op->inputs[0], "Softplus");
      if (inner != nullptr) return inner->inputs[0];
    }
    activation = "Gelu";
    scale = 2;
    return twice_normal(name);
  }

  // The factors of a product of products; empty if there are too many.
  std::vector<std::string> factors(const Operator& root) const {
    std::vector<std::string> open(root.inputs), result;
    while (!open.empty() && open.size() + result.size() <= most_factors) {
      const std::string name = open.front();
      open.erase(open.begin());
      const Operator* inner = maker(name, "Mul");
      if (inner == nullptr || reads_.at(name) > 1) {
        result.push_back(name);
      } else {
        open.insert(open.begin(), inner->inputs.begin(), inner->inputs.end());
      }
    }
    if (!open.empty()) result.clear();
    return result;
  }

  std::optional<std::vector<Operator>> product(const Operator& root) {
    if (root.inputs.size() != 2 || root.outputs.size() != 1) return std::nullopt;
    const std::vector<std::string> all = factors(root);
    for (std::size_t gate = 0; gate < all.size(); ++gate) {
      const char* activation = nullptr;
      double scale = 1;
      const std::string x = gated(all[gate], activation, scale);
      const auto found = x.empty() ? all.end() : std::ranges::find(all, x);
      if (found == all.end()) continue;
      std::vector<std::string> rest;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i != gate && i != static_cast<std::size_t>(found - all.begin())) rest.push_back(all[i]);
      }
      if (scale != 1) {
        const std::string two = fresh();
        graph_.constants.emplace(two, Constant{.numbers = {scale}});
        rest.push_back(two);
      }
      return chain(root, activation, x, rest);
    }
    return std::nullopt;
  }

  // activation(x), then times each of the other factors; the last result has the name of the product.
  std::vector<Operator> chain(const Operator& root, const char* activation, const std::string& x,
                              const std::vector<std::string>& rest) {
    std::vector<Operator> result{{.type = activation, .name = root.name, .inputs = {x}}};
    for (const std::string& factor : rest) {
      const std::string before = fresh();
      result.back().outputs = {before};
      result.push_back({.type = "Mul", .name = root.name, .inputs = {before, factor}});
    }
    result.back().outputs = root.outputs;
    return result;
  }

  std::optional<std::vector<Operator>> softplus(const Operator& op) const {
    if (op.inputs.size() != 3 || op.outputs.size() != 1) return std::nullopt;
    const Operator* above = maker(op.inputs[0], "Greater");
    const Operator* smooth = maker(op.inputs[2], "Softplus");
    if (above == nullptr || smooth == nullptr || above->inputs[0] != op.inputs[1] ||
        smooth->inputs[0] != op.inputs[1] || number(above->inputs[1]).value_or(0) < enough_for_softplus) {
      return std::nullopt;
    }
    return std::vector<Operator>{
        {.type = "Softplus", .name = op.name, .inputs = {op.inputs[1]}, .outputs = op.outputs}};
  }

  std::string fresh() {
    std::string name;
    do {
      name = fmt::format("joined {}", next_++);
    } while (makers_.count(name) != 0 || graph_.constants.count(name) != 0);
    return name;
  }

  Graph& graph_;
  std::unordered_map<std::string, std::size_t> makers_;
  std::unordered_map<std::string, int> reads_;
  int next_ = 0;
};

}  // namespace

void join_activations(Graph& graph) {
  Finder(graph).rewrite();
}

}  // namespace pellucid::importing
