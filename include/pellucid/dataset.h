// Dataset: numbers ready for training, as stored blocks that batches are gathered from. Copies share the storage.
// Not here: how a table becomes one (preprocess.h), shuffling and gathering (src/batches/batches.h).
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

/// Features next to each other of which one is 1, or none, and the others are 0.
struct OneHot {
  std::int64_t first = 0;  ///< of a row's features
  std::int64_t count = 0;  ///< 1 … 255
};

/// The features of all stored rows. Exactly one of floats, doubles and bytes is filled; bytes stay bytes until a batch
/// is gathered: x = (byte + offset) · factor. Features that `one_hot` names are kept as codes, one for all of them, and
/// `floats` holds the others in their order (of rows that have no others, nothing).
struct Block {
  Shape shape;  ///< of one row
  LargeVector<float> floats;
  LargeVector<double> doubles;
  LargeVector<std::uint8_t> bytes;
  double offset = 0;
  double factor = 1;
  std::vector<OneHot> one_hot;      ///< ascending
  LargeVector<std::uint8_t> codes;  ///< rows × one_hot: 0 where all are 0, k where the k-th is 1
};

/// What is to be learned: one class label per row, or one or more target columns of numbers. In a mixed dataset some of
/// the columns hold class labels, written as numbers.
struct Targets {
  LargeVector<std::int32_t> labels;  ///< classification: class of each stored row
  std::int32_t classes = 0;          ///< 0: numbers instead
  LargeVector<double> values;        ///< regression or one-hot: rows × columns, as the loss shall see them (scaled)
  std::int64_t columns = 0;
  bool multi_label = false;  ///< values are answers to `columns` questions of yes (1) or no (0); without labels
  /// Of a mixed dataset, one entry per target column: 0 for numbers, n for class labels 0 … n-1. Empty: not mixed.
  std::vector<std::int32_t> column_classes{};
};

class Dataset {
 public:
  Dataset();  ///< no rows
  // There is no move: a dataset that something was "moved" from stays whole, for copies share the storage.
  Dataset(const Dataset&) = default;
  Dataset& operator=(const Dataset&) = default;
  /// Throws U20 when the counts do not agree or codes are none, D17 on a label outside 0 … classes-1, D15 on a target
  /// value that is not finite. Indices name stored rows; by default all of them in order.
  Dataset(std::shared_ptr<const Block> features, std::shared_ptr<const Targets> targets,
          std::optional<LargeVector<std::int64_t>> indices = std::nullopt);

  /// From numbers in memory (copied): `features` is rows × shape, row-major. Throws U20 on counts that do not agree,
  /// D15 on a value that is not finite, D17 on a label outside 0 … classes-1 or an answer that is neither 0 nor 1.
  static Dataset classification(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes);
  static Dataset regression(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                            std::int64_t target_columns = 1);
  static Dataset classification(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> labels,
                                std::int32_t classes);
  static Dataset regression(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                            std::int64_t target_columns = 1);
  /// Several questions of yes or no about each row: `answers` is rows × questions, 0 or 1.
  static Dataset multi_label(std::span<const float> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions);
  static Dataset multi_label(std::span<const double> features, Shape row_shape, std::span<const std::int32_t> answers,
                             std::int64_t questions);
  /// Target columns of numbers and of class labels side by side, for a model with several heads (Model::set_heads):
  /// `targets` is rows × column_classes.size(), and column_classes holds 0 for a column of numbers, n for a column of
  /// class labels 0 … n-1. Throws U20 where every count is not as said, D15, D17.
  static Dataset mixed(std::span<const float> features, Shape row_shape, std::span<const float> targets,
                       std::vector<std::int32_t> column_classes);
  static Dataset mixed(std::span<const double> features, Shape row_shape, std::span<const double> targets,
                       std::vector<std::int32_t> column_classes);

  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(indices_.size()); }
  bool empty() const noexcept { return indices_.empty(); }
  const Shape& row_shape() const { return features_->shape; }
  bool has_labels() const noexcept { return targets_ && targets_->classes > 0; }  ///< one class of several a row
  bool is_multi_label() const noexcept { return targets_ && targets_->multi_label; }
  bool is_classification() const noexcept { return has_labels() || is_multi_label(); }
  bool is_mixed() const noexcept { return targets_ && !targets_->column_classes.empty(); }
  bool has_targets() const noexcept { return targets_ != nullptr; }
  /// How many targets a row has: target columns, or 1 where it has a label.
  std::int64_t target_count() const noexcept { return !targets_ ? 0 : has_labels() ? 1 : targets_->columns; }
  /// How many classes a target has; 0: it is a number. Throws U20 where there is no such target.
  std::int32_t classes_of(std::int64_t target) const;

  const Block& features() const { return *features_; }
  const Targets& targets() const {  ///< throws U20 unless has_targets()
    if (!targets_) throw_no_targets();
    return *targets_;
  }
  /// Stored row of each row of this dataset; for a table's dataset this is the row of the table.
  std::span<const std::int64_t> indices() const noexcept { return indices_; }
  std::span<const float> weights() const noexcept { return weights_; }  ///< one a row of this dataset; empty: all 1

  /// Label of row r of this dataset (has_labels); target value c of row r (an answer, 0 or 1, where is_multi_label).
  /// Both throw U20 where there is no such row or target.
  std::int32_t label(std::int64_t r) const {
    if (!has_labels()) throw_no_targets();
    return targets_->labels[stored_row(r)];
  }
  double value(std::int64_t r, std::int64_t c = 0) const {
    if (!targets_ || c < 0 || c >= targets_->columns) throw_no_targets();
    return targets_->values[stored_row(r) * targets_->columns + c];
  }

  /// The same storage seen through chosen rows (positions in this dataset). Weights follow.
  Dataset subset(std::span<const std::int64_t> positions) const;
  /// The same rows with these features of all stored rows in place of theirs; throws U20 on another shape or count.
  Dataset with_features(std::shared_ptr<const Block> features) const;
  /// With a weight a row, > 0 or 0; throws U20 on a wrong count or a negative weight.
  Dataset with_weights(LargeVector<float> weights) const;

  /// Row r as numbers (scaled), into out[row_shape().elements()]. Throws U20 where there is no such row.
  template <class T>
  void read_row(std::int64_t r, T* out) const;

 private:
  void keep(LargeVector<std::int64_t> indices);
  void keep(LargeVector<float> weights);
  std::int64_t stored_row(std::int64_t r) const {
    if (r < 0 || r >= rows()) throw_no_row(r);
    return indices_[r];
  }
  [[noreturn]] void throw_no_row(std::int64_t r) const;
  [[noreturn]] void throw_no_targets() const;

  std::shared_ptr<const Block> features_;
  std::shared_ptr<const Targets> targets_;
  std::shared_ptr<const LargeVector<std::int64_t>> kept_indices_;
  std::shared_ptr<const LargeVector<float>> kept_weights_;
  std::span<const std::int64_t> indices_;  // of those that are kept, which copies share
  std::span<const float> weights_;
};

/// Weights that make every class count the same: rows / (classes · rows of the class), mean 1 over the rows given.
/// Throws U20 without labels.
LargeVector<float> balanced_weights(const Dataset& data);

}  // namespace pellucid
