// Keeps hash keys of the training rows. If there are too many, only keys that begin with zero bits are kept, which is a
// random sample because keys are evenly distributed. Not here: messages about the rows (app/).
#include "run/trained_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>

#include "core/file.h"
#include "pellucid/error.h"
#include "prepare/row_key.h"

namespace pellucid {
namespace {

constexpr std::string_view mark = "PLROWKEY";
constexpr std::size_t most_keys = 1 << 16, head = 24;

void append(std::string& bytes, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

bool is_kept(std::uint64_t key, std::int64_t zero_bits) {
  return std::countl_zero(key) >= zero_bits;
}

}  // namespace

std::string TrainedRows::bytes_of(const Dataset& train) {
  LargeVector<std::uint64_t> keys = row_keys(train);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::int64_t zero_bits = 0;
  std::size_t count = keys.size();
  while (count > most_keys) {
    ++zero_bits;
    count = static_cast<std::size_t>(
        std::partition_point(keys.begin(), keys.end(), [&](auto key) { return is_kept(key, zero_bits); }) -
        keys.begin());
  }
  std::string bytes(mark);
  append(bytes, static_cast<std::uint64_t>(zero_bits));
  append(bytes, count);
  for (std::size_t i = 0; i < count; ++i) append(bytes, keys[i]);
  return bytes;
}

TrainedRows TrainedRows::from_bytes(std::string_view bytes, const std::string& name) {
  const Error damaged("D16", name + " is damaged", {"it only lists the training rows; remove it"});
  if (bytes.size() < head || !bytes.starts_with(mark) || (bytes.size() - head) % 8 != 0) throw damaged;
  if (number_at(bytes, 16) != (bytes.size() - head) / 8 || number_at(bytes, 8) > 63) throw damaged;
  TrainedRows result;
  result.zero_bits_ = static_cast<std::int64_t>(number_at(bytes, 8));
  for (std::size_t at = head; at < bytes.size(); at += 8) result.keys_.push_back(number_at(bytes, at));
  if (!std::is_sorted(result.keys_.begin(), result.keys_.end())) throw damaged;
  return result;
}

std::optional<TrainedRows> TrainedRows::beside(const std::string& model_file) {
  const std::string file = (std::filesystem::path(model_file).parent_path() / file_name).string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  return from_bytes(read_file(file, head + 8 * most_keys), file);
}

std::int64_t TrainedRows::among(const Dataset& rows) const {
  std::int64_t looked_at = 0, found = 0;
  for (const std::uint64_t key : row_keys(rows)) {
    if (!is_kept(key, zero_bits_)) continue;
    ++looked_at;
    found += std::binary_search(keys_.begin(), keys_.end(), key) ? 1 : 0;
  }
  if (!is_sample() || looked_at == 0) return found;
  return std::llround(static_cast<double>(found) / static_cast<double>(looked_at) * static_cast<double>(rows.rows()));
}

}  // namespace pellucid
