// Dropout: sets random numbers to zero during training. Which ones depends only on seed, layer, step, row and element.
// Not here: the random numbers (src/core/random.cc).
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

template <class T>
void Dropout::run_forward(Pass<T>& pass) const {
  const View<const T> x = pass.x();
  const View<T> y = pass.y(), keep = pass.slice(mask);
  // An element is dropped if its random 32-bit word is below the threshold.
  const double rate = rate_ * pass.dropout_factor();
  const auto threshold = static_cast<std::uint64_t>(rate * 4294967296.0);
  const T factor = static_cast<T>(1.0 / (1.0 - rate));
  RandomKey key = pass.random_key();
  for (std::int64_t r = 0; r < x.rows; ++r) {
    key.row = pass.first_row() + static_cast<std::uint32_t>(r);
    for (std::int64_t c = 0; c < x.columns; ++c) {
      if (!pass.training()) {
        keep(r, c) = 1;
      } else if (c % 4 == 0) {
        const auto words = random_words(key, static_cast<std::uint32_t>(c / 4));
        for (std::int64_t i = c; i < std::min(c + 4, x.columns); ++i) {
          keep(r, i) = words[static_cast<std::size_t>(i - c)] < threshold ? T(0) : factor;
        }
      }
      y(r, c) = x(r, c) * keep(r, c);
    }
  }
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
