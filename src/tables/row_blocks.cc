// Gives the hints for each vector of a column. Not here: the system calls (core/large_data.cc).
#include "tables/row_blocks.h"

#include <algorithm>

#include "core/large_data.h"

namespace pellucid {

namespace {

template <class Use>
void for_each_vector(const Column& column, const Use& use) {
  const auto pass = [&](const auto& values) {
    if (!values.empty()) use(values);
  };
  pass(column.numbers);
  pass(column.codes);
  pass(column.bytes);
}

bool lies_in_file(const Column& column) {
  bool found = false;
  for_each_vector(column, [&](const auto& values) { found = found || pellucid::lies_in_file(values.data()); });
  return found;
}

void expect(const Column& column, Reading reading) noexcept {
  for_each_vector(column, [&](const auto& values) { expect_reading(values, reading); });
}

}  // namespace

RowBlocks::RowBlocks(std::vector<const Column*> columns) : in_files_(std::move(columns)) {
  std::erase_if(in_files_, [](const Column* column) { return !lies_in_file(*column); });
  for (const Column* column : in_files_) expect(*column, Reading::single_pages);
}

RowBlocks::~RowBlocks() {
  for (const Column* column : in_files_) expect(*column, Reading::in_order);
}

void RowBlocks::read_ahead(std::int64_t first, std::int64_t last) const noexcept {
  for (const Column* column : in_files_) {
    const auto cell = static_cast<std::size_t>(column->cell());
    for_each_vector(*column, [&](const auto& values) {
      const std::size_t begin = static_cast<std::size_t>(first) * cell;
      const std::size_t end = std::min(values.size(), static_cast<std::size_t>(last) * cell);
      if (begin < end) pellucid::read_ahead(values.data() + begin, (end - begin) * sizeof(values[0]));
    });
  }
}

void expect_reading_in_order(const Column& column) noexcept {
  expect(column, Reading::in_order);
}

}  // namespace pellucid
