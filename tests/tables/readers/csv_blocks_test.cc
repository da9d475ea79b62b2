// CSV that comes in blocks: what lies across the end of one, and texts that must be read twice.
// Not here: what a CSV means (csv_test.cc).
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <thread>

#include "pellucid/table.h"
#include "support/files.h"
#include "tables/plain_number.h"

namespace pellucid {
namespace {

using test::refusal;
using test::TempFolder;

constexpr int many_rows = 20'000;  // 700 KB and more: three blocks

// Rows of every sort: bare and quoted cells, doubled quotes, line ends inside and of all kinds, blank lines.
std::string row_text(int row) {
  static const char* const ends[] = {"\n", "\r\n", "\r", "\n\n", "\r\n \r\n"};
  return std::to_string(row) + ",\"say \"\"" + std::to_string(row % 7) + "\"\"\r\ntwice\", " + std::to_string(row % 3) +
         ".25 ,w" + std::to_string(row % 5) + ends[row % 5];
}

void expect_rows(const Table& table, int rows) {
  ASSERT_EQ(table.rows, rows);
  for (int row = 0; row < rows; ++row) {
    ASSERT_EQ(table.columns[0].numbers[row], row);
    const Column& said = table.columns[1];
    ASSERT_EQ(said.words[said.codes[row]], "say \"" + std::to_string(row % 7) + "\"\r\ntwice") << row;
    ASSERT_EQ(table.columns[2].numbers[row], row % 3 + 0.25);
    static const int within[] = {0, 2, 4, 6, 9};  // five rows take twelve lines
    ASSERT_EQ(table.lines[row], static_cast<std::uint32_t>(2 + row / 5 * 12 + within[row % 5])) << row;
  }
}

TEST(CsvBlocks, a_row_that_a_block_cuts_anywhere_is_read_whole) {
  std::string rows;
  for (int row = 0; row < many_rows; ++row) rows += row_text(row);
  for (std::size_t shift = 0; shift < 45; ++shift) {  // a row is shorter: each of its bytes is the last of a block once
    const Table table = read_csv("n,said,x,w" + std::string(shift, '_') + "\n" + rows);
    ASSERT_NO_FATAL_FAILURE(expect_rows(table, many_rows)) << shift;
  }
}

TEST(CsvBlocks, a_cell_longer_than_a_block_is_one_cell) {
  const std::string novel(1'000'000, 'x');
  const Table table = read_csv("a,b\n1,\"" + novel + "\n\"\n2,short\n");
  ASSERT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[1].words[0], novel + "\n");
  EXPECT_EQ(table.lines, (std::vector<std::uint32_t>{2, 4}));
}

TEST(CsvBlocks, a_quote_that_is_never_closed_is_told_where_it_opens) {
  std::string text = "a,b\n";
  for (int row = 0; row < 100'000; ++row) text += "1,2\n";
  const Error error = refusal([&] { read_csv(text + "1,\"open\n" + text, "x.csv"); });
  EXPECT_EQ(error.code(), "D16");
  EXPECT_STREQ(error.what(), "x.csv:100002: a quote is opened in this row and never closed");
}

TEST(CsvBlocks, a_zero_byte_far_in_is_found_with_its_offset) {
  std::string text =
      "\xEF\xBB\xBF"
      "a,b\n";
  for (int row = 0; row < 100'000; ++row) text += "1,2\n";
  text[300'000 + 3] = '\0';
  const Error error = refusal([&] { read_csv(text, "x.csv"); });
  EXPECT_STREQ(error.what(), "x.csv is not text: byte 300,001 is zero");
}

// Beyond the first block words show that the column holds words (more than a tenth are), so the first cells' spelling
// matters after all.
std::string late_words() {
  std::string text = "code,n\n";
  for (int row = 0; row < 60'000; ++row) text += row < 50'000 ? "007,1.50\n" : "x,2\n";
  return text;
}

void expect_late_words(const Table& table) {
  ASSERT_EQ(table.rows, 60'000);
  EXPECT_EQ(table.columns[0].words, (std::vector<std::string>{"007", "x"}));
  EXPECT_EQ(table.columns[0].codes[49'999], 0);
  EXPECT_EQ(table.columns[0].codes.back(), 1);
  EXPECT_EQ(table.columns[1].numbers[49'999], 1.5);
}

TEST(CsvBlocks, late_words_are_as_they_stand_in_text_files_packed_files_and_pipes) {
  const std::string text = late_words();
  expect_late_words(read_csv(text));
  const TempFolder folder;
  expect_late_words(read_table(folder.file("a.csv", text)));
  expect_late_words(read_table(folder.file("a.csv.gz", test::gzip(text))));
  const std::string pipe = folder.path() + "/pipe.csv";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << text; });
  expect_late_words(read_table(pipe, {.format = "csv"}));
  writer.join();
}

TEST(PlainNumber, is_read_to_the_nearest_double_like_any_number) {
  for (const char* text : {"0.1", "3.25", "-0.30", "123456789012.345", "999999999999999", "0.00000000000001", "-0.0",
                           "4.35", "1.005", "00012.50"}) {
    double plain = std::numeric_limits<double>::quiet_NaN();
    ASSERT_NE(read_plain_number(text, plain), Spelling::none) << text;
    EXPECT_EQ(plain, std::strtod(text, nullptr)) << text;
    EXPECT_EQ(std::signbit(plain), text[0] == '-') << text;
  }
}

TEST(PlainNumber, leaves_other_spellings_to_read_number) {
  for (const char* text : {"", "-", ".", "5.", ".5", "1e3", "+1", "1.2.3", "--1", "1234567890123456", "0x10", "1,5",
                           "1234567890.1234567"}) {
    double ignored;
    EXPECT_EQ(read_plain_number(text, ignored), Spelling::none) << text;
  }
}

}  // namespace
}  // namespace pellucid
