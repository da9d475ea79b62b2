// The operations of OutputReader and FittedTarget::of_net as nodes, in double.
// Not here: the functions themselves (judge/output_reader.cc, prepare/target_scale.cc).
#include "export/onnx/answers.h"

#include <fmt/format.h>

#include <limits>

#include "core/text.h"
#include "prepare/target_scale.h"
#include "tables/words.h"

namespace pellucid::onnx {

namespace {

constexpr std::size_t most_named = 10;  // classes that a description lists

class Answers {
 public:
  Answers(Graph& graph, double threshold, const Value& outputs, std::int64_t size)
      : graph_(graph), threshold_(threshold), outputs_(outputs), size_(size) {}

  void refuse(std::vector<Value> refused) {
    const Value largest = graph_.single(std::numeric_limits<float>::max());
    refused.push_back(graph_.node("Not", {graph_.node("LessOrEqual", {graph_.node("Abs", {outputs_}), largest})}));
    const Value marks = graph_.cast(graph_.side_by_side(refused), TensorProto::FLOAT);
    const Value any = graph_.node("ReduceMax", {marks}, {{"axes", std::vector<std::int64_t>{1}}});
    refused_ = graph_.cast(any, TensorProto::BOOL);
  }

  void write(const ReadTarget& target, const std::string& prefix) {
    y_ = graph_.columns(outputs_, static_cast<std::int64_t>(target.first), static_cast<std::int64_t>(target.count),
                        size_);
    z_ = graph_.is_plain() ? y_ : graph_.cast(y_, TensorProto::DOUBLE);
    target.classes > 0 ? classes(target, prefix) : number(target, prefix);
  }

 private:
  Value plus(const Value& a, const Value& b) { return graph_.node("Add", {a, b}); }
  Value where(const Value& which, const Value& yes, const Value& no) { return graph_.node("Where", {which, yes, no}); }
  Value nothing() { return graph_.number(std::numeric_limits<double>::quiet_NaN()); }

  void number(const ReadTarget& target, const std::string& prefix) {
    const FittedTarget& by = target.fitted;
    Value value = plus(graph_.node("Mul", {z_, graph_.number(by.deviation)}), graph_.number(by.mean));
    if (by.shift) {
      const Value bounded = graph_.node("Min", {value, graph_.number(highest_logarithm)});
      value = plus(graph_.node("Exp", {bounded}), graph_.number(-*by.shift));
    }
    if (by.clamped) {
      value = graph_.node("Min", {graph_.node("Max", {value, graph_.number(by.low)}), graph_.number(by.high)});
    }
    graph_.output(prefix + "value", graph_.flat(where(refused_, nothing(), value), {-1}), graph_.number_type(), {},
                  target.name + ", in its unit; NaN in a row that cannot be predicted");
  }

  // N × classes.
  Value probabilities(const ReadTarget& target) {
    if (target.count == 1) {
      const Value one = graph_.number(1);
      const Value yes = target.logits
                            ? graph_.node("Div", {one, plus(one, graph_.node("Exp", {graph_.node("Neg", {z_})}))})
                            : graph_.node("Min", {graph_.node("Max", {z_, graph_.number(0)}), one});
      const std::vector<Value> both = {graph_.node("Sub", {one, yes}), yes};
      return graph_.side_by_side(both);
    }
    if (target.logits) return graph_.node("Softmax", {z_}, {{"axis", std::int64_t{1}}});
    const Value zero = graph_.number(0);
    const Value positive = graph_.node("Max", {z_, zero});
    const Value sum = graph_.node("ReduceL1", {positive}, {{"axes", std::vector<std::int64_t>{1}}});
    const Value equal = graph_.number(1.0 / static_cast<double>(target.count));
    return where(graph_.node("Greater", {sum, zero}), graph_.node("Div", {positive, sum}), equal);
  }

  // N × 1 or N: the number of the predicted class.
  Value predicted(const ReadTarget& target, const Value& p) {
    if (target.classes == 2 && threshold_ != 0.5) {
      const Value yes = graph_.columns(p, 1, 1, 2);
      return graph_.cast(graph_.node("Greater", {yes, graph_.number(threshold_)}), TensorProto::INT64);
    }
    if (target.count == 1) {
      return graph_.cast(graph_.node("Greater", {y_, graph_.single(target.logits ? 0 : 0.5F)}), TensorProto::INT64);
    }
    return graph_.node("ArgMax", {y_}, {{"axis", std::int64_t{1}}});
  }

  void classes(const ReadTarget& target, const std::string& prefix) {
    const Value p = probabilities(target);
    std::vector<std::string> names = target.class_names();
    const auto count = static_cast<std::int64_t>(names.size());
    const std::string listing = listed(names, most_named);
    const Value none = graph_.integers({graph_.is_plain() ? -1 : count});
    const Value index = graph_.flat(where(refused_, none, predicted(target, p)), {-1});
    if (graph_.is_plain()) {
      graph_.output(
          prefix + "label", index, TensorProto::INT64, {},
          fmt::format("{}: 0 to {} for {}; -1 in a row that cannot be predicted", target.name, count - 1, listing));
    } else {
      names.emplace_back();
      graph_.output(prefix + "label", graph_.node("Gather", {graph_.words(names), index}), TensorProto::STRING, {},
                    target.name + ", the predicted class; \"\" in a row that cannot be predicted");
    }
    graph_.output(prefix + "probabilities", where(refused_, nothing(), p), graph_.number_type(), {&count, 1},
                  fmt::format("of {}; NaN in a row that cannot be predicted", listing));
  }

  Graph& graph_;
  double threshold_;
  Value outputs_;
  std::int64_t size_;
  Value refused_{};
  Value y_{}, z_{};  // the outputs of a target in float and as they are read
};

}  // namespace

void add_answers(Graph& graph, const Model& model, const std::vector<ReadTarget>& targets, const Value& outputs,
                 std::vector<Value> refused) {
  Answers answers(graph, model.threshold, outputs, model.output_shape().elements());
  answers.refuse(std::move(refused));
  for (const ReadTarget& target : targets) answers.write(target, targets.size() > 1 ? target.name + "." : "");
}

}  // namespace pellucid::onnx
