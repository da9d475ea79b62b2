// CSV lines that are no rows, names that look like cells, quotes that are text, and rows that never end.
// Not here: encodings (csv_encodings_test.cc), cells (csv_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "pellucid/table.h"
#include "support/files.h"
#include "support/findings.h"

namespace pellucid {
namespace {

using test::refusal;
using test::TempFolder;

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const Column& column : table.columns) result.push_back(column.name);
  return result;
}

using Names = std::vector<std::string>;

Error refused(const std::string& text, const ReadOptions& options = {}) {
  return refusal([&] { read_csv(text, "x.csv", options); });
}

const std::string rows = "1.5,2,up\n2.5,3,down\n3.5,4,up\n";

TEST(CsvLayout, titles_above_the_header_are_skipped_with_a_note) {
  for (const char* title :
       {"Report\n", "Report of the lab,,\n,,\nprinted,,\n", "# a comment; with marks\n", "\n\nReport\n\n"}) {
    const Table table = read_csv(title + ("a,b,state\n" + rows), "x.csv");
    EXPECT_EQ(names(table), (Names{"a", "b", "state"})) << title;
    EXPECT_EQ(table.rows, 3);
    ASSERT_EQ(table.notes.size(), 1u) << title;
    EXPECT_EQ(table.notes[0].code, "D51");
    EXPECT_EQ(table.place(0),
              "x.csv:" + std::to_string(std::count(title, title + std::string(title).size(), '\n') + 2));
  }
  EXPECT_TRUE(read_csv("\n\na,b,state\n" + rows).notes.empty()) << "blank lines are nobody's loss";
  const Error names_or_title = refused("Report, of the lab\na,b,state\n" + rows);
  EXPECT_EQ(names_or_title.code(), "D13") << "may be names";
  EXPECT_NE(names_or_title.text().find("`skip_rows"), std::string::npos) << names_or_title.text();
}

TEST(CsvLayout, skip_rows_skips_exactly_the_given_number_of_lines) {
  ReadOptions options;
  options.skip_rows = 2;
  EXPECT_EQ(names(read_csv("x\n\na,b,state\n" + rows, "x.csv", options)), (Names{"a", "b", "state"}));
  EXPECT_EQ(names(read_csv("1,2,3\na,b,state\nc,d,state\n" + rows, "x.csv", options)), (Names{"c", "d", "state"}));
  options.skip_rows = 0;
  EXPECT_EQ(refused("Report\na,b,state\n" + rows, options).code(), "D13");
  options.skip_rows = 10;
  EXPECT_EQ(refused("a,b,state\n" + rows, options).code(), "D10");
  const Error twice = refused("gene,gene,meta\na,b,state\n" + rows);
  EXPECT_NE(twice.text().find("`skip_rows = 1`"), std::string::npos) << twice.text();
}

TEST(CsvLayout, a_row_of_units_below_the_header_is_skipped_with_a_note_and_other_rows_are_kept) {
  const Table table = read_csv("a,b,state\nmg/l,°C,-\n" + rows, "x.csv");
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.columns[0].type, Column::Type::number);
  EXPECT_EQ(
      test::lines_of(table.notes),
      (Names{"D51 x.csv:2 is not read as a row, because it contains units: \"mg/l,°C,-\" (`skip_rows = 0` reads it)"}));
  EXPECT_EQ(read_csv("a,b,state\nNA,NA,up\n" + rows).rows, 4);
  EXPECT_EQ(read_csv("a,state\nx,up\ny,down\n").rows, 2);
}

TEST(CsvLayout, a_header_may_contain_names_that_look_like_numbers_or_missing_cells) {
  for (const char* name : {"NA", "null", "nan", "inf", "1e5", "?", "2020"}) {
    const Table table = read_csv("a,b," + std::string(name) + ",y\n1,2,3,u\n4,5,6,v\n7,8,9,u\n");
    EXPECT_EQ(names(table), (Names{"a", "b", name, "y"})) << name;
  }
  const std::string years = "1990,1991,y\n1,2,u\n4,5,v\n7,8,u\n";
  EXPECT_EQ(names(read_csv(years)), (Names{"c1", "c2", "c3"}));
  EXPECT_EQ(read_csv(years).notes.size(), 1u) << "y is found in no other row";
  EXPECT_TRUE(read_csv("1,2,u\n4,5,v\n7,8,u\n").notes.empty());
  ReadOptions options;
  options.expected = {"y"};
  EXPECT_EQ(names(read_csv(years, "x.csv", options)), (Names{"1990", "1991", "y"})) << "y is asked for";
}

TEST(CsvLayout, row_names_without_a_header_become_the_first_column) {
  const Table table = read_csv("a,b\nr1,1,2\nr2,3,4\n", "x.csv");
  EXPECT_EQ(names(table), (Names{"c1", "a", "b"}));
  EXPECT_EQ(table.notes.size(), 1u);
  EXPECT_EQ(refused("a,b\n1,2,\n3,4,\n").code(), "D13") << "a delimiter at each line's end names no rows";
}

TEST(CsvLayout, a_last_row_of_totals_is_skipped_with_a_note) {
  const std::string many = "1,2,u\n2,3,v\n3,4,u\n4,5,v\n";
  const Table table = read_csv("a,b,y\n" + many + "10,14,Total\n", "x.csv");
  EXPECT_EQ(table.rows, 4);
  EXPECT_EQ(table.columns[2].words, (Names{"u", "v"}));
  EXPECT_EQ(test::lines_of(table.notes),
            (Names{"D51 x.csv:6 is not read as a row, because it contains totals (`skip_rows = 0` reads it)"}));
  EXPECT_EQ(read_csv("a,b,y\n" + many + "2.5,3.5,Mean:\n").rows, 4);
  EXPECT_EQ(read_csv("a,b,y\n" + many + "10,15,Total\n").rows, 5) << "15 is no sum";
  EXPECT_EQ(read_csv("a,b,y\n1,2,Total\n" + many + "11,16,Total\n").rows, 6) << "Total is a class";
  EXPECT_EQ(read_csv("n,b,y\n" + many + many + many + "Total,42,\n").rows, 12) << "a word in a column of numbers";
  ReadOptions options;
  options.skip_rows = 0;
  EXPECT_EQ(read_csv("a,b,y\n" + many + "10,14,Total\n", "x.csv", options).rows, 5);
}

TEST(CsvLayout, the_sep_line_of_excel_sets_the_delimiter) {
  for (const char* line : {"sep=;\r\n", "\"sep=;\"\n", "SEP=;\n", "\xEF\xBB\xBFsep=;\n"}) {
    const Table table = read_csv(line + std::string("a;b\n1,5;2,5\n3,25;4,5\n"));
    EXPECT_EQ(names(table), (Names{"a", "b"})) << line;
    EXPECT_EQ(table.columns[0].numbers[1], 3.25);
    EXPECT_TRUE(table.notes.size() == 1 && table.notes[0].code == "D28") << "only the decimal commas are told";
  }
}

TEST(CsvLayout, spaces_separate_cells_if_there_is_no_other_delimiter) {
  for (const char* text : {"a b y\n1  0.5 u\n2 0.25\tv\n", "a\tb\ty\n1\t\t0.5\tu\n2\t0.25\tv\n",
                           "\"a\" \"b\" \"y\"\n1 0.5 \"u\"\n 2 0.25 \"v\"  \n"}) {
    const Table table = read_csv(text);
    EXPECT_EQ(names(table), (Names{"a", "b", "y"})) << text;
    EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{0.5, 0.25}));
  }
  EXPECT_EQ(read_csv("full name\nAda Lovelace\nAlan Turing\n").columns.size(), 1u) << "no numbers";
  EXPECT_EQ(names(read_csv("a\tb\n1\t\n2\t3\n")), (Names{"a", "b"})) << "an empty cell between tabs";
  ReadOptions options;
  options.delimiter = ' ';
  EXPECT_EQ(read_csv("a b\nu  v\n", "x.csv", options).columns.size(), 2u);
}

TEST(CsvLayout, blank_lines_of_a_single_column_are_missing_cells) {
  const Table table = read_csv("\nx\n1\n\n3\n  \n\"\"\n", "x.csv");
  ASSERT_EQ(table.rows, 5);
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]));
  EXPECT_EQ(table.columns[0].numbers[2], 3);
  EXPECT_EQ(table.place(2), "x.csv:5");
  EXPECT_EQ(test::lines_of(table.notes),
            (Names{"D51 blank lines of x.csv (the first is line 4) are read as rows with a missing cell"}));
  std::istringstream in("x\n1\n\n3\n");
  EXPECT_EQ(CsvStream(in, "x.csv", {{"x", Column::Type::number}}).next(9).rows, 3);
}

TEST(CsvLayout, quotes_around_text_that_looks_like_rows_are_refused_unless_confirmed) {
  const std::string text = "a,b,c\n1,\"x,2\n2,y,3\n3,y,4\n4,y,5\n5,\"z,6\n";
  const Error error = refused("a,b,c\n1,\"x,2\n2,y,3\n3,y,4\n4,y,5\n5,z\",6\n");
  EXPECT_EQ(error.code(), "D52");
  EXPECT_NE(error.text().find("x.csv:2"), std::string::npos) << error.text();
  ReadOptions options;
  options.quote = 0;
  EXPECT_EQ(read_csv(text, "x.csv", options).rows, 5);
  options.quote = '"';
  EXPECT_EQ(read_csv("a,b,c\n1,\"x,2\n2,y,3\n3,y,4\n4,y,5\n5,z\",6\n", "x.csv", options).rows, 1);
  options.quote = '\'';
  EXPECT_EQ(read_csv("a,b\n1,'x, \"y\n2,'\n", "x.csv", options).columns[1].words.at(0), "x, \"y\n2,");
  EXPECT_EQ(read_csv("a,b\n1,\"one\ntwo\nthree\n\"\n").rows, 1) << "lines that are no rows";
}

TEST(CsvLayout, an_endless_row_is_refused_before_memory_runs_out) {
  const TempFolder folder;
  const std::string endless(40 << 20, 'x');
  for (const std::string& text : {endless, "a,b\n1,\"" + endless, "a,b\n1,2\n" + endless + "\n1,2\n"}) {
    const Error error = refusal([&] { read_table(folder.file("x.csv.gz", test::gzip(text))); });
    EXPECT_EQ(error.code(), "M02") << error.text();
    EXPECT_NE(error.text().find("32 MiB"), std::string::npos) << error.text();
  }
  std::string names;
  for (int i = 0; i < 200'000; ++i) names += "a" + std::to_string(i) + ",";
  EXPECT_EQ(refused(names + "\n" + names + "\n").code(), "D13");
}

TEST(CsvLayout, a_stream_returns_a_row_before_the_next_one_arrives) {
  struct Slow : std::streambuf {
    std::vector<std::string> lines;
    std::size_t at = 0;
    bool asked_too_much = false;
    int underflow() override {
      if (at == lines.size()) {
        asked_too_much = true;
        return traits_type::eof();
      }
      std::string& line = lines[at++];
      setg(line.data(), line.data(), line.data() + line.size());
      return traits_type::to_int_type(line.front());
    }
  } slow;
  slow.lines = {"b,a\n", "1,2\n"};
  std::istream in(&slow);
  CsvStream stream(in, "x.csv", {{"a", Column::Type::number}, {"b", Column::Type::number}});
  EXPECT_EQ(stream.next(1).rows, 1);
  EXPECT_FALSE(slow.asked_too_much);
}

TEST(CsvLayout, files_that_are_no_tables_are_refused_with_their_kind) {
  const std::pair<const char*, const char*> cases[] = {
      {"[{\"a\": 1}, {\"a\": 2}]", "it is JSON"},
      {"{\"a\": 1}\n{\"a\": 2}\n", "it is JSON lines"},
      {"[[1,2],[3,4]]", "it is JSON"},
      {"  <!DOCTYPE HTML>\n<title>Sign in</title>", "it is a web page, \"Sign in\""},
      {"<?xml version=\"1.0\"?>", "it is an XML file"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3\n", "Git LFS pointer"},
      {"PK\x03\x04 xl docProps/app.xml", "an Excel workbook"},
      {"PK\x03\x04 train.csv", "a ZIP archive"},
      {"%PDF-1.7", "a PDF document"},
      {"SQLite format 3", "an SQLite database"}};
  for (const auto& [text, what] : cases) {
    const Error error = refused(text);
    EXPECT_EQ(error.code(), "D10") << text;
    EXPECT_NE(error.text().find(what), std::string::npos) << error.text();
  }
  EXPECT_EQ(names(read_csv("{x},[y]\n1,2\n")), (Names{"{x}", "[y]"}));
  EXPECT_EQ(names(read_csv("[y],<b>t</b>\n1,2\n")), (Names{"[y]", "<b>t</b>"}));
}

}  // namespace
}  // namespace pellucid
