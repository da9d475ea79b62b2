// Dropout: sets random numbers to zero during training. Which ones depends only on seed, layer, step, row and element.
// Not here: the random numbers (src/core/random.cc).
#include <algorithm>

#include "kernels/parallel.h"
#include "pellucid/error.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { mask };  // the order of needs()

}  // namespace

Dropout::Dropout(double rate) : rate_(rate) {
  if (!fraction.contains(rate)) throw Error("U12", "layer dropout: rate takes 0 ≤ x < 1, got " + std::to_string(rate));
}

void Dropout::describe(Fields& fields) {
  fields.field({.name = "rate", .help = "probability that a number is zeroed", .range = fraction}, rate_);
}

Shape Dropout::output_shape(std::span<const Shape> inputs) const {
  if (inputs.size() != 1) throw Error("U20", "layer dropout reads one input, got " + std::to_string(inputs.size()));
  return inputs[0];
}

std::vector<Need> Dropout::needs(std::span<const Shape> inputs) const {
  return {{.name = "mask", .role = Role::saved, .shape = {inputs[0].elements()}}};
}

// An element is dropped if its random 32-bit word is below the threshold. Word i of a row is the same from both
// sources: a stream is quicker for wide rows, as it draws 128 words at once.
template <class T>
void draw_mask(const RandomKey& key, std::uint64_t threshold, T factor, T* keep, std::int64_t columns) {
  constexpr std::int64_t few = 32;
  if (columns > few) {
    Random random(key);
    for (std::int64_t c = 0; c < columns; ++c) keep[c] = random.word() < threshold ? T(0) : factor;
    return;
  }
  for (std::int64_t c = 0; c < columns; c += 4) {
    const auto words = random_words(key, static_cast<std::uint32_t>(c / 4));
    for (std::int64_t i = c; i < std::min(c + 4, columns); ++i)
      keep[i] = words[static_cast<std::size_t>(i - c)] < threshold ? T(0) : factor;
  }
}

template <class T>
void Dropout::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), keep = pass.slice(mask);
  const double rate = pass.training() ? rate_ * pass.dropout_factor() : 0;
  const auto threshold = static_cast<std::uint64_t>(rate * 4294967296.0);
  const T factor = static_cast<T>(1.0 / (1.0 - rate));
  const double cost = (threshold > 0 ? 8.0 : 1.0) * static_cast<double>(x.columns);
  parallel_rows<T>(pass.team(), x.rows, cost, [&](std::int64_t begin, std::int64_t end) {
    RandomKey key = pass.random_key();
    for (std::int64_t r = begin; r < end; ++r) {
      key.row = pass.first_row() + static_cast<std::uint32_t>(r);
      if (threshold > 0) {
        draw_mask<T>(key, threshold, factor, keep.row(r), x.columns);
      } else {
        std::fill_n(keep.row(r), x.columns, factor);
      }
      for (std::int64_t c = 0; c < x.columns; ++c) y(r, c) = x(r, c) * keep(r, c);
    }
  });
}

template <class T>
void Dropout::run_backward(Pass<T>& pass) const {
  const View<T> dx = pass.dx(), dy = pass.dy(), keep = pass.slice(mask);
  if (!dx) return;
  for (std::int64_t r = 0; r < dy.rows; ++r) {
    for (std::int64_t c = 0; c < dy.columns; ++c) dx(r, c) = dy(r, c) * keep(r, c);
  }
}

Expression::Value Dropout::express(Expression& to) const {
  return to.input();
}

template void Dropout::run_forward(Pass<float>&) const;
template void Dropout::run_forward(Pass<double>&) const;
template void Dropout::run_backward(Pass<float>&) const;
template void Dropout::run_backward(Pass<double>&) const;

LayerKind dropout_layer_kind() {
  return {Dropout::name, [] { return std::unique_ptr<Layer>(std::make_unique<Dropout>()); }};
}

}  // namespace pellucid
