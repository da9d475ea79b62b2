// Dataset: shared storage viewed through row indices. Not here: making a dataset from a table (prepare/transform.cc),
// batches (batches/batches.cc).
#include "pellucid/dataset.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "batches/stored_row.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

// The number of rows, from the codes. Throws if the codes do not fit the block's one-hot groups.
std::int64_t coded_rows(const Block& block) {
  std::int64_t end = 0;
  for (const OneHot& hot : block.one_hot) {
    if (hot.first < end || hot.count < 1 || hot.count > 255 || hot.first + hot.count > block.shape.elements()) {
      throw Error("U20", "one-hot features lie outside a row of " + block.shape.text() + ", or in each other");
    }
    end = hot.first + hot.count;
  }
  const std::size_t each = block.one_hot.size();
  for (std::size_t i = 0; i < block.codes.size(); ++i) {
    if (block.codes[i] > block.one_hot[i % each].count) {
      throw Error("U20", "row " + count_text(static_cast<std::int64_t>(i / each)) +
                             " contains a code that stands for none of " +
                             plural(block.one_hot[i % each].count, "feature"));
    }
  }
  const auto rows = static_cast<std::int64_t>(block.codes.size() / each);
  if (block.codes.size() % each != 0 || !block.doubles.empty() || !block.bytes.empty() ||
      static_cast<std::int64_t>(block.floats.size()) != rows * number_features(block)) {
    throw Error("U20", "codes and numbers have different numbers of rows");
  }
  return rows;
}

std::int64_t stored_rows(const Block& block) {
  if (!block.one_hot.empty()) return coded_rows(block);
  const std::int64_t width = std::max<std::int64_t>(1, block.shape.elements());
  const std::size_t filled = std::max({block.floats.size(), block.doubles.size(), block.bytes.size()});
  if (filled != block.floats.size() + block.doubles.size() + block.bytes.size()) {
    throw Error("U20", "a block has numbers of one type, this one has several");
  }
  const auto size = static_cast<std::int64_t>(filled);
  if (size % width != 0) {
    throw Error("U20", count_text(size) + " numbers are not a whole number of rows of " + block.shape.text());
  }
  return size / width;
}

void require_count(const char* what, std::int64_t found, std::int64_t needed) {
  if (found == needed) return;
  throw Error("U20", count_text(found) + " " + what + " for " + plural(needed, "row"));
}

template <class T>
void require_finite(std::span<const T> values, std::int64_t width, const char* what) {
  const auto bad = std::find_if(values.begin(), values.end(), [](T x) { return !std::isfinite(x); });
  if (bad == values.end()) return;
  const std::int64_t row = (bad - values.begin()) / std::max<std::int64_t>(1, width);
  throw Error("D15",
              std::string("row ") + count_text(row) + " of the " + what + " contains a value that is not finite");
}

template <class T>
std::shared_ptr<const Block> copy_features(std::span<const T> features, const Shape& row_shape) {
  require_finite(features, row_shape.elements(), "features");
  auto block = std::make_shared<Block>();
  block->shape = row_shape;
  if constexpr (std::is_same_v<T, float>) {
    block->floats.assign(features.begin(), features.end());
  } else {
    block->doubles.assign(features.begin(), features.end());
  }
  return block;
}

template <class T>
Dataset make_classification(std::span<const T> features, const Shape& row_shape, std::span<const std::int32_t> labels,
                            std::int32_t classes) {
  if (classes < 1) throw Error("U20", "a classification has at least one class");
  auto targets = std::make_shared<Targets>();
  targets->labels.assign(labels.begin(), labels.end());
  targets->classes = classes;
  return Dataset(copy_features(features, row_shape), std::move(targets));
}

template <class T>
Dataset make_regression(std::span<const T> features, const Shape& row_shape, std::span<const T> values,
                        std::int64_t columns) {
  if (columns < 1) throw Error("U20", "a regression has at least one target column");
  auto targets = std::make_shared<Targets>();
  targets->values.assign(values.begin(), values.end());
  targets->columns = columns;
  return Dataset(copy_features(features, row_shape), std::move(targets));
}

template <class T>
Dataset make_multi_label(std::span<const T> features, const Shape& row_shape, std::span<const std::int32_t> answers,
                         std::int64_t questions) {
  if (questions < 1) throw Error("U20", "there is at least one yes-or-no target");
  auto targets = std::make_shared<Targets>();
  targets->values.assign(answers.begin(), answers.end());
  targets->columns = questions;
  targets->multi_label = true;
  return Dataset(copy_features(features, row_shape), std::move(targets));
}

template <class T>
Dataset make_mixed(std::span<const T> features, const Shape& row_shape, std::span<const T> values,
                   std::vector<std::int32_t> column_classes) {
  if (column_classes.empty()) throw Error("U20", "a mixed dataset has at least one target column");
  auto targets = std::make_shared<Targets>();
  targets->values.assign(values.begin(), values.end());
  targets->columns = static_cast<std::int64_t>(column_classes.size());
  targets->column_classes = std::move(column_classes);
  return Dataset(copy_features(features, row_shape), std::move(targets));
}

// Class labels among the target columns.
void require_column_classes(const Targets& targets) {
  const std::vector<std::int32_t>& classes = targets.column_classes;
  if (targets.classes > 0 || targets.multi_label) throw Error("U20", "a mixed dataset has neither labels nor answers");
  if (static_cast<std::int64_t>(classes.size()) != targets.columns) {
    throw Error("U20", "column_classes has " + plural(static_cast<std::int64_t>(classes.size()), "entry") + " for " +
                           plural(targets.columns, "target column"));
  }
  for (std::size_t i = 0; i < targets.values.size(); ++i) {
    const std::int32_t count = classes[i % classes.size()];
    if (count < 0) throw Error("U20", "a target column has 0 (numbers) or more classes, got " + std::to_string(count));
    const double value = targets.values[i];
    if (count == 0 || (value >= 0 && value < count && value == std::floor(value))) continue;
    throw Error("D17", "target column " + std::to_string(i % classes.size()) + " of row " +
                           count_text(static_cast<std::int64_t>(i / classes.size())) + " is " + number_text(value) +
                           ", expected a class label 0 … " + std::to_string(count - 1));
  }
}

void require_answers(const Targets& targets) {
  if (targets.classes > 0) throw Error("U20", "targets are either labels or answers, these are both");
  const auto bad =
      std::find_if(targets.values.begin(), targets.values.end(), [](double x) { return x != 0 && x != 1; });
  if (bad == targets.values.end()) return;
  const std::int64_t row = (bad - targets.values.begin()) / targets.columns;
  throw Error("D17", "an answer of row " + count_text(row) + " is " + number_text(*bad) + ", neither 0 nor 1");
}

// Each number is a probability, and so is the sum of `columns` of them if they exclude each other.
void require_probabilities(std::span<const float> numbers, std::int64_t columns) {
  constexpr double rounding = 1e-3;
  double sum = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto column = static_cast<std::int64_t>(i) % columns, row = static_cast<std::int64_t>(i) / columns;
    if (!(numbers[i] >= 0 && numbers[i] <= 1)) {
      throw Error("D17", "a soft target of row " + count_text(row) + " is " + number_text(numbers[i]) +
                             ", which is no probability");
    }
    sum = (column == 0 ? 0 : sum) + static_cast<double>(numbers[i]);
    if (columns == 1 || column + 1 < columns || std::abs(sum - 1) <= rounding) continue;
    throw Error("D17", "the soft targets of row " + count_text(row) + " have the sum " + number_text(sum) + ", not 1");
  }
}

// Without this check, a label or value for which no loss is defined would be found in the middle of training.
void require_targets(const Targets& targets, std::int64_t rows) {
  if (targets.classes < 0 || targets.columns < 0 || (targets.classes == 0 && targets.columns == 0)) {
    throw Error("U20", "targets need classes or target columns, got " + std::to_string(targets.classes) + " and " +
                           std::to_string(targets.columns));
  }
  if (targets.classes > 0) require_count("labels", static_cast<std::int64_t>(targets.labels.size()), rows);
  if (targets.columns > 0) {
    require_count("target values", static_cast<std::int64_t>(targets.values.size()),
                  Shape{rows, targets.columns}.elements());
  }
  const auto outside = [&](std::int32_t label) { return label < 0 || label >= targets.classes; };
  const auto bad = std::find_if(targets.labels.begin(), targets.labels.end(), outside);
  if (targets.classes > 0 && bad != targets.labels.end()) {
    throw Error("D17", "label " + std::to_string(*bad) + " of row " + count_text(bad - targets.labels.begin()) +
                           " is outside 0 … " + std::to_string(targets.classes - 1));
  }
  require_finite(std::span<const double>(targets.values), targets.columns, "targets");
}

}  // namespace

Dataset::Dataset()
    : features_([] {
        static const auto none = std::make_shared<const Block>();
        return none;
      }()) {}

Dataset::Dataset(std::shared_ptr<const Block> features, std::shared_ptr<const Targets> targets,
                 std::optional<LargeVector<std::int64_t>> indices)
    : features_(std::move(features)), targets_(std::move(targets)) {
  if (!features_) throw Error("U20", "a dataset needs features");
  const std::int64_t rows = stored_rows(*features_);
  if (targets_) require_targets(*targets_, rows);
  if (is_multi_label()) require_answers(*targets_);
  if (is_mixed()) require_column_classes(*targets_);
  if (indices) {
    const auto outside = [&](std::int64_t row) { return row < 0 || row >= rows; };
    if (std::any_of(indices->begin(), indices->end(), outside)) {
      throw Error("U20", "an index is outside the " + plural(rows, "stored row"));
    }
  } else {
    indices.emplace(static_cast<std::size_t>(rows));
    std::iota(indices->begin(), indices->end(), std::int64_t{0});
  }
  keep(std::move(*indices));
}

void Dataset::keep(LargeVector<std::int64_t> indices) {
  kept_indices_ = std::make_shared<const LargeVector<std::int64_t>>(std::move(indices));
  indices_ = *kept_indices_;
}

void Dataset::keep_weights(LargeVector<float> weights) {
  kept_weights_ = std::make_shared<const LargeVector<float>>(std::move(weights));
  weights_ = *kept_weights_;
}

void Dataset::keep_soft_targets(LargeVector<float> numbers) {
  kept_soft_targets_ = std::make_shared<const LargeVector<float>>(std::move(numbers));
  soft_targets_ = *kept_soft_targets_;
}

Dataset Dataset::classification(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes) {
  return make_classification(features, row_shape, labels, classes);
}

Dataset Dataset::classification(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes) {
  return make_classification(features, row_shape, labels, classes);
}

Dataset Dataset::regression(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                            std::int64_t target_columns) {
  return make_regression(features, row_shape, targets, target_columns);
}

Dataset Dataset::regression(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                            std::int64_t target_columns) {
  return make_regression(features, row_shape, targets, target_columns);
}

Dataset Dataset::multi_label(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions) {
  return make_multi_label(features, row_shape, answers, questions);
}

Dataset Dataset::multi_label(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions) {
  return make_multi_label(features, row_shape, answers, questions);
}

Dataset Dataset::mixed(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                       std::vector<std::int32_t> column_classes) {
  return make_mixed(features, row_shape, targets, std::move(column_classes));
}

Dataset Dataset::mixed(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                       std::vector<std::int32_t> column_classes) {
  return make_mixed(features, row_shape, targets, std::move(column_classes));
}

std::int32_t Dataset::classes_of(std::int64_t target) const {
  if (target < 0 || target >= target_count()) {
    throw Error(
        "U20", "there is no target " + std::to_string(target) + " in a dataset of " + plural(target_count(), "target"));
  }
  if (has_labels()) return targets_->classes;
  if (is_multi_label()) return 2;
  return is_mixed() ? targets_->column_classes[static_cast<std::size_t>(target)] : 0;
}

Dataset Dataset::subset(std::span<const std::int64_t> positions) const {
  Dataset result;
  result.features_ = features_;
  result.targets_ = targets_;
  LargeVector<std::int64_t> indices;
  LargeVector<float> weights, soft;
  const std::int64_t columns = soft_target_columns();
  indices.reserve(positions.size());
  for (const std::int64_t position : positions) {
    if (position < 0 || position >= rows()) throw Error("U20", "a position is outside the " + plural(rows(), "row"));
    indices.push_back(indices_[position]);
    if (!weights_.empty()) weights.push_back(weights_[position]);
    if (has_soft_targets()) std::copy_n(soft_targets_.data() + position * columns, columns, std::back_inserter(soft));
  }
  result.keep(std::move(indices));
  if (!weights_.empty()) result.keep_weights(std::move(weights));
  if (has_soft_targets()) result.keep_soft_targets(std::move(soft));
  return result;
}

Dataset Dataset::with_features(std::shared_ptr<const Block> features) const {
  if (!features || !(features->shape == row_shape())) throw Error("U20", "other features have the shape of the rows");
  require_count("stored rows", stored_rows(*features), stored_rows(*features_));
  Dataset result = *this;
  result.features_ = std::move(features);
  return result;
}

Dataset Dataset::with_weights(LargeVector<float> weights) const {
  require_count("weights", static_cast<std::int64_t>(weights.size()), rows());
  if (!std::all_of(weights.begin(), weights.end(), [](float w) { return w >= 0 && std::isfinite(w); })) {
    throw Error("U20", "weights are finite numbers, 0 or above");
  }
  Dataset result = *this;
  result.keep_weights(std::move(weights));
  return result;
}

Dataset Dataset::with_soft_targets(LargeVector<float> numbers) const {
  if (!has_targets() || is_mixed()) {
    throw Error("U20", "soft targets need rows with labels, answers or numbers, and not several of these");
  }
  require_count("soft targets", static_cast<std::int64_t>(numbers.size()), rows() * soft_target_columns());
  require_finite(std::span<const float>(numbers), soft_target_columns(), "soft targets");
  if (is_classification()) require_probabilities(numbers, has_labels() ? soft_target_columns() : 1);
  Dataset result = *this;
  result.keep_soft_targets(std::move(numbers));
  return result;
}

template <class T>
void Dataset::read_row(std::int64_t r, T* out) const {
  const Block& block = *features_;
  const std::int64_t width = block.shape.elements(), stored = stored_row(r), first = stored * width;
  if (!block.one_hot.empty()) {
    write_row(block, StoredRow(block, number_features(block), stored), width, out);
  } else if (!block.bytes.empty()) {
    const auto offset = static_cast<T>(block.offset);
    const auto factor = static_cast<T>(block.factor);
    for (std::int64_t i = 0; i < width; ++i) out[i] = (static_cast<T>(block.bytes[first + i]) + offset) * factor;
  } else if (!block.floats.empty()) {
    std::copy_n(block.floats.begin() + first, width, out);
  } else {
    for (std::int64_t i = 0; i < width; ++i) out[i] = static_cast<T>(block.doubles[first + i]);
  }
}

void Dataset::throw_no_row(std::int64_t r) const {
  throw Error("U20", "there is no row " + std::to_string(r) + " in a dataset of " + plural(rows(), "row"));
}

void Dataset::throw_no_targets() const {
  throw Error("U20", !targets_      ? "this dataset has no targets"
                     : has_labels() ? "this dataset has labels, not target values"
                                    : "this dataset has " + plural(targets_->columns, "target column") +
                                          ", and neither labels nor further columns");
}

template void Dataset::read_row(std::int64_t, float*) const;
template void Dataset::read_row(std::int64_t, double*) const;

LargeVector<float> balanced_weights(const Dataset& data) {
  if (data.is_multi_label()) {
    throw Error("U20", "balanced class weights need one class per row; this dataset has several two-class targets");
  }
  if (!data.has_labels()) throw Error("U20", "balanced weights need classes; this dataset has numeric targets");
  std::vector<std::int64_t> counts(static_cast<std::size_t>(data.targets().classes));
  for (std::int64_t r = 0; r < data.rows(); ++r) ++counts[data.label(r)];
  const auto present = static_cast<double>(std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; }));
  LargeVector<float> weights;
  weights.reserve(static_cast<std::size_t>(data.rows()));
  for (std::int64_t r = 0; r < data.rows(); ++r) {
    weights.push_back(
        static_cast<float>(static_cast<double>(data.rows()) / (present * static_cast<double>(counts[data.label(r)]))));
  }
  return weights;
}

}  // namespace pellucid
