// Reads arrays from .safetensors, .npz and .npy; writes a model's parameters as .npz and JSON.
// Not here: matching them with a model's parameters (load_parameters.cc).
#include "pellucid/tensor_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "core/zip_archive.h"
#include "core/zip_writer.h"
#include "files/safetensors.h"
#include "pellucid/error.h"
#include "tables/readers/npy/array.h"

namespace pellucid {
namespace {

template <class T>
double number_at(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return static_cast<double>(value);
}

// bfloat16 is the upper half of a float.
double brain_number(const char* from) {
  std::uint16_t half = 0;
  std::memcpy(&half, from, sizeof half);
  const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16;
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return static_cast<double>(value);
}

struct Type {
  std::string_view name;
  std::size_t bytes;
  double (*number)(const char*);
};

constexpr Type types[] = {{"F64", 8, number_at<double>},       {"F32", 4, number_at<float>},
                          {"F16", 2, npy::half_number},        {"BF16", 2, brain_number},
                          {"I64", 8, number_at<std::int64_t>}, {"I32", 4, number_at<std::int32_t>},
                          {"I16", 2, number_at<std::int16_t>}, {"I8", 1, number_at<std::int8_t>},
                          {"U8", 1, number_at<std::uint8_t>},  {"BOOL", 1, number_at<std::uint8_t>}};

// Natural order: runs of digits are compared as numbers, so "9" comes before "10".
bool before(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
      continue;
    }
    const auto number = [&](std::string_view text, std::size_t& at) {
      while (at < text.size() && text[at] == '0') ++at;
      const std::size_t first = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      return text.substr(first, at - first);
    };
    const std::string_view left = number(a, i), right = number(b, j);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  return a.size() - i < b.size() - j;
}

std::vector<NamedTensor> from_safetensors(const std::string& path) {
  const std::string bytes = read_file(path);
  const StoredFile file = read_any_safetensors(bytes, path);
  std::vector<NamedTensor> result;
  for (const StoredTensor& stored : file.tensors) {
    const Type& type = *std::ranges::find(types, stored.dtype, &Type::name);
    NamedTensor& tensor = result.emplace_back(NamedTensor{stored.name, Tensor<double>(stored.shape)});
    for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.values.size()); ++i) {
      tensor.values.data()[i] = type.number(stored.bytes.data() + i * type.bytes);
    }
  }
  std::ranges::stable_sort(result, before, &NamedTensor::name);
  return result;
}

Tensor<double> tensor_of(npy::Array array, const std::string& title) {
  array.to_numbers();
  if (array.extents.size() > Shape::max_rank) {
    throw Error("D16",
                fmt::format("{} has {} axes; at most {} can be read", title, array.extents.size(), Shape::max_rank));
  }
  Tensor<double> tensor{Shape(array.extents)};
  std::ranges::copy(array.numbers, tensor.data());
  return tensor;
}

std::vector<NamedTensor> from_npz(const std::string& path) {
  ZipArchive archive(path);
  std::vector<NamedTensor> result;
  for (const std::string& name : archive.names()) {
    if (!name.ends_with(".npy")) continue;
    const std::string own = name.substr(0, name.size() - 4), title = path + ", array " + quote(own);
    ZipArchive::Member member = archive.open(name, title);
    const auto read = [&](void* out, std::size_t bytes) { return member.read(out, bytes); };
    result.push_back({own, tensor_of(npy::read_array({title, read, member.at_most(), true}), title)});
  }
  if (result.empty()) throw Error("D16", path + " contains no arrays");
  return result;
}

std::vector<NamedTensor> from_npy(const std::string& path) {
  const std::string bytes = read_file(path);
  std::size_t at = 0;
  const auto read = [&](void* out, std::size_t count) {
    const std::size_t part = std::min(count, bytes.size() - at);
    std::memcpy(out, bytes.data() + at, part);
    at += part;
    return part;
  };
  npy::Array array = npy::read_array({path, read, bytes.size(), true});
  return {{std::filesystem::path(path).stem().string(), tensor_of(std::move(array), path)}};
}

std::string npy_text(const Tensor<float>& tensor) {
  std::string shape;
  for (const std::int64_t extent : tensor.shape().extents()) shape += std::to_string(extent) + ", ";
  if (tensor.shape().rank() > 1) shape.resize(shape.size() - 2);
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t before_header = 10;
  header.append(63 - (before_header + header.size()) % 64, ' ');  // the numbers begin at a multiple of 64
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  return text + header + std::string(reinterpret_cast<const char*>(tensor.data()), tensor.values().size_bytes());
}

void require_built(const Model& model) {
  if (!model.is_built()) throw Error("U21", "the model has no parameters yet: call fit(), build() or load() first");
}

}  // namespace

std::vector<NamedTensor> read_tensors(const std::string& path) {
  char head[8] = {};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw cannot_open(path);
  file.read(head, sizeof head);
  const std::string_view start(head, static_cast<std::size_t>(file.gcount()));
  if (start.starts_with("PK")) return from_npz(path);
  if (start.starts_with("\x93NUMPY")) return from_npy(path);
  return from_safetensors(path);
}

std::string to_npz(const Model& model) {
  require_built(model);
  ZipWriter zip;
  for (const Parameter<float>& parameter : model.parameters())
    zip.add(parameter.name + ".npy", npy_text(parameter.value));
  return zip.finish();
}

std::string to_json(const Model& model) {
  const std::string bytes = model.to_bytes();
  const StoredFile file = read_safetensors(bytes, "the model");
  std::string text = file.texts.at("pellucid");
  text.pop_back();  // the closing brace
  text += ",\n\"parameters\":{";
  for (const Parameter<float>& parameter : model.parameters()) {
    const auto extents = parameter.value.shape().extents();
    text +=
        fmt::format("{}\n{}:{{\"shape\":{},\"values\":[", text.back() == '{' ? "" : ",", Json(parameter.name).dump(),
                    Json(std::vector<std::int64_t>(extents.begin(), extents.end())).dump());
    for (const float value : parameter.value.values()) {
      fmt::format_to(std::back_inserter(text), "{}{}", text.back() == '[' ? "" : ",", value);
    }
    text += "]}";
  }
  return text + "\n}}\n";
}

}  // namespace pellucid
