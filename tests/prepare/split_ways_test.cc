// Splits that the words of a column name, and ways of splitting that exclude each other.
// Not here: the flag (cli/parts.txt), random splits (split_test.cc), groups, time and folds (divide_test.cc).
#include <gtest/gtest.h>

#include "pellucid/preprocess.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;
using Rows = LargeVector<std::int64_t>;

Table table_of(const std::vector<std::string>& words, const std::string& name = "part") {
  std::string csv = "x,y," + name + "\n";
  for (std::size_t r = 0; r < words.size(); ++r)
    csv += std::to_string(r * 7 % 11) + "," + std::to_string(0.5 + static_cast<double>(r)) + "," + words[r] + "\n";
  return read_csv(csv, "t.csv");
}

SplitOptions by(const std::string& column) {
  return {.target = "y", .split_column = column};
}

TEST(SplitColumn, puts_each_row_where_its_word_says_in_any_spelling) {
  const Table table = table_of({"train", "Validation", "TEST", "Training", "valid", "testing", "train", "val", "dev"});
  const SplitPlan plan = plan_split(table, by("part"));
  EXPECT_EQ(plan.train, (Rows{0, 3, 6}));
  EXPECT_EQ(plan.validation, (Rows{1, 4, 7, 8}));
  EXPECT_EQ(plan.test, (Rows{2, 5}));
  EXPECT_FALSE(plan.stratified);
  ASSERT_EQ(plan.preprocessor.columns.size(), 1U);  // part is no feature
  EXPECT_EQ(plan.preprocessor.columns[0].name, "x");
  EXPECT_EQ(plan.notes.at(0).text, "the column part says in which split a row is");
}

TEST(SplitColumn, without_validation_rows_takes_their_share_of_the_training_rows) {
  std::vector<std::string> words(40, "train");
  for (int r = 0; r < 20; ++r) words.push_back("test");
  SplitOptions options = by("part");
  options.validation = 0.25;
  const SplitPlan plan = plan_split(table_of(words), options);
  EXPECT_EQ(plan.train.size(), 30U);
  EXPECT_EQ(plan.validation.size(), 10U);
  EXPECT_EQ(plan.test.size(), 20U);
  for (const std::int64_t row : plan.validation) EXPECT_LT(row, 40);
  options.validation = 0;
  EXPECT_TRUE(plan_split(table_of(words), options).validation.empty());
}

TEST(SplitColumn, refuses_other_words_missing_cells_and_no_training_rows) {
  const Error other = refusal([] { plan_split(table_of({"train", "holdout", "test", "holdout"}), by("part")); });
  EXPECT_EQ(other.code(), "D19");
  EXPECT_EQ(std::string(other.what()), "t.csv:3, column \"part\": \"holdout\" is not the name of a split");
  EXPECT_EQ(other.details().at(0), "2 such rows in all");
  const auto code = [](const std::vector<std::string>& words) {
    return refusal([&] { plan_split(table_of(words), by("part")); }).code();
  };
  EXPECT_EQ(code({"train", "", "test"}), "D14");
  EXPECT_EQ(code({"test", "val", "test"}), "D19");
  EXPECT_EQ(code({"0", "1", "2"}), "D19");  // no numbers
  EXPECT_EQ(refusal([] { plan_split(table_of({"train", "test"}), by("fold")); }).code(), "D11");
}

TEST(SplitColumn, leaves_out_rows_whose_word_means_a_missing_cell) {
  ReadOptions read;
  read.missing_words.words = {"part:unused"};
  const Table table = read_csv("x,y,part\n1,0.5,train\n2,1.5,train\n3,2.5,unused\n4,3.5,test\n", "t.csv", read);
  SplitOptions options = by("part");
  options.preprocess.missing = MissingCells::drop;
  options.validation = 0;
  const SplitPlan plan = plan_split(table, options);
  EXPECT_EQ(plan.train, (Rows{0, 1}));
  EXPECT_EQ(plan.test, (Rows{3}));
}

TEST(SplitColumn, refuses_classes_that_no_training_row_has) {
  const Table table = read_csv("x,y,part\n1,a,train\n2,b,train\n3,a,train\n4,c,test\n", "t.csv");
  const Error error = refusal([&] { plan_split(table, by("part")); });
  EXPECT_EQ(error.code(), "D53");
  EXPECT_NE(std::string(error.what()).find("only in validation or test rows: \"c\" (1 row)"), std::string::npos);
}

TEST(SplitColumn, excludes_other_ways_of_splitting) {
  Table table = table_of({"train", "val", "test", "train"});
  const auto code = [&](const SplitOptions& options) { return refusal([&] { plan_split(table, options); }).code(); };
  EXPECT_EQ(code({.target = "y", .group = "x", .split_column = "part"}), "U06");
  EXPECT_EQ(code({.target = "y", .time = "x", .split_column = "part"}), "U06");
  EXPECT_EQ(code({.target = "y", .split_column = "part", .folds = 2}), "U06");
  EXPECT_EQ(code({.target = "y", .split_column = "part", .validation_rows = 1}), "U06");
  EXPECT_EQ(code({.target = "part", .split_column = "part"}), "U06");
  table.test_rows = 1;
  EXPECT_EQ(code(by("part")), "U06");
}

}  // namespace
}  // namespace pellucid
