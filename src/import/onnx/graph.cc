// Checks the form of an ONNX file and converts it into a Graph.
// Not here: tensors and attributes (tensor.cc), what operators mean (operators.cc).
#include "import/onnx/graph.h"

#include <fmt/format.h>
#include <pellucid_onnx.pb.h>

#include <algorithm>
#include <unordered_set>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::importing {
namespace {

constexpr std::int64_t oldest_opset = 7, newest_opset = 26;
constexpr std::int64_t most_numbers = std::int64_t{1} << 24;  // in one row
constexpr const char* machine_learning = "ai.onnx.ml";

void read_versions(const onnx::ModelProto& model, Graph& graph) {
  if (!model.has_ir_version() || !model.has_graph()) refuse_file(graph.file, "it has no graph");
  for (const onnx::OperatorSetIdProto& set : model.opset_import()) {
    if (set.domain().empty() || set.domain() == "ai.onnx") graph.opset = set.version();
  }
  if (graph.opset < oldest_opset || graph.opset > newest_opset) {
    refuse_part(
        graph.file,
        fmt::format("it uses operator set {}; pellucid reads {} to {}", graph.opset, oldest_opset, newest_opset),
        {"export it with opset_version=17"});
  }
  graph.producer = model.producer_name();
  if (!graph.producer.empty() && !model.producer_version().empty()) graph.producer += " " + model.producer_version();
  if (model.training_info_size() > 0) graph.notes.emplace_back("The training information in the file is left out.");
}

// Every name that is defined; refuses a second definition.
class Names {
 public:
  explicit Names(const std::string& file) : file_(file) {}
  void define(const std::string& name) {
    if (name.empty()) refuse_file(file_, "a value has no name");
    if (!names_.insert(name).second) refuse_file(file_, "the value " + quote(name) + " is defined twice");
  }
  bool has(const std::string& name) const { return names_.count(name) != 0; }

 private:
  const std::string& file_;
  std::unordered_set<std::string> names_;
};

GraphInput read_input(const onnx::ValueInfoProto& info, const std::string& file) {
  GraphInput result{.name = info.name()};
  const std::string what = "input " + quote(info.name());
  if (!info.type().has_tensor_type()) refuse_part(file, what + " is not a tensor");
  const auto& type = info.type().tensor_type();
  switch (type.elem_type()) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::DOUBLE:
      break;
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::UINT8:
      result.integers = true;
      break;
    default:
      refuse_part(file, what + " is neither of floating-point numbers nor of integers",
                  {"export the net alone, in float32, and prepare the columns with pellucid or before it"});
  }
  if (!type.has_shape() || type.shape().dim_size() < 1) {
    refuse_part(file, what + " has no batch axis", {"export the net for inputs of shape (rows, numbers)"});
  }
  double numbers = 1;
  for (int axis = 0; axis < type.shape().dim_size(); ++axis) {
    const auto& dim = type.shape().dim(axis);
    const std::int64_t extent = dim.has_dim_value() ? dim.dim_value() : 0;
    if (axis == 0) {
      if (extent < 0) refuse_file(file, what + " has a negative number of rows");
      result.rows = extent;
      continue;
    }
    if (extent < 1) {
      refuse_part(file, fmt::format("axis {} of {} has no fixed size", axis, what),
                  {"only the first axis, the batch, may be of any size"});
    }
    result.extents.push_back(extent);
    numbers *= static_cast<double>(extent);
  }
  if (result.extents.size() > 5) refuse_part(file, what + " has more than six axes");
  if (numbers > static_cast<double>(most_numbers)) {
    refuse_part(file, fmt::format("{} has {:.4g} numbers per row, at most {} can be read", what, numbers,
                                  count_text(most_numbers)));
  }
  return result;
}

std::string rows_text(std::int64_t rows) {
  return rows == 0 ? "any number of rows" : plural(rows, "row");
}

Operator read_operator(const onnx::NodeProto& node, const Names& known, const Names& all, const std::string& file) {
  Operator result{.type = node.op_type(), .name = node.name()};
  if (node.name().empty() && node.output_size() > 0) result.name = node.output(0);
  if (!node.domain().empty() && node.domain() != "ai.onnx" && node.domain() != machine_learning) {
    result.type = node.domain() + "." + node.op_type();  // refused by this name where it is needed
  }
  for (const std::string& input : node.input()) {
    if (!input.empty() && !known.has(input)) {
      refuse_file(file, result.text() + (all.has(input) ? " reads " + quote(input) +
                                                              " before it is computed: a cycle, or "
                                                              "operators in the wrong order"
                                                        : " reads " + quote(input) + ", which nothing defines"));
    }
    result.inputs.push_back(input);
  }
  if (node.output_size() == 0) refuse_file(file, result.text() + " has no output");
  result.outputs.assign(node.output().begin(), node.output().end());
  std::unordered_set<std::string> names;
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (!names.insert(attribute.name()).second) {
      refuse_file(file, fmt::format("{} has the attribute {} twice", result.text(), quote(attribute.name())));
    }
    result.attributes.push_back(&attribute);
  }
  return result;
}

// All inputs have the same number of rows, and a row of all of them is not too long.
void check_inputs(const Graph& graph) {
  double numbers = 0;
  for (const GraphInput& input : graph.inputs) {
    if (input.rows != graph.inputs.front().rows) {  // tf2onnx does this to constants that it could not read
      refuse_part(
          graph.file,
          fmt::format("input {} has {}, but input {} has {}", quote(input.name), rows_text(input.rows),
                      quote(graph.inputs.front().name), rows_text(graph.inputs.front().rows)),
          {"one of them is a constant of the net that was exported as an input; make it a weight, or leave it out"});
    }
    double own = 1;
    for (const std::int64_t extent : input.extents) own *= static_cast<double>(extent);
    numbers += own;
  }
  if (numbers > static_cast<double>(most_numbers)) refuse_part(graph.file, "its inputs have too many numbers per row");
}

Constant read_constant(const Operator& op, const std::string& file) {
  Attributes attributes(op, file);
  Constant result;
  if (const onnx::TensorProto* tensor = attributes.tensor("value")) {
    result = read_tensor(*tensor, op.name, file);
  } else if (attributes.has("value_float")) {
    result.numbers = {attributes.number("value_float", 0)};
  } else if (attributes.has("value_floats")) {
    result.numbers = attributes.numbers("value_floats");
    result.extents = {static_cast<std::int64_t>(result.numbers.size())};
  } else if (attributes.has("value_int")) {
    result.numbers = {static_cast<double>(attributes.integer("value_int", 0))};
    result.integers = true;
  } else {
    const std::vector<std::int64_t> numbers = attributes.integers("value_ints");
    result.numbers.assign(numbers.begin(), numbers.end());
    result.extents = {static_cast<std::int64_t>(numbers.size())};
    result.integers = true;
  }
  attributes.finish();
  return result;
}

}  // namespace

void refuse_file(const std::string& file, const std::string& reason) {
  throw Error("D21", file + " is not a valid ONNX file: " + reason, {"export it again, or download it again"});
}

void refuse_part(const std::string& file, const std::string& reason, std::vector<std::string> ways_out) {
  throw Error("U38", file + " cannot be imported: " + reason, std::move(ways_out));
}

std::string Operator::text() const {
  return type + " " + quote(name, 60);
}

Graph read_graph(const onnx::ModelProto& model, const std::string& file) {
  Graph graph;
  graph.file = file;
  read_versions(model, graph);
  const onnx::GraphProto& source = model.graph();
  if (source.sparse_initializer_size() > 0) refuse_part(file, "it has sparse tensors", {"export dense weights"});
  Names known(file);
  bool rounded = false;
  for (const onnx::TensorProto& tensor : source.initializer()) {
    known.define(tensor.name());
    rounded = rounded || (tensor.data_type() == onnx::TensorProto::DOUBLE && tensor.dims_size() > 1);
    graph.constants.emplace(tensor.name(), read_tensor(tensor, tensor.name(), file));
  }
  if (rounded) graph.notes.emplace_back("Weights in float64 are rounded to float32.");
  for (const onnx::ValueInfoProto& info : source.input()) {
    if (graph.constants.count(info.name()) != 0) continue;  // IR 3 lists the initializers among the inputs
    known.define(info.name());
    graph.inputs.push_back(read_input(info, file));
  }
  Names all = known;
  for (const onnx::NodeProto& node : source.node()) {
    for (const std::string& output : node.output()) {
      if (!output.empty()) all.define(output);
    }
  }
  for (const onnx::NodeProto& node : source.node()) {
    Operator op = read_operator(node, known, all, file);
    if (op.type == "Constant") {
      graph.constants.emplace(op.outputs[0], read_constant(op, file));
    } else {
      graph.operators.push_back(std::move(op));
    }
    for (const std::string& output : node.output()) {
      if (!output.empty()) known.define(output);
    }
  }
  for (const onnx::ValueInfoProto& output : source.output()) {
    if (!known.has(output.name())) refuse_file(file, "nothing computes its output " + quote(output.name()));
    graph.outputs.push_back(output.name());
  }
  if (graph.inputs.empty()) refuse_part(file, "the graph has no input");
  if (graph.outputs.empty()) refuse_file(file, "the graph has no output");
  check_inputs(graph);
  return graph;
}

}  // namespace pellucid::importing
