// Hashes of columns and datasets, over eight stored bytes at a time. Not here: what is compared (train/fingerprint.cc).
#include "prepare/data_key.h"

#include <fmt/format.h>

#include <bit>
#include <span>

#include "prepare/row_key.h"

namespace pellucid {
namespace {

template <class T>
std::uint64_t key_of(std::span<const T> values) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
  return bytes_key(bytes, static_cast<std::int64_t>(values.size_bytes()));
}

std::uint64_t text_key(std::string_view text) {
  return mixed_key(key_of(std::span(text)), text.size());
}

}  // namespace

ColumnKey column_key(const Column& column, std::int64_t rows) {
  std::vector<std::uint64_t> words;
  for (const std::string& word : column.words) words.push_back(text_key(word));
  const bool text = column.type == Column::Type::text;
  ColumnKey key{text_key(column.shape.text()), static_cast<std::uint64_t>(column.type)};
  for (std::int64_t row = 0; row < rows; ++row) {
    std::uint64_t cell = 0;  // value for a missing word
    if (!text) {
      cell = cell_key(column, row);
    } else if (const std::int32_t code = column.codes[row]; code >= 0) {
      cell = words[static_cast<std::size_t>(code)];
    }
    key.ordered = mixed_key(key.ordered, cell);
    key.unordered += mixed_key(0, cell);
  }
  return key;
}

std::string data_key(const Dataset& data) {
  const Block& block = data.features();
  std::uint64_t key = text_key(block.shape.text());
  key = mixed_key(key, std::bit_cast<std::uint64_t>(block.offset));
  key = mixed_key(key, std::bit_cast<std::uint64_t>(block.factor));
  key = mixed_key(key, key_of(std::span(block.one_hot)));
  for (const std::uint64_t row : row_keys(data)) key = mixed_key(key, row);
  if (data.has_soft_targets()) key = mixed_key(key, key_of(data.soft_targets()));
  return key_text(mixed_key(key, key_of(data.weights())));
}

std::string key_text(std::uint64_t key) {
  return fmt::format("{:016x}", key);
}

}  // namespace pellucid
