// Dataset: features and targets in memory, ready for training. Copies of a dataset share its memory.
// Not here: how a table becomes a dataset (preprocess.h), shuffling and gathering batches (src/batches/batches.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pellucid/large_vector.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// A group of neighbouring features of which at most one is 1; all others are 0.
struct OneHot {
  std::int64_t first = 0;  ///< index of the group's first feature in a row
  std::int64_t count = 0;  ///< number of features in the group, 1 … 255
};

/// The features of all stored rows, row after row. Exactly one of floats, doubles and bytes is used. Bytes are
/// converted when a batch is gathered: x = (byte + offset) · factor. One-hot groups (`one_hot`) are stored as one code
/// each; `floats` then holds only the other features, in their order (it is empty if there are no others).
struct Block {
  Shape shape;  ///< of one row
  LargeVector<float> floats;
  LargeVector<double> doubles;
  LargeVector<std::uint8_t> bytes;
  double offset = 0;
  double factor = 1;
  std::vector<OneHot> one_hot;  ///< ascending
  /// one code per row and group: 0 if all features of the group are 0, k if its k-th feature (from 1) is 1
  LargeVector<std::uint8_t> codes;
};

/// The targets: one class label per row, or one or more columns of numbers. In a mixed dataset some of these columns
/// hold class labels, written as numbers.
struct Targets {
  LargeVector<std::int32_t> labels;  ///< classification: class of each stored row, 0 … classes - 1
  std::int32_t classes = 0;          ///< number of classes; 0: there are no labels, see `values`
  LargeVector<double> values;        ///< regression or one-hot: rows × columns, as the loss uses them (scaled)
  std::int64_t columns = 0;
  /// `values` are the answers, 1 (yes) or 0 (no), to `columns` questions; there are no labels
  bool multi_label = false;
  /// Mixed datasets only, one entry per target column: 0 for numbers, n for class labels 0 … n-1. Empty: not mixed.
  std::vector<std::int32_t> column_classes{};
};

class Dataset {
 public:
  Dataset();  ///< a dataset without rows
  // Copies only, no moves: copies share the memory anyway, and a "moved-from" dataset therefore stays valid.
  Dataset(const Dataset&) = default;
  Dataset& operator=(const Dataset&) = default;
  /// `indices` are the stored rows of the dataset, in order; default: all stored rows. Throws U20 if counts do not
  /// match or a code is out of range, D17 for a label outside 0 … classes-1, D15 for a target value that is not finite.
  Dataset(std::shared_ptr<const Block> features, std::shared_ptr<const Targets> targets,
          std::optional<LargeVector<std::int64_t>> indices = std::nullopt);

  /// Makes a dataset from numbers in memory, which are copied. `features` is rows × elements of row_shape, row-major;
  /// `targets` of a regression is rows × target_columns. Throws U20 if counts do not match, D15 for a value that is not
  /// finite, D17 for a label outside 0 … classes-1 or an answer other than 0 and 1.
  static Dataset classification(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes);
  static Dataset regression(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                            std::int64_t target_columns = 1);
  static Dataset classification(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes);
  static Dataset regression(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                            std::int64_t target_columns = 1);
  /// Several yes/no questions per row: `answers` is rows × questions, each 0 or 1.
  static Dataset multi_label(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions);
  static Dataset multi_label(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions);
  /// Target columns of numbers and of class labels side by side, for a model with several heads
  /// (BasicModel::set_heads). `targets` is rows × column_classes.size(); column_classes holds 0 for a column of numbers
  /// and n for a column of class labels 0 … n-1. Throws U20 if counts do not match, D15, D17.
  static Dataset mixed(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                       std::vector<std::int32_t> column_classes);
  static Dataset mixed(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                       std::vector<std::int32_t> column_classes);

  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(indices_.size()); }
  bool empty() const noexcept { return indices_.empty(); }
  const Shape& row_shape() const { return features_->shape; }
  bool has_labels() const noexcept { return targets_ && targets_->classes > 0; }  ///< each row has one class label
  bool is_multi_label() const noexcept { return targets_ && targets_->multi_label; }
  bool is_classification() const noexcept { return has_labels() || is_multi_label(); }
  bool is_mixed() const noexcept { return targets_ && !targets_->column_classes.empty(); }
  bool has_targets() const noexcept { return targets_ != nullptr; }
  /// Number of targets per row: the number of target columns, or 1 if rows have a label; 0 without targets.
  std::int64_t target_count() const noexcept { return !targets_ ? 0 : has_labels() ? 1 : targets_->columns; }
  /// Number of classes of this target; 0: its values are numbers. Throws U20 if there is no such target.
  std::int32_t classes_of(std::int64_t target) const;

  const Block& features() const { return *features_; }
  const Targets& targets() const {  ///< throws U20 unless has_targets()
    if (!targets_) throw_no_targets();
    return *targets_;
  }
  /// For each row of this dataset the index of its stored row. For a dataset made from a table, this is the row of the
  /// table.
  std::span<const std::int64_t> indices() const noexcept { return indices_; }
  std::span<const float> weights() const noexcept { return weights_; }  ///< one per row of this dataset; empty: all 1
  /// What the loss reads in place of labels and values: see with_soft_targets(). Empty: there are none.
  std::span<const float> soft_targets() const noexcept { return soft_targets_; }
  bool has_soft_targets() const noexcept { return !soft_targets_.empty(); }
  /// Number of soft targets per row: the number of classes if rows have a label, otherwise that of the target columns.
  std::int64_t soft_target_columns() const noexcept {
    return !targets_ ? 0 : has_labels() ? targets_->classes : targets_->columns;
  }

  /// label(): label of row r of this dataset, if has_labels(). value(): target column c of row r (an answer, 0 or 1, if
  /// is_multi_label()). Both throw U20 if there is no such row or target.
  std::int32_t label(std::int64_t r) const {
    if (!has_labels()) throw_no_targets();
    return targets_->labels[stored_row(r)];
  }
  double value(std::int64_t r, std::int64_t c = 0) const {
    if (!targets_ || c < 0 || c >= targets_->columns) throw_no_targets();
    return targets_->values[stored_row(r) * targets_->columns + c];
  }

  /// The rows at these positions of this dataset, in this order, with their weights. The memory is shared.
  Dataset subset(std::span<const std::int64_t> positions) const;
  /// The same rows and targets with other features. `features` must have the same shape and number of stored rows (else
  /// U20).
  Dataset with_features(std::shared_ptr<const Block> features) const;
  /// The same rows with one weight per row, each ≥ 0. Throws U20 for a wrong number of weights or a negative weight.
  Dataset with_weights(LargeVector<float> weights) const;
  /// The same rows with targets for the loss that differ from the true ones, by which scores are still computed: rows ×
  /// soft_target_columns() numbers. For labels these are the probabilities of the classes; for several questions the
  /// probability of each "yes"; for numbers the values, scaled as the targets are. Throws U20 for a wrong count,
  /// without targets and for a mixed dataset, D15 for a number that is not finite, D17 for a probability below 0 or
  /// above 1, or a row of them whose sum is not 1 (within 1e-3).
  Dataset with_soft_targets(LargeVector<float> numbers) const;

  /// Writes the features of row r as the model sees them (scaled) into `out`, which has room for row_shape().elements()
  /// numbers. Throws U20 if there is no such row.
  template <class T>
  void read_row(std::int64_t r, T* out) const;

 private:
  void keep(LargeVector<std::int64_t> indices);
  void keep_weights(LargeVector<float> weights);
  void keep_soft_targets(LargeVector<float> numbers);
  std::int64_t stored_row(std::int64_t r) const {
    if (r < 0 || r >= rows()) throw_no_row(r);
    return indices_[r];
  }
  [[noreturn]] void throw_no_row(std::int64_t r) const;
  [[noreturn]] void throw_no_targets() const;

  std::shared_ptr<const Block> features_;
  std::shared_ptr<const Targets> targets_;
  std::shared_ptr<const LargeVector<std::int64_t>> kept_indices_;
  std::shared_ptr<const LargeVector<float>> kept_weights_, kept_soft_targets_;
  std::span<const std::int64_t> indices_;  // views of the kept vectors, which copies share
  std::span<const float> weights_, soft_targets_;
};

/// Weights with which all classes have the same total weight: rows / (classes · rows of the class); their mean is 1.
/// Throws U20 if there are no labels.
LargeVector<float> balanced_weights(const Dataset& data);

}  // namespace pellucid
