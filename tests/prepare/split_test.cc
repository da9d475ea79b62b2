// Splitting rows: sizes, classes in every split, reproducibility by seed; and real tables from file to features.
// Not here: what is learned from the training rows (preprocess_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/findings.h"

namespace pellucid {
namespace {

using test::refusal;
using Parts = std::vector<LargeVector<std::int64_t>>;

std::vector<std::int32_t> labels_of_sizes(const std::vector<int>& sizes) {
  std::vector<std::int32_t> labels;
  for (std::size_t c = 0; c < sizes.size(); ++c) labels.insert(labels.end(), sizes[c], static_cast<std::int32_t>(c));
  return labels;
}

std::vector<int> counts(std::span<const std::int64_t> part, const std::vector<std::int32_t>& labels, int classes) {
  std::vector<int> result(classes);
  for (const std::int64_t row : part) ++result[labels[row]];
  return result;
}

void expect_partition(const Parts& parts, std::int64_t rows) {
  std::set<std::int64_t> seen;
  for (const auto& part : parts) {
    EXPECT_TRUE(std::is_sorted(part.begin(), part.end()));
    seen.insert(part.begin(), part.end());
  }
  EXPECT_EQ(static_cast<std::int64_t>(parts[0].size() + parts[1].size() + parts[2].size()), rows);
  EXPECT_EQ(static_cast<std::int64_t>(seen.size()), rows);
}

TEST(SplitRows, every_row_is_in_one_split_of_the_requested_size) {
  const Parts parts = split_rows(1797, {}, 0.15, 0.15, 42);
  expect_partition(parts, 1797);
  EXPECT_EQ(parts[0].size(), 1258u);
  EXPECT_EQ(parts[1].size(), 270u);
  EXPECT_EQ(parts[2].size(), 269u);
  EXPECT_TRUE(split_rows(10, {}, 0, 0.2, 1)[1].empty());
  EXPECT_EQ(split_rows(10, {}, 0, 0, 1)[0].size(), 10u);
}

TEST(SplitRows, the_result_depends_only_on_the_seed) {
  EXPECT_EQ(split_rows(100, {}, 0.2, 0.2, 7), split_rows(100, {}, 0.2, 0.2, 7));
  EXPECT_NE(split_rows(100, {}, 0.2, 0.2, 7), split_rows(100, {}, 0.2, 0.2, 8));
}

TEST(SplitRows, classes_keep_their_shares) {
  const auto labels = labels_of_sizes({60, 30, 10});
  const Parts parts = split_rows(100, labels, 0.2, 0.1, 3);
  expect_partition(parts, 100);
  EXPECT_EQ(counts(parts[1], labels, 3), (std::vector<int>{12, 6, 2}));
  EXPECT_EQ(counts(parts[2], labels, 3), (std::vector<int>{6, 3, 1}));
}

TEST(SplitRows, every_class_with_at_least_three_rows_is_in_every_split) {
  for (const auto& sizes :
       std::vector<std::vector<int>>{{3, 3, 3}, {1000, 3}, {3, 4, 5, 6, 7, 100}, {50, 50, 50}, {3, 1, 2}}) {
    const auto labels = labels_of_sizes(sizes);
    for (const double share : {0.01, 0.15, 0.3, 0.45}) {
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const Parts parts = split_rows(static_cast<std::int64_t>(labels.size()), labels, share, share, seed);
        expect_partition(parts, static_cast<std::int64_t>(labels.size()));
        for (const auto& part : parts) {
          const auto found = counts(part, labels, static_cast<int>(sizes.size()));
          for (std::size_t c = 0; c < sizes.size(); ++c) {
            EXPECT_GE(found[c], sizes[c] >= 3 ? 1 : 0) << sizes[c] << " rows, share " << share;
          }
        }
        const auto train = counts(parts[0], labels, static_cast<int>(sizes.size()));
        for (const int rows : train) EXPECT_GE(rows, 1);
      }
    }
  }
}

TEST(SplitRows, shares_of_many_small_classes_add_up_to_the_split_sizes) {
  const auto labels = labels_of_sizes(std::vector<int>(10, 10));
  const Parts parts = split_rows(100, labels, 0.15, 0.15, 1);
  EXPECT_EQ(parts[1].size(), 15u);
  EXPECT_EQ(parts[2].size(), 15u);
}

TEST(SplitRows, too_few_rows_and_invalid_shares_are_refused) {
  const auto code = [](std::int64_t rows, double validation, double test) {
    return refusal([&] { split_rows(rows, {}, validation, test, 1); }).code();
  };
  EXPECT_EQ(code(2, 0.15, 0.15), "D19");
  EXPECT_EQ(code(1, 0.15, 0), "D19");
  EXPECT_EQ(code(10, 0.5, 0.5), "U12");
  EXPECT_EQ(code(10, -0.1, 0.5), "U12");
  EXPECT_EQ(code(10, NAN, 0.5), "U12");
  EXPECT_EQ(split_rows(3, {}, 0.15, 0.15, 1)[0].size(), 1u);
}

std::string classes_csv(const std::vector<int>& sizes) {
  std::string csv = "x,label\n";
  int i = 0;
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    for (int r = 0; r < sizes[c]; ++r) csv += std::to_string(i++) + ",k" + std::to_string(c) + "\n";
  }
  return csv;
}

TEST(Split, learns_from_the_training_rows_only) {
  const Table table = read_csv(classes_csv({20, 20}));
  const Split s = split(table, {.seed = 5});
  EXPECT_TRUE(s.stratified);
  EXPECT_EQ(s.train.rows() + s.validation.rows() + s.test.rows(), 40);
  double sum = 0;
  for (const std::int64_t row : s.train.indices()) sum += table.columns[0].numbers[row];
  EXPECT_DOUBLE_EQ(s.preprocessor.columns[0].range()->mean, sum / static_cast<double>(s.train.rows()));
}

TEST(Split, given_validation_rows_are_used_and_only_the_other_rows_are_divided) {
  std::string csv = "x,y\n";
  for (int r = 0; r < 40; ++r) csv += std::to_string(r) + (r % 2 == 0 ? ",a\n" : ",b\n");
  Table table = read_csv(csv);
  const SplitPlan plan = plan_split(table, {.target = "y", .test = 0.2, .validation_rows = 10});
  EXPECT_EQ(plan.validation.front(), 30);
  EXPECT_EQ(plan.validation.size(), 10u);
  EXPECT_EQ(plan.test.size(), 6u);
  EXPECT_EQ(plan.train.size(), 24u);
  EXPECT_LT(plan.test.back(), 30);
  EXPECT_TRUE(plan.stratified);
  table.test_rows = 5;
  const SplitPlan given = plan_split(table, {.target = "y", .validation_rows = 10});
  EXPECT_EQ(given.train.size(), 25u);
  EXPECT_EQ(given.validation.front(), 25);
  EXPECT_EQ(given.test.front(), 35);
  EXPECT_FALSE(given.stratified);
  EXPECT_EQ(refusal([&] { plan_split(table, {.target = "y", .validation_rows = 10, .folds = 2}); }).code(), "U06");
}

TEST(Split, planning_first_or_moving_the_table_gives_the_same_split) {
  const std::string csv = [] {
    std::string text = "x,c,y\n";
    for (int r = 0; r < 60; ++r)
      text += std::to_string(r % 7) + ",w" + std::to_string(r % 4) + (r % 3 == 0 ? ",a\n" : ",b\n");
    return text;
  }();
  const Table table = read_csv(csv);
  const SplitOptions options{.target = "y", .seed = 9};
  const Split whole = split(table, options), steps = split_by(table, plan_split(table, options)),
              given = split(read_csv(csv), options);
  for (const Split* other : {&steps, &given}) {
    EXPECT_TRUE(std::ranges::equal(whole.train.indices(), other->train.indices()));
    EXPECT_TRUE(std::ranges::equal(whole.validation.indices(), other->validation.indices()));
    EXPECT_TRUE(std::ranges::equal(whole.test.indices(), other->test.indices()));
    EXPECT_EQ(whole.train.features().codes, other->train.features().codes);
    EXPECT_EQ(whole.train.features().floats, other->train.features().floats);
    EXPECT_EQ(whole.preprocessor.to_json(), other->preprocessor.to_json());
    EXPECT_EQ(whole.notes, other->notes);
  }
}

TEST(Split, given_test_rows_are_used) {
  Table table = read_csv(classes_csv({20, 20}), "train.csv");
  table.append(read_csv("x,label\n7,k0\n8,k1\n", "test.csv"));
  table.test_rows = 2;
  const Split s = split(table, {});
  EXPECT_EQ(s.train.rows(), 34);
  EXPECT_EQ(s.validation.rows(), 6);
  EXPECT_EQ(std::vector<std::int64_t>(s.test.indices().begin(), s.test.indices().end()),
            (std::vector<std::int64_t>{40, 41}));
}

TEST(Split, a_test_row_of_an_unknown_class_is_refused_with_its_location) {
  Table table = read_csv(classes_csv({20, 20}), "train.csv");
  table.append(read_csv("x,label\n7,k0\n8,k7\n", "test.csv"));
  table.test_rows = 2;
  const Error error = refusal([&] { split(table, {}); });
  EXPECT_EQ(error.code(), "D17");
  EXPECT_EQ(std::string(error.what()).find("test.csv:3"), 0u) << error.what();
}

TEST(Split, small_classes_constant_columns_and_left_out_columns_are_noted) {
  std::string csv = "x,flat,id,label\n";
  for (int i = 0; i < 80; ++i) {
    csv += std::to_string(i) + ",1,name" + std::to_string(i) + "," + (i == 0 ? "rare" : i % 2 ? "a" : "b") + "\n";
  }
  const Split s = split(read_csv(csv), {});
  ASSERT_EQ(s.notes.size(), 3u);
  EXPECT_EQ(test::line_of(s.notes[0]), "D03 class \"rare\" has only 1 row, too few to learn or evaluate it");
  EXPECT_EQ(test::line_of(s.notes[1]), "D04 1 column has the same value in all training rows: flat");
  EXPECT_EQ(test::line_of(s.notes[2]).find("D05 id is not used: "), 0u);
}

TEST(Split, the_only_row_of_a_class_is_a_training_row) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Split s = split(read_csv(classes_csv({1, 20, 20})), {.seed = seed});
    EXPECT_EQ(s.train.indices()[0], 0);
  }
}

TEST(Split, the_task_is_decided_by_all_rows_not_only_the_training_rows) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 100; ++i) csv += std::to_string(i) + "," + std::to_string(i % 20) + "\n";
  // 70 training rows with 20 classes.
  EXPECT_TRUE(split(read_csv(csv), {.target = "y"}).preprocessor.is_classification());
}

TEST(Split, rows_with_missing_cells_can_be_dropped) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 40; ++i) csv += (i % 4 ? std::to_string(i) : "") + "," + std::to_string(i) + ".5\n";
  const Split s = split(read_csv(csv), {.target = "y", .preprocess = {.missing = MissingCells::drop}});
  EXPECT_EQ(s.train.rows() + s.validation.rows() + s.test.rows(), 30);
  EXPECT_EQ(test::lines_of(s.notes), (std::vector<std::string>{"10 rows not used because of missing cells"}));
  EXPECT_FALSE(s.stratified);
}

TEST(Split, real_tables_can_be_read_split_and_transformed) {
  struct Expected {
    const char* file;
    const char* target;
    std::size_t classes;
    std::int64_t features;
  };
  int found = 0;
  for (const Expected& expected : {Expected{"sklearn/digits.csv", "digit", 10, 64},
                                   {"sklearn/iris.csv", "species", 3, 4},
                                   {"adult/adult_train.csv.gz", "income", 2, 0},
                                   {"titanic/titanic_kaggle_train.csv", "Survived", 2, 0},
                                   {"ames-housing/AmesHousing.csv", "SalePrice", 0, 0},
                                   {"wine-quality/winequality-red.csv", "quality", 6, 11},
                                   {"bike-sharing/day.csv", "cnt", 0, 0},
                                   {"penguins/penguins.csv", "species", 3, 0},
                                   {"california-housing/housing_ocean_proximity.csv.gz", "median_house_value", 0, 0}}) {
    const auto path = test::data_file(expected.file);
    if (!path) continue;
    ++found;
    const Split s = split(read_table(*path), {.target = expected.target});
    EXPECT_EQ(s.preprocessor.targets[0].classes.size(), expected.classes) << expected.file;
    const std::int64_t features = s.preprocessor.row_shape().elements();
    EXPECT_EQ(expected.features > 0 ? expected.features : features, features) << expected.file;
    EXPECT_EQ(s.preprocessor.feature_names().size(), static_cast<std::size_t>(features));
    for (const float value : s.train.features().floats) ASSERT_TRUE(std::isfinite(value)) << expected.file;
    const std::string json = s.preprocessor.to_json();
    EXPECT_EQ(Preprocessor::from_json(json).to_json(), json) << expected.file;
  }
  if (found == 0) GTEST_SKIP() << "no data sets here";
}

TEST(Split, rows_without_a_target_are_dropped_with_missing_drop) {
  std::string text = "x,y\n";
  for (int row = 0; row < 40; ++row)
    text += std::to_string(row) + (row % 4 == 1 ? ",\n" : row % 2 == 0 ? ",a\n" : ",b\n");
  const Table table = read_csv(text);
  EXPECT_EQ(refusal([&] { split(table, {.target = "y"}); }).code(), "D18");
  SplitOptions options{.target = "y"};
  options.preprocess.missing = MissingCells::drop;
  const Split parts = split(table, options);
  EXPECT_EQ(parts.train.rows() + parts.validation.rows() + parts.test.rows(), 30);
  EXPECT_EQ(parts.notes.at(0).text, "10 rows not used because of missing cells");
  for (std::int64_t r = 0; r < parts.train.rows(); ++r) {
    EXPECT_EQ(parts.train.label(r), parts.train.indices()[static_cast<std::size_t>(r)] % 2);
  }
}

TEST(Split, a_class_that_occurs_only_in_later_rows_is_refused) {
  std::string text = "day,x,y\n";
  for (int row = 0; row < 40; ++row)
    text += std::to_string(row) + ",1," + (row > 37 ? "z" : row % 2 == 0 ? "a" : "b") + "\n";
  SplitOptions options{.target = "y"};
  options.time = "day";
  const Error error = refusal([&] { split(read_csv(text), options); });
  EXPECT_EQ(error.code(), "D53");
  EXPECT_NE(error.text().find("\"z\" (2 rows)"), std::string::npos) << error.text();
}

}  // namespace
}  // namespace pellucid
