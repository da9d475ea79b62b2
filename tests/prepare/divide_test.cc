// Splitting rows by groups, by time and into folds; and how split() uses this.
// Not here: stratified splits (split_test.cc).
#include "prepare/divide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "pellucid/preprocess.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;
using Times = std::vector<double>;

TEST(DivideByGroup, no_group_is_in_two_splits_and_the_sizes_are_about_as_requested) {
  std::vector<std::int32_t> groups;
  for (int row = 0; row < 600; ++row) groups.push_back(row * row % 53);
  const RowParts parts = divide_by_group(groups, {}, 0.15, 0.15, 1);
  std::set<std::int32_t> seen;
  std::size_t rows = 0;
  for (const Rows& part : parts) {
    std::set<std::int32_t> own;
    for (const std::int64_t row : part) own.insert(groups[static_cast<std::size_t>(row)]);
    for (const std::int32_t group : own) EXPECT_TRUE(seen.insert(group).second) << group;
    rows += part.size();
  }
  EXPECT_EQ(rows, 600u);
  EXPECT_NEAR(static_cast<double>(parts[1].size()), 90, 25);
  EXPECT_NEAR(static_cast<double>(parts[2].size()), 90, 25);
  EXPECT_EQ(parts, divide_by_group(groups, {}, 0.15, 0.15, 1));
  EXPECT_NE(parts, divide_by_group(groups, {}, 0.15, 0.15, 2));
}

// Every tenth group is of the rare class: divided by size alone, a split could get no such group.
TEST(DivideByGroup, the_class_shares_are_balanced_as_far_as_whole_groups_allow) {
  std::vector<std::int32_t> groups, labels;
  for (int row = 0; row < 1000; ++row) {
    groups.push_back(row / 10);
    labels.push_back(row / 10 % 10 == 0 ? 1 : 0);
  }
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    const RowParts parts = divide_by_group(groups, labels, 0.2, 0.2, seed);
    for (const std::size_t part : {1, 2}) {
      const auto rare =
          std::count_if(parts[part].begin(), parts[part].end(), [&](auto row) { return labels[row] == 1; });
      EXPECT_EQ(rare, 20) << seed;
      EXPECT_EQ(parts[part].size(), 200u) << seed;
    }
  }
}

TEST(Folds, grouped_folds_balance_the_classes) {
  std::vector<std::int32_t> groups, labels;
  for (int row = 0; row < 200; ++row) {
    groups.push_back(row / 5);
    labels.push_back(row / 5 % 4 == 0 ? 1 : 0);
  }
  const auto folds = folds_of(200, labels, groups, 5, 7);
  int rare[5] = {};
  for (std::size_t row = 0; row < 200; ++row) rare[folds[row]] += labels[row];
  for (const int rows : rare) EXPECT_EQ(rows, 10);
}

TEST(DivideByGroup, two_groups_are_too_few_for_three_splits) {
  EXPECT_EQ(refusal([] {
              divide_by_group(std::vector<std::int32_t>{0, 0, 1, 1, 0, 1, 0, 1}, {}, 0.2, 0.2, 1);
            }).code(),
            "D19");
}

TEST(DivideByTime, the_latest_rows_are_the_test_rows) {
  const RowParts parts = divide_by_time(Times{9, 1, 8, 2, 7, 3, 6, 4, 5, 0}, 0.2, 0.2);
  EXPECT_EQ(parts[2], (Rows{0, 2}));
  EXPECT_EQ(parts[1], (Rows{4, 6}));
  EXPECT_EQ(parts[0], (Rows{1, 3, 5, 7, 8, 9}));
}

TEST(DivideByTime, rows_with_the_same_time_stay_together_in_the_later_split) {
  const RowParts parts = divide_by_time(Times{1, 1, 2, 2, 3, 3, 4, 4, 4, 4}, 0.2, 0.2);
  EXPECT_EQ(parts[2], (Rows{6, 7, 8, 9}));
  EXPECT_EQ(parts[1], (Rows{4, 5}));
  EXPECT_EQ(refusal([] { divide_by_time(Times{1, 1, 1, 1, 1, 1}, 0.2, 0.2); }).code(), "D19");
}

TEST(Folds, every_class_is_distributed_evenly) {
  std::vector<std::int32_t> labels(100);
  for (std::size_t row = 0; row < 40; ++row) labels[row] = 1;
  const auto folds = folds_of(100, labels, {}, 5, 3);
  int counts[5][2] = {};
  for (std::size_t row = 0; row < 100; ++row) ++counts[folds[row]][labels[row]];
  for (const auto& fold : counts) {
    EXPECT_EQ(fold[0], 12);
    EXPECT_EQ(fold[1], 8);
  }
}

TEST(Folds, the_only_row_of_a_class_is_never_a_test_row) {
  std::vector<std::int32_t> labels(11);
  labels[4] = 1;
  const auto folds = folds_of(11, labels, {}, 5, 3);
  EXPECT_EQ(folds[4], -1);
  EXPECT_EQ(std::count(folds.begin(), folds.end(), -1), 1);
}

TEST(Folds, groups_stay_whole_and_folds_are_about_equal) {
  // Group sizes 5 4 3 3 3: the folds are as equal as possible, 5 + 3 and 4 + 3 + 3.
  const std::vector<std::int32_t> groups = {0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
  const auto folds = folds_of(18, {}, groups, 2, 9);
  for (std::size_t row = 1; row < 18; ++row) {
    EXPECT_TRUE(groups[row] != groups[row - 1] || folds[row] == folds[row - 1]) << row;
  }
  const auto first = std::count(folds.begin(), folds.end(), 0);
  EXPECT_TRUE(first == 8 || first == 10) << first;
}

TEST(Folds, there_are_at_least_two_folds_and_at_most_one_per_row) {
  EXPECT_EQ(refusal([] { folds_of(10, {}, {}, 1, 1); }).code(), "U12");
  EXPECT_EQ(refusal([] { folds_of(3, {}, {}, 4, 1); }).code(), "D19");
}

Table days() {
  std::string csv = "day,house,x,y\n";
  for (int row = 0; row < 40; ++row) {
    const int day = row * 7 % 40;
    csv += (day < 20 ? "2026-01-" : "2026-03-") + std::to_string(10 + day % 20) + ",h" + std::to_string(row % 8) + "," +
           std::to_string(row * 0.5) + "," + std::to_string(day) + ".5\n";
  }
  return read_csv(csv, "days.csv");
}

TEST(SplitWays, by_time_test_rows_are_later_than_training_rows_and_the_column_is_not_a_feature) {
  const Split parts = split(days(), {.target = "y", .time = "day"});
  double latest = -1, earliest = 100;
  const auto day = [&](const Dataset& data, std::int64_t r) {
    return data.value(r) * parts.preprocessor.targets[0].deviation + parts.preprocessor.targets[0].mean;
  };
  for (std::int64_t r = 0; r < parts.train.rows(); ++r) latest = std::max(latest, day(parts.train, r));
  for (std::int64_t r = 0; r < parts.test.rows(); ++r) earliest = std::min(earliest, day(parts.test, r));
  EXPECT_NEAR(latest, 27.5, 1e-9);
  EXPECT_NEAR(earliest, 34.5, 1e-9);
  for (const FittedColumn& column : parts.preprocessor.columns) EXPECT_NE(column.name, "day");
}

TEST(SplitWays, cross_fitting_validates_every_learned_row_once_and_keeps_the_test_rows) {
  const Table table = days();
  const Split plain = split(table, {.target = "y"}), crossed = split(table, {.target = "y", .cross_fit = 4});
  EXPECT_TRUE(std::ranges::equal(plain.test.indices(), crossed.test.indices()));
  EXPECT_TRUE(plain.folds.empty());
  ASSERT_EQ(crossed.folds.size(), 4u);
  std::set<std::int64_t> validated;
  for (const Split::Fold& fold : crossed.folds) {
    validated.insert(fold.validation.indices().begin(), fold.validation.indices().end());
    EXPECT_EQ(fold.train.rows() + fold.validation.rows(), plain.train.rows() + plain.validation.rows());
  }
  EXPECT_EQ(std::ssize(validated), plain.train.rows() + plain.validation.rows());
  EXPECT_TRUE(std::ranges::equal(crossed.validation.indices(), crossed.folds.front().validation.indices()));
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .time = "day", .cross_fit = 3}); }).code(), "U06");
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .validation_rows = 5, .cross_fit = 3}); }).code(), "U06");
}

TEST(SplitWays, the_grouped_folds_cover_every_row_once) {
  std::set<std::int64_t> tested;
  for (std::int64_t fold = 0; fold < 4; ++fold) {
    const Split parts = split(days(), {.target = "y", .group = "house", .folds = 4, .fold = fold});
    std::set<std::int64_t> houses;
    for (const std::int64_t row : parts.test.indices()) {
      EXPECT_TRUE(tested.insert(row).second);
      houses.insert(row % 8);
    }
    EXPECT_EQ(houses.size(), 2u);
    for (const std::int64_t row : parts.train.indices()) EXPECT_FALSE(houses.contains(row % 8));
    for (const std::int64_t row : parts.validation.indices()) EXPECT_FALSE(houses.contains(row % 8));
    for (const FittedColumn& column : parts.preprocessor.columns) EXPECT_NE(column.name, "house");
  }
  EXPECT_EQ(tested.size(), 40u);
}

TEST(SplitWays, impossible_combinations_are_refused) {
  const Table table = days();
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .group = "house", .time = "day"}); }).code(), "U06");
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .time = "day", .folds = 3}); }).code(), "U06");
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .folds = 3, .fold = 3}); }).code(), "U12");
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .time = "house"}); }).code(), "D12");
  EXPECT_EQ(refusal([&] { split(table, {.target = "y", .group = "hous"}); }).code(), "D11");
  Table gaps = table;
  gaps.columns[1].codes[5] = -1;
  EXPECT_EQ(refusal([&] { split(gaps, {.target = "y", .group = "house"}); }).code(), "D14");
}

}  // namespace
}  // namespace pellucid
