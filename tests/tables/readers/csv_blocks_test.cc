// Reading CSV in text blocks: rows across the end of a block, and text that must be read twice.
// Not here: the meaning of CSV (csv_test.cc).
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

constexpr int many_rows = 20'000;  // at least 700 KB, which is three blocks

// Rows of every kind: plain and quoted cells, doubled quotes, all kinds of line ends, also inside cells, and blank
// lines.
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
    static const int within[] = {0, 2, 4, 6, 9};  // five rows have twelve lines
    ASSERT_EQ(table.lines[row], static_cast<std::uint32_t>(2 + row / 5 * 12 + within[row % 5])) << row;
  }
}

TEST(CsvBlocks, a_row_across_the_end_of_a_block_is_read_correctly) {
  std::string rows;
  for (int row = 0; row < many_rows; ++row) rows += row_text(row);
  // Longer than a row, so that each byte of a row is once the last of a block.
  for (std::size_t shift = 0; shift < 45; ++shift) {
    const Table table = read_csv("n,said,x,w" + std::string(shift, '_') + "\n" + rows);
    ASSERT_NO_FATAL_FAILURE(expect_rows(table, many_rows)) << shift;
  }
}

TEST(CsvBlocks, a_cell_longer_than_a_block_is_read_as_one_cell) {
  const std::string novel(1'000'000, 'x');
  const Table table = read_csv("a,b\n1,\"" + novel + "\n\"\n2,short\n");
  ASSERT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[1].words[0], novel + "\n");
  EXPECT_EQ(table.lines, (std::vector<std::uint32_t>{2, 4}));
}

TEST(CsvBlocks, an_unclosed_quote_is_reported_where_it_opens) {
  std::string text = "a,b\n";
  for (int row = 0; row < 100'000; ++row) text += "1,2\n";
  const Error error = refusal([&] { read_csv(text + "1,\"open\n" + text, "x.csv"); });
  EXPECT_EQ(error.code(), "D16");
  EXPECT_STREQ(error.what(), "x.csv:100002: a quote is opened in this row and never closed");
}

TEST(CsvBlocks, a_zero_byte_far_from_the_start_is_reported_with_its_offset) {
  std::string text =
      "\xEF\xBB\xBF"
      "a,b\n";
  for (int row = 0; row < 100'000; ++row) text += "1,2\n";
  text[300'000 + 3] = '\0';
  const Error error = refusal([&] { read_csv(text, "x.csv"); });
  EXPECT_STREQ(error.what(), "x.csv is not text: byte 300,001 is zero");
}

// Only after the first block do words show that the column is text (more than a tenth of its cells). Then the first
// cells must be read again, as spelled.
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

TEST(CsvBlocks, a_column_that_becomes_text_late_keeps_all_spellings_from_any_source) {
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

TEST(PlainNumber, is_read_as_the_nearest_double) {
  for (const char* text : {"0.1", "3.25", "-0.30", "123456789012.345", "999999999999999", "0.00000000000001", "-0.0",
                           "4.35", "1.005", "00012.50"}) {
    double plain = std::numeric_limits<double>::quiet_NaN();
    ASSERT_NE(read_plain_number(text, plain), Spelling::none) << text;
    EXPECT_EQ(plain, std::strtod(text, nullptr)) << text;
    EXPECT_EQ(std::signbit(plain), text[0] == '-') << text;
  }
}

TEST(PlainNumber, leaves_other_spellings_to_the_general_reader) {
  for (const char* text : {"", "-", ".", "5.", ".5", "1e3", "+1", "1.2.3", "--1", "1234567890123456", "0x10", "1,5",
                           "1234567890.1234567"}) {
    double ignored;
    EXPECT_EQ(read_plain_number(text, ignored), Spelling::none) << text;
  }
}

}  // namespace
}  // namespace pellucid
