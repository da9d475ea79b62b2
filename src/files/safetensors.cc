// Writes the safetensors container (8 bytes of header length, JSON header, tensor bytes) and reads it strictly.
// Not here: models (files/model_file.cc).
#include "files/safetensors.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "core/json.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the file format is little-endian and written without swapping");

constexpr const char* checksum_key = "checksum";
constexpr const char* no_checksum = "00000000";
constexpr const char* metadata_key = "__metadata__";

std::string crc_text(std::string_view header, std::string_view data) {
  uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(header.data()), header.size());
  crc = crc32_z(crc, reinterpret_cast<const Bytef*>(data.data()), data.size());
  return fmt::format("{:08x}", crc);
}

// Bytes per number; 0 for a type that is not read.
std::size_t width(std::string_view dtype) {
  static const std::map<std::string_view, std::size_t> widths = {{"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2},
                                                                 {"I64", 8}, {"I32", 4}, {"I16", 2}, {"I8", 1},
                                                                 {"U8", 1},  {"BOOL", 1}};
  const auto found = widths.find(dtype);
  return found == widths.end() ? 0 : found->second;
}

// `title` says what is refused: "net.safetensors is not a whole pellucid file".
[[noreturn]] void refuse(const std::string& title, const std::string& reason) {
  throw Error("D21", title + ": " + reason);
}

// Reads one tensor's entry in the header and checks it against the bytes of the file.
StoredTensor read_entry(const std::string& key, const SortedJson& entry, std::string_view data,
                        const std::string& title) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets")) {
    refuse(title, "tensor " + quote(key) + " lacks dtype, shape or data_offsets");
  }
  const SortedJson &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (!dtype.is_string() || width(dtype.get<std::string>()) == 0) {
    refuse(title, "tensor " + quote(key) + " is of type " + quote(dtype.dump()));
  }
  const auto counts = [](const SortedJson& list) {
    return list.is_array() &&
           std::all_of(list.begin(), list.end(), [](const SortedJson& x) { return x.is_number_unsigned(); });
  };
  if (!counts(shape) || shape.size() > Shape::max_rank || !counts(offsets) || offsets.size() != 2) {
    refuse(title, "tensor " + quote(key) + " has a shape or offsets that are not whole numbers");
  }
  const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
  if (begin > end || end > data.size())
    refuse(title, "the bytes of tensor " + quote(key) + " extend beyond the end of the file");
  std::vector<std::int64_t> extents;
  std::uint64_t elements = 1;
  for (const SortedJson& extent : shape) {
    const auto n = extent.get<std::uint64_t>();
    if (n > data.size() || __builtin_mul_overflow(elements, n, &elements))
      refuse(title, "tensor " + quote(key) + " is larger than the file");
    extents.push_back(static_cast<std::int64_t>(n));
  }
  if (elements > data.size() || elements * width(dtype.get<std::string>()) != end - begin) {
    refuse(title, fmt::format("tensor {} has {} bytes for {} elements", quote(key), end - begin, elements));
  }
  return {key, dtype.get<std::string>(), Shape(extents), data.substr(begin, end - begin)};
}

SortedJson parse_header(std::string_view header, const std::string& title) {
  SortedJson json = parse_json<SortedJson>(header);
  if (!json.is_object()) refuse(title, "its header is not a JSON object");
  return json;
}

void check_cover(const std::vector<StoredTensor>& tensors, std::string_view data, const std::string& title) {
  const char* next = data.data();
  for (const StoredTensor& tensor : tensors) {
    if (tensor.bytes.data() != next) refuse(title, "its tensors leave a gap or overlap");
    next += tensor.bytes.size();
  }
  if (next != data.data() + data.size()) refuse(title, "bytes are left over at its end");
}

void check_sum(std::string_view header, std::string_view data, const std::string& name, const std::string& title,
               const std::string& stored_sum) {
  std::string blank(header);
  const std::size_t at = stored_sum.size() == 8 ? blank.find("\"" + stored_sum + "\"") : std::string::npos;
  if (at == std::string::npos) refuse(title, "it has no checksum");
  blank.replace(at + 1, 8, no_checksum);
  if (crc_text(blank, data) != stored_sum) throw Error("D21", name + " is damaged (checksum differs)");
}

}  // namespace

const StoredTensor* StoredFile::find(const std::string& name) const {
  const auto found = places.find(name);
  return found == places.end() ? nullptr : &tensors[found->second];
}

template <class T>
StoredTensor stored(const std::string& name, const Shape& shape, std::span<const T> values) {
  return {
      name, sizeof(T) == 8 ? "F64" : "F32", shape, {reinterpret_cast<const char*>(values.data()), values.size_bytes()}};
}

template <class T>
Tensor<T> restored(const StoredTensor& tensor) {
  Tensor<T> result(tensor.shape);
  const auto convert = [&]<class S>(S) {
    for (std::int64_t i = 0; i < result.size(); ++i) {
      S value;  // the file's bytes are not aligned
      std::memcpy(&value, tensor.bytes.data() + static_cast<std::size_t>(i) * sizeof(S), sizeof(S));
      result.data()[i] = static_cast<T>(value);
    }
  };
  if (tensor.dtype == "F64") {
    convert(double{});
  } else {
    convert(float{});
  }
  return result;
}

std::string write_safetensors(const StoredFile& file) {
  Json header = Json::object();
  Json& texts = header[metadata_key];
  texts[checksum_key] = no_checksum;
  for (const auto& [key, text] : file.texts) texts[key] = text;
  std::size_t offset = 0;
  auto& members = header.get_ref<Json::object_t&>();  // appended without a look-up, because there may be very many
  for (const StoredTensor& tensor : file.tensors) {
    members.emplace_back(tensor.name, Json{{"dtype", tensor.dtype},
                                           {"shape", tensor.shape.extents()},
                                           {"data_offsets", {offset, offset + tensor.bytes.size()}}});
    offset += tensor.bytes.size();
  }
  std::string head = header.dump();
  head.append((8 - head.size() % 8) % 8, ' ');
  std::string data;
  data.reserve(offset);
  for (const StoredTensor& tensor : file.tensors) data += tensor.bytes;
  // The checksum is the first text of the header, so its place is the first run of eight zeros in quotes.
  head.replace(head.find(fmt::format("\"{}\"", no_checksum)) + 1, 8, crc_text(head, data));
  std::uint64_t length = head.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  return bytes + head + data;
}

namespace {

struct Container {
  StoredFile file;  // without texts
  SortedJson header;
  std::string_view header_bytes, data;
};

Container read_container(std::string_view bytes, const std::string& title) {
  std::uint64_t length = 0;
  if (bytes.size() < 8) refuse(title, fmt::format("it has {} bytes", bytes.size()));
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8)
    refuse(title, "it is truncated, or not a safetensors file (its header ends behind its end)");
  const std::string_view header = bytes.substr(8, length), data = bytes.substr(8 + length);
  Container result{{}, parse_header(header, title), header, data};
  StoredFile& file = result.file;
  for (const auto& [key, entry] : result.header.items()) {
    if (key != metadata_key) file.tensors.push_back(read_entry(key, entry, data, title));
  }
  std::ranges::stable_sort(file.tensors, {}, [](const StoredTensor& t) { return t.bytes.data(); });
  for (std::size_t i = 0; i < file.tensors.size(); ++i) file.places.emplace(file.tensors[i].name, i);
  check_cover(file.tensors, data, title);
  return result;
}

}  // namespace

StoredFile read_any_safetensors(std::string_view bytes, const std::string& name) {
  return read_container(bytes, name + " is not a whole safetensors file").file;
}

StoredFile read_safetensors(std::string_view bytes, const std::string& name) {
  const std::string title = name + " is not a whole pellucid file";
  Container read = read_container(bytes, title);
  StoredFile& file = read.file;
  for (const StoredTensor& tensor : file.tensors) {
    if (tensor.dtype != "F32" && tensor.dtype != "F64") {
      refuse(title, "tensor " + quote(tensor.name) + " is of type " + quote(tensor.dtype));
    }
  }
  const auto metadata = read.header.find(metadata_key);
  if (metadata == read.header.end() || !metadata->is_object())
    refuse(title, "it has no metadata, so it is another program's file");
  for (const auto& [key, text] : metadata->items()) {
    if (!text.is_string()) refuse(title, "its metadata contain something that is not text");
    file.texts[key] = text.get<std::string>();
  }
  check_sum(read.header_bytes, read.data, name, title, file.texts[checksum_key]);
  return std::move(file);
}

template StoredTensor stored<float>(const std::string&, const Shape&, std::span<const float>);
template StoredTensor stored<double>(const std::string&, const Shape&, std::span<const double>);
template Tensor<float> restored<float>(const StoredTensor&);
template Tensor<double> restored<double>(const StoredTensor&);

}  // namespace pellucid
