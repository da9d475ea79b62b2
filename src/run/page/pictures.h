// RowPictures: tables whose rows are pictures; puts many pictures into one image (a sprite).
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

/// The rows of a table as pictures with 8 bits per channel. The pixels are either one column with cells of height x
/// width (x 3), or a square number (at least 64) of columns whose names count up: p00, p01, …, p63 or pixel_0_0,
/// pixel_0_1, …
class RowPictures {
 public:
  /// Empty if the columns are not the pixels of a picture.
  static std::optional<RowPictures> find(const Table& table, const Preprocessor& preprocessor);

  /// The sprite of these rows as {"height","width","channels","across","png"}: tile k, counted line by line, is the
  /// picture of rows[k]. Large pictures are reduced in size.
  Json sprite(const std::vector<std::int64_t>& rows) const;
  /// The largest number of pictures in a sprite.
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

/// The weights of the first layer as pictures in blue (negative), white (zero) and orange (positive), for at most 64
/// units of a dense layer that reads the pixels. A sprite with the additional members "units" and "most", the absolute
/// weight that has the strongest colour. Null if there is no such layer.
Json first_weights(const Model& model, const RowPictures& pictures);

}  // namespace pellucid
