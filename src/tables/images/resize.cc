// Resizes images in integer arithmetic, so the result is the same on every machine.
// Not here: other operations on images (image.cc).
#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "core/memory.h"
#include "pellucid/error.h"
#include "pellucid/image.h"
#include "tables/images/file.h"

namespace pellucid {
namespace {

/// One new pixel along an axis: the weighted sum of old pixels, weights[i] for old pixel first + i.
struct Tap {
  std::int64_t first;
  std::vector<std::uint32_t> weights;
};

struct Axis {
  std::vector<Tap> taps;    // one per new pixel
  std::uint64_t total = 1;  // sum of the weights of a tap, the same for all taps
};

// Shrinks by area averaging. In units of 1/after of an old pixel, old pixel j covers [j · after, (j + 1) · after) and
// new pixel i covers [i · before, (i + 1) · before).
Axis area_axis(std::int64_t before, std::int64_t after) {
  Axis axis;
  axis.total = static_cast<std::uint64_t>(before);
  for (std::int64_t i = 0; i < after; ++i) {
    const std::int64_t begin = i * before, end = begin + before;
    Tap tap{begin / after, {}};
    for (std::int64_t j = tap.first; j * after < end; ++j) {
      tap.weights.push_back(static_cast<std::uint32_t>(std::min(end, (j + 1) * after) - std::max(begin, j * after)));
    }
    axis.taps.push_back(std::move(tap));
  }
  return axis;
}

// Enlarges by linear interpolation. The centre of new pixel i lies at (2i + 1) · before / (2 · after) - 1/2, where old
// pixel j has its centre at j.
Axis linear_axis(std::int64_t before, std::int64_t after) {
  Axis axis;
  axis.total = static_cast<std::uint64_t>(2 * after);
  for (std::int64_t i = 0; i < after; ++i) {
    const std::int64_t place = std::clamp((2 * i + 1) * before - after, std::int64_t{0}, (before - 1) * 2 * after);
    const auto beyond = static_cast<std::uint32_t>(place % (2 * after));
    Tap tap{place / (2 * after), {static_cast<std::uint32_t>(2 * after) - beyond}};
    if (beyond > 0) tap.weights.push_back(beyond);
    axis.taps.push_back(std::move(tap));
  }
  return axis;
}

Axis make_axis(std::int64_t before, std::int64_t after) {
  return after < before ? area_axis(before, after) : linear_axis(before, after);
}

// All old rows at the new width, as sums that are not divided yet; a sum is at most 255 · 2 · 65,535.
std::vector<std::uint32_t> across(const Image& from, const Axis& axis) {
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(from.height) * axis.taps.size() *
                                  static_cast<std::size_t>(from.channels));
  std::uint32_t* out = sums.data();
  for (std::int64_t y = 0; y < from.height; ++y) {
    const std::uint8_t* row = from.pixels.data() + y * from.width * from.channels;
    for (const Tap& tap : axis.taps) {
      const std::uint8_t* old = row + tap.first * from.channels;
      for (const std::uint32_t weight : tap.weights) {
        for (int c = 0; c < from.channels; ++c) out[c] += weight * *old++;
      }
      out += from.channels;
    }
  }
  return sums;
}

}  // namespace

Image resize(const Image& image, std::int64_t height, std::int64_t width) try {
  require_whole(image);
  if (height < 1 || width < 1 || height > most_image_side || width > most_image_side) {
    throw Error("U12", fmt::format("an image's sides take 1 … 65,535, got {} x {}", height, width));
  }
  if (height == image.height && width == image.width) return image;
  const std::int64_t row = width * image.channels;
  require_memory(static_cast<double>(row) * (4.0 * static_cast<double>(image.height) + static_cast<double>(height)));
  const Axis x_axis = make_axis(image.width, width);
  const Axis y_axis = make_axis(image.height, height);
  const std::vector<std::uint32_t> rows = across(image, x_axis);
  const std::uint64_t total = x_axis.total * y_axis.total;
  Image result{height, width, image.channels, {}};
  result.pixels.reserve(static_cast<std::size_t>(height * row));
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(row));
  for (const Tap& tap : y_axis.taps) {
    std::fill(sums.begin(), sums.end(), 0);
    const std::uint32_t* old = rows.data() + tap.first * row;
    for (const std::uint32_t weight : tap.weights) {
      for (std::uint64_t& sum : sums) sum += std::uint64_t{weight} * *old++;
    }
    for (const std::uint64_t sum : sums) result.pixels.push_back(static_cast<std::uint8_t>((sum + total / 2) / total));
  }
  return result;
} catch (const std::bad_alloc&) {
  throw Error("M02", fmt::format("no memory for an image of {} x {}", height, width));
}

}  // namespace pellucid
