// Rows that are pictures: which columns are pixels, and many pictures in one image (a sprite).
// Not here: which rows are shown (examples.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/settings.h"
#include "pellucid/model.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

namespace pellucid {

/// Pixels of a table's rows, 8 bits each: one column of height x width (x 3) cells, or a square number (64 or more) of
/// columns whose names count on: p00, p01, …, p63 or pixel_0_0, pixel_0_1, …
class RowPictures {
 public:
  /// Empty where the columns are not a picture.
  static std::optional<RowPictures> find(const Table& table, const Preprocessor& preprocessor);

  /// {"height","width","channels","across","png"}: tile k is the picture of rows[k], row by row. Large pictures are
  /// made smaller.
  Json sprite(const std::vector<std::int64_t>& rows) const;
  /// The largest number of pictures on a page.
  std::int64_t most() const noexcept;

  std::int64_t height() const noexcept { return height_; }
  std::int64_t width() const noexcept { return width_; }
  int channels() const noexcept { return channels_; }

 private:
  std::vector<std::uint8_t> pixels(std::int64_t row) const;

  const Table* table_ = nullptr;
  std::vector<int> columns_;
  std::int64_t height_ = 0, width_ = 0;
  int channels_ = 1;
  double low_ = 0, high_ = 255;
};

/// The weights of the first layer as pictures in blue, white (zero) and orange: at most 64 units of a dense layer that
/// reads the pixels, as a sprite with "units" and "most", the weight of the strongest colour. Null where there is no
/// such layer.
Json first_weights(const Model& model, const RowPictures& pictures);

}  // namespace pellucid
