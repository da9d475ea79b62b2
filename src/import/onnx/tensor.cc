// Reads the tensors and attributes of an ONNX file. Not here: the graph around them (graph.cc).
#include <fmt/format.h>
#include <pellucid_onnx.pb.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/text.h"
#include "import/onnx/graph.h"

namespace pellucid::importing {
namespace {

using onnx::TensorProto;

constexpr int most_axes = 8;

std::string type_name(int type) {
  return onnx::TensorProto_DataType_IsValid(type)
             ? onnx::TensorProto_DataType_Name(static_cast<onnx::TensorProto_DataType>(type))
             : std::to_string(type);
}

// Elements of the tensor, at most as many as the message has bytes, so that nothing large is allocated for a lie.
std::uint64_t checked_elements(const TensorProto& tensor, const std::string& name, const std::string& file) {
  if (tensor.dims_size() > most_axes) {
    refuse_file(file,
                fmt::format("tensor {} has {} axes, at most {} are allowed", name, tensor.dims_size(), most_axes));
  }
  std::uint64_t elements = 1;
  for (const std::int64_t extent : tensor.dims()) {
    if (extent < 0) refuse_file(file, fmt::format("tensor {} has the extent {}", name, extent));
    if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements)) {
      refuse_file(file, "the extents of tensor " + name + " are too large");
    }
  }
  return elements;
}

template <class T>
void append_raw(const std::string& bytes, std::vector<double>& to) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    to.push_back(static_cast<double>(value));
  }
}

struct Source {
  std::size_t width;  // bytes of one element in raw_data
  void (*raw)(const std::string&, std::vector<double>&);
};

Source source_of(const TensorProto& tensor, const std::string& name, const std::string& file) {
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
      return {4, append_raw<float>};
    case TensorProto::DOUBLE:
      return {8, append_raw<double>};
    case TensorProto::INT64:
      return {8, append_raw<std::int64_t>};
    case TensorProto::INT32:
      return {4, append_raw<std::int32_t>};
    case TensorProto::UINT8:
    case TensorProto::BOOL:
      return {1, append_raw<std::uint8_t>};
    default:
      refuse_part(file, fmt::format("tensor {} has the type {}", name, type_name(tensor.data_type())),
                  {"pellucid reads FLOAT, DOUBLE, INT64, INT32, UINT8, BOOL and STRING: export the net in float32"});
  }
}

void append_typed(const TensorProto& tensor, std::vector<double>& to) {
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
      to.assign(tensor.float_data().begin(), tensor.float_data().end());
      return;
    case TensorProto::DOUBLE:
      to.assign(tensor.double_data().begin(), tensor.double_data().end());
      return;
    case TensorProto::INT64:
      for (const std::int64_t value : tensor.int64_data()) to.push_back(static_cast<double>(value));
      return;
    default:
      to.assign(tensor.int32_data().begin(), tensor.int32_data().end());
  }
}

void require_count(std::uint64_t got, std::uint64_t expected, const std::string& name, const std::string& file) {
  if (got == expected) return;
  refuse_file(file, fmt::format("tensor {} has {} numbers, its shape needs {}", name, got, expected));
}

}  // namespace

Constant read_tensor(const TensorProto& tensor, const std::string& title, const std::string& file) {
  const std::string name = quote(title);
  if (tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
    refuse_part(file, "the numbers of tensor " + name + " are in another file",
                {"put everything into one file, in Python: onnx.save(onnx.load(\"net.onnx\"), \"whole.onnx\")"});
  }
  if (tensor.has_segment()) refuse_part(file, "tensor " + name + " is stored in segments");
  const std::uint64_t elements = checked_elements(tensor, name, file);
  Constant result;
  result.extents.assign(tensor.dims().begin(), tensor.dims().end());
  if (tensor.data_type() == TensorProto::STRING) {
    require_count(static_cast<std::uint64_t>(tensor.string_data_size()), elements, name, file);
    result.words.assign(tensor.string_data().begin(), tensor.string_data().end());
    return result;
  }
  const Source source = source_of(tensor, name, file);
  if (tensor.has_raw_data()) {
    if (tensor.raw_data().size() % source.width != 0) {
      refuse_file(file,
                  fmt::format("tensor {} has {} bytes, which are no whole numbers", name, tensor.raw_data().size()));
    }
    require_count(tensor.raw_data().size() / source.width, elements, name, file);
    result.numbers.reserve(elements);
    source.raw(tensor.raw_data(), result.numbers);
  } else {
    append_typed(tensor, result.numbers);
    require_count(result.numbers.size(), elements, name, file);
  }
  result.integers = tensor.data_type() != TensorProto::FLOAT && tensor.data_type() != TensorProto::DOUBLE;
  return result;
}

bool Attributes::has(std::string_view name) const {
  return std::ranges::any_of(of_.attributes, [&](const auto* attribute) { return attribute->name() == name; });
}

const onnx::AttributeProto* Attributes::find(std::string_view name, int type) {
  asked_.push_back(name);
  for (const onnx::AttributeProto* attribute : of_.attributes) {
    if (attribute->name() != name) continue;
    if (attribute->type() != type || attribute->has_ref_attr_name()) {
      refuse_file(file_, fmt::format("attribute {} of {} has the wrong type", name, of_.text()));
    }
    return attribute;
  }
  return nullptr;
}

std::int64_t Attributes::integer(std::string_view name, std::int64_t otherwise) {
  const auto* const found = find(name, onnx::AttributeProto::INT);
  return found != nullptr ? found->i() : otherwise;
}

double Attributes::number(std::string_view name, double otherwise) {
  const auto* const found = find(name, onnx::AttributeProto::FLOAT);
  if (found != nullptr && !std::isfinite(found->f())) {
    refuse_file(file_, fmt::format("attribute {} of {} is not finite", name, of_.text()));
  }
  return found != nullptr ? static_cast<double>(found->f()) : otherwise;
}

std::string Attributes::text(std::string_view name, const std::string& otherwise) {
  const auto* const found = find(name, onnx::AttributeProto::STRING);
  return found != nullptr ? found->s() : otherwise;
}

std::vector<std::int64_t> Attributes::integers(std::string_view name) {
  const auto* const found = find(name, onnx::AttributeProto::INTS);
  if (found == nullptr) return {};
  return {found->ints().begin(), found->ints().end()};
}

std::vector<double> Attributes::numbers(std::string_view name) {
  const auto* const found = find(name, onnx::AttributeProto::FLOATS);
  if (found == nullptr) return {};
  if (std::ranges::any_of(found->floats(), [](float x) { return !std::isfinite(x); })) {
    refuse_file(file_, fmt::format("attribute {} of {} has a number that is not finite", name, of_.text()));
  }
  return {found->floats().begin(), found->floats().end()};
}

std::vector<std::string> Attributes::texts(std::string_view name) {
  const auto* const found = find(name, onnx::AttributeProto::STRINGS);
  if (found == nullptr) return {};
  return {found->strings().begin(), found->strings().end()};
}

const onnx::TensorProto* Attributes::tensor(std::string_view name) {
  const auto* const found = find(name, onnx::AttributeProto::TENSOR);
  return found != nullptr ? &found->t() : nullptr;
}

void Attributes::finish() const {
  for (const onnx::AttributeProto* attribute : of_.attributes) {
    if (std::ranges::find(asked_, attribute->name()) == asked_.end()) {
      refuse_part(file_, fmt::format("{} has the attribute {}, which pellucid does not know", of_.text(),
                                     quote(attribute->name())));
    }
  }
}

}  // namespace pellucid::importing
