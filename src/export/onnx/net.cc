// One or a few nodes for each operation of a net. Activations are written as their kinds say (ActivationKind::onnx).
// Not here: which operations a layer is made of (src/layers).
#include "export/onnx/net.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::onnx {

namespace {

class NetWriter {
 public:
  NetWriter(Graph& graph, const Model& model, const Net& net) : graph_(graph), model_(model), net_(net) {}

  Value write(const Value& features) {
    values_.push_back(features);
    for (const NetOperation& operation : net_.operations) {
      graph_.within(model_.nodes()[static_cast<std::size_t>(operation.node)].name);
      values_.push_back(text_of(operation));
    }
    graph_.within("");
    std::vector<Value> outputs;
    for (const int value : net_.outputs) outputs.push_back(values_[static_cast<std::size_t>(value)]);
    return graph_.side_by_side(outputs);
  }

 private:
  std::int64_t size(int value) const { return net_.sizes[static_cast<std::size_t>(value)]; }

  // A parameter, written when it is first needed.
  Value constant(int parameter) {
    Value& name = constants_[parameter];
    if (name.empty()) {
      const auto& from = model_.parameters()[static_cast<std::size_t>(parameter)];
      const std::span<const float> numbers(from.value.data(), static_cast<std::size_t>(from.value.size()));
      const std::span<const std::int64_t> dims = from.value.shape().extents();
      name = graph_.floats(numbers, {dims.begin(), dims.end()}, from.name);
    }
    return name;
  }

  Value text_of(const NetOperation& o) {
    std::vector<Value> from;
    for (const int input : o.inputs) from.push_back(values_[static_cast<std::size_t>(input)]);
    switch (o.kind) {
      case NetOperator::product:
        from.push_back(constant(o.constant));
        if (o.bias >= 0) from.push_back(constant(o.bias));
        return graph_.node("Gemm", from);
      case NetOperator::group_product:
        return group_product(o, from[0]);
      case NetOperator::apply:
        return apply(o.activation, from[0]);
      case NetOperator::add:
        return graph_.node("Add", from);
      case NetOperator::add_constant:
        return graph_.node("Add", {from[0], constant(o.constant)});
      case NetOperator::multiply:
        return graph_.node("Mul", from);
      case NetOperator::multiply_constant:
        return graph_.node("Mul", {from[0], constant(o.constant)});
      case NetOperator::multiply_number:
        return graph_.node("Mul", {from[0], graph_.single(static_cast<float>(o.factor))});
      case NetOperator::concat:
        return graph_.side_by_side(from);
      case NetOperator::slice:
        return graph_.columns(from[0], o.first, size(static_cast<int>(values_.size())), size(o.inputs[0]));
      case NetOperator::look_up:
        return look_up(o, from[0]);
      case NetOperator::bin_shares:
        return bin_shares(o, from[0]);
      case NetOperator::normalize:
      case NetOperator::normalize_rows:
        return normalize(o, from[0]);
      case NetOperator::convolution:
      case NetOperator::max_pool:
      case NetOperator::average_pool:
        return over_pictures(o, from[0]);
    }
    throw Error("P01", "an operation of a net that ONNX cannot say");
  }

  // ONNX has the channels first, and the filters of a weight.
  Value over_pictures(const NetOperation& o, const Value& x) {
    const PictureWindow& w = o.window;
    using List = std::vector<std::int64_t>;
    std::vector<Attribute> attributes = {{"kernel_shape", List{w.rows, w.columns}},
                                         {"strides", List{w.stride_rows, w.stride_columns}},
                                         {"pads", List{w.top, w.left, w.bottom, w.right}}};
    std::vector<Value> from = {
        graph_.node("Transpose", {graph_.flat(x, {-1, w.height, w.width, w.channels})}, {{"perm", List{0, 3, 1, 2}}})};
    if (o.kind == NetOperator::convolution) {
      attributes.push_back({"dilations", List{w.dilation_rows, w.dilation_columns}});
      attributes.push_back({"group", o.groups});
      from.push_back(graph_.node("Transpose", {constant(o.constant)}, {{"perm", List{3, 2, 0, 1}}}));
      if (o.bias >= 0) from.push_back(constant(o.bias));
    }
    const char* op = o.kind == NetOperator::convolution ? "Conv"
                     : o.kind == NetOperator::max_pool  ? "MaxPool"
                                                        : "AveragePool";
    const Value y = graph_.node("Transpose", {graph_.node(op, from, attributes)}, {{"perm", List{0, 2, 3, 1}}});
    return graph_.flat(y, {-1, size(static_cast<int>(values_.size()))});
  }

  // N × groups × 1 × k numbers times groups × k × n, one matrix per group.
  Value group_product(const NetOperation& o, const Value& x) {
    const auto& weight = model_.parameters()[static_cast<std::size_t>(o.constant)];
    const std::int64_t groups = o.groups, k = size(o.inputs[0]) / groups, n = weight.value.shape()[1];
    const std::span<const float> numbers(weight.value.data(), static_cast<std::size_t>(weight.value.size()));
    const Value products = graph_.node(
        "MatMul", {graph_.flat(x, {-1, groups, 1, k}), graph_.floats(numbers, {groups, k, n}, weight.name)});
    const Value sums = graph_.flat(products, {-1, groups * n});
    return o.bias < 0 ? sums : graph_.node("Add", {sums, constant(o.bias)});
  }

  // (x − low) / width between two limits per bin; a bin without width has 0 for both.
  Value bin_shares(const NetOperation& o, const Value& x) {
    const auto& from = model_.parameters()[static_cast<std::size_t>(o.constant)];
    const std::int64_t groups = from.value.shape()[0], bins = from.value.shape()[1] - 1;
    constexpr float far = std::numeric_limits<float>::max();
    std::vector<float> low, width, least, most;
    for (std::int64_t g = 0; g < groups; ++g) {
      const float* e = from.value.data() + g * (bins + 1);
      for (std::int64_t t = 0; t < bins; ++t) {
        const bool some = e[t + 1] > e[t], last = t + 1 == bins || !(e[t + 2] > e[t + 1]);
        low.push_back(e[t]);
        width.push_back(some ? e[t + 1] - e[t] : 1);
        least.push_back(some && t == 0 ? -far : 0);
        most.push_back(!some ? 0 : last ? far : 1);
      }
    }
    const auto put = [&](const std::vector<float>& numbers) {
      return graph_.floats(numbers, {groups, bins}, from.name);
    };
    const Value above = graph_.node("Sub", {graph_.flat(x, {-1, groups, 1}), put(low)});
    const Value shares = graph_.node("Max", {graph_.node("Div", {above, put(width)}), put(least)});
    return graph_.flat(graph_.node("Min", {shares, put(most)}), {-1, groups * bins});
  }

  // Positions are rows of their own meanwhile; their channels are the second axis.
  Value normalize(const NetOperation& o, const Value& x) {
    const std::int64_t all = size(o.inputs[0]);
    const std::int64_t channels = model_.parameters()[static_cast<std::size_t>(o.constant)].value.size();
    std::vector<Value> from = {all == channels ? x : graph_.flat(x, {-1, channels}), constant(o.constant),
                               constant(o.bias)};
    std::vector<Attribute> attributes = {{"epsilon", static_cast<float>(o.factor)}};
    const bool by_rows = o.kind == NetOperator::normalize_rows;
    if (!by_rows) from.insert(from.end(), {constant(o.mean), constant(o.variance)});
    const Value y = graph_.node(by_rows ? "LayerNormalization" : "BatchNormalization", from, attributes);
    return all == channels ? y : graph_.flat(y, {-1, all});
  }

  // Operators take their inputs from a stack that begins with z.
  Value apply(const Activation& activation, const Value& z) {
    const ActivationKind& kind = activation.kind();
    const std::vector<std::string> words = split_text(kind.onnx, ' ');
    if (words.empty()) throw Error("U29", std::string("the activation ") + kind.name + " has no form in ONNX");
    std::vector<Value> stack = {z};
    for (const std::string& word : words) {
      double number = 0;
      if (word == "z") {
        stack.push_back(z);
      } else if (parse_number(word, number)) {
        stack.push_back(graph_.single(static_cast<float>(number)));
      } else {
        const std::size_t inputs = inputs_of(word);
        std::vector<Attribute> attributes;
        if (kind.parameter.name != nullptr) {
          attributes.push_back({kind.parameter.name, static_cast<float>(activation.parameter())});
        }
        const std::vector<Value> from(stack.end() - static_cast<std::ptrdiff_t>(inputs), stack.end());
        stack.resize(stack.size() - inputs);
        stack.push_back(graph_.node(word.c_str(), from, attributes));
      }
    }
    return stack.back();
  }

  static std::size_t inputs_of(const std::string& op) {
    static const std::set<std::string_view> of_two = {
        "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"};
    return op == "Where" ? 3 : of_two.contains(op) ? 2 : 1;
  }

  // An additional last row of zeros serves numbers that are no index.
  Value look_up(const NetOperation& o, const Value& x) {
    const auto& from = model_.parameters()[static_cast<std::size_t>(o.constant)];
    const std::int64_t width = from.value.shape()[1];
    std::vector<float> table(static_cast<std::size_t>((o.rows + 1) * width));
    std::copy_n(from.value.data() + o.first_row * width, o.rows * width, table.begin());
    const Value index = graph_.columns(x, o.first, 1, size(o.inputs[0]));
    const auto rows = static_cast<float>(o.rows);
    const Value known = graph_.node("And", {graph_.node("Greater", {index, graph_.single(-0.5F)}),
                                            graph_.node("Less", {index, graph_.single(rows - 0.5F)})});
    const Value rounded = graph_.node("Add", {index, graph_.single(0.5F)});
    const Value row = graph_.cast(graph_.node("Where", {known, rounded, graph_.single(rows)}), TensorProto::INT64);
    return graph_.node("Gather", {graph_.floats(table, {o.rows + 1, width}, from.name), graph_.flat(row, {-1})});
  }

  Graph& graph_;
  const Model& model_;
  const Net& net_;
  std::vector<Value> values_{};
  std::map<int, Value> constants_{};
};

}  // namespace

Value add_net(Graph& graph, const Model& model, const Net& net, const Value& features) {
  return NetWriter(graph, model, net).write(features);
}

}  // namespace pellucid::onnx
