// Graph: builds an ONNX graph node by node. Not here: which nodes a model becomes (the other files of this folder).
#pragma once

#include <pellucid_onnx.pb.h>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pellucid/onnx_export.h"

namespace pellucid::onnx {

using Value = std::string;  ///< the name of a tensor
using Type = TensorProto::DataType;

/// An attribute of a node.
struct Attribute {
  std::string name;
  std::variant<std::int64_t, float, std::vector<std::int64_t>, std::vector<std::string>> value;
};

class Graph {
 public:
  /// `plain`: numbers are float; otherwise double.
  explicit Graph(bool plain) : plain_(plain) {}

  bool is_plain() const noexcept { return plain_; }
  Type number_type() const noexcept { return plain_ ? TensorProto::FLOAT : TensorProto::DOUBLE; }

  /// Names of nodes that are added from now on begin with this and "/"; "": with their operator.
  void within(std::string scope) { scope_ = std::move(scope); }

  /// Inputs come first, before any node. `dims`: the axes after N. A name that is taken or empty is changed.
  Value input(const std::string& name, Type type, std::span<const std::int64_t> dims, std::string help);
  /// Makes `from` an output of this name; likewise.
  void output(const std::string& name, const Value& from, Type type, std::span<const std::int64_t> dims,
              std::string help);

  /// A node with one output. The same operator on the same inputs is one node, however often it is added.
  Value node(const char* op, std::vector<Value> from, std::vector<Attribute> attributes = {}, const char* domain = "");
  Value cast(const Value& from, Type to) { return node("Cast", {from}, {{"to", std::int64_t{to}}}); }
  /// Columns [first, first + count) of N × `size` numbers.
  Value columns(const Value& from, std::int64_t first, std::int64_t count, std::int64_t size);
  Value side_by_side(std::span<const Value> values);               ///< joins N × a, N × b, … to N × (a + b + …)
  Value flat(const Value& from, std::vector<std::int64_t> shape);  ///< Reshape

  Value floats(std::span<const float> numbers, std::vector<std::int64_t> shape, const std::string& name = "");
  Value integers(std::vector<std::int64_t> numbers);                             ///< of rank 1
  Value words(const std::vector<std::string>& words);                            ///< of rank 1
  Value numbers(std::span<const double> numbers, const std::string& name = "");  ///< of number_type(), of rank 1
  Value number(double number) { return numbers(std::span(&number, 1)); }         ///< one, of number_type()
  Value single(float number) { return floats(std::span(&number, 1), {1}); }

  /// The file; the graph is used up. Throws U29 above 2 GB.
  OnnxFile finish(const std::string& name, const std::string& help, const std::map<std::string, std::string>& metadata);

 private:
  std::string unique(std::string name);
  Value constant(TensorProto tensor, const std::string& name);
  OnnxValue describe(ValueInfoProto& info, const std::string& name, Type type, std::span<const std::int64_t> dims,
                     std::string help) const;

  bool plain_;
  bool uses_ml_ = false;
  std::string scope_;
  GraphProto graph_;
  std::vector<OnnxValue> inputs_, outputs_;
  std::set<std::string> names_;
  std::map<std::string, Value> constants_, nodes_;  // by their bytes without names; of constants the small ones
};

}  // namespace pellucid::onnx
