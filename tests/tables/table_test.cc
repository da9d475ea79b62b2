// Table: columns by name, locations in files, appending. Not here: reading (csv_test.cc, idx_test.cc, npy_test.cc).
#include "pellucid/table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

TEST(Table, an_unknown_column_is_refused_with_the_nearest_name) {
  const Table table = read_csv("label,size\n1,2\n", "x.csv");
  EXPECT_EQ(table.find("size"), 1);
  EXPECT_EQ(table.find("labl"), -1);
  const Error error = refusal([&] { table.require("labl"); });
  EXPECT_EQ(error.code(), "D11");
  EXPECT_STREQ(error.what(), "no column \"labl\" in x.csv (2 columns)");
  EXPECT_EQ(error.details(), (std::vector<std::string>{"did you mean \"label\"?"}));
}

TEST(Table, a_location_is_a_line_if_lines_are_known) {
  Table table = read_csv("a,b\n\n1,2\n3,4\n", "x.csv");
  EXPECT_EQ(table.place(1), "x.csv:4");
  table.lines.clear();
  EXPECT_EQ(table.place(1), "x.csv, row 2");
}

TEST(Table, appended_rows_are_matched_by_column_name_and_keep_their_location) {
  Table train = read_csv("a,c\n1,red\n2.5,blue\n", "train.csv");
  train.append(read_csv("more,c,a\n9,green,3\n9,red,4\n", "test.csv"));
  ASSERT_EQ(train.rows, 4);
  EXPECT_EQ(train.columns[0].numbers, (std::vector<double>{1, 2.5, 3, 4}));
  EXPECT_EQ(train.columns[1].words, (std::vector<std::string>{"red", "blue", "green"}));
  EXPECT_EQ(train.columns[1].codes, (std::vector<std::int32_t>{0, 1, 2, 0}));
  EXPECT_FALSE(train.columns[0].integers);
  EXPECT_EQ(train.place(1), "train.csv:3");
  EXPECT_EQ(train.place(2), "test.csv:2");
}

TEST(Table, a_column_without_values_can_be_appended_to_words) {
  Table first = read_csv("a,c\n1,\n2,\n");
  first.append(read_csv("a,c\n3,red\n"));
  EXPECT_EQ(first.columns[1].codes, (std::vector<std::int32_t>{-1, -1, 0}));
  Table second = read_csv("a,c\n3,red\n");
  second.append(read_csv("a,c\n1,\n"));
  EXPECT_EQ(second.columns[1].codes, (std::vector<std::int32_t>{0, -1}));
}

TEST(Table, rows_with_other_columns_are_refused) {
  Table table = read_csv("a,colour\n1,red\n", "train.csv");
  const Error lacking = refusal([&] { table.append(read_csv("a,color\n1,red\n", "test.csv")); });
  EXPECT_EQ(lacking.code(), "D20");
  EXPECT_EQ(lacking.details(), (std::vector<std::string>{"it has \"color\""}));
  EXPECT_EQ(refusal([&] { table.append(read_csv("a,colour\n1,2\n", "test.csv")); }).code(), "D20");
  EXPECT_EQ(table.rows, 1);
}

}  // namespace
}  // namespace pellucid
