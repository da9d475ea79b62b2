// Findings about synthetic tables with hand-computed numbers: leaks, repeated rows, uninformative and shifted columns.
// Not here: how check and train display them (cli/findings.txt).
#include "pellucid/findings.h"

#include <gtest/gtest.h>

#include <numeric>

#include "pellucid/random.h"

namespace pellucid {
namespace {

using Rows = std::vector<std::int64_t>;

Rows rows_from(std::int64_t first, std::int64_t last) {
  Rows rows(static_cast<std::size_t>(last - first));
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

Column numbers(const std::string& name, const std::vector<double>& cells, bool integers = false) {
  Column column{.name = name, .numbers = {cells.begin(), cells.end()}};
  column.integers = integers;
  return column;
}

std::vector<double> noise(std::int64_t rows, std::uint32_t stream) {
  Random random({.seed = 1, .stream = stream});
  std::vector<double> values(static_cast<std::size_t>(rows));
  for (double& x : values) x = random.normal();
  return values;
}

Table table_of(std::vector<Column> columns) {
  Table table;
  table.source = "made.csv";
  table.columns = std::move(columns);
  table.rows = static_cast<std::int64_t>(std::max(table.columns[0].numbers.size(), table.columns[0].codes.size()));
  return table;
}

// A list of one target index.
std::span<const int> only(int target) {
  static const int indices[] = {0, 1, 2, 3, 4};
  return {indices + target, 1};
}

std::vector<std::string> texts(const std::vector<Finding>& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) result.push_back(finding.code + " " + finding.text);
  return result;
}

using Texts = std::vector<std::string>;

// y = a + c - b exactly if `spoiled` is 0, else with normal noise of this size. The columns are independent whole
// numbers.
Table sum_table(std::int64_t rows, double spoiled = 0) {
  std::vector<double> columns[4], y;
  for (std::uint32_t c = 0; c < 4; ++c) {
    Random random({.seed = 7, .stream = c});
    for (std::int64_t r = 0; r < rows; ++r) columns[c].push_back(static_cast<double>(random.below(1000)));
  }
  const std::vector<double> error = noise(rows, 9);
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r)
    y.push_back(columns[0][r] + columns[2][r] - columns[1][r] + spoiled * error[r]);
  return table_of({numbers("a", columns[0]), numbers("b", columns[1]), numbers("c", columns[2]),
                   numbers("d", columns[3]), numbers("y", y)});
}

TEST(FindRareClasses, many_rare_classes_give_one_finding_that_names_the_first_ones) {
  using Classes = std::vector<std::pair<std::string, std::int64_t>>;
  EXPECT_TRUE(find_rare_classes(Classes{{"a", 5}, {"b", 70}}, 5).empty());
  EXPECT_EQ(find_rare_classes(Classes{{"a", 4}, {"b", 70}}, 5)[0].text,
            "class \"a\" has only 4 rows, too few to learn or evaluate it");
  Classes many = {{"common", 50}};
  for (int i = 0; i < 30; ++i) many.emplace_back("c" + std::to_string(i), 1);
  const std::vector<Finding> found = find_rare_classes(many, 5);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code + " " + found[0].text,
            "D03 30 classes have fewer than 5 rows, too few to learn or evaluate them: \"c0\" 1, \"c1\" 1, \"c2\" 1, "
            "\"c3\" 1, \"c4\" 1, \"c5\" 1 and 24 more");
}

TEST(FindLeaks, a_signed_sum_of_three_columns_is_found) {
  const Table table = sum_table(40);
  EXPECT_EQ(texts(find_leaks(table, only(4), {.target = "y"}, rows_from(0, 40))),
            Texts{"D02 leakage: a + c - b equals y; if they are unknown when you predict: `drop = a,c,b`"});
}

TEST(FindLeaks, a_sum_is_found_with_a_small_error_but_not_with_a_larger_one) {
  // The deviation of the sum is √3 · 1000 / √12 = 500: noise of 10 leaves R² 0.9996, noise of 30 leaves 0.9964.
  const auto found = texts(find_leaks(sum_table(500, 10), only(4), {.target = "y"}, rows_from(0, 500)));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("nearly (R² 0.999"), std::string::npos) << found[0];
  EXPECT_TRUE(find_leaks(sum_table(500, 30), only(4), {.target = "y"}, rows_from(0, 500)).empty());
}

TEST(FindLeaks, a_dropped_column_is_no_leak) {
  EXPECT_TRUE(find_leaks(sum_table(40), only(4), {.target = "y", .drop = {"b"}}, rows_from(0, 40)).empty());
}

TEST(FindLeaks, a_function_of_the_target_is_found_but_not_a_noisy_copy) {
  const std::vector<double> x = noise(300, 1), other = noise(300, 2);
  std::vector<double> curved, rough;
  for (std::size_t r = 0; r < 300; ++r) {
    curved.push_back(5 * x[r] * x[r] * x[r] + 2 * x[r]);
    rough.push_back(x[r] + 0.1 * other[r]);
  }
  const Table table = table_of({numbers("curved", curved), numbers("rough", rough), numbers("y", x)});
  const auto found = texts(find_leaks(table, only(2), {.target = "y"}, rows_from(0, 300)));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("column \"curved\" alone predicts y"), std::string::npos) << found[0];
}

// The column "said" has one word per class in all rows except the first `wrong` ones.
Table word_table(int rows, int wrong) {
  Column said{.name = "said", .type = Column::Type::text};
  Column label{.name = "label", .type = Column::Type::text};
  said.words = {"aye", "nay"};
  label.words = {"yes", "no"};
  for (int r = 0; r < rows; ++r) {
    label.codes.push_back(r % 2);
    said.codes.push_back(r < wrong ? 1 - r % 2 : r % 2);
  }
  return table_of({said, numbers("x", noise(rows, 3)), label});
}

TEST(FindLeaks, a_word_for_the_class_is_found_with_at_most_one_wrong_row_in_200) {
  EXPECT_EQ(texts(find_leaks(word_table(400, 2), only(2), {.target = "label"}, rows_from(0, 400))),
            Texts{"D02 leakage: column \"said\" alone predicts label (99.5% correct); if it is unknown when you "
                  "predict: `drop = said`"});
  EXPECT_TRUE(find_leaks(word_table(400, 3), only(2), {.target = "label"}, rows_from(0, 400)).empty());
}

TEST(FindLeaks, a_constant_column_is_no_leak_of_a_rare_class) {
  Table table = word_table(1000, 0);
  table.columns[0].codes.assign(1000, 0);
  table.columns[2].codes.assign(1000, 0);
  table.columns[2].codes[5] = table.columns[2].codes[900] = 1;  // always predicting "yes" is right in 99.8 %
  EXPECT_TRUE(find_leaks(table, only(2), {.target = "label"}, rows_from(0, 1000)).empty());
}

TEST(FindLeaks, a_column_with_a_different_word_per_row_is_no_leak) {
  Table table = word_table(200, 0);
  Column& names = table.columns[0];
  names.words.clear();
  for (int r = 0; r < 200; ++r) {
    names.words.push_back("name " + std::to_string(r));
    names.codes[static_cast<std::size_t>(r)] = r;
  }
  EXPECT_TRUE(find_leaks(table, only(2), {.target = "label"}, rows_from(0, 200)).empty());
}

TEST(FindRepeats, repeated_rows_are_counted_by_the_columns_in_use) {
  const Table table =
      table_of({numbers("id", {1, 2, 3, 4, 5, 6}), numbers("x", {7, 8, 9, 7, 8, 1}), numbers("y", {0, 1, 0, 0, 0, 1})});
  EXPECT_TRUE(find_repeats(table, only(2), {.target = "y"}, rows_from(0, 3), rows_from(3, 6)).empty());
  const auto found = find_repeats(table, only(2), {.target = "y", .drop = {"id"}}, rows_from(0, 3), rows_from(3, 6));
  EXPECT_EQ(
      texts(found),
      Texts{
          "D01 1 of 3 test rows (33.3%) repeats a training row, so the score is better than it will be for new rows"});
  EXPECT_TRUE(found[0].warning);
}

TEST(FindDullColumns, numbers_that_identify_rows_are_distinguished_from_measurements) {
  std::vector<double> counts, codes, measure, twice;
  Random random({.seed = 3});
  for (int r = 0; r < 60; ++r) {
    counts.push_back((r * 7) % 60 + 1);
    codes.push_back(500000 + static_cast<double>((r * 7919) % 400009));
    measure.push_back(((r * 7919) % 1009) * 11);
    twice.push_back(r % 30);
  }
  const Table table =
      table_of({numbers("counts", counts, true), numbers("codes", codes, true), numbers("measure", measure, true),
                numbers("twice", twice, true), numbers("y", noise(60, 4))});
  EXPECT_EQ(texts(find_dull_columns(table, only(4), {.target = "y"}, rows_from(0, 60))),
            Texts{"D06 2 columns look like row numbers or IDs: counts, codes"});
  EXPECT_TRUE(find_dull_columns(table, only(4), {.target = "y"}, rows_from(0, 40)).empty());
}

TEST(FindDullColumns, a_column_hardly_varies_with_one_other_cell_in_200_but_not_with_two) {
  std::vector<double> one(200), two(200), none(200);
  one[7] = two[7] = two[8] = 1;
  const Table table =
      table_of({numbers("one", one), numbers("two", two), numbers("none", none), numbers("y", noise(200, 5))});
  EXPECT_EQ(texts(find_dull_columns(table, only(3), {.target = "y"}, rows_from(0, 200))),
            Texts{"D08 1 column is nearly constant: one"});
}

TEST(KolmogorovSmirnov, is_the_largest_difference_of_the_cumulative_shares) {
  // Up to 2: 2 of 4 against 0 of 2; up to 3: 3 of 4 against 1 of 2.
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 2, 3, 4}, {3, 5}), 0.5);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 2}, {5, 6, 7}), 1);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 1, 2}, {2, 1, 1}), 0);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov({1, 2}, {}), 0);
}

TEST(FindShifts, columns_with_another_distribution_are_named_and_others_are_not) {
  std::vector<double> moved = noise(400, 6);
  for (std::size_t r = 200; r < 400; ++r) moved[r] += 1.5;
  Column word{.name = "word", .type = Column::Type::text};
  word.words = {"a", "b"};
  for (int r = 0; r < 400; ++r) word.codes.push_back(r < 200 ? r % 2 : r % 10 == 0);
  const Table table = table_of({numbers("moved", moved), word, numbers("still", noise(400, 8)), numbers("y", moved)});
  EXPECT_EQ(texts(find_shifts(table, only(3), {.target = "y"}, rows_from(0, 200), rows_from(200, 400))),
            Texts{"D22 2 columns have a different distribution in the test rows: moved, word"});
  EXPECT_TRUE(find_shifts(table, only(3), {.target = "y"}, rows_from(0, 100), rows_from(100, 200)).empty());
}

}  // namespace
}  // namespace pellucid
