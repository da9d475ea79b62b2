// CSV: what is read, what is guessed, and every error in a file, with its location.
// Not here: learning from columns (preprocess_test.cc), operations on tables (table_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "pellucid/table.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

Error refused(const std::string& text, const ReadOptions& options = {}) {
  return refusal([&] { read_csv(text, "x.csv", options); });
}

std::string word(const Table& table, int column, std::int64_t row) {
  const Column& c = table.columns[column];
  return c.codes[row] < 0 ? "<missing>" : c.words[c.codes[row]];
}

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const Column& column : table.columns) result.push_back(column.name);
  return result;
}

TEST(Csv, numbers_and_words_are_read) {
  const Table table = read_csv("size,colour,price\n1,red,2.5\n-20,blue,1e3\n+3,red,.5\n");
  ASSERT_EQ(table.rows, 3);
  EXPECT_EQ(names(table), (std::vector<std::string>{"size", "colour", "price"}));
  EXPECT_EQ(table.columns[0].numbers, (std::vector<double>{1, -20, 3}));
  EXPECT_TRUE(table.columns[0].integers);
  EXPECT_EQ(table.columns[1].words, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(table.columns[1].codes, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(table.columns[2].numbers, (std::vector<double>{2.5, 1000, 0.5}));
  EXPECT_FALSE(table.columns[2].integers);
}

TEST(Csv, numbers_are_read_as_the_nearest_doubles) {
  const Table table = read_csv("x\n0.1\n123456789012345678\n4.9406564584124654e-324\n-0\n1.7976931348623157e308\n");
  EXPECT_EQ(table.columns[0].numbers,
            (std::vector<double>{0.1, 123456789012345678.0, 4.9406564584124654e-324, 0, 1.7976931348623157e308}));
  EXPECT_TRUE(std::signbit(table.columns[0].numbers[3]));
}

TEST(Csv, spellings_of_missing_cells_are_counted_per_column) {
  Table table = read_csv("n,w\n1,NA\nNaN,a\n,\"  \"\n?,?\nnan,NA\n2,b\n");
  EXPECT_EQ(table.columns[0].missing, (std::map<std::string, std::int64_t>{{"", 1}, {"?", 1}, {"NaN", 1}, {"nan", 1}}));
  EXPECT_EQ(table.columns[1].missing, (std::map<std::string, std::int64_t>{{"", 1}, {"?", 1}, {"NA", 2}}));
  table.append(read_csv("n,w\n,c\n"));
  EXPECT_EQ(table.columns[0].missing[""], 2);
}

TEST(Csv, each_delimiter_is_detected) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "a,b\n1,2\n3,4\n";
    for (char& c : text) c = c == ',' ? delimiter : c;
    const Table table = read_csv(text);
    EXPECT_EQ(names(table), (std::vector<std::string>{"a", "b"})) << delimiter;
    EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{2, 4})) << delimiter;
  }
}

TEST(Csv, a_delimiter_inside_quotes_does_not_count) {
  const Table table = read_csv("\"a;b\",c\n\"1;2;3\",4\n\"5;6;7\",8\n");
  EXPECT_EQ(names(table), (std::vector<std::string>{"a;b", "c"}));
}

TEST(Csv, a_given_delimiter_is_used) {
  EXPECT_EQ(read_csv("a,b\nx,y\n", "x", {.delimiter = ';'}).columns.size(), 1u);
}

TEST(Csv, quoted_cells_may_contain_delimiters_line_ends_and_quotes) {
  const Table table = read_csv("name,n\n\"Braund, Mr. \"\"Owen\"\"\",1\n\"two\nlines\",2\nend,3\n");
  EXPECT_EQ(word(table, 0, 0), "Braund, Mr. \"Owen\"");
  EXPECT_EQ(word(table, 0, 1), "two\nlines");
  EXPECT_EQ(table.lines, (std::vector<std::uint32_t>{2, 3, 5}));
}

TEST(Csv, a_quote_inside_an_unquoted_cell_is_a_letter) {
  EXPECT_EQ(word(read_csv("a,b\n5\" pipe,x\n6\" pipe,y\n"), 0, 0), "5\" pipe");
}

TEST(Csv, spaces_around_cells_are_removed) {
  const Table table = read_csv("a , b\n 1 , red \n2, \"two words \" \n");
  EXPECT_EQ(names(table), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(word(table, 1, 0), "red");
  EXPECT_EQ(word(table, 1, 1), "two words ");
}

TEST(Csv, every_kind_of_line_end_is_accepted) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text;
    for (const char* row : {"a,b", "1,2", "3,4"}) text += std::string(row) + end;
    const Table table = read_csv(text);
    EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{2, 4}));
    EXPECT_EQ(table.lines, (std::vector<std::uint32_t>{2, 3}));
  }
}

TEST(Csv, the_last_line_needs_no_line_end_and_blank_lines_are_ignored) {
  EXPECT_EQ(read_csv("a,b\n1,2\n3,4").rows, 2);
  const Table table = read_csv("a,b\n1,2\n\n3,4\n   \n\n");
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.lines, (std::vector<std::uint32_t>{2, 4}));
}

TEST(Csv, a_row_of_tabs_is_a_row_of_missing_cells) {
  const Table table = read_csv("a\tb\tc\n1\t2\t3\n\t\t\n");
  EXPECT_EQ(table.rows, 2);
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]));
}

TEST(Csv, a_byte_order_mark_is_not_part_of_the_first_name) {
  EXPECT_EQ(names(read_csv("\xEF\xBB\xBFid,x\n1,2\n"))[0], "id");
}

TEST(Csv, usual_spellings_of_missing_cells_are_recognised) {
  for (const char* missing : {"", " ", "NA", "N/A", "null", "NULL", "?", "nan", "NaN", "NAN", "\\N", "#N/A", "<NA>"}) {
    EXPECT_TRUE(is_missing(missing)) << missing;
  }
  for (const char* present : {"n/a", "na", "none", "-", "0", "??", "Null", "nano"})
    EXPECT_FALSE(is_missing(present)) << present;
  const Table table = read_csv("x,c\n1,red\nNA,?\nnan,blue\n,\"\"\n");
  for (const int row : {1, 2, 3}) EXPECT_TRUE(std::isnan(table.columns[0].numbers[row]));
  EXPECT_EQ(word(table, 1, 1), "<missing>");
  EXPECT_EQ(word(table, 1, 3), "<missing>");
  EXPECT_EQ(table.columns[1].words.size(), 2u);
}

TEST(Csv, a_column_without_values_is_numeric) {
  const Table table = read_csv("a,b\n1,\n2,NA\n");
  EXPECT_EQ(table.columns[1].type, Column::Type::number);
  EXPECT_FALSE(table.columns[1].integers);
}

TEST(Csv, the_first_row_is_a_header_if_it_differs_from_the_rows_below) {
  EXPECT_EQ(names(read_csv("a,b\nx,1\ny,2\n"))[0], "a");
  EXPECT_EQ(names(read_csv("1,2\n3,4\n")), (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(names(read_csv("39, State-gov\n50, Private\n"))[0], "c1");
  EXPECT_EQ(names(read_csv("red,round\nred,square\nblue,round\n"))[0], "c1");  // words that occur again below
  EXPECT_EQ(names(read_csv("colour,form\nred,square\nblue,round\n"))[0], "colour");
  EXPECT_EQ(names(read_csv(",x\n0,5\n1,6\n")), (std::vector<std::string>{"c1", "x"}));
  EXPECT_EQ(names(read_csv("a,b\n1,2\n", "x", {.header = 0})), (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(names(read_csv("1,2\n3,4\n", "x", {.header = 1})), (std::vector<std::string>{"1", "2"}));
}

TEST(Csv, with_kind_text_007_stays_007) {
  const Table table = read_csv("id,x\n007,1\n7,2\n", "x", {.kinds = {{"id", AskedKind::text}}});
  EXPECT_EQ(word(table, 0, 0), "007");
  EXPECT_EQ(table.columns[0].words.size(), 2u);
  EXPECT_EQ(refused("id,x\n007,1\n", {.kinds = {{"idd", AskedKind::text}}}).code(), "D11");
}

TEST(Csv, a_column_with_late_words_keeps_all_its_words) {
  std::string text = "x,y\n";
  for (int i = 0; i < 100; ++i) text += "1.50,2\n";
  for (int i = 0; i < 50; ++i) text += "high,2\n";
  const Table table = read_csv(text);
  ASSERT_EQ(table.columns[0].type, Column::Type::text);
  EXPECT_EQ(word(table, 0, 0), "1.50");
  EXPECT_EQ(word(table, 0, 149), "high");
}

TEST(Csv, a_few_words_among_numbers_are_refused_with_location_and_count) {
  std::string text = "price,lot\n";
  for (int i = 0; i < 40; ++i) text += i % 20 == 7 ? "1,oops\n" : "1,2\n";
  const Error error = refused(text);
  EXPECT_EQ(error.code(), "D12");
  EXPECT_STREQ(error.what(), "x.csv:9, column 2 \"lot\": \"oops\" is not a number");
  ASSERT_EQ(error.details().size(), 2u);
  EXPECT_EQ(error.details()[0],
            "2 such cells in 1 column (lot 2); none, unknown, NA, NaN, ? and blanks count as missing, this does not");
  EXPECT_EQ(error.details()[1], "choose: `na = lot:oops` | `kind = lot=categorical` | fix the file");
  EXPECT_EQ(read_csv(text, "x", {.kinds = {{"lot", AskedKind::categorical}}}).columns[1].words.size(), 2u);
}

TEST(Csv, with_kind_number_any_word_is_refused) {
  EXPECT_EQ(refused("a\nx\ny\n", {.header = 1, .kinds = {{"a", AskedKind::number}}}).code(), "D12");
}

TEST(Csv, a_row_of_the_wrong_length_is_refused_with_its_line) {
  const Error error = refused("a,b,c\n1,2,3\n1,2\n");
  EXPECT_EQ(error.code(), "D13");
  EXPECT_STREQ(error.what(), "x.csv:3 has 2 fields, the header has 3");
  EXPECT_STREQ(refused("1,2\n3,4\n5,6,7\n").what(), "x.csv:3 has 3 fields, the first row has 2");
}

TEST(Csv, infinite_numbers_are_refused_with_their_location) {
  for (const char* cell : {"inf", "-Infinity", "1e999"}) {
    const Error error = refused("a,b\n1,2\n3," + std::string(cell) + "\n");
    EXPECT_EQ(error.code(), "D15");
    EXPECT_EQ(std::string(error.what()).find("x.csv:3, column 2 \"b\""), 0u) << error.what();
  }
  EXPECT_EQ(read_csv("a,b\n1,inf\n2,low\n").columns[1].words[0], "inf");  // a word in a column of words
}

TEST(Csv, missing_cells_are_refused_with_missing_error) {
  const Error error = refused("a,b\n1,2\n,4\n5,x\n,y\n", {.missing_error = true});
  EXPECT_EQ(error.code(), "D14");
  EXPECT_STREQ(error.what(), "x.csv:3, column 1 \"a\": the cell is missing");
  EXPECT_EQ(error.details()[0], "2 missing cells in 1 column (a 2)");
}

TEST(Csv, bytes_that_are_not_text_are_refused) {
  EXPECT_EQ(refused(std::string("a,b\n1,\0002\n", 9)).code(), "D16");
  EXPECT_EQ(refused("\xFF\xFE"
                    "a,b")
                .code(),
            "D16");
  const Error latin1 = refused("a,b\n1,café\n2,caf\xE9\n");
  EXPECT_EQ(latin1.code(), "D16");
  EXPECT_EQ(std::string(latin1.what()).find("x.csv:3, column 2"), 0u) << latin1.what();
  EXPECT_EQ(refused("é,\xE9\n1,2\n").code(), "D16");
}

TEST(Csv, broken_quotes_are_refused_with_their_line) {
  const Error open = refused("a,b\n1,2\n\"3,4\n5,6\n");
  EXPECT_EQ(open.code(), "D16");
  EXPECT_EQ(std::string(open.what()).find("x.csv:3: a quote is opened"), 0u) << open.what();
  EXPECT_EQ(refused("a,b\n\"1\"2,3\n").code(), "D16");
  EXPECT_EQ(refused("\"").code(), "D16");
}

TEST(Csv, a_text_without_rows_is_refused) {
  EXPECT_EQ(refused("").code(), "D10");
  EXPECT_EQ(refused(" \n\n").code(), "D10");
  EXPECT_EQ(refused("\xEF\xBB\xBF").code(), "D10");
  const Error error = refused("a,b\n");
  EXPECT_EQ(error.code(), "D17");
  EXPECT_STREQ(error.what(), "x.csv has no rows, only a header");
}

TEST(Csv, two_columns_with_the_same_name_are_refused) {
  const Error error = refused("a,b,a\n1,2,3\n");
  EXPECT_EQ(error.code(), "D23");
  EXPECT_STREQ(error.what(), "x.csv:1, columns 1 and 3 are both named \"a\"");
}

TEST(Csv, random_bytes_are_read_or_refused_without_a_crash) {
  std::uint32_t state = 1;
  const std::string letters = "a1,;\"\n\r\t |.-e\xC3\xA9";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += letters[(state = state * 1664525u + 1013904223u) >> 16 & 15];
    try {
      const Table table = read_csv(text);
      for (const Column& column : table.columns) {
        EXPECT_EQ(static_cast<std::int64_t>(column.numbers.size() + column.codes.size()), table.rows);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code()[0], 'D');
    }
  }
}

TEST(CsvFile, gzip_is_detected_by_content_and_may_have_several_members) {
  const test::TempFolder folder;
  const std::string packed = test::gzip("a,b\n1,2\n") + test::gzip("3,4\n");
  EXPECT_EQ(read_table(folder.file("x.csv", packed)).columns[1].numbers, (std::vector<double>{2, 4}));
  EXPECT_EQ(read_table(folder.file("y.csv.gz", packed + std::string(100, '\0'))).rows, 2);
}

TEST(CsvFile, damaged_gzip_is_refused) {
  const test::TempFolder folder;
  const std::string packed = test::gzip("a,b\n1,2\n3,4\n");
  const auto code = [&](const std::string& bytes) {
    return refusal([&] { read_table(folder.file("x.csv.gz", bytes)); }).code();
  };
  EXPECT_EQ(code(packed.substr(0, packed.size() - 3)), "D16");
  EXPECT_EQ(code(packed + "more"), "D16");
  std::string wrong_sum = packed;
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  EXPECT_EQ(code(wrong_sum), "D16");
  EXPECT_EQ(code("\x1F\x8B"), "D16");
}

TEST(CsvFile, a_file_that_cannot_be_opened_is_refused) {
  const test::TempFolder folder;
  folder.file("digits.csv", "a,b\n1,2\n");
  const Error error = refusal([&] { read_table(folder.path() + "/digts.csv"); });
  EXPECT_EQ(error.code(), "D10");
  EXPECT_EQ(error.details(), (std::vector<std::string>{"in this folder: digits.csv"}));
  EXPECT_EQ(refusal([&] { read_table(folder.path()); }).code(), "D10");
  const Error empty = refusal([&] { read_table(folder.file("empty.csv", "")); });
  EXPECT_EQ(empty.code(), "D10");
  EXPECT_NE(std::string(empty.what()).find("is empty"), std::string::npos);
  EXPECT_EQ(refusal([&] { read_table(folder.file("x.csv", "a\n1\n"), {.format = "xml"}); }).code(), "U12");
}

TEST(CsvFile, a_tsv_is_split_at_tabs_only) {
  const test::TempFolder folder;
  EXPECT_EQ(names(read_table(folder.file("x.tsv", "a\tb,c\n1\t2\n"))), (std::vector<std::string>{"a", "b,c"}));
}

TEST(CsvFile, real_files_are_read_completely) {
  struct Expected {
    const char* file;
    std::int64_t rows;
    std::size_t columns;
  };
  int found = 0;
  for (const Expected& expected : {Expected{"ames-housing/AmesHousing.csv", 2930, 82},
                                   {"adult/original/adult_test_noheader.csv.gz", 16281, 15},
                                   {"wine-quality/winequality-red.csv", 1599, 12},
                                   {"skin-segmentation/Skin_NonSkin.tsv.gz", 245057, 4},
                                   {"titanic/titanic_kaggle_train.csv", 891, 12},
                                   {"california-housing/cal_housing.data.gz", 20640, 9}}) {
    const auto path = test::data_file(expected.file);
    if (!path) continue;
    ++found;
    const Table table = read_table(*path);
    EXPECT_EQ(table.rows, expected.rows) << expected.file;
    EXPECT_EQ(table.columns.size(), expected.columns) << expected.file;
  }
  if (found == 0) GTEST_SKIP() << "no data sets here";
}

std::map<std::string, Column::Type> types() {
  return {{"a", Column::Type::number}, {"b", Column::Type::text}};
}

TEST(Csv, a_word_that_is_a_number_means_this_number_in_every_spelling) {
  ReadOptions options;
  options.missing_words.words = {"-999", "b:0"};
  const Table plain = read_csv("a,b,c\n1,0,0\n-999,2,5\n-999.0,0.0,-9.99e2\n", "<memory>", options);
  EXPECT_TRUE(std::isnan(plain.columns[0].numbers[1]) && std::isnan(plain.columns[0].numbers[2]));
  EXPECT_TRUE(std::isnan(plain.columns[1].numbers[0]) && std::isnan(plain.columns[1].numbers[2]));
  EXPECT_EQ(plain.columns[2].numbers[0], 0);
  EXPECT_TRUE(std::isnan(plain.columns[2].numbers[2]));
  EXPECT_EQ(plain.columns[0].missing, (std::map<std::string, std::int64_t>{{"-999", 1}, {"-999.0", 1}}));
  EXPECT_TRUE(plain.columns[0].integers);
  const Table marked = read_csv("a;b\n1.234,5;x\n-999,0;y\n-999;x\n2.000,0;y\n", "<memory>", options);
  EXPECT_TRUE(std::isnan(marked.columns[0].numbers[1]) && std::isnan(marked.columns[0].numbers[2]));
  EXPECT_EQ(marked.columns[0].numbers[3], 2000);
}

TEST(CsvStream, returns_rows_in_pieces_with_the_given_column_types) {
  std::istringstream in("b,extra,a\nred,q,1\n\"blue\nsky\",r,\n9,s,3\n");
  CsvStream stream(in, "<stdin>", types());
  const Table first = stream.next(2);
  ASSERT_EQ(first.rows, 2);
  EXPECT_EQ(word(first, 0, 1), "blue\nsky");
  EXPECT_TRUE(std::isnan(first.columns[2].numbers[1]));
  const Table second = stream.next(2);
  ASSERT_EQ(second.rows, 1);
  EXPECT_EQ(word(second, 0, 0), "9");
  EXPECT_EQ(second.place(0), "<stdin>:5");
  const Table end = stream.next(2);
  EXPECT_EQ(end.rows, 0);
  EXPECT_EQ(names(end), (std::vector<std::string>{"b", "extra", "a"}));
}

TEST(CsvStream, reads_no_more_lines_than_requested) {
  std::istringstream in("a,b\n1,x\n2,y\n");
  CsvStream stream(in, "<stdin>", types());
  stream.next(1);
  EXPECT_EQ(in.tellg(), 8);
}

TEST(CsvStream, uses_the_expected_names_to_detect_delimiter_and_header) {
  std::istringstream semicolons("a;b\n1;x,y\n");
  EXPECT_EQ(names(CsvStream(semicolons, "s", types()).next(1)), (std::vector<std::string>{"a", "b"}));
  std::istringstream bare("1,2\n");
  const Table table = CsvStream(bare, "s", {{"c1", Column::Type::number}, {"c2", Column::Type::number}}).next(9);
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{2}));
}

TEST(CsvStream, refuses_the_same_errors_as_a_file) {
  const auto code = [](const std::string& text) {
    std::istringstream in(text);
    return refusal([&] { CsvStream(in, "s", types()).next(9); }).code();
  };
  EXPECT_EQ(code(""), "D10");
  EXPECT_EQ(code("a,b\none,x\n"), "D12");
  EXPECT_EQ(code("a,b\n1\n"), "D13");
  EXPECT_EQ(code("a,b\ninf,x\n"), "D15");
  EXPECT_EQ(code("a,b\n1,\"x\n"), "D16");
  EXPECT_EQ(code("a,b\n1,é\n1,caf\xE9\n"), "D16");
  EXPECT_EQ(code("a,a\n1,2\n"), "D23");
}

}  // namespace
}  // namespace pellucid
