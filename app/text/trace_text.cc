// Writes a traced step as arithmetic: the largest terms of each sum one by one, the others as one number.
// Not here: computing the numbers (src/train/trace.cc).
#include "app/text/trace_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/text.h"

namespace pellucid::app {
namespace {

std::string number(double x) {
  return fmt::format("{:.5g}", x + 0.0);  // no -0
}

std::string factor(double x) {
  return x < 0 ? "(" + number(x) + ")" : number(x);
}

/// The indices of the largest magnitudes, at most `most`, in ascending order.
std::vector<std::int64_t> largest(const std::vector<double>& sizes, std::int64_t most) {
  std::vector<std::int64_t> places(sizes.size());
  std::iota(places.begin(), places.end(), 0);
  const auto bigger = [&](std::int64_t a, std::int64_t b) {
    return std::abs(sizes[static_cast<std::size_t>(a)]) > std::abs(sizes[static_cast<std::size_t>(b)]);
  };
  std::stable_sort(places.begin(), places.end(), bigger);
  places.resize(static_cast<std::size_t>(std::min<std::int64_t>(most, std::ssize(places))));
  std::sort(places.begin(), places.end());
  return places;
}

std::vector<double> row_of(const TracedValue& value, std::int64_t row) {
  std::vector<double> result;
  for (std::int64_t c = 0; c < value.columns; ++c) result.push_back(value(row, c));
  return result;
}

class Teller {
 public:
  Teller(const Model& model, const Trace& trace, std::int64_t row, const TraceView& view)
      : model_(model), trace_(trace), row_(row), view_(view) {}

  std::string text() {
    forward();
    if (trace_.has("target")) {
      text_ += "\n";
      show_values(
          "t", "target",
          trace_.target_names.empty() ? "the targets" : "the value of " + quote(join(trace_.target_names, ", "), 60));
    }
    text_ += fmt::format("\nloss      {}: {}{} = {}\n", trace_.loss_name, trace_.loss_formula,
                         trace_.sums_outputs ? ", summed over the outputs" : "",
                         number(trace_["loss.rows"].numbers[static_cast<std::size_t>(row_)]));
    backward();
    update();
    const bool mean = trace_.sums_outputs && !trace_.loss_name.ends_with(", sum");
    text_ += fmt::format("\nloss      {} before the step, {} after it{}\n", number(trace_.loss),
                         number(trace_.loss_after), mean ? " (the mean over the outputs)" : "");
    return std::move(text_);
  }

 private:
  void forward() {
    text_ += "forward\n";
    show_values("x", "input", "the row as the net sees it");
    for (std::size_t i = 0; i < model_.nodes().size(); ++i) {
      const Node& node = model_.nodes()[i];
      const TracedValue& out = trace_[node.name + ".output"];
      text_ += fmt::format("\n{}  {} -> {}{}\n", node.name, input_widths(node), out.columns, sources(node));
      if (is_dense(node)) {
        forward_dense(node, input_name(node, 0));
      } else {
        show_values("y", node.name + ".output", std::string(node.layer->help()));
      }
    }
  }

  // Others may have a z as well: an Average of probabilities that the loss reads as logits.
  static bool is_dense(const Node& node) { return node.layer->kind() == Dense::name; }

  std::string input_name(const Node& node, std::size_t input) const {
    const int from = node.inputs[input];
    return from < 0 ? "input" : name_of(from) + ".output";
  }

  const std::string& name_of(int node) const { return model_.nodes()[static_cast<std::size_t>(node)].name; }

  /// "4", or "3 + 2" for a layer with two inputs.
  std::string input_widths(const Node& node) const {
    std::vector<std::string> widths;
    for (std::size_t j = 0; j < node.inputs.size(); ++j) {
      widths.push_back(std::to_string(trace_[input_name(node, j)].columns));
    }
    return join(widths, " + ");
  }

  /// Which layers the node reads, and whose parameters it uses; empty in a chain.
  std::string sources(const Node& node) const {
    const auto index = static_cast<int>(&node - model_.nodes().data());
    const bool chain = node.inputs.size() == 1 && node.inputs.front() == index - 1;
    std::vector<std::string> names;
    for (const int from : node.inputs) names.push_back(from < 0 ? "input" : name_of(from));
    const std::string shared = node.shares < 0 ? "" : ", with the parameters of " + name_of(node.shares);
    return (chain ? "" : "  reads " + join(names, ", ")) + shared;
  }

  /// The layer whose parameters the node uses: itself, unless it was added by add_shared.
  const std::string& owner(const Node& node) const { return node.shares < 0 ? node.name : name_of(node.shares); }

  void show_values(const std::string& letter, const std::string& name, const std::string& what) {
    const std::vector<double> all = row_of(trace_[name], row_);
    const std::vector<std::int64_t> shown = largest(all, 2 * view_.top);
    std::string list;
    for (const std::int64_t c : shown) {
      list +=
          fmt::format("{}{}{} {}", list.empty() ? "" : "  ", letter, c + 1, number(all[static_cast<std::size_t>(c)]));
    }
    const auto rest = std::ssize(all) - std::ssize(shown);
    text_ += fmt::format("  {}{}   {}\n", list, rest > 0 ? fmt::format("  … {} more", rest) : "", what);
  }

  /// z1 = 0.5·1.2 + (-1)·0.3 + 0.1 = 0.4, and what the activation makes of it, for the units with the largest sums.
  void forward_dense(const Node& node, const std::string& in) {
    const TracedValue &z = trace_[node.name + ".z"], &y = trace_[node.name + ".output"];
    const std::string activation = node.layer->output_activation()->text();
    text_ += "  z = x W + b,  y = " + activation + "(z)\n";
    const std::vector<std::int64_t> units = largest(row_of(z, row_), view_.top);
    for (const std::int64_t unit : units) {
      text_ += fmt::format("  z{0} = {1} = {2}   y{0} = {3}\n", unit + 1, sum_text(node, in, unit),
                           number(z(row_, unit)), number(y(row_, unit)));
    }
    if (z.columns > std::ssize(units)) text_ += fmt::format("  … {} more units\n", z.columns - std::ssize(units));
  }

  std::string sum_text(const Node& node, const std::string& in, std::int64_t unit) const {
    const TracedValue &x = trace_[in], &w = trace_[owner(node) + ".weight"];
    std::vector<double> terms;
    for (std::int64_t k = 0; k < w.rows; ++k) terms.push_back(double{x(row_, k)} * double{w(k, unit)});
    const std::vector<std::int64_t> shown = largest(terms, view_.top);
    double rest = 0;
    std::string text;
    for (const std::int64_t k : shown) {
      text += fmt::format("{}{}·{}", text.empty() ? "" : " + ", number(x(row_, k)), factor(w(k, unit)));
      rest -= terms[static_cast<std::size_t>(k)];
    }
    rest += std::accumulate(terms.begin(), terms.end(), 0.0);
    const auto others = std::ssize(terms) - std::ssize(shown);
    if (others > 0) text += fmt::format(" + {} [{} more]", factor(rest), others);
    if (trace_.has(owner(node) + ".bias"))
      text += " + " + factor(trace_[owner(node) + ".bias"].numbers[static_cast<std::size_t>(unit)]);
    return text;
  }

  void backward() {
    text_ += "\nbackward\n";
    for (std::size_t i = model_.nodes().size(); i-- > 0;) {
      const Node& node = model_.nodes()[i];
      const bool dense = trace_.has(node.name + ".z.gradient");
      text_ += "\n" + node.name + "  " + rule_of(i, dense) + "\n";
      show_values("δ", node.name + (dense ? ".z.gradient" : ".output.gradient"), dense ? "∂loss/∂z" : "∂loss/∂y");
      for (const Parameter<float>& parameter : model_.parameters()) {
        const bool learned = parameter.role == Role::parameter;
        if (learned && parameter.node == static_cast<int>(i)) gradient(node, parameter.name, dense);
      }
    }
  }

  /// How the δ of a layer is computed: from the loss, or from the layers that read it.
  std::string rule_of(std::size_t i, bool dense) const {
    const Activation* activation = model_.nodes()[i].layer->output_activation();
    std::vector<std::string> above;
    for (const Node& reader : model_.nodes()) {
      const char* part = is_dense(reader) ? "δ Wᵀ" : "∂loss/∂x";
      for (const int from : reader.inputs) {
        if (from == static_cast<int>(i)) above.push_back(fmt::format("{} of {}", part, reader.name));
      }
    }
    if (above.empty()) return "δ = ∂loss/∂z, the loss and " + (activation ? activation->text() : "y = z") + " in one";
    const std::string sum = "(" + join(above, " + ") + ")";
    return dense && activation ? "δ = " + sum + " ⊙ " + activation->text() + "'(z)" : "δ = " + sum;
  }

  bool is_shared(int node) const {
    return std::ranges::any_of(model_.nodes(), [&](const Node& other) { return other.shares == node; });
  }

  /// The largest elements; for the weight of a dense layer and a single row, also the product that each one is.
  void gradient(const Node& node, const std::string& name, bool dense) {
    const TracedValue& g = trace_[name + ".gradient"];
    const bool product = dense && name == node.name + ".weight" && trace_["input"].rows == 1 &&
                         !is_shared(static_cast<int>(&node - model_.nodes().data()));
    const std::vector<double> all(g.numbers.begin(), g.numbers.end());
    text_ += fmt::format("  ∂loss/∂{} ({} × {})\n", name, g.rows, g.columns);
    for (const std::int64_t at : largest(all, view_.top)) {
      const std::int64_t k = at / g.columns, unit = at % g.columns;
      std::string made;
      if (product) {
        made = fmt::format(" = x{} δ{} = {}·{}", k + 1, unit + 1, number(trace_[input_name(node, 0)](0, k)),
                           factor(trace_[node.name + ".z.gradient"](0, unit)));
      }
      text_ += fmt::format("    [{},{}]{} = {}\n", k + 1, unit + 1, made, number(g(k, unit)));
    }
  }

  void update() {
    text_ += fmt::format("\nupdate    {}, learning rate {}\n", trace_.optimizer, number(trace_.learning_rate));
    for (const Parameter<float>& parameter : model_.parameters()) {
      if (parameter.role != Role::parameter) continue;
      const TracedValue &before = trace_[parameter.name], &after = trace_.updated.at(parameter.name);
      std::vector<double> moved;
      for (std::size_t i = 0; i < before.numbers.size(); ++i)
        moved.push_back(double{after.numbers[i]} - double{before.numbers[i]});
      text_ += "  " + parameter.name + (model_.is_frozen(parameter.name) ? "   frozen\n" : "\n");
      if (model_.is_frozen(parameter.name)) continue;
      for (const std::int64_t at : largest(moved, std::min<std::int64_t>(3, view_.top))) {
        const auto place = static_cast<std::size_t>(at);
        text_ += fmt::format("    [{},{}]  {} -> {}   ({:+.3g})\n", at / before.columns + 1, at % before.columns + 1,
                             number(before.numbers[place]), number(after.numbers[place]), moved[place]);
      }
    }
  }

  const Model& model_;
  const Trace& trace_;
  std::int64_t row_;
  TraceView view_;
  std::string text_;
};

Json values_json(const std::map<std::string, TracedValue>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) {
    json[name] = {{"shape", {value.rows, value.columns}}, {"numbers", value.numbers}};
  }
  return json;
}

}  // namespace

std::string trace_text(const Model& model, const Trace& trace, std::int64_t row, const TraceView& view) {
  return Teller(model, trace, row, view).text();
}

Json trace_json(const Trace& trace) {
  return {{"v", 1},
          {"loss_function", trace.loss_name},
          {"loss", trace.loss},
          {"loss_after", trace.loss_after},
          {"optimizer", trace.optimizer},
          {"learning_rate", trace.learning_rate},
          {"values", values_json(trace.values)},
          {"updated", values_json(trace.updated)}};
}

}  // namespace pellucid::app
