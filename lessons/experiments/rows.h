// Rows of a table as text 002 prepares them: numbers, one-hot targets, train_test_split, StandardScaler.
// Not here: the library's own preparation (pellucid/preprocess.h), which differs in the details.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "lessons/experiments/neurons.h"
#include "pellucid/pellucid.h"

namespace pellucid::tutorial {

using Rows = std::vector<Numbers>;

/// The first `count` rows of the columns first … last.
inline Rows rows_of(const Table& table, std::size_t first, std::size_t last, std::size_t count) {
  Rows rows(count);
  for (std::size_t c = first; c <= last; ++c) {
    for (std::size_t r = 0; r < count; ++r) rows[r].push_back(table.columns[c].numbers[r]);
  }
  return rows;
}

/// One one-hot row per label.
template <class Labels>
Rows one_hot(const Labels& labels, std::size_t classes) {
  Rows rows(labels.size(), Numbers(classes, 0));
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r][static_cast<std::size_t>(labels[r])] = 1;
  return rows;
}

inline Numbers flat(const Rows& rows) {
  Numbers all;
  for (const Numbers& row : rows) all.insert(all.end(), row.begin(), row.end());
  return all;
}

/// A dataset whose targets are numbers, as the text's squared error needs them.
inline Dataset dataset_of(const Rows& inputs, const Rows& targets) {
  const auto width = static_cast<std::int64_t>(inputs.front().size());
  return Dataset::regression(flat(inputs), Shape{width}, flat(targets), static_cast<int>(targets.front().size()));
}

struct SplitRows {
  Rows x_train, x_test, y_train, y_test;
};

/// sklearn's train_test_split(x, y, test_size=share, random_state=seed): the same rows in the same order.
inline SplitRows train_test_split(const Rows& x, const Rows& y, double share, std::uint32_t seed) {
  const auto order = NumpyRandom(seed).permutation(static_cast<std::int64_t>(x.size()));
  const auto tests = static_cast<std::size_t>(std::ceil(share * static_cast<double>(x.size())));
  SplitRows parts;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto row = static_cast<std::size_t>(order[i]);
    (i < tests ? parts.x_test : parts.x_train).push_back(x[row]);
    (i < tests ? parts.y_test : parts.y_train).push_back(y[row]);
  }
  return parts;
}

/// sklearn's StandardScaler: subtracts each column's mean and divides by its standard deviation (computed with n, not n
/// - 1).
class StandardScaler {
 public:
  explicit StandardScaler(const Rows& rows) : means_(rows.front().size()), deviations_(means_.size()) {
    const auto n = static_cast<double>(rows.size());
    for (const Numbers& row : rows) {
      for (std::size_t c = 0; c < row.size(); ++c) means_[c] += row[c] / n;
    }
    for (const Numbers& row : rows) {
      for (std::size_t c = 0; c < row.size(); ++c) deviations_[c] += (row[c] - means_[c]) * (row[c] - means_[c]) / n;
    }
    for (double& deviation : deviations_) deviation = deviation == 0 ? 1 : std::sqrt(deviation);
  }

  Rows operator()(Rows rows) const {
    for (Numbers& row : rows) {
      for (std::size_t c = 0; c < row.size(); ++c) row[c] = (row[c] - means_[c]) / deviations_[c];
    }
    return rows;
  }

 private:
  Numbers means_, deviations_;
};

/// The inputs of both splits, scaled with the statistics of the training rows.
inline void standardise(SplitRows& parts) {
  const StandardScaler scaler(parts.x_train);
  parts.x_train = scaler(parts.x_train);
  parts.x_test = scaler(parts.x_test);
}

/// Scales numbers linearly so that those it was fitted to are in 0 … 1, and back.
class MinMaxScaler {
 public:
  explicit MinMaxScaler(const Rows& rows) {
    const Numbers all = flat(rows);
    low_ = *std::min_element(all.begin(), all.end());
    high_ = *std::max_element(all.begin(), all.end());
  }

  Rows operator()(Rows rows) const {
    for (Numbers& row : rows) {
      for (double& value : row) value = (value - low_) / (high_ - low_);
    }
    return rows;
  }
  double back(double scaled) const { return low_ + scaled * (high_ - low_); }

 private:
  double low_ = 0, high_ = 1;
};

}  // namespace pellucid::tutorial
