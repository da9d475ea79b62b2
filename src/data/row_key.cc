// Keys of cells and rows. Not here: what is made of repeated rows (findings.cc).
#include "data/row_key.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace pellucid {

namespace {

constexpr std::uint64_t start = 1469598103934665603u;

std::uint64_t mixed(std::uint64_t key, std::uint64_t value) noexcept {
  key = (key ^ value) * 0x9E3779B97F4A7C15u;
  return key ^ (key >> 29);
}

// Eight bytes at a time: pictures are long.
std::uint64_t bytes_key(const std::uint8_t* bytes, std::int64_t count) noexcept {
  std::uint64_t key = start;
  for (std::int64_t i = 0; i < count; i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + i, static_cast<std::size_t>(count - i < 8 ? count - i : 8));
    key = mixed(key, eight);
  }
  return key;
}

}  // namespace

std::uint64_t cell_key(const Column& column, std::int64_t row) noexcept {
  if (column.type == Column::Type::text) return static_cast<std::uint64_t>(std::int64_t{column.codes[row]});
  const std::int64_t cell = column.cell();
  if (column.type == Column::Type::bytes) return bytes_key(column.bytes.data() + row * cell, cell);
  std::uint64_t key = start;
  for (std::int64_t i = row * cell; i < (row + 1) * cell; ++i) {
    const double x = column.numbers[i];
    key = mixed(key, std::isnan(x) ? ~std::uint64_t{0} : x == 0 ? 0 : std::bit_cast<std::uint64_t>(x));
  }
  return key;
}

std::uint64_t row_key(const Table& table, const std::vector<std::size_t>& columns, std::int64_t row) noexcept {
  std::uint64_t key = start;
  for (const std::size_t c : columns) key = mixed(key, cell_key(table.columns[c], row));
  return key;
}

bool is_missing_cell(const Column& column, std::int64_t row) noexcept {
  if (column.type == Column::Type::text) return column.codes[row] < 0;
  return column.type == Column::Type::number && column.shape.rank() == 0 && std::isnan(column.numbers[row]);
}

}  // namespace pellucid
