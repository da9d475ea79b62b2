// The gradient of a model's outputs by its input; the model is only read.
// Not here: gradients for training (stepper.cc), numeric gradients (judge/gradient_check.cc).
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "model/workspace.h"
#include "pellucid/error.h"
#include "pellucid/stepper.h"

namespace pellucid {
namespace {

constexpr std::int64_t at_once = 256;  // rows per batch; does not change the gradient of a row

template <class T>
void require_sizes(const BasicModel<T>& model, View<const T> rows, View<const T> weights) {
  const std::int64_t inputs = model.row_shape().elements(), outputs = model.output_shape().elements();
  if (rows.columns != inputs || rows.rows < 0 || (rows.rows > 0 && !rows)) {
    throw Error("U20", fmt::format("the model takes rows of {}, got {} of {}", plural(inputs, "number"),
                                   plural(rows.rows, "row"), rows.columns));
  }
  if (weights && (weights.columns != outputs || (weights.rows != 1 && weights.rows != rows.rows))) {
    throw Error("U20", fmt::format("output_weights takes 1 or {} rows of {}, got {} of {}", rows.rows,
                                   plural(outputs, "number"), weights.rows, weights.columns));
  }
}

}  // namespace

template <class T>
Tensor<T> input_gradient(const BasicModel<T>& model, View<const T> rows, View<const T> output_weights) {
  require_sizes(model, rows, output_weights);
  Tensor<T> result(Shape{rows.rows, rows.columns});
  // The loss is never computed. With mse, no softmax or sigmoid is folded into the loss, so outputs are those of
  // predict().
  const Plan<T> plan(model, {.rows = std::clamp<std::int64_t>(rows.rows, 1, at_once),
                             .loss = Loss("mse"),
                             .keep = {},
                             .input_gradient = true});
  Workspace<T> workspace(plan, model);
  for (std::int64_t first = 0; first < rows.rows; first += at_once) {
    const std::int64_t count = std::min(at_once, rows.rows - first);
    for (std::int64_t r = 0; r < count; ++r) std::copy_n(rows.row(first + r), rows.columns, workspace.input().row(r));
    workspace.forward(count, false);
    const View<T> dy = workspace.output_gradient();
    for (std::int64_t r = 0; r < count; ++r) {
      if (output_weights) {
        std::copy_n(output_weights.row(output_weights.rows == 1 ? 0 : first + r), dy.columns, dy.row(r));
      } else {
        std::fill_n(dy.row(r), dy.columns, T(1));
      }
    }
    workspace.backward();
    const View<T> dx = workspace.input_gradient();
    for (std::int64_t r = 0; r < count; ++r) std::copy_n(dx.row(r), dx.columns, result.view().row(first + r));
  }
  return result;
}

template Tensor<float> input_gradient(const BasicModel<float>&, View<const float>, View<const float>);
template Tensor<double> input_gradient(const BasicModel<double>&, View<const double>, View<const double>);

}  // namespace pellucid
