// The loss of a batch and its gradient: for one output or several heads, computed by a kernel or by a user's own loss.
// Not here: forward and backward (workspace.cc), which loss a head has (heads.cc).
#include <algorithm>

#include "layers/apply.h"
#include "model/workspace.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

/// Inputs and outputs of one loss.
template <class T>
struct LossBatch {
  View<T> y;
  View<T> targets;                       // for a user's own loss with labels: memory for the labels as numbers
  const std::int32_t* labels = nullptr;  // null: the targets are numbers
  const T* weights = nullptr;            // null: all 1
  T* losses = nullptr;                   // one per row, already multiplied by the row's weight
  View<T> dy;
  bool with_gradient = false;
  T scale = 1;  // factor on the gradient
};

// Converts labels for a user's own loss, which reads numbers only: to one-hot rows, or to one column with the class
// number.
template <class T>
void write_labels(const LossBatch<T>& b) {
  const View<T>& t = b.targets;
  for (std::int64_t r = 0; r < b.y.rows; ++r) {
    for (std::int64_t c = 0; c < t.columns; ++c) {
      t(r, c) = t.columns == 1 ? static_cast<T>(b.labels[r]) : static_cast<T>(b.labels[r] == c);
    }
  }
}

template <class T>
void compute_own(const LossFunction& function, const LossBatch<T>& b) {
  if (b.weights != nullptr && function.couples_rows()) {
    throw Error("U33",
                std::string("the loss ") + function.kind().name +
                    " compares the rows of a batch, and is not defined for rows that have weights",
                {"train without row weights (balanced_classes = false)"});
  }
  if (b.labels != nullptr) write_labels(b);
  function.compute(View<const T>(b.y), View<const T>(b.targets), b.losses, b.dy);
  for (std::int64_t r = 0; r < b.y.rows; ++r) {
    const T weight = b.weights != nullptr ? b.weights[r] : T(1);
    b.losses[r] *= weight;
    if (b.with_gradient) kernels<T>().scale(b.y.columns, b.scale * weight, b.dy.row(r));
  }
}

template <class T>
void compute(const Loss& loss, const LossBatch<T>& b) {
  if (loss.function() != nullptr) return compute_own(*loss.function(), b);
  kernels<T>().loss(loss.kind().builtin, loss.parameter(),
                    {.m = b.y.rows,
                     .n = b.y.columns,
                     .y = b.y.data,
                     .ldy = b.y.stride,
                     .target = b.labels != nullptr ? nullptr : b.targets.data,
                     .ldt = b.targets.stride,
                     .label = b.labels,
                     .weight = b.weights,
                     .scale = b.scale,
                     .loss = b.losses,
                     .dy = b.with_gradient ? b.dy.data : nullptr,
                     .lddy = b.dy.stride});
}

// The factor on the sum of the rows' losses: 1 for a sum, 1 / number of terms for a mean.
template <class T>
T scale_for(const Loss& loss, std::int64_t rows, std::int64_t outputs) {
  if (loss.reduction() == Reduction::sum) return T(1);
  const std::int64_t terms = loss.kind().rowwise ? rows : rows * outputs;
  return T(1) / static_cast<T>(std::max<std::int64_t>(terms, 1));
}

template <class T>
View<T> columns_of(const View<T>& view, std::int64_t first, std::int64_t columns) {
  return {view.data + first, view.rows, columns, view.stride};
}

}  // namespace

template <class T>
T Workspace<T>::loss_scale(std::int64_t rows) const {
  return scale_for<T>(*plan_.options().loss, rows, plan_.outputs());
}

template <class T>
double Workspace<T>::mean_loss(T scale) {
  loss_value_ = kernels<T>().sum(rows_, loss_data_.losses) * scale;
  return static_cast<double>(loss_value_);
}

template <class T>
void Workspace<T>::row_losses(bool with_gradient, T scale) {
  View<T> rows_targets = loss_data_.targets;
  rows_targets.rows = rows_;
  compute<T>(*plan_.options().loss, {.y = output(),
                                     .targets = rows_targets,
                                     .labels = labelled_ ? loss_data_.labels : nullptr,
                                     .weights = weighted_ ? loss_data_.weights : nullptr,
                                     .losses = loss_data_.losses,
                                     .dy = rows_of(plan_.output_gradient),
                                     .with_gradient = with_gradient,
                                     .scale = scale});
}

// Computes the losses of the heads one after another. Each head writes its own columns of the output gradient.
template <class T>
double Workspace<T>::head_losses(bool with_gradient) {
  const HeadLosses& all = *plan_.options().loss->heads();
  std::fill_n(loss_data_.losses, rows_, T(0));
  loss_value_ = 0;
  for (std::size_t h = 0; h < all.heads.size(); ++h) {
    const HeadLoss& head = all.heads[h];
    const View<T> given = rows_of(plan_.targets), own = rows_of(plan_.parts()[h].targets);
    const T scale = scale_for<T>(head.loss, rows_, head.outputs), weight = static_cast<T>(head.weight);
    const bool has_labels = head.classes > 0;
    for (std::int64_t r = 0; r < rows_ && !labelled_; ++r) {
      if (has_labels) labels_[static_cast<std::size_t>(r)] = static_cast<std::int32_t>(given(r, head.columns.front()));
      for (std::size_t c = 0; c < head.columns.size() && !has_labels; ++c) {
        own(r, static_cast<std::int64_t>(c)) = given(r, head.columns[c]);
      }
    }
    T* const losses = at(plan_.parts()[h].row_losses).data;
    compute<T>(head.loss, {.y = columns_of(output(), head.first_output, head.outputs),
                           .targets = own,
                           .labels = has_labels ? labels_.data() : nullptr,
                           .weights = weighted_ ? loss_data_.weights : nullptr,
                           .losses = losses,
                           .dy = columns_of(rows_of(plan_.output_gradient), head.first_output, head.outputs),
                           .with_gradient = with_gradient,
                           .scale = scale * weight});
    part_losses_[h] = kernels<T>().sum(rows_, losses) * scale;
    loss_value_ += weight * part_losses_[h];
    const T share = weight * scale_for<T>(head.loss, 1, head.outputs);
    for (std::int64_t r = 0; r < rows_; ++r) loss_data_.losses[r] += share * losses[r];
  }
  return static_cast<double>(loss_value_);
}

// Applies the activations that are folded into the loss, for those outputs whose values are kept.
template <class T>
void Workspace<T>::keep_probabilities() {
  for (const PlanOutput& part : plan_.parts()) {
    const PlanNode& node = plan_.nodes()[static_cast<std::size_t>(part.node)];
    if (node.probabilities.offset < 0) continue;
    const Layer& layer = *model_.nodes()[static_cast<std::size_t>(part.node)].layer;
    apply<T>(kernels<T>(), *layer.output_activation(), rows_of(node.y), rows_of(node.probabilities));
  }
}

#define PELLUCID_BATCH_LOSS(T)                             \
  template T Workspace<T>::loss_scale(std::int64_t) const; \
  template double Workspace<T>::mean_loss(T);              \
  template void Workspace<T>::row_losses(bool, T);         \
  template double Workspace<T>::head_losses(bool);         \
  template void Workspace<T>::keep_probabilities();
PELLUCID_BATCH_LOSS(float)
PELLUCID_BATCH_LOSS(double)
#undef PELLUCID_BATCH_LOSS

}  // namespace pellucid
