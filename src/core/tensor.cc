// Shape and Tensor: construction, element counts, errors. Not here: arithmetic on tensors (src/kernels).
#include "pellucid/tensor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/memory.h"
#include "pellucid/error.h"

namespace pellucid {

Shape::Shape(std::initializer_list<std::int64_t> extents) : Shape(std::span(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) : rank_(static_cast<int>(extents.size())) {
  if (extents.size() > max_rank)
    throw Error("U20", "a shape has at most 6 extents, got " + std::to_string(extents.size()));
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] < 0) throw Error("U20", "a shape's extents are 0 or more, got " + std::to_string(extents[i]));
    extents_[i] = extents[i];
  }
}

std::int64_t Shape::elements() const {
  std::int64_t product = 1;
  for (std::int64_t extent : extents()) {
    if (__builtin_mul_overflow(product, extent, &product)) {
      throw Error("M02", "a shape of " + text() + " has more elements than memory can hold");
    }
  }
  return product;
}

double Shape::extent_product() const noexcept {
  double product = 1;
  for (const std::int64_t extent : extents()) product *= static_cast<double>(extent);
  return product;
}

std::string Shape::text() const {
  if (rank_ == 0) return "1";
  std::string result;
  for (int i = 0; i < rank_; ++i) result += (i ? "x" : "") + std::to_string(extents_[i]);
  return result;
}

bool operator==(const Shape& a, const Shape& b) noexcept {
  return std::ranges::equal(a.extents(), b.extents());
}

template <class T>
void Tensor<T>::Free::operator()(T* p) const noexcept {
  aligned_free(p);
}

template <class T>
Tensor<T>::Tensor(Shape shape) : shape_(shape), size_(shape.elements()), data_(aligned_zeros<T>(size_)) {}

template <class T>
Tensor<T>::Tensor(Shape shape, std::span<const T> values) : Tensor(shape) {
  if (static_cast<std::int64_t>(values.size()) != size_) {
    throw Error("U20", "a tensor of shape " + shape_.text() + " takes " + std::to_string(size_) + " values, got " +
                           std::to_string(values.size()));
  }
  std::copy(values.begin(), values.end(), data());
}

template <class T>
Tensor<T>::Tensor(const Tensor& other) {
  if (other.data_) *this = Tensor(other.shape_, other.values());
}

template <class T>
Tensor<T>::Tensor(Tensor&& other) noexcept
    : shape_(std::exchange(other.shape_, Shape{})),
      size_(std::exchange(other.size_, 0)),
      data_(std::move(other.data_)) {}

template <class T>
Tensor<T>& Tensor<T>::operator=(const Tensor& other) {
  if (this != &other) *this = Tensor(other);
  return *this;
}

template <class T>
Tensor<T>& Tensor<T>::operator=(Tensor&& other) noexcept {
  if (this == &other) return *this;
  shape_ = std::exchange(other.shape_, Shape{});
  size_ = std::exchange(other.size_, 0);
  data_ = std::move(other.data_);
  return *this;
}

template <class T>
View<T> Tensor<T>::view() noexcept {
  const std::int64_t rows = shape_.rank() >= 2 ? shape_[0] : 1;
  const std::int64_t columns = rows > 0 ? size_ / rows : 0;
  return {data(), rows, columns, columns};
}

template <class T>
View<const T> Tensor<T>::view() const noexcept {
  return const_cast<Tensor*>(this)->view();
}

template class Tensor<float>;
template class Tensor<double>;

}  // namespace pellucid
