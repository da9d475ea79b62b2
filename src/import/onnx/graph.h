// Graph: an ONNX file after its form was checked. Every name is defined once and before its use; every length fits.
// Not here: what operators mean (operators.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pellucid::onnx {
class AttributeProto;
class ModelProto;
class TensorProto;
}  // namespace pellucid::onnx

namespace pellucid::importing {

using Extents = std::vector<std::int64_t>;

/// An array of numbers or words that does not depend on the data.
struct Constant {
  Extents extents{};
  std::vector<double> numbers{};     ///< of any type; row-major
  std::vector<std::string> words{};  ///< instead of numbers, of a tensor of texts
  bool integers = false;
};

/// In a Constant that was computed from a shape: the number of rows, which is unknown.
inline constexpr double any_rows = -1e18;

/// One operator. `attributes` point into the file's message.
struct Operator {
  std::string type, name;
  std::vector<std::string> inputs{}, outputs{};
  std::vector<const onnx::AttributeProto*> attributes{};

  std::string text() const;  ///< "Gemm '/0/Gemm'", for messages
};

struct GraphInput {
  std::string name;
  Extents extents{};      ///< of one row, without the batch axis
  std::int64_t rows = 0;  ///< the fixed number of rows that the file asks for; 0: any
  bool integers = false;
};

struct Graph {
  std::string file;  ///< for messages
  std::string producer;
  std::int64_t opset = 0;
  std::vector<GraphInput> inputs;
  std::vector<std::string> outputs;
  std::vector<Operator> operators;  ///< each after the operators whose results it reads
  std::unordered_map<std::string, Constant> constants;
  std::vector<std::string> notes;
};

/// Checks and converts a parsed file. Throws D21, U38. The result refers to `model`.
Graph read_graph(const onnx::ModelProto& model, const std::string& file);

/// Reads a tensor; each length is checked against the bytes that are there. `name` is used in messages.
Constant read_tensor(const onnx::TensorProto& tensor, const std::string& name, const std::string& file);

/// Throws D21: the file contradicts itself or the format.
[[noreturn]] void refuse_file(const std::string& file, const std::string& reason);
/// Throws U38: the file is whole, but pellucid has nothing to make of a part of it.
[[noreturn]] void refuse_part(const std::string& file, const std::string& reason,
                              std::vector<std::string> ways_out = {});

/// Reads the attributes of an operator. finish() refuses those that nothing has asked for, by name.
class Attributes {
 public:
  Attributes(const Operator& of, const std::string& file) : of_(of), file_(file) {}

  std::int64_t integer(std::string_view name, std::int64_t otherwise);
  double number(std::string_view name, double otherwise);
  std::string text(std::string_view name, const std::string& otherwise);
  std::vector<std::int64_t> integers(std::string_view name);
  std::vector<double> numbers(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  const onnx::TensorProto* tensor(std::string_view name);
  bool has(std::string_view name) const;
  void finish() const;

 private:
  const onnx::AttributeProto* find(std::string_view name, int type);

  const Operator& of_;
  const std::string& file_;
  std::vector<std::string_view> asked_;
};

}  // namespace pellucid::importing
