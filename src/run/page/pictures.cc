// Finds rows that are pictures, and combines pictures into sprites. Not here: the PNG format (image.h).
#include "run/page/pictures.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "core/base64.h"
#include "core/text.h"
#include "pellucid/image.h"

namespace pellucid {
namespace {

constexpr std::int64_t most_side = 32;        // largest height and width of a tile, in pixels
constexpr std::int64_t most_bytes = 640'000;  // largest size of a sprite before compression
constexpr std::int64_t least_pixels = 64;     // fewer columns may be a square number by chance
constexpr std::int64_t most_units = 64;

std::int64_t root_of(std::int64_t n) {
  const auto root = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(n))));
  return root * root == n ? root : 0;
}

// "pixel_3_17" → "pixel_#_#" and {3, 17}.
std::pair<std::string, std::vector<std::int64_t>> numbers_of(const std::string& name) {
  std::pair<std::string, std::vector<std::int64_t>> parts;
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::size_t end = i;
    while (end < name.size() && end - i < 18 && name[end] >= '0' && name[end] <= '9') ++end;
    parts.first += end > i ? '#' : name[i];
    if (end == i) continue;
    parse_integer(std::string_view(name).substr(i, end - i), parts.second.emplace_back());
    i = end - 1;
  }
  return parts;
}

// Whether all columns are single numbers and their names differ only in numbers that count up.
bool count_on(const std::vector<FittedColumn>& columns) {
  const std::string stem = numbers_of(columns.front().name).first;
  std::vector<std::int64_t> last;
  for (const FittedColumn& column : columns) {
    auto [own_stem, numbers] = numbers_of(column.name);
    if (!column.is(ColumnKind::number) || column.shape.rank() != 0 || own_stem != stem || numbers <= last) return false;
    last = std::move(numbers);
  }
  return true;
}

Json sprite_of(const std::vector<Image>& tiles) {
  const auto count = static_cast<std::int64_t>(tiles.size());
  const std::int64_t across = std::clamp<std::int64_t>(count, 1, 20);
  const Image& first = tiles.front();
  Image sheet{(count + across - 1) / across * first.height, across * first.width, first.channels, {}};
  sheet.pixels.resize(static_cast<std::size_t>(sheet.height * sheet.width * sheet.channels));
  const std::int64_t line = first.width * first.channels;
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t y = 0; y < first.height; ++y) {
      const auto from = tiles[static_cast<std::size_t>(k)].pixels.begin() + y * line;
      std::copy_n(from, line,
                  sheet.pixels.begin() + (k / across * first.height + y) * across * line + k % across * line);
    }
  }
  return {{"height", first.height},
          {"width", first.width},
          {"channels", first.channels},
          {"across", across},
          {"png", "data:image/png;base64," + base64(encode_png(sheet))}};
}

std::uint8_t byte_of(double share) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0, 1.0) * 255));
}

}  // namespace

std::optional<RowPictures> RowPictures::find(const Table& table, const Preprocessor& preprocessor) {
  const auto& columns = preprocessor.columns;
  RowPictures found;
  found.table_ = &table;
  if (columns.size() == 1) {
    const Shape& shape = columns.front().shape;
    const auto extents = shape.extents();
    found.height_ = shape.rank() >= 2 ? extents[0] : root_of(shape.elements());
    found.width_ = shape.rank() >= 2 ? extents[1] : found.height_;
    found.channels_ = shape.rank() == 3 ? static_cast<int>(extents[2]) : 1;
    if (shape.rank() > 3 || (found.channels_ != 1 && found.channels_ != 3)) return std::nullopt;
  } else if (!columns.empty() && count_on(columns)) {
    found.height_ = found.width_ = root_of(static_cast<std::int64_t>(columns.size()));
  }
  if (found.height_ * found.width_ < least_pixels) return std::nullopt;
  const ValueRange* const first = columns.front().is(ColumnKind::bytes) ? nullptr : columns.front().range();
  found.low_ = first == nullptr ? 0 : first->low;
  found.high_ = first == nullptr ? 255 : first->high;
  for (const FittedColumn& column : columns) {
    found.columns_.push_back(table.find(column.name));
    if (found.columns_.back() < 0) return std::nullopt;
    if (column.number() == nullptr) continue;
    found.low_ = std::min(found.low_, column.range()->low);
    found.high_ = std::max(found.high_, column.range()->high);
  }
  return found;
}

std::int64_t RowPictures::most() const noexcept {
  const std::int64_t height = std::min(height_, most_side), width = std::min(width_, most_side);
  return std::max<std::int64_t>(1, most_bytes / (height * width * channels_));
}

std::vector<std::uint8_t> RowPictures::pixels(std::int64_t row) const {
  std::vector<std::uint8_t> result;
  const double range = high_ > low_ ? high_ - low_ : 1;
  for (const int index : columns_) {
    const Column& column = table_->columns[static_cast<std::size_t>(index)];
    const std::int64_t cell = column.cell();
    for (std::int64_t i = row * cell; i < (row + 1) * cell; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (column.type == Column::Type::bytes) {
        result.push_back(column.bytes[at]);
      } else {
        const double value = column.numbers[at];
        result.push_back(std::isfinite(value) ? byte_of((value - low_) / range) : 0);
      }
    }
  }
  return result;
}

Json RowPictures::sprite(const std::vector<std::int64_t>& rows) const {
  std::vector<Image> tiles;
  for (const std::int64_t row : rows) {
    Image image{height_, width_, channels_, pixels(row)};
    if (height_ > most_side || width_ > most_side) {
      image = resize(image, std::min(height_, most_side), std::min(width_, most_side));
    }
    tiles.push_back(std::move(image));
  }
  return tiles.empty() ? Json() : sprite_of(tiles);
}

Json first_weights(const Model& model, const RowPictures& pictures) {
  const auto& parameters = model.parameters();
  const auto weight = std::find_if(parameters.begin(), parameters.end(),
                                   [](const auto& p) { return p.name.ends_with(".weight") && p.node == 0; });
  const std::int64_t cells = pictures.height() * pictures.width() * pictures.channels();
  if (weight == parameters.end() || pictures.channels() != 1 || cells > most_side * most_side) return {};
  const auto extents = weight->value.shape().extents();
  const bool units_first = extents.size() == 2 && extents[1] == cells;
  if (extents.size() != 2 || (!units_first && extents[0] != cells)) return {};
  const auto values = weight->value.values();
  const std::int64_t units = units_first ? extents[0] : extents[1];
  double most = 0;
  for (const float w : values) most = std::max(most, std::abs(static_cast<double>(w)));
  if (!(most > 0) || !std::isfinite(most)) return {};
  std::vector<Image> tiles;
  for (std::int64_t unit = 0; unit < std::min(units, most_units); ++unit) {
    Image image{pictures.height(), pictures.width(), 3, {}};
    for (std::int64_t i = 0; i < cells; ++i) {
      const double w = values[static_cast<std::size_t>(units_first ? unit * cells + i : i * units + unit)] / most;
      const double fade = 1 - std::abs(w);
      const double end[3] = {w < 0 ? 0.0 : 0.9, w < 0 ? 0.447 : 0.624, w < 0 ? 0.698 : 0.0};  // Okabe-Ito blue, orange
      for (const double channel : end) image.pixels.push_back(byte_of(channel + (1 - channel) * fade));
    }
    tiles.push_back(std::move(image));
  }
  Json sprite = sprite_of(tiles);
  sprite["units"] = units;
  sprite["most"] = most;
  sprite["layer"] = weight->name;
  return sprite;
}

}  // namespace pellucid
