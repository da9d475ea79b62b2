// The loss of the means (or medians) of the targets, computed by the kernels that training uses.
// Not here: what it is compared with (src/health/health_findings.cc).
#include "judge/constant_loss.h"

#include <algorithm>
#include <limits>

#include "batches/batches.h"
#include "kernels/kernels.h"
#include "kernels/scalar_math.h"

namespace pellucid {
namespace {

constexpr std::int64_t chunk = 1024;

// The targets as numbers: a label is 1 in the column of its class and 0 elsewhere; for a single output it is the label.
double target_of(const Dataset& data, std::int64_t row, std::int64_t column, std::int64_t columns) {
  if (data.has_soft_targets()) {
    const auto last = static_cast<std::size_t>((row + 1) * data.soft_target_columns() - columns);
    return static_cast<double>(data.soft_targets()[last + static_cast<std::size_t>(column)]);
  }
  if (!data.has_labels()) return data.value(row, column);
  return columns == 1 ? data.label(row) : static_cast<double>(data.label(row) == column);
}

std::vector<double> means_of(const Dataset& data, std::int64_t columns) {
  std::vector<double> means(static_cast<std::size_t>(columns));
  double total = 0;
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    const double weight =
        data.weights().empty() ? 1.0 : static_cast<double>(data.weights()[static_cast<std::size_t>(r)]);
    total += weight;
    for (std::int64_t c = 0; c < columns; ++c)
      means[static_cast<std::size_t>(c)] += weight * target_of(data, r, c, columns);
  }
  for (double& mean : means) mean = total > 0 ? mean / total : 0;
  return means;
}

std::vector<double> medians_of(const Dataset& data, std::int64_t columns) {
  std::vector<double> medians;
  LargeVector<double> values(static_cast<std::size_t>(data.rows()));
  for (std::int64_t c = 0; c < columns; ++c) {
    for (std::int64_t r = 0; r < data.rows(); ++r) values[static_cast<std::size_t>(r)] = target_of(data, r, c, columns);
    const auto middle = values.begin() + data.rows() / 2;
    std::nth_element(values.begin(), middle, values.end());
    medians.push_back(*middle);
  }
  return medians;
}

// The outputs that predict `means`: logits where the loss takes them.
std::vector<double> outputs_for(std::vector<double> means, const Loss& loss) {
  if (!loss.kind().from_logits) return means;
  for (double& p : means) {
    const double share = std::clamp(p, 1e-12, 1 - 1e-12);
    p = loss.kind().rowwise ? math::log(share) : math::log(share) - math::log(1 - share);
  }
  return means;
}

template <class T>
double loss_of(const std::vector<double>& outputs, const Dataset& data, const Loss& loss) {
  const auto columns = static_cast<std::int64_t>(outputs.size());
  Batches batches(data, std::min(chunk, data.rows()), false, 0);
  Tensor<T> y(Shape{batches.batch_size(), columns}), targets(y.shape()), weights(Shape{batches.batch_size()}),
      losses(weights.shape());
  std::vector<std::int32_t> labels(static_cast<std::size_t>(batches.batch_size()));
  for (std::int64_t i = 0; i < y.size(); ++i)
    y.data()[i] = static_cast<T>(outputs[static_cast<std::size_t>(i % columns)]);
  const bool labelled = data.has_labels() && !data.has_soft_targets();
  double sum = 0;
  for (std::int64_t b = 0; b < batches.count(); ++b) {
    const std::int64_t rows = batches.gather<T>(b, nullptr, 0, labelled ? labels.data() : nullptr,
                                                labelled ? nullptr : targets.data(), weights.data(), columns);
    kernels<T>().loss(loss.kind().builtin, loss.parameter(),
                      {.m = rows,
                       .n = columns,
                       .y = y.data(),
                       .ldy = columns,
                       .target = labelled ? nullptr : targets.data(),
                       .ldt = columns,
                       .label = labelled ? labels.data() : nullptr,
                       .weight = weights.data(),
                       .scale = T(1),
                       .loss = losses.data(),
                       .dy = nullptr,
                       .lddy = columns});
    sum += static_cast<double>(kernels<T>().sum(rows, losses.data()));
  }
  if (loss.reduction() == Reduction::sum) return sum;
  return sum / static_cast<double>(data.rows() * (loss.kind().rowwise ? 1 : columns));
}

}  // namespace

template <class T>
double constant_loss(const BasicModel<T>& model, const Dataset& data, const Loss& loss) {
  if (loss.heads() != nullptr || loss.kind().builtin < 0) return std::numeric_limits<double>::quiet_NaN();
  const std::int64_t columns = model.output_shape().elements();
  const double of_means = loss_of<T>(outputs_for(means_of(data, columns), loss), data, loss);
  if (loss.kind().from_logits || data.is_classification()) return of_means;
  return std::min(of_means, loss_of<T>(medians_of(data, columns), data, loss));
}

template double constant_loss(const BasicModel<float>&, const Dataset&, const Loss&);
template double constant_loss(const BasicModel<double>&, const Dataset&, const Loss&);

}  // namespace pellucid
