// Helpers of layers without parameters: checks of inputs, shapes from text, loops over the numbers of two views.
// Not here: the layers (concat.cc, add.cc, multiply.cc, average.cc, slice.cc, flatten.cc, reshape.cc).
#pragma once

#include <algorithm>
#include <string>

#include "core/text.h"
#include "layers/pass.h"
#include "pellucid/error.h"

namespace pellucid {

inline void require_inputs(std::span<const Shape> inputs, std::string_view kind) {
  if (inputs.empty()) throw Error("U20", "layer " + std::string(kind) + " reads at least one input, got none");
}

inline const Shape& only_input(std::span<const Shape> inputs, std::string_view kind) {
  if (inputs.size() == 1) return inputs[0];
  throw Error("U20", "layer " + std::string(kind) + " reads one input, got " + std::to_string(inputs.size()));
}

/// The common shape of all inputs. Throws U20 if they differ.
inline const Shape& common_shape(std::span<const Shape> inputs, std::string_view kind) {
  require_inputs(inputs, kind);
  for (const Shape& shape : inputs) {
    if (shape == inputs[0]) continue;
    throw Error(
        "U20",
        "layer " + std::string(kind) + " needs inputs of equal shape, got " + inputs[0].text() + " and " + shape.text(),
        {"put a dense layer of equal units in front of each input, or join the inputs with concat"});
  }
  return inputs[0];
}

/// Reads a shape such as "28x28". Throws U12 if the text is not a shape.
inline Shape parse_shape(const std::string& text, std::string_view kind) {
  std::vector<std::int64_t> extents;
  bool fits = true;
  for (const std::string& part : split_text(text, 'x')) {
    fits = parse_integer(part, extents.emplace_back()) && extents.back() > 0 && fits;
  }
  if (fits && extents.size() <= Shape::max_rank) return Shape(extents);
  throw Error("U12", "layer " + std::string(kind) + ": shape takes up to " + std::to_string(Shape::max_rank) +
                         " numbers from 1 on, such as 12 or 28x28; got " + quote(text));
}

/// Calls work(n, from, to) on the numbers of two views of equal size: once if their rows have no gaps, else once per
/// row.
template <class T, class F>
void for_elements(View<const T> from, View<T> to, const F& work) {
  if (from.stride == from.columns && to.stride == from.columns) {
    return work(from.rows * from.columns, from.data, to.data);
  }
  for (std::int64_t r = 0; r < from.rows; ++r) work(from.columns, from.row(r), to.row(r));
}

template <class T>
void copy_elements(View<const T> from, View<T> to) {
  for_elements<T>(from, to, [](std::int64_t n, const T* a, T* b) { std::copy_n(a, n, b); });
}

/// Copies `columns` columns, from column `first` on, to column `first_to` on.
template <class T>
void copy_columns(View<const T> from, std::int64_t first, View<T> to, std::int64_t first_to, std::int64_t columns) {
  for (std::int64_t r = 0; r < from.rows; ++r) std::copy_n(from.row(r) + first, columns, to.row(r) + first_to);
}

}  // namespace pellucid
