// Encodings of CSV text from any source: UTF-8, Windows-1252, UTF-16 and UTF-32.
// Not here: what the cells mean (csv_test.cc).
#include <gtest/gtest.h>

#include <sstream>

#include "pellucid/table.h"
#include "support/files.h"
#include "support/findings.h"

namespace pellucid {
namespace {

using namespace std::string_view_literals;
using test::refusal;
using test::TempFolder;

std::string word(const Table& table, std::int64_t row, const char* column = "town") {
  const Column& cells = table.columns[static_cast<std::size_t>(table.require(column))];
  return cells.words[static_cast<std::size_t>(cells.codes[static_cast<std::size_t>(row)])];
}

// Encodes letters up to U+00FF, and $ as U+20AC, with two or four bytes per letter.
std::string wide(std::string_view text, std::size_t bytes, bool big, bool mark) {
  std::string result;
  const auto put = [&](unsigned code) {
    for (std::size_t i = 0; i < bytes; ++i) {
      const std::size_t shift = 8 * (big ? bytes - 1 - i : i);
      result += static_cast<char>(shift < 32 ? code >> shift & 0xFF : 0);
    }
  };
  if (mark) put(0xFEFF);
  for (const char c : text) put(c == '$' ? 0x20AC : static_cast<unsigned char>(c));
  return result;
}

constexpr const char* note_1252 = "D50 x.csv is not UTF-8: read as Windows-1252 (`encoding` sets another)";

TEST(CsvEncodings, text_that_is_not_utf8_is_read_as_windows_1252_with_a_note) {
  const Table table = read_csv("town,y\nK\xF6ln,1\n\x80 5,2\nNestl\xC9\xAE,3\n\x9F,4\n", "x.csv");
  EXPECT_EQ(word(table, 0), "Köln");
  EXPECT_EQ(word(table, 1), "€ 5");
  EXPECT_EQ(word(table, 2), "NestlÉ®") << "which would be UTF-8 by itself";
  EXPECT_EQ(word(table, 3), "Ÿ");
  EXPECT_EQ(test::lines_of(table.notes), std::vector<std::string>{note_1252});
  EXPECT_EQ(read_csv("caf\xE9,y\n1,2\n").columns[0].name, "café");
  EXPECT_TRUE(read_csv("town,y\nKöln,1\n").notes.empty());
}

TEST(CsvEncodings, a_letter_across_the_end_of_a_block_is_decoded_correctly) {
  for (std::size_t shift = 262'100; shift < 262'160; ++shift) {
    const std::string before = "town,y\n" + std::string(shift, 'x') + ",1\n";
    EXPECT_EQ(word(read_csv(before + "Köln,2\n"), 1), "Köln") << shift;
    const Table table = read_csv(before + "K\xF6ln,2\n", "x.csv");
    EXPECT_EQ(word(table, 1), "Köln") << shift;
    EXPECT_EQ(test::lines_of(table.notes), std::vector<std::string>{note_1252});
  }
}

TEST(CsvEncodings, a_given_encoding_is_used) {
  ReadOptions options;
  options.encoding = "cp1252";
  EXPECT_EQ(word(read_csv("town,y\nK\xC3\xB6ln,1\n", "x.csv", options), 0), "KÃ¶ln");
  EXPECT_TRUE(read_csv("town,y\nK\xF6ln,1\n", "x.csv", options).notes.empty());
  options.encoding = "utf-8";
  EXPECT_EQ(refusal([&] { read_csv("town,y\nK\xF6ln,1\n", "x.csv", options); }).code(), "D16");
  options.encoding = "utf-16";
  EXPECT_EQ(word(read_csv(wide("town,y\nK\xF6ln,1\n", 2, false, false), "x.csv", options), 0), "Köln");
  options.encoding = "latin-9";
  EXPECT_EQ(refusal([&] { read_csv("a,b\n1,2\n", "x.csv", options); }).code(), "U12");
}

TEST(CsvEncodings, utf_16_and_utf_32_are_detected_by_their_mark_or_zero_bytes) {
  const std::string text = "town,y\nK\xF6ln,1\n$,2\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      const Table table = read_csv(wide(text, 2, big, mark), "x.csv");
      EXPECT_EQ(word(table, 0), "Köln");
      EXPECT_EQ(word(table, 1), "€");
      EXPECT_EQ(test::line_of(table.notes.at(0)), "D50 x.csv is not UTF-8: read as UTF-16 (`encoding` sets another)");
    }
    EXPECT_EQ(word(read_csv(wide(text, 4, big, true)), 0), "Köln");
  }
  EXPECT_EQ(refusal([&] { read_csv(wide(text, 2, false, true) + "x"); }).code(), "D16") << "half a letter";
  EXPECT_EQ(refusal([&] { read_csv("\xFF\xFE\x00\xDC"sv); }).code(), "D16") << "half a pair";
}

TEST(CsvEncodings, mixed_encodings_and_undefined_bytes_are_refused) {
  const Error mixed = refusal([] { read_csv("town,y\ncaf\xE9,1\nKöln,2\nGraz ü,3\nLyon é,4\n", "x.csv"); });
  EXPECT_EQ(mixed.code(), "D16");
  EXPECT_NE(mixed.text().find("partly UTF-8"), std::string::npos) << mixed.text();
  const Error later = refusal([] { read_csv("town,y\nKöln,2\ncaf\xE9,1\n", "x.csv"); });
  EXPECT_NE(later.text().find("x.csv:3, column 1 \"town\""), std::string::npos) << later.text();
  EXPECT_NE(later.text().find("`encoding = cp1252`"), std::string::npos) << later.text();
  const Error dos = refusal([] { read_csv("town,y\nK\xF6ln M\x81hle,1\n", "x.csv"); });
  EXPECT_NE(dos.text().find("(0x81)"), std::string::npos) << dos.text();
}

TEST(CsvEncodings, a_file_a_gzip_file_and_a_stream_are_decoded_alike) {
  const TempFolder folder;
  const std::map<std::string, Column::Type> types = {{"town", Column::Type::text}, {"y", Column::Type::number}};
  for (const std::string& text : {std::string("town,y\nK\xF6ln,1\n"), wide("town,y\nK\xF6ln,1\n", 2, true, true),
                                  std::string("\xEF\xBB\xBFtown,y\nKöln,1\n\x1A")}) {
    const std::string plain = folder.file("x.csv", text), packed = folder.file("x.csv.gz", test::gzip(text));
    for (const std::string& path : {plain, packed}) {
      EXPECT_EQ(word(read_table(path), 0), "Köln");
      EXPECT_EQ(word(CsvStream(path, types).next(10), 0), "Köln");
      EXPECT_EQ(read_table(path).rows, 1) << "DOS ends a file by Ctrl-Z";
    }
    std::istringstream in(text);
    CsvStream stream(in, "x.csv", types);
    EXPECT_EQ(word(stream.next(10), 0), "Köln");
    EXPECT_EQ(stream.next(10).rows, 0);
  }
}

}  // namespace
}  // namespace pellucid
