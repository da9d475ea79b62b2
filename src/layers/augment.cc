// Augment: flips, shifts and cuts out of pictures in training.
// Not here: the random numbers (src/core/random.cc).
#include "pellucid/augmentation.h"

#include <algorithm>

#include "core/settings.h"
#include "kernels/parallel.h"
#include "layers/elements.h"
#include "layers/pictures.h"

namespace pellucid {
namespace {

/// What happens to one picture: which pixel of it each pixel of the result shows.
struct Change {
  std::int64_t down = 0, right = 0;
  bool flip = false;
  std::int64_t top = 0, bottom = 0, left = 0, end = 0;  // of the square, [top, bottom) and [left, end)

  /// Calls work(pixel of the result, pixel of the picture) for each pixel that shows one.
  template <class F>
  void each_pixel(const Picture& picture, const F& work) const {
    for (std::int64_t y = std::max<std::int64_t>(0, down); y < std::min(picture.height, picture.height + down); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(0, right); x < std::min(picture.width, picture.width + right); ++x) {
        if (y >= top && y < bottom && x >= left && x < end) continue;
        const std::int64_t from = flip ? picture.width - 1 - (x - right) : x - right;
        work(y * picture.width + x, (y - down) * picture.width + from);
      }
    }
  }
};

bool changes(const AugmentOptions& options) {
  return options.shift > 0 || options.flip || options.cutout > 0;
}

/// A whole number 0 … count - 1 from a random word.
std::int64_t below(std::uint32_t word, std::int64_t count) {
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(word) * static_cast<std::uint64_t>(count)) >> 32);
}

Change drawn(const AugmentOptions& options, const Picture& picture, const RandomKey& key) {
  const auto place = random_words(key, 0), square = random_words(key, 1);
  Change change;
  change.down = below(place[0], 2 * options.shift + 1) - options.shift;
  change.right = below(place[1], 2 * options.shift + 1) - options.shift;
  change.flip = options.flip && place[2] % 2 == 1;
  change.top = below(square[0], picture.height) - options.cutout / 2;
  change.left = below(square[1], picture.width) - options.cutout / 2;
  change.bottom = change.top + options.cutout;
  change.end = change.left + options.cutout;
  return change;
}

/// Calls work(row, change) for each row of the batch, on the pass's threads.
template <class T, class F>
void each_row(const Pass<T>& pass, const AugmentOptions& options, const Picture& picture, const F& work) {
  const double cost = 2 * static_cast<double>(picture.height * picture.width * picture.channels);
  parallel_rows<T>(pass.team(), pass.rows(), cost, [&](std::int64_t begin, std::int64_t end) {
    RandomKey key = pass.random_key();
    for (std::int64_t r = begin; r < end; ++r) {
      key.row = pass.first_row() + static_cast<std::uint32_t>(r);
      work(r, drawn(options, picture, key));
    }
  });
}

}  // namespace

Augment::Augment(AugmentOptions options) : options_(options) {
  Augment copy = *this;
  check_settings(copy, "layer augment");
}

void Augment::describe(Fields& fields) {
  constexpr Range pixels{0, static_cast<double>(most_pixels)};
  fields.field({.name = "shift", .help = "pixels by which pictures move in each direction, at most", .range = pixels},
               options_.shift);
  fields.field({.name = "flip", .help = "mirrors left and right, at random"}, options_.flip);
  fields.field({.name = "cutout", .help = "side of a square that is blanked; 0: none", .range = pixels},
               options_.cutout);
}

Shape Augment::output_shape(std::span<const Shape> inputs) const {
  if (changes(options_)) only_picture(inputs, name);
  return only_input(inputs, name);
}

std::vector<Need> Augment::needs(std::span<const Shape>) const {
  return {};
}

template <class T>
void Augment::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y();
  if (!pass.training() || !changes(options_)) return copy_elements<T>(x, y);
  const Picture picture = only_picture(std::span(&pass.input_shape(), 1), name);
  each_row(pass, options_, picture, [&](std::int64_t r, const Change& change) {
    std::fill_n(y.row(r), y.columns, T(0));
    change.each_pixel(picture, [&, to = y.row(r), from = x.row(r)](std::int64_t pixel, std::int64_t source) {
      std::copy_n(from + source * picture.channels, picture.channels, to + pixel * picture.channels);
    });
  });
}

template <class T>
void Augment::run_backward(Pass<T>& pass) const {
  const View<T> dy = pass.dy(), dx = pass.dx();
  if (!dx) return;
  if (!pass.training() || !changes(options_)) return copy_elements<T>(dy, dx);
  const Picture picture = only_picture(std::span(&pass.input_shape(), 1), name);
  each_row(pass, options_, picture, [&](std::int64_t r, const Change& change) {
    std::fill_n(dx.row(r), dx.columns, T(0));
    change.each_pixel(picture, [&, from = dy.row(r), to = dx.row(r)](std::int64_t pixel, std::int64_t source) {
      std::copy_n(from + pixel * picture.channels, picture.channels, to + source * picture.channels);
    });
  });
}

Expression::Value Augment::express(Expression& to) const {
  return to.input();
}

template void Augment::run_forward(Pass<float>&) const;
template void Augment::run_forward(Pass<double>&) const;
template void Augment::run_backward(Pass<float>&) const;
template void Augment::run_backward(Pass<double>&) const;

LayerKind augment_layer_kind() {
  return {Augment::name, [] { return std::unique_ptr<Layer>(std::make_unique<Augment>()); }};
}

}  // namespace pellucid
