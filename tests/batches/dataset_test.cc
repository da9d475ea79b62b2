// Datasets in memory, subsets and weights; batches: their order, and how their rows are gathered.
// Not here: datasets from tables (preprocess_test.cc).
#include "pellucid/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "batches/batches.h"
#include "support/files.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using test::refusal;

const std::vector<float> six{1, 2, 3, 4, 5, 6};
const std::vector<std::int32_t> labels{0, 1, 1};

Dataset three_rows() {
  return Dataset::classification(std::span<const float>(six), Shape{2}, labels, 2);
}

Dataset bytes(std::int64_t rows, std::int64_t width) {
  auto block = std::make_shared<Block>();
  block->shape = Shape{width};
  block->offset = -7.3;
  block->factor = 1.0 / 255;
  for (std::int64_t i = 0; i < rows * width; ++i) block->bytes.push_back(static_cast<std::uint8_t>(i * 37));
  return Dataset(block, nullptr);
}

TEST(Dataset, is_made_from_numbers_in_memory) {
  const Dataset data = three_rows();
  EXPECT_EQ(data.rows(), 3);
  EXPECT_TRUE(data.is_classification());
  EXPECT_EQ(data.label(2), 1);
  double row[2];
  data.read_row(1, row);
  EXPECT_EQ(row[0], 3);
  EXPECT_EQ(row[1], 4);
  const std::vector<double> values{1, 2, 3, 4, 5, 6};
  const Dataset regression = Dataset::regression(std::span<const double>(values), Shape{1}, values, 1);
  EXPECT_EQ(regression.value(4), 5);
  EXPECT_FALSE(regression.features().doubles.empty());
}

TEST(Dataset, inconsistent_arguments_are_refused) {
  const auto code = [](const std::vector<float>& features, Shape shape, const std::vector<std::int32_t>& given) {
    return refusal([&] { Dataset::classification(std::span<const float>(features), shape, given, 2); }).code();
  };
  EXPECT_EQ(code(six, Shape{4}, labels), "U20");
  EXPECT_EQ(code(six, Shape{2}, {0, 1}), "U20");
  EXPECT_EQ(code(six, Shape{2}, {0, 1, 2}), "D17");
  EXPECT_EQ(code(six, Shape{2}, {0, 1, -1}), "D17");
  EXPECT_EQ(code({1, NAN, 3, 4, 5, 6}, Shape{2}, labels), "D15");
  EXPECT_EQ(refusal([] { Dataset::regression(std::span<const float>(six), Shape{2}, six, 1); }).code(), "U20");
  EXPECT_EQ(refusal([] { Dataset(nullptr, nullptr); }).code(), "U20");
  EXPECT_EQ(refusal([] { three_rows().subset(std::vector<std::int64_t>{3}); }).code(), "U20");
  EXPECT_EQ(refusal([] { three_rows().with_weights({1, 2}); }).code(), "U20");
  EXPECT_EQ(refusal([] { three_rows().with_weights({1, 2, -1}); }).code(), "U20");
}

TEST(Dataset, a_subset_shares_the_storage_and_keeps_the_weights) {
  const Dataset data = three_rows().with_weights({0.5f, 1, 2});
  const Dataset part = data.subset(std::vector<std::int64_t>{2, 0}).subset(std::vector<std::int64_t>{0});
  EXPECT_EQ(&part.features(), &data.features());
  EXPECT_EQ(part.indices()[0], 2);
  EXPECT_EQ(part.weights()[0], 2);
}

TEST(Dataset, balanced_weights_give_every_class_the_same_total_weight) {
  const LargeVector<float> weights = balanced_weights(three_rows());
  EXPECT_FLOAT_EQ(weights[0], 1.5f);   // 3 / (2 · 1)
  EXPECT_FLOAT_EQ(weights[1], 0.75f);  // 3 / (2 · 2)
  EXPECT_FLOAT_EQ(std::accumulate(weights.begin(), weights.end(), 0.0f), 3);
}

TEST(Batches, an_epoch_holds_every_row_once_and_the_last_batch_may_be_short) {
  Batches batches(bytes(10, 1), 4, true, 1);
  batches.begin_epoch(3);
  ASSERT_EQ(batches.count(), 3);
  EXPECT_EQ(batches.size(0), 4);
  EXPECT_EQ(batches.size(2), 2);
  std::vector<std::int64_t> seen;
  for (std::int64_t b = 0; b < batches.count(); ++b) {
    const auto positions = batches.positions(b);
    seen.insert(seen.end(), positions.begin(), positions.end());
  }
  EXPECT_FALSE(std::is_sorted(seen.begin(), seen.end()));
  std::sort(seen.begin(), seen.end());
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(seen[i], i);
}

std::vector<std::int64_t> order(Batches& batches, std::uint32_t epoch) {
  batches.begin_epoch(epoch);
  const auto all = batches.positions(0);
  return {all.begin(), all.end()};
}

TEST(Batches, the_order_depends_only_on_seed_and_epoch) {
  Batches first(bytes(50, 1), 50, true, 1);
  Batches second(bytes(50, 1), 50, true, 1);
  Batches other(bytes(50, 1), 50, true, 2);
  const auto epoch_2 = order(first, 2);
  EXPECT_NE(order(first, 3), epoch_2);
  EXPECT_EQ(order(second, 2), epoch_2);  // although `second` has not gone through the earlier epochs
  EXPECT_NE(order(other, 2), epoch_2);
  Batches still(bytes(50, 1), 50, false, 1);
  const auto unshuffled = order(still, 2);
  EXPECT_TRUE(std::is_sorted(unshuffled.begin(), unshuffled.end()));
}

TEST(Batches, gathered_rows_are_written_at_the_given_row_distance) {
  Batches batches(three_rows().with_weights({0.5f, 1, 2}).subset(std::vector<std::int64_t>{2, 0}), 2, false, 1);
  double x[6] = {-1, -1, -1, -1, -1, -1};
  std::int32_t label[2];
  double weight[2];
  EXPECT_EQ(batches.gather<double>(0, x, 3, label, nullptr, weight), 2);
  EXPECT_EQ(std::vector<double>(x, x + 6), (std::vector<double>{5, 6, -1, 1, 2, -1}));
  EXPECT_EQ(label[0], 1);
  EXPECT_EQ(label[1], 0);
  EXPECT_EQ(weight[0], 2);
  EXPECT_EQ(weight[1], 0.5);
}

TEST(Batches, targets_of_several_columns_are_gathered_and_default_weights_are_1) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  Batches batches(Dataset::regression(std::span<const float>(six), Shape{2}, values, 2), 2, false, 1);
  float x[4];
  float targets[4];
  float weights[2];
  EXPECT_EQ(batches.gather<float>(1, x, 2, nullptr, targets, weights), 1);
  EXPECT_EQ(targets[1], 6);
  EXPECT_EQ(weights[0], 1);
}

template <class T>
void expect_bytes_widen_as_read_row_does() {
  const Dataset data = bytes(3, 37);
  Batches batches(data, 3, false, 1);
  std::vector<T> x(3 * 37);
  std::vector<T> row(37);
  batches.gather<T>(0, x.data(), 37, nullptr, nullptr, nullptr);
  for (std::int64_t r = 0; r < 3; ++r) {
    data.read_row(r, row.data());
    for (std::int64_t i = 0; i < 37; ++i) EXPECT_TRUE(test::same_bits(x[r * 37 + i], row[i]));
  }
}

TEST(Batches, bytes_convert_to_the_same_numbers_as_in_a_single_row) {
  expect_bytes_widen_as_read_row_does<float>();
  expect_bytes_widen_as_read_row_does<double>();
}

TEST(Batches, a_batch_size_of_zero_is_refused) {
  EXPECT_EQ(refusal([] { Batches(three_rows(), 0, true, 1); }).code(), "U12");
}

TEST(Dataset, replaced_features_use_the_same_row_indices_and_must_have_the_same_size) {
  const std::vector<float> x{1, 2, 3, 4, 5, 6};
  const std::vector<std::int32_t> labels{0, 1, 0};
  const Dataset last = Dataset::classification(x, {2}, labels, 2).subset(std::vector<std::int64_t>{2});
  Block other;
  other.shape = {2};
  other.floats = {10, 20, 30, 40, 50, 60};
  const Dataset changed = last.with_features(std::make_shared<Block>(other));
  float row[2];
  changed.read_row(0, row);
  EXPECT_EQ(row[0], 50);
  EXPECT_EQ(row[1], 60);
  EXPECT_EQ(changed.label(0), 0);
  other.floats.resize(4);
  EXPECT_THROW(last.with_features(std::make_shared<Block>(other)), Error);
  other.shape = {4};
  EXPECT_THROW(last.with_features(std::make_shared<Block>(other)), Error);
}

}  // namespace
}  // namespace pellucid
