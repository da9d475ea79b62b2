// Shape, View and Tensor: arrays of numbers in memory, row-major; the first axis is the batch.
// Not here: arithmetic on them (src/kernels), names of values (observer.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "pellucid/export.h"

namespace PELLUCID_EXPORT pellucid {

/// The extents of an array, outermost first; at most six. Shape{} (rank 0) has one element.
class Shape {
 public:
  static constexpr int max_rank = 6;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);  ///< throws U20 on rank > 6 or a negative extent

  int rank() const noexcept { return rank_; }
  std::int64_t operator[](int axis) const noexcept { return extents_[axis]; }
  std::span<const std::int64_t> extents() const noexcept { return {extents_, static_cast<std::size_t>(rank_)}; }

  /// Product of the extents; throws M02 if it does not fit into 63 bits.
  std::int64_t elements() const;
  double extent_product() const noexcept;  ///< the same as a rounded number, without a limit

  /// "784", "28x28"; "1" for rank 0.
  std::string text() const;

  friend bool operator==(const Shape& a, const Shape& b) noexcept;

 private:
  std::int64_t extents_[max_rank] = {};
  int rank_ = 0;
};

/// A matrix in memory that it does not own: `rows` rows of `columns` numbers; row r begins at data + r * stride. A
/// batch of rows with a shape (28x28 images) is seen as rows × (product of the row's extents).
template <class T>
struct View {
  T* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t stride = 0;

  T* row(std::int64_t r) const noexcept { return data + r * stride; }
  T& operator()(std::int64_t r, std::int64_t c) const noexcept { return data[r * stride + c]; }
  explicit operator bool() const noexcept { return data != nullptr; }
  operator View<const T>() const noexcept { return {data, rows, columns, stride}; }
};

/// An array that owns its memory: 64-byte aligned, contiguous, initialised with zeros. T is float or double. A
/// default-constructed or moved-from tensor is empty: size 0, no data.
template <class T>
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(Shape shape);                    ///< throws M02 if there is not enough memory
  Tensor(Shape shape, std::span<const T> values);  ///< throws U20 if the counts differ
  Tensor(const Tensor& other);
  Tensor& operator=(const Tensor& other);
  Tensor(Tensor&& other) noexcept;
  Tensor& operator=(Tensor&& other) noexcept;

  const Shape& shape() const noexcept { return shape_; }
  std::int64_t size() const noexcept { return size_; }
  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  std::span<T> values() noexcept { return {data_.get(), static_cast<std::size_t>(size_)}; }
  std::span<const T> values() const noexcept { return {data_.get(), static_cast<std::size_t>(size_)}; }

  /// The tensor as a matrix whose rows are the first axis (rank 0 and 1: one row).
  View<T> view() noexcept;
  View<const T> view() const noexcept;

 private:
  struct Free {
    void operator()(T* p) const noexcept;
  };
  Shape shape_;
  std::int64_t size_ = 0;
  std::unique_ptr<T[], Free> data_;
};

extern template class Tensor<float>;
extern template class Tensor<double>;

}  // namespace pellucid
