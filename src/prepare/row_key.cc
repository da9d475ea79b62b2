// Keys (64-bit hashes) of cells and rows. Not here: findings about repeated rows (findings.cc).
#include "prepare/row_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "batches/stored_row.h"
#include "tables/row_blocks.h"

namespace pellucid {

namespace {
constexpr std::uint64_t start = 1469598103934665603u;

}  // namespace

// Takes eight bytes at a time, because images are long.
std::uint64_t bytes_key(const std::uint8_t* bytes, std::int64_t count) noexcept {
  std::uint64_t key = start;
  for (std::int64_t i = 0; i < count; i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + i, static_cast<std::size_t>(count - i < 8 ? count - i : 8));
    key = mixed_key(key, eight);
  }
  return key;
}

std::uint64_t cell_key(const Column& column, std::int64_t row) noexcept {
  if (column.type == Column::Type::text) return static_cast<std::uint64_t>(std::int64_t{column.codes[row]});
  const std::int64_t cell = column.cell();
  if (column.type == Column::Type::bytes) return bytes_key(column.bytes.data() + row * cell, cell);
  std::uint64_t key = start;
  for (std::int64_t i = row * cell; i < (row + 1) * cell; ++i) {
    const double x = column.numbers[i];
    key = mixed_key(key, std::isnan(x) ? ~std::uint64_t{0} : x == 0 ? 0 : std::bit_cast<std::uint64_t>(x));
  }
  return key;
}

void for_each_row_key(const Table& table, const std::vector<std::size_t>& columns, std::span<const std::int64_t> rows,
                      const std::function<void(std::int64_t, std::uint64_t)>& use) {
  std::vector<const Column*> read;
  for (const std::size_t c : columns) read.push_back(&table.columns[c]);
  const RowBlocks blocks(read);
  const auto block_of = [&](std::size_t first) {
    return rows.subspan(first, std::min(rows.size() - first, static_cast<std::size_t>(rows_of_a_block)));
  };
  std::vector<std::uint64_t> keys;
  for (std::size_t first = 0; first < rows.size(); first += static_cast<std::size_t>(rows_of_a_block)) {
    const std::span<const std::int64_t> block = block_of(first);
    if (const std::size_t next = first + block.size(); next < rows.size()) {
      const std::span<const std::int64_t> coming = block_of(next);
      blocks.read_ahead(coming.front(), coming.back() + 1);
    }
    keys.assign(block.size(), start);
    for (const Column* column : read) {
      for (std::size_t i = 0; i < block.size(); ++i) keys[i] = mixed_key(keys[i], cell_key(*column, block[i]));
    }
    for (std::size_t i = 0; i < block.size(); ++i) use(block[i], keys[i]);
  }
}

LargeVector<std::uint64_t> row_keys(const Dataset& data) {
  const Block& block = data.features();
  const std::int64_t width = block.shape.elements(), numbers = number_features(block);
  const auto codes = static_cast<std::int64_t>(block.one_hot.size());
  const auto of = [](const auto* values, std::int64_t count) {
    return bytes_key(reinterpret_cast<const std::uint8_t*>(values), count * static_cast<std::int64_t>(sizeof *values));
  };
  LargeVector<std::uint64_t> keys;
  keys.reserve(static_cast<std::size_t>(data.rows()));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    const std::int64_t at = data.indices()[static_cast<std::size_t>(r)];
    std::uint64_t key = start;
    if (!block.bytes.empty()) {
      key = of(block.bytes.data() + at * width, width);
    } else if (!block.doubles.empty()) {
      key = of(block.doubles.data() + at * width, width);
    } else {
      const StoredRow row(block, numbers, at);
      key = mixed_key(of(row.codes, codes), of(row.floats, numbers));
    }
    if (data.has_labels()) key = mixed_key(key, static_cast<std::uint64_t>(data.label(r)));
    const std::int64_t targets = data.has_targets() && !data.has_labels() ? data.targets().columns : 0;
    for (std::int64_t c = 0; c < targets; ++c) key = mixed_key(key, std::bit_cast<std::uint64_t>(data.value(r, c)));
    keys.push_back(mixed_key(key, start));
  }
  return keys;
}

bool is_missing_cell(const Column& column, std::int64_t row) noexcept {
  if (column.type == Column::Type::text) return column.codes[row] < 0;
  return column.type == Column::Type::number && column.shape.rank() == 0 && std::isnan(column.numbers[row]);
}

}  // namespace pellucid
