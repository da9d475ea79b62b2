// Prediction: a plan without loss on a workspace of its own.
// Not here: classes, units, columns (src/train/evaluate.cc).
#include <algorithm>

#include "model/workspace.h"
#include "pellucid/error.h"

namespace pellucid {

template <class T>
struct Predictor<T>::Impl {
  // Forward never writes parameters or state, so a shared const model may be bound.
  Impl(const BasicModel<T>& model, std::int64_t rows)
      : plan(model, {.rows = rows, .loss = std::nullopt, .keep = {}}),
        workspace(plan, const_cast<BasicModel<T>&>(model)) {}
  Plan<T> plan;
  Workspace<T> workspace;
};

template <class T>
Predictor<T>::Predictor(const BasicModel<T>& model, std::int64_t rows) : impl_(std::make_unique<Impl>(model, rows)) {}
template <class T>
Predictor<T>::~Predictor() = default;
template <class T>
Predictor<T>::Predictor(Predictor&&) noexcept = default;

template <class T>
std::span<const T> Predictor<T>::operator()(std::span<const T> row) {
  const auto n = static_cast<std::int64_t>(row.size());
  const View<const T> y = (*this)(View<const T>{row.data(), 1, n, n});
  return {y.data, static_cast<std::size_t>(y.columns)};
}

template <class T>
View<const T> Predictor<T>::operator()(View<const T> rows) {
  const View<T> input = impl_->workspace.input();
  if (rows.columns != input.columns || rows.rows > input.rows) {
    throw Error("U20", "predict takes up to " + std::to_string(input.rows) + " rows of " +
                           std::to_string(input.columns) + " numbers, got " + std::to_string(rows.rows) + " of " +
                           std::to_string(rows.columns));
  }
  for (std::int64_t r = 0; r < rows.rows; ++r) std::copy(rows.row(r), rows.row(r) + rows.columns, input.row(r));
  impl_->workspace.forward(rows.rows, false);
  return impl_->workspace.output();
}

namespace {

constexpr std::int64_t chunk = 256;  // rows at a time; no influence on the bits of any row

template <class T, class Read>
Tensor<T> predict_rows(const BasicModel<T>& model, std::int64_t rows, const Read& read) {
  Tensor<T> result(Shape{rows, model.output_shape().elements()});
  const Plan<T> plan(model,
                     {.rows = std::max<std::int64_t>(1, std::min(rows, chunk)), .loss = std::nullopt, .keep = {}});
  Workspace<T> workspace(plan, const_cast<BasicModel<T>&>(model));
  const View<T> out = result.view();
  for (std::int64_t first = 0; first < rows; first += chunk) {
    const std::int64_t count = std::min(chunk, rows - first);
    for (std::int64_t r = 0; r < count; ++r) read(first + r, workspace.input().row(r));
    workspace.forward(count, false);
    const View<T> y = workspace.output();
    std::copy(y.data, y.data + count * y.columns, out.row(first));
  }
  return result;
}

}  // namespace

template <class T>
Tensor<T> BasicModel<T>::predict(View<const T> rows) const {
  if (rows.columns != row_shape().elements()) {
    throw Error("U20",
                "the model takes rows of " + row_shape().text() + " numbers, got " + std::to_string(rows.columns));
  }
  return predict_rows<T>(*this, rows.rows,
                         [&](std::int64_t r, T* out) { std::copy(rows.row(r), rows.row(r) + rows.columns, out); });
}

template <class T>
Tensor<T> BasicModel<T>::predict(const Dataset& data) const {
  if (data.row_shape().elements() != row_shape().elements()) {
    throw Error("U20",
                "the model takes rows of shape " + row_shape().text() + ", the data has " + data.row_shape().text());
  }
  return predict_rows<T>(*this, data.rows(), [&](std::int64_t r, T* out) { data.read_row<T>(r, out); });
}

template <class T>
Predictor<T> BasicModel<T>::predictor(std::int64_t rows) const {
  return Predictor<T>(*this, rows);
}

template class Predictor<float>;
template class Predictor<double>;
template Tensor<float> BasicModel<float>::predict(View<const float>) const;
template Tensor<double> BasicModel<double>::predict(View<const double>) const;
template Tensor<float> BasicModel<float>::predict(const Dataset&) const;
template Tensor<double> BasicModel<double>::predict(const Dataset&) const;
template Predictor<float> BasicModel<float>::predictor(std::int64_t) const;
template Predictor<double> BasicModel<double>::predictor(std::int64_t) const;

}  // namespace pellucid
