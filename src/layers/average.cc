// Average: the mean of several inputs, element by element. With probabilities as inputs, an ensemble.
// Not here: finding out which activation ends the inputs (BasicModel::add, model/model.cc).
#include "core/settings.h"
#include "kernels/scalar_math.h"
#include "layers/elements.h"
#include "pellucid/layers.h"

namespace pellucid {
namespace {

enum Slice { mean };  // the order of needs()

// Smaller mean probabilities count as this, so that their logarithm and inverse are finite in float.
constexpr double least = 1e-30;

// The number from which softmax or sigmoid makes the probability p again; the loss reads these numbers.
template <class T>
T logit(T p, bool sigmoid) noexcept {
  const double q = std::max(static_cast<double>(p), least);
  if (!sigmoid) return static_cast<T>(math::log(q));
  const double rest = std::max(1 - q, static_cast<double>(std::numeric_limits<T>::epsilon()) / 2);
  return static_cast<T>(math::log(q) - math::log(rest));
}

// The derivative of logit.
template <class T>
T slope(T p, bool sigmoid) noexcept {
  const double q = std::max(static_cast<double>(p), least);
  if (!sigmoid) return static_cast<T>(1 / q);
  const double rest = std::max(1 - q, static_cast<double>(std::numeric_limits<T>::epsilon()) / 2);
  return static_cast<T>(1 / (q * rest));
}

}  // namespace

Average::Average(std::string of) : of_(std::move(of)) {
  Average copy = *this;
  check_settings(copy, "layer average");
}

void Average::describe(Fields& fields) {
  fields.field({.name = "of",
                .help = "what the inputs are: softmax or sigmoid probabilities, or other numbers (linear)",
                .choices = "auto|linear|softmax|sigmoid"},
               of_);
}

Shape Average::output_shape(std::span<const Shape> inputs) const {
  return common_shape(inputs, name);
}

const Activation* Average::output_activation() const {
  return of_ == "softmax" ? &softmax : of_ == "sigmoid" ? &sigmoid : nullptr;
}

std::shared_ptr<const Layer> Average::adapted(std::span<const Activation* const> inputs) const {
  if (of_ != "auto") return nullptr;
  const Activation* first = inputs.empty() ? nullptr : inputs[0];
  const bool alike = first != nullptr &&
                     std::ranges::all_of(inputs, [&](const Activation* f) { return f != nullptr && *f == *first; });
  if (alike && (*first == softmax || *first == sigmoid)) {
    return std::make_shared<Average>(std::string(first->kind().name));
  }
  return std::make_shared<Average>("linear");
}

std::vector<Need> Average::needs(std::span<const Shape> inputs) const {
  return {
      {.name = "mean", .role = Role::saved, .shape = {inputs[0].elements()}, .wanted = output_activation() != nullptr}};
}

template <class T>
void Average::run_forward(Pass<T>& pass) const {
  const bool logits = pass.logits_wanted(), one_each = of_ == "sigmoid";
  const View<T> y = pass.y(), to = logits ? pass.slice(mean) : y;
  copy_elements<T>(pass.x(0), to);
  for (int i = 1; i < pass.inputs(); ++i) for_elements<T>(pass.x(i), to, pass.kernels().add);
  const T factor = T(1) / static_cast<T>(pass.inputs());
  for (std::int64_t r = 0; r < to.rows; ++r) pass.kernels().scale(to.columns, factor, to.row(r));
  if (!logits) return;
  for (std::int64_t r = 0; r < y.rows; ++r) {
    for (std::int64_t c = 0; c < y.columns; ++c) y(r, c) = logit(to(r, c), one_each);
  }
}

template <class T>
void Average::run_backward(Pass<T>& pass) const {
  const bool one_each = of_ == "sigmoid";
  const View<T> dy = pass.dy();
  if (pass.logits_wanted()) {
    const View<T> p = pass.slice(mean);
    for (std::int64_t r = 0; r < dy.rows; ++r) {
      for (std::int64_t c = 0; c < dy.columns; ++c) dy(r, c) *= slope(p(r, c), one_each);
    }
  }
  const T factor = T(1) / static_cast<T>(pass.inputs());
  for (std::int64_t r = 0; r < dy.rows; ++r) pass.kernels().scale(dy.columns, factor, dy.row(r));
  for (int i = 0; i < pass.inputs(); ++i) {
    if (const View<T> dx = pass.dx(i)) copy_elements<T>(dy, dx);
  }
}

template void Average::run_forward(Pass<float>&) const;
template void Average::run_forward(Pass<double>&) const;
template void Average::run_backward(Pass<float>&) const;
template void Average::run_backward(Pass<double>&) const;

LayerKind average_layer_kind() {
  return {Average::name, [] { return std::unique_ptr<Layer>(std::make_unique<Average>()); }};
}

}  // namespace pellucid
