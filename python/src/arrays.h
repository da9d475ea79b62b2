// NumPy arrays as views of the library, and tensors as NumPy arrays, both without copying.
// Not here: arrays that become columns of a table (tables.cc).
#pragma once

#include <nanobind/ndarray.h>

#include <memory>

#include "binding.h"
#include "pellucid/tensor.h"

namespace pellucid::python {

template <class T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
template <class T>
using List = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Rows = nb::ndarray<const T, nb::c_contig, nb::device::cpu>;  ///< any number of axes; the first counts the rows

template <class T>
std::span<const T> span_of(const nb::ndarray<const T, nb::c_contig, nb::device::cpu>& array) {
  return {array.data(), array.size()};
}
template <class T>
std::span<const T> span_of(const List<T>& array) {
  return {array.data(), array.size()};
}

/// The rows of an array, each with all its numbers side by side. An array with one axis is one row.
template <class T>
View<const T> rows_of(const Rows<T>& array) {
  if (array.ndim() < 2) {
    const auto columns = static_cast<std::int64_t>(array.size());
    return {array.data(), 1, columns, columns};
  }
  const auto rows = static_cast<std::int64_t>(array.shape(0));
  const auto columns = rows == 0 ? 0 : static_cast<std::int64_t>(array.size()) / rows;
  return {array.data(), rows, columns, columns};
}

/// A NumPy array of the tensor's numbers, which it then owns.
template <class T>
nb::ndarray<nb::numpy, T> owned_array(Tensor<T> tensor) {
  auto kept = std::make_unique<Tensor<T>>(std::move(tensor));
  std::vector<std::size_t> shape;
  for (const std::int64_t extent : kept->shape().extents()) shape.push_back(static_cast<std::size_t>(extent));
  T* data = kept->data();
  const nb::capsule owner(kept.release(), [](void* p) noexcept { delete static_cast<Tensor<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(data, shape.size(), shape.data(), owner);
}

/// A NumPy array of the vector's numbers, which it then owns, with this shape.
template <class T>
nb::ndarray<nb::numpy, T> owned_array(std::vector<T> values, std::vector<std::size_t> shape) {
  auto kept = std::make_unique<std::vector<T>>(std::move(values));
  T* data = kept->data();
  const nb::capsule owner(kept.release(), [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(data, shape.size(), shape.data(), owner);
}

/// A NumPy array that shows memory of `owner`, which stays alive as long as the array.
template <class T>
nb::ndarray<nb::numpy, T> shown_array(View<T> view, const Shape& shape, nb::handle owner) {
  std::vector<std::size_t> extents;
  for (const std::int64_t extent : shape.extents()) extents.push_back(static_cast<std::size_t>(extent));
  return nb::ndarray<nb::numpy, T>(view.data, extents.size(), extents.data(), owner);
}

}  // namespace pellucid::python
