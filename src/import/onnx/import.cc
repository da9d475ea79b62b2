// import_onnx: parses the file, makes the model, and its preprocessor, which says what columns and outputs mean.
// Not here: the graph (graph.cc), operators (operators.cc).
#include <fmt/format.h>
#include <pellucid_onnx.pb.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>
#include <set>

#include "core/file.h"
#include "core/text.h"
#include "import/onnx/answer.h"
#include "import/onnx/operators.h"
#include "import/onnx/patterns.h"
#include "pellucid/error.h"
#include "tables/words.h"

namespace pellucid {
namespace importing {
namespace {

enum class Meaning { numbers, one_class, yes_or_no };

std::vector<std::string> numbered(const std::string& stem, std::int64_t count) {
  std::vector<std::string> names;
  for (std::int64_t i = 1; i <= count; ++i) names.push_back(stem + std::to_string(i));
  return names;
}

bool all_distinct_texts(const std::vector<std::string>& names) {
  const auto good = [](const std::string& name) { return !name.empty() && find_bad_utf8(name) == std::string::npos; };
  return std::ranges::all_of(names, good) && std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

// Whether the numbers have the order of pellucid's images: grey, or rows of pixels of three colours (not planes).
bool is_picture(const Shape& shape) {
  return shape.rank() == 2 || (shape.rank() == 3 && shape[2] == 3 && shape[0] > 3);
}

// The columns of the table that the net reads, one per number of a row, or a single one for a picture.
std::vector<std::string> column_names(const Net& net, const OnnxImportOptions& options) {
  const std::int64_t count = net.row_is_one_cell() ? 1 : net.columns();
  if (!options.columns.empty()) {
    if (static_cast<std::int64_t>(options.columns.size()) == count && all_distinct_texts(options.columns)) {
      return options.columns;
    }
    throw Error("U12", fmt::format("`columns` takes {} for this net, got {}", plural(count, "different name"),
                                   count_text(static_cast<std::int64_t>(options.columns.size()))));
  }
  if (net.row_is_one_cell()) return {is_picture(net.row_shape()) ? "pixels" : "x"};
  if (net.graph().inputs.size() == 1) return numbered("c", count);
  std::vector<std::string> names;
  for (const GraphInput& input : net.graph().inputs) {
    const std::int64_t own = importing::count(input.extents);
    const std::vector<std::string> some = own == 1 ? std::vector{input.name} : numbered(input.name, own);
    names.insert(names.end(), some.begin(), some.end());
  }
  return all_distinct_texts(names) ? names : numbered("c", count);
}

std::vector<FittedColumn> make_columns(const Net& net, const std::vector<std::string>& names) {
  std::vector<FittedColumn> columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const auto first = static_cast<std::int64_t>(c);
    FittedColumn& column = columns.emplace_back();
    column.name = names[c];
    NumberColumn number;
    number.scale.factor = net.column_factor(first);
    number.scale.offset = net.column_shift(first) / number.scale.factor;
    if (!std::isfinite(number.scale.factor) || !std::isfinite(number.scale.offset)) {
      refuse_file(net.graph().file, net.column_scaling() + " scales by a number that is not finite");
    }
    number.scale.fill = std::numeric_limits<double>::quiet_NaN();  // a missing cell is refused
    column.learned = number;
    if (net.row_is_one_cell()) {
      column.shape = net.row_shape();
      column.features = net.columns();
    }
  }
  return columns;
}

// What the outputs mean, by the last activation. If classes are given for logits, an activation is appended.
Meaning meaning_of(Net& net, const Value& answer, bool has_classes, std::vector<std::string>& notes) {
  const Activation softmax = Activation::parse("softmax"), sigmoid = Activation::parse("sigmoid");
  const Activation* last = net.last_activation();
  if (last != nullptr && *last == softmax && answer.size() > 1) return Meaning::one_class;
  if (last != nullptr && *last == sigmoid) return Meaning::yes_or_no;
  if (has_classes) {
    net.append_activation(answer.size() == 1 ? sigmoid : softmax);
    notes.push_back(fmt::format("The net's outputs are taken for logits of the classes; {} was added behind them.",
                                answer.size() == 1 ? "a sigmoid" : "softmax"));
    return answer.size() == 1 ? Meaning::yes_or_no : Meaning::one_class;
  }
  notes.emplace_back(
      "The net ends without softmax or sigmoid, so its outputs are predicted as numbers. If they are logits of "
      "classes, "
      "name the classes with `classes`.");
  return Meaning::numbers;
}

// The names of the classes: given, from the file, or made up.
std::vector<std::string> class_names(std::int64_t count, const Answer& answer, const OnnxImportOptions& options,
                                     std::vector<std::string>& notes) {
  std::vector<std::string> names = options.classes.empty() ? answer.classes : options.classes;
  if (!names.empty()) {
    if (static_cast<std::int64_t>(names.size()) == count && all_distinct_texts(names)) return names;
    const std::string got = count_text(static_cast<std::int64_t>(names.size()));
    if (!options.classes.empty()) {
      throw Error("U12", fmt::format("`classes` takes {} for this net, got {}", plural(count, "different name"), got));
    }
    notes.push_back(fmt::format("The file names {} classes for {} outputs; these names are left out.", got, count));
    names.clear();
  }
  for (std::int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  notes.push_back("The file does not name the classes; they are called 0 to " + names.back() +
                  " (`classes` names them).");
  return names;
}

std::vector<FittedTarget> make_targets(Meaning meaning, const Value& value, const Answer& answer,
                                       const OnnxImportOptions& options, std::vector<std::string>& notes) {
  const std::int64_t size = value.size();
  std::string stem = options.target;
  if (stem.empty()) stem = meaning == Meaning::numbers ? "y" : "label";
  if (find_bad_utf8(stem) != std::string::npos) throw Error("U12", "target is not UTF-8 text");
  if (meaning == Meaning::one_class) return {{.name = stem, .classes = class_names(size, answer, options, notes)}};
  std::vector<std::string> classes;
  if (meaning == Meaning::yes_or_no) classes = class_names(2, size == 1 ? answer : Answer{}, options, notes);
  std::vector<FittedTarget> targets;
  for (const std::string& name : size == 1 ? std::vector{stem} : numbered(stem, size)) {
    targets.push_back({.name = name, .classes = classes});
  }
  return targets;
}

onnx::ModelProto parse(std::string_view bytes, const std::string& file) {
  if (bytes.empty()) refuse_file(file, "it is empty");
  if (bytes.size() > static_cast<std::size_t>(INT_MAX)) refuse_file(file, "it is larger than 2 GiB");
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    refuse_file(file, "it is damaged, truncated or of another format");
  }
  return model;
}

void note_graph(const Graph& graph, const Net& net, const Answer& answer, const std::vector<std::string>& columns,
                const OnnxImportOptions& options, std::vector<std::string>& notes) {
  if (graph.inputs.front().rows > 1) {
    notes.push_back(
        fmt::format("The file is for {} rows at a time; the model takes any number.", graph.inputs.front().rows));
  }
  if (options.columns.empty()) {
    const std::string first = quote(columns.front()), last = quote(columns.back());
    notes.push_back(columns.size() > 1
                        ? fmt::format("The columns are called {} to {} (`columns` names them).", first, last)
                        : fmt::format("Each row is one cell of a column called {} (`columns` names it).", first));
  }
  if (!net.column_scaling().empty()) {
    notes.push_back("The scaling of the columns is part of the preprocessing: " + net.column_scaling() + ".");
  }
  for (const EmbeddedColumn& one : net.embedded()) {
    const std::string name = columns.size() > 1 ? quote(columns[static_cast<std::size_t>(one.column)]) : "the data";
    notes.push_back(fmt::format("Column {} holds indices from 0 to {}; others count as unknown and become zeros.", name,
                                one.categories - 1));
  }
  if (answer.threshold != 0.5) notes.push_back(fmt::format("The decision threshold is {}.", answer.threshold));
}

ImportedModel import_graph(Graph& graph, const OnnxImportOptions& options) {
  if (graph.producer.starts_with("pellucid")) {
    refuse_part(graph.file, "pellucid wrote it", {"take the model file from which it was exported: it says more"});
  }
  join_activations(graph);
  const Answer answer = find_answer(graph, options.take);
  Net net(graph);
  const Value value = Values(graph, net, answer.value).compute(answer.value);
  net.end({.type = "output", .name = answer.value}, value);
  ImportedModel result;
  result.producer = graph.producer;
  result.notes = graph.notes;
  const std::vector<std::string> columns = column_names(net, options);
  note_graph(graph, net, answer, columns, options, result.notes);
  const Meaning meaning = meaning_of(net, value, !options.classes.empty() || !answer.classes.empty(), result.notes);
  Preprocessor by;
  by.task = meaning == Meaning::numbers ? Task::regression : Task::classification;
  by.task_reason = "imported";
  by.scale = net.column_scaling().empty() ? "none" : "imported";
  by.columns = make_columns(net, columns);
  by.targets = make_targets(meaning, value, answer, options, result.notes);
  result.model = net.build(result.layers);
  result.model.preprocessor = std::move(by);
  if (!(answer.threshold > 0 && answer.threshold < 1)) {
    refuse_part(graph.file, fmt::format("it compares probabilities with {}", answer.threshold));
  }
  if (meaning == Meaning::yes_or_no) result.model.threshold = answer.threshold;
  return result;
}

}  // namespace
}  // namespace importing

ImportedModel import_onnx_bytes(std::string_view bytes, const std::string& name, const OnnxImportOptions& options) {
  const onnx::ModelProto model = importing::parse(bytes, name);
  importing::Graph graph = importing::read_graph(model, name);
  return importing::import_graph(graph, options);
}

ImportedModel import_onnx(const std::string& path, const OnnxImportOptions& options) {
  return import_onnx_bytes(read_file(path), path, options);
}

}  // namespace pellucid
