// One stored row whose one-hot features are stored as codes: written out as numbers, or as its nonzero elements.
// Not here: rows of one number type (batches/batches.cc, batches/dataset.cc), building them (prepare/features.h).
#pragma once

#include <algorithm>
#include <cstdint>

#include "pellucid/dataset.h"

namespace pellucid {

/// How many of a row's features are stored as numbers.
inline std::int64_t number_features(const Block& block) noexcept {
  std::int64_t count = block.shape.elements();
  for (const OneHot& hot : block.one_hot) count -= hot.count;
  return count;
}

/// A row's codes and numbers. `numbers` must be number_features() of the block.
struct StoredRow {
  const std::uint8_t* codes;
  const float* floats;

  StoredRow(const Block& block, std::int64_t numbers, std::int64_t row) noexcept
      : codes(block.codes.data() + row * static_cast<std::int64_t>(block.one_hot.size())),
        floats(block.floats.data() + row * numbers) {}
};

/// Writes all `width` features to x.
template <class T>
void write_row(const Block& block, StoredRow row, std::int64_t width, T* x) noexcept {
  std::fill_n(x, width, T(0));
  std::int64_t at = 0;
  for (const OneHot& hot : block.one_hot) {
    for (; at < hot.first; ++at) x[at] = *row.floats++;
    if (const std::uint8_t code = *row.codes++; code > 0) x[hot.first + code - 1] = T(1);
    at += hot.count;
  }
  std::copy_n(row.floats, width - at, x + at);
}

/// Writes the nonzero features in ascending order, and their indices. Returns their number. Both arrays need room for
/// one element more than number_features() plus the number of one-hot groups.
template <class T>
std::int64_t write_entries(const Block& block, StoredRow row, std::int64_t width, std::uint16_t* feature,
                           T* value) noexcept {
  std::int64_t count = 0, at = 0;
  const auto numbers_to = [&](std::int64_t end) {
    for (; at < end; ++at) {  // without a branch, because zeros are unpredictable; the next element overwrites a zero
      feature[count] = static_cast<std::uint16_t>(at);
      value[count] = *row.floats;
      count += *row.floats++ != 0;
    }
  };
  for (const OneHot& hot : block.one_hot) {
    numbers_to(hot.first);
    const std::uint8_t code = *row.codes++;
    feature[count] = static_cast<std::uint16_t>(hot.first + code - 1);
    value[count] = T(1);
    count += code > 0;
    at += hot.count;
  }
  numbers_to(width);
  return count;
}

}  // namespace pellucid
