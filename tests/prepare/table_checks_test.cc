// check_table and check_split: which findings they return for a table and a split, and in which order.
// Not here: how each finding is detected (findings_test.cc), how the program displays them (cli/findings.txt).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pellucid/findings.h"

namespace pellucid {
namespace {

using Texts = std::vector<std::string>;

// Findings as lines such as "warning D14 …" or "note D04 …".
Texts texts(const std::vector<Finding>& findings) {
  Texts result;
  for (const Finding& f : findings) result.push_back((f.warning ? "warning " : "note ") + f.code + " " + f.text);
  return result;
}

std::vector<Finding> checked(const std::string& csv, const PreprocessOptions& options) {
  const Table table = read_csv(csv);
  return check_table(table, find_targets(table, options.target), options);
}

const Finding* find_code(const std::vector<Finding>& findings, std::string_view code) {
  for (const Finding& f : findings) {
    if (f.code == code) return &f;
  }
  return nullptr;
}

TEST(CheckTable, returns_no_finding_for_a_good_table) {
  std::string csv = "a,b,y\n";
  for (int r = 0; r < 40; ++r) csv += fmt::format("{}.5,{}.25,{}\n", r * 7 % 40, r * r % 37, r % 2 == 0 ? "u" : "v");
  EXPECT_EQ(texts(checked(csv, {.target = "y"})), Texts{});
}

// 12 rows: column gap lacks 1 cell, hole 7 cells; same is constant; row 4 (line 6) repeats row 3; one row has no
// target; class "w" has 2 rows.
TEST(CheckTable, finds_missing_cells_constant_columns_repeated_rows_and_target_problems) {
  std::string csv = "gap,hole,same,y\n";
  for (int r = 0; r < 12; ++r) {
    const int row = r == 4 ? 3 : r;
    csv += fmt::format("{},{},7,{}\n", row == 2 ? "" : std::to_string(row) + ".5",
                       row % 3 == 0 ? std::to_string(row * row) + ".5" : "",
                       row == 5               ? ""
                       : row == 7 || row == 8 ? "w"
                       : row < 7              ? "u"
                                              : "u");
  }
  const std::vector<Finding> found = checked(csv, {.target = "y"});
  EXPECT_EQ(texts(found), (Texts{"warning D18 1 row without a value of y",
                                 "warning D03 class \"w\" has only 2 rows, too few to learn or evaluate it",
                                 "note D14 column \"gap\": 1 cell missing (8.3%)",
                                 "warning D14 column \"hole\": 7 cells missing (58.3%)",
                                 "note D04 1 column has the same value in all rows: same",
                                 "note D01 1 row repeats an earlier row; the first is <memory>:6"}));
  EXPECT_EQ(find_code(found, "D18")->rows, std::vector<std::int64_t>{5});
  EXPECT_EQ(find_code(found, "D18")->columns, std::vector<std::string>{"y"});
  EXPECT_EQ(find_code(found, "D04")->columns, std::vector<std::string>{"same"});
}

TEST(CheckTable, counts_the_spellings_of_missing_cells) {
  std::string csv = "a,y\n";
  for (int r = 0; r < 40; ++r)
    csv += fmt::format("{},{}\n", r < 3 ? "NA" : r < 5 ? "" : std::to_string(r) + ".5", r % 2);
  const std::vector<Finding> found = checked(csv, {.target = "y"});
  ASSERT_NE(find_code(found, "D14"), nullptr);
  EXPECT_EQ(find_code(found, "D14")->text, "column \"a\": 5 cells missing (12.5%): blank 2, NA 3");
}

TEST(CheckTable, warns_of_a_target_with_one_value) {
  std::string csv = "a,y\n";
  for (int r = 0; r < 20; ++r) csv += fmt::format("{}.5,yes\n", r * 3 % 20);
  const std::vector<Finding> found = checked(csv, {.target = "y"});
  ASSERT_NE(find_code(found, "D17"), nullptr);
  EXPECT_EQ(find_code(found, "D17")->text, "column \"y\" has only one value, so there is nothing to learn");
  EXPECT_TRUE(find_code(found, "D17")->warning);
}

TEST(CheckTable, notes_columns_that_will_be_left_out) {
  std::string csv = "name,a,y\n";
  for (int r = 0; r < 30; ++r)
    csv += fmt::format("person {},{}.5,{}\n", r * 7 % 30, r * 11 % 30, r % 2 == 0 ? "u" : "v");
  const std::vector<Finding> found = checked(csv, {.target = "y"});
  ASSERT_NE(find_code(found, "D05"), nullptr);
  EXPECT_EQ(find_code(found, "D05")->text, "name is not used: it differs in every row, like an ID");
  // With the kind set to categorical, the column is used.
  EXPECT_EQ(find_code(checked(csv, {.target = "y", .kinds = {{"name", AskedKind::categorical}}}), "D05"), nullptr);
}

TEST(CheckTable, works_without_a_target) {
  const Table table = read_csv("a,b\n1.5,2\n2.5,2\n3.5,2\n");
  EXPECT_EQ(texts(check_table(table, {}, {})), Texts{"note D04 1 column has the same value in all rows: b"});
}

TEST(CheckTable, includes_the_findings_of_the_reader) {
  Table table = read_csv("a,b\n1.5,2.5\n2.5,1.5\n3.5,9.5\n");
  table.notes = {Finding::note("D28", "as it was read")};
  EXPECT_EQ(texts(check_table(table, {}, {})), Texts{"note D28 as it was read"});
}

TEST(CountingCells, distinct_cells_do_not_include_missing_ones) {
  const Table table = read_csv("a,b\n1.5,u\n,v\n1.5,\n2.5,u\n");
  EXPECT_EQ(missing_cells(table.columns[0]), 1);
  EXPECT_EQ(distinct_cells(table.columns[0]), 2);
  EXPECT_EQ(missing_cells(table.columns[1]), 1);
  EXPECT_EQ(distinct_cells(table.columns[1]), 2);
}

TEST(UnusedWords, are_the_given_words_that_no_cell_contains) {
  ReadOptions options;
  options.missing_words.words = {"none such", "a:gone", "b:gone"};
  const Table table = read_csv("a,b\n1.5,2\ngone,3\n", "x.csv", options);
  EXPECT_EQ(texts(find_unused_words(table, options.missing_words)),
            Texts{"warning D36 `na` names words that occur in no cell: \"b:gone\", \"none such\""});
  EXPECT_EQ(texts(find_unused_words(table, {})), Texts{});
}

// 200 rows, the last 50 of which are test rows; 10 of them repeat training rows. `copy` is 2 · y, `near` is unrelated
// to y.
Table with_test_rows(double shift) {
  std::string csv = "near,copy,unused,y\n";
  for (int r = 0; r < 200; ++r) {
    const int row = r >= 190 ? r - 190 : r;
    const double y = row * 37 % 211 + 0.5;
    csv += fmt::format("{},{},{},{}\n", row * 53 % 199 + 0.25 + (r >= 150 && r < 190 ? shift : 0), 2 * y, r, y);
  }
  Table table = read_csv(csv);
  table.test_rows = 50;
  return table;
}

SplitPlan plan_for(const Table& table, std::vector<std::string> drop) {
  return plan_split(table, {.target = "y", .preprocess = {.task = Task::regression, .drop = std::move(drop)}});
}

TEST(CheckSplit, finds_leaks_in_the_training_rows_and_repeated_test_rows) {
  const Table table = with_test_rows(0);
  const std::vector<Finding> found = check_split(table, plan_for(table, {"unused"}), false);
  ASSERT_NE(find_code(found, "D02"), nullptr);
  EXPECT_NE(find_code(found, "D02")->text.find("copy"), std::string::npos) << find_code(found, "D02")->text;
  ASSERT_NE(find_code(found, "D01"), nullptr);
  EXPECT_TRUE(find_code(found, "D01")->warning);  // up to 10 of 50 rows, more than one in twenty
}

TEST(CheckSplit, ignores_dropped_columns) {
  const Table table = with_test_rows(0);
  EXPECT_EQ(find_code(check_split(table, plan_for(table, {"unused", "copy"}), false), "D02"), nullptr);
  // The column `unused` differs in every row, so with it no test row repeats a training row.
  EXPECT_EQ(find_code(check_split(table, plan_for(table, {"copy"}), false), "D01"), nullptr);
}

TEST(CheckSplit, looks_for_shifts_only_if_the_test_rows_are_later) {
  const Table table = with_test_rows(500);
  const SplitPlan plan = plan_for(table, {"unused", "copy"});
  EXPECT_EQ(find_code(check_split(table, plan, false), "D22"), nullptr);
  const std::vector<Finding> found = check_split(table, plan, true);
  ASSERT_NE(find_code(found, "D22"), nullptr);
  EXPECT_EQ(find_code(found, "D22")->columns, std::vector<std::string>{"near"});
}

}  // namespace
}  // namespace pellucid
