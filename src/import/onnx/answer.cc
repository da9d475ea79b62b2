// Walks back from the outputs of a graph over the operators that make labels of probabilities, as skl2onnx writes them.
// Not here: operators of the net itself (operators.cc).
#include "import/onnx/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"

namespace pellucid::importing {
namespace {

class Walk {
 public:
  explicit Walk(const Graph& graph) : graph_(graph) {
    for (const Operator& op : graph.operators) {
      for (const std::string& output : op.outputs) makers_.emplace(output, &op);
    }
  }

  /// The value from which an output is made by choosing a class or naming probabilities; the output itself if it is
  /// made in no such way.
  Answer back_from(const std::string& output) const {
    Answer answer{.value = output, .classes = {}};
    std::string name = output;
    bool is_label = false;
    while (const Operator* op = maker(name)) {
      const std::string& type = op->type;
      std::size_t next = 0;
      if (type == "ZipMap") {
        answer.classes = labels_of(*op);
      } else if (type == "ArrayFeatureExtractor" && op->inputs.size() == 2) {
        answer.classes = words_of(op->inputs[0]);
        next = 1;
      } else if (type == "Binarizer") {
        Attributes attributes(*op, graph_.file);
        answer.threshold = attributes.number("threshold", 0);
      } else if (type == "ArgMax") {
        Attributes attributes(*op, graph_.file);
        const std::int64_t axis = attributes.integer("axis", 0);
        if (axis != 1 && axis != -1) break;
      } else if (!(is_way(type) && !op->inputs.empty())) {
        break;
      }
      if (op->inputs.size() <= next) break;
      name = op->inputs[next];
      if (!is_way(type)) {
        answer.value = name;
        is_label = is_label || type != "ZipMap";
      }
    }
    if (answer.value != output) answer.value = through_identity(answer.value);
    return answer;
  }

  /// The same value without operators that copy it.
  std::string through_identity(std::string name) const {
    for (const Operator* op = maker(name); op != nullptr && op->type == "Identity" && op->inputs.size() == 1;
         op = maker(name)) {
      name = op->inputs[0];
    }
    return name;
  }

  /// scikit-learn's pair (1 - p, p) is p alone.
  std::string without_complement(const std::string& name) const {
    const Operator* pair = maker(name);
    if (pair == nullptr || pair->type != "Concat" || pair->inputs.size() != 2) return name;
    const Operator* complement = maker(pair->inputs[0]);
    if (complement == nullptr || complement->type != "Sub" || complement->inputs.size() != 2) return name;
    const auto one = graph_.constants.find(complement->inputs[0]);
    const bool is_one = one != graph_.constants.end() && one->second.numbers == std::vector<double>{1};
    return is_one && complement->inputs[1] == pair->inputs[1] ? pair->inputs[1] : name;
  }

 private:
  static bool is_way(const std::string& type) {
    return type == "Identity" || type == "Cast" || type == "Reshape" || type == "Squeeze" || type == "Unsqueeze";
  }

  const Operator* maker(const std::string& name) const {
    const auto found = makers_.find(name);
    return found == makers_.end() ? nullptr : found->second;
  }

  std::vector<std::string> labels_of(const Operator& op) const {
    Attributes attributes(op, graph_.file);
    std::vector<std::string> labels = attributes.texts("classlabels_strings");
    for (const std::int64_t label : attributes.integers("classlabels_int64s")) labels.push_back(std::to_string(label));
    return labels;
  }

  std::vector<std::string> words_of(const std::string& constant) const {
    const auto found = graph_.constants.find(constant);
    if (found == graph_.constants.end()) return {};
    std::vector<std::string> words = found->second.words;
    for (const double number : found->second.numbers) words.push_back(number_text(number));
    return words;
  }

  const Graph& graph_;
  std::unordered_map<std::string, const Operator*> makers_;
};

Answer join_answers(const Graph& graph, const Walk& walk, const std::vector<Answer>& answers) {
  Answer result = answers.front();
  result.value = walk.without_complement(walk.through_identity(result.value));
  for (const Answer& other : answers) {
    if (walk.without_complement(walk.through_identity(other.value)) != result.value) {
      std::vector<std::string> names;
      for (const std::string& name : graph.outputs) names.push_back(quote(name));
      refuse_part(graph.file, "it has several outputs: " + join(names, ", "),
                  {"choose one: " + setting_hint("take", graph.outputs.front())});
    }
    if (result.classes.empty()) result.classes = other.classes;
    if (other.threshold != 0.5) result.threshold = other.threshold;
  }
  return result;
}

}  // namespace

Answer find_answer(const Graph& graph, const std::string& output) {
  const Walk walk(graph);
  if (!output.empty() && std::ranges::find(graph.outputs, output) == graph.outputs.end()) {
    const std::string near = closest(output, graph.outputs);
    throw Error("U12",
                fmt::format("{} has no output {}; it has {}", graph.file, quote(output), join(graph.outputs, ", ")),
                near.empty() ? std::vector<std::string>{} : std::vector<std::string>{"did you mean " + near + "?"});
  }
  std::vector<Answer> answers;
  for (const std::string& name : graph.outputs) {
    if (output.empty() || name == output) answers.push_back(walk.back_from(name));
  }
  return join_answers(graph, walk, answers);
}

}  // namespace pellucid::importing
