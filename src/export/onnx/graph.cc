// Nodes, constants, names and the finished file. Not here: what the nodes compute.
#include "export/onnx/graph.h"

#include <fmt/format.h>

#include <bit>
#include <limits>

#include "pellucid/error.h"
#include "pellucid/version.h"

namespace pellucid::onnx {

namespace {

static_assert(std::endian::native == std::endian::little, "raw_data holds little-endian numbers");

constexpr std::int64_t ir_version = 8, opset = 17, ml_opset = 3;
constexpr std::size_t small = 1024;  // bytes of a constant that is looked for among the earlier ones
constexpr const char* ml_domain = "ai.onnx.ml";

template <class T>
TensorProto tensor_of(Type type, std::span<const T> numbers, std::span<const std::int64_t> shape) {
  TensorProto tensor;
  tensor.set_data_type(type);
  for (const std::int64_t dim : shape) tensor.add_dims(dim);
  tensor.set_raw_data(numbers.data(), numbers.size_bytes());
  return tensor;
}

const char* text_of(Type type) {
  switch (type) {
    case TensorProto::FLOAT:
      return "float32";
    case TensorProto::DOUBLE:
      return "float64";
    case TensorProto::INT64:
      return "int64";
    case TensorProto::UINT8:
      return "uint8";
    default:
      return "string";
  }
}

void set(AttributeProto& to, const Attribute& from) {
  to.set_name(from.name);
  if (const auto* integer = std::get_if<std::int64_t>(&from.value)) {
    to.set_type(AttributeProto::INT);
    to.set_i(*integer);
  } else if (const auto* number = std::get_if<float>(&from.value)) {
    to.set_type(AttributeProto::FLOAT);
    to.set_f(*number);
  } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&from.value)) {
    to.set_type(AttributeProto::INTS);
    for (const std::int64_t each : *integers) to.add_ints(each);
  } else {
    to.set_type(AttributeProto::STRINGS);
    for (const std::string& word : std::get<std::vector<std::string>>(from.value)) to.add_strings(word);
  }
}

}  // namespace

std::string Graph::unique(std::string name) {
  if (name.empty()) name = "_";
  std::string found = name;
  for (int i = 2; !names_.insert(found).second; ++i) found = fmt::format("{}_{}", name, i);
  return found;
}

OnnxValue Graph::describe(ValueInfoProto& info, const std::string& name, Type type, std::span<const std::int64_t> dims,
                          std::string help) const {
  OnnxValue value{.name = name, .type = text_of(type), .shape = "N", .help = std::move(help)};
  info.set_name(name);
  info.set_doc_string(value.help);
  TypeProto::Tensor& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const std::int64_t dim : dims) {
    tensor.mutable_shape()->add_dim()->set_dim_value(dim);
    value.shape += fmt::format(" × {}", dim);
  }
  return value;
}

Value Graph::input(const std::string& name, Type type, std::span<const std::int64_t> dims, std::string help) {
  const std::string taken = unique(name);
  inputs_.push_back(describe(*graph_.add_input(), taken, type, dims, std::move(help)));
  return taken;
}

void Graph::output(const std::string& name, const Value& from, Type type, std::span<const std::int64_t> dims,
                   std::string help) {
  const std::string taken = unique(name);
  NodeProto& node = *graph_.add_node();
  node.set_op_type("Identity");
  node.set_name(taken);
  node.add_input(from);
  node.add_output(taken);
  outputs_.push_back(describe(*graph_.add_output(), taken, type, dims, std::move(help)));
}

Value Graph::node(const char* op, std::vector<Value> from, std::vector<Attribute> attributes, const char* domain) {
  NodeProto node;
  node.set_op_type(op);
  for (Value& value : from) node.add_input(std::move(value));
  for (const Attribute& attribute : attributes) set(*node.add_attribute(), attribute);
  if (*domain != '\0') node.set_domain(domain);
  uses_ml_ = uses_ml_ || domain == std::string_view(ml_domain);
  const auto [found, is_new] = nodes_.try_emplace(node.SerializeAsString());
  if (is_new) {
    found->second = unique(scope_.empty() ? op : scope_ + "/" + op);
    node.set_name(found->second);
    node.add_output(found->second);
    *graph_.add_node() = std::move(node);
  }
  return found->second;
}

Value Graph::columns(const Value& from, std::int64_t first, std::int64_t count, std::int64_t size) {
  if (count == size) return from;
  return node("Slice", {from, integers({first}), integers({first + count}), integers({1})});
}

Value Graph::side_by_side(std::span<const Value> values) {
  if (values.size() == 1) return values.front();
  return node("Concat", {values.begin(), values.end()}, {{"axis", std::int64_t{1}}});
}

Value Graph::flat(const Value& from, std::vector<std::int64_t> shape) {
  return node("Reshape", {from, integers(std::move(shape))});
}

Value Graph::constant(TensorProto tensor, const std::string& name) {
  const std::string bytes = tensor.ByteSizeLong() < small ? tensor.SerializeAsString() : "";
  if (!bytes.empty() && constants_.contains(bytes)) return constants_[bytes];
  const Value result = unique(name.empty() ? "constant" : name);
  tensor.set_name(result);
  *graph_.add_initializer() = std::move(tensor);
  if (!bytes.empty()) constants_[bytes] = result;
  return result;
}

Value Graph::floats(std::span<const float> numbers, std::vector<std::int64_t> shape, const std::string& name) {
  return constant(tensor_of(TensorProto::FLOAT, numbers, shape), name);
}

Value Graph::integers(std::vector<std::int64_t> numbers) {
  const auto size = static_cast<std::int64_t>(numbers.size());
  return constant(tensor_of<std::int64_t>(TensorProto::INT64, numbers, std::span(&size, 1)), "");
}

Value Graph::words(const std::vector<std::string>& words) {
  TensorProto tensor;
  tensor.set_data_type(TensorProto::STRING);
  tensor.add_dims(static_cast<std::int64_t>(words.size()));
  for (const std::string& word : words) tensor.add_string_data(word);
  return constant(std::move(tensor), "");
}

Value Graph::numbers(std::span<const double> numbers, const std::string& name) {
  const auto size = static_cast<std::int64_t>(numbers.size());
  if (plain_) return floats(std::vector<float>(numbers.begin(), numbers.end()), {size}, name);
  return constant(tensor_of(TensorProto::DOUBLE, numbers, std::span(&size, 1)), name);
}

OnnxFile Graph::finish(const std::string& name, const std::string& help,
                       const std::map<std::string, std::string>& metadata) {
  ModelProto model;
  model.set_ir_version(ir_version);
  model.set_producer_name("pellucid");
  model.set_producer_version(version());
  model.set_doc_string(help);
  OperatorSetIdProto& standard = *model.add_opset_import();
  standard.set_domain("");
  standard.set_version(opset);
  if (uses_ml_) {
    OperatorSetIdProto& ml = *model.add_opset_import();
    ml.set_domain(ml_domain);
    ml.set_version(ml_opset);
  }
  for (const auto& [key, value] : metadata) {
    StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  graph_.set_name(name);
  *model.mutable_graph() = std::move(graph_);
  if (model.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Error("U29", "the model is larger than 2 GB, which an ONNX file cannot hold");
  }
  return {.bytes = model.SerializeAsString(), .inputs = std::move(inputs_), .outputs = std::move(outputs_)};
}

}  // namespace pellucid::onnx
